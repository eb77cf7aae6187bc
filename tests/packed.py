"""Small files of the formats that hold others: archives, WARC and PDF, made in memory."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence

STORY = b"Ferry comes in\n\nThe ferry to Ogdenville came in late on Sunday, its crew said.\n"

PAGE = (
    b"<html><head><title>Ferry comes in</title><meta name='date' content='2024-05-07'></head>"
    b"<body><div class='article-body'><p>OGDENVILLE \xe2\x80\x94 The ferry came in late on Sunday, "
    b"its crew said, because the fog over the harbor had kept it waiting for three hours and the "
    b"pilot would not enter without sight of the lights of the mole.</p></div></body></html>"
)


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of *members* by name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tar_of(members: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> bytes:
    """Return a tar archive of *members* by name, and of symbolic *links* to where they point."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for name, target in (links or {}).items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
    return packed.getvalue()


def warc_of(
    pages: Mapping[str, bytes], *, head: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html"
) -> bytes:
    """Return a WARC with a response of the HTTP *head* for each URL in *pages*, unpacked."""
    records: list[bytes] = []
    for url, content in pages.items():
        block = f"{head}\r\n\r\n".encode() + content
        records.append(
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{len(records)}>\r\n"
            f"WARC-Target-URI: {url}\r\nWARC-Date: 2024-05-07T10:20:30Z\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n".encode()
            + block
            + b"\r\n\r\n"
        )
    return b"".join(records)


def warc_gz_of(pages: Mapping[str, bytes]) -> bytes:
    """Return a WARC as crawlers write it: each record gzipped by itself."""
    return b"".join(gzip.compress(warc_of({url: page})) for url, page in pages.items())


def pdf_of(pages: Sequence[Sequence[str]], *, title: str = "", encrypted: bool = False) -> bytes:
    """Return a PDF that shows each page's lines one below the other."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", _FONT, f"<< /Title ({title}) >>"]
    kids = []
    for lines in pages:
        shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 72 720 Td\n{shown}ET"
        objects.append(
            f"<< /Length {len(stream.encode('latin-1'))} >>\nstream\n{stream}\nendstream"
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /Contents {len(objects)} 0 R "
            "/MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _numbered(objects, "/Encrypt << /Filter /Standard >>" if encrypted else "")


_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _numbered(objects: Sequence[str], trailer: str) -> bytes:
    written = b"%PDF-1.4\n"
    offsets = []
    for number, words in enumerate(objects, start=1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n{words}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return (
        written
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {trailer} >>\n"
            f"startxref\n{len(written)}\n%%EOF\n"
        ).encode()
    )
