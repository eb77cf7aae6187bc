"""One small valid file of every format, from which mutation starts."""

import gzip
from pathlib import Path

from tests.packed import PAGE, STORY, pdf_of, tar_of, warc_gz_of, warc_of, zip_of

_DATA = Path(__file__).resolve().parents[1] / "data"

SEEDS: dict[str, bytes] = {
    **{file.name: file.read_bytes() for file in sorted(_DATA.iterdir()) if file.is_file()},
    "story.txt": STORY,
    "dvids.txt": (
        b"Title\nPhoto By A | b... read more read more\nStory by C\nUnit\nLYON, France - Words of "
        b"a story.\nDate Taken: 11.05.2019\nDate Posted: 11.06.2019 09:38\nStory ID: 1\n"
    ),
    "afpims.txt": b"News | Sept. 22, 2021\nTitle\nBy X\nWords of a story.\nABOUT DTRA\nIt is.",
    "story.md": b"---\ntitle: T\ndate: 2024-01-01\n---\nLYON - *Words* of [a](b) story.\n",
    "gum.xml": b'<text title="T" sourceURL="http://x/y">\n<p>\n<s>\nWords\tNN\n.\t.\n</s>\n</p>\n',
    "atom.xml": (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>C</title><entry><title>T</title>'
        b'<content type="xhtml"><div><p>Words of it.</p></div></content></entry></feed>'
    ),
    "sitemap.xml": b"<urlset><url><loc>https://x.example/a</loc></url></urlset>",
    "lines.jsonl": b'{"title": "T", "body": "Words of a longer story."}\n' * 2,
    "dvids.json": (
        b'{"results": [{"id": "news:1", "title": "T", "description": "Words of a longer story.",'
        b' "unit_name": "U", "branch": "B", "credit": [{"name": "N"}], "date": "2024-01-01"}]}'
    ),
    "story.pdf": pdf_of(
        [["Title of it", "Words of a story that is long enough. " * 5], ["And more of it."]]
    ),
    "story.zip": zip_of({"a.txt": STORY, "b/c.html": PAGE}),
    "story.tar": tar_of({"a.txt": STORY}, {"link": "/etc/passwd"}),
    "story.tar.gz": gzip.compress(tar_of({"a.txt": STORY})),
    "story.warc": warc_of({"https://x.example/a": PAGE, "https://x.example/b": STORY}),
    "story.warc.gz": warc_gz_of({"https://x.example/a": PAGE, "https://x.example/b": PAGE}),
}
