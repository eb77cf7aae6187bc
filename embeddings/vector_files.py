"""The files of the vectors' base: written whole under new names, verified before they are read."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.durable import write_hashed
from embeddings.errors import IndexDamaged
from embeddings.live_vectors import Base, LiveVectors
from embeddings.manifest import Manifest, verify
from embeddings.vector_codes import Codes, code_type, decoded
from embeddings.vector_merge import Merge
from embeddings.vector_scan import SAMPLE, VectorScan, new_scan
from embeddings.vector_table import VectorTable

MANY = 20_000
"""From here on a base is a `VectorScan`: searching all 16-bit floats takes more than a millisecond
(docs/benchmarks-retrieval.md, "Many vectors")."""

CHUNK = 20_000
"""Rows that are in memory at once while a base is made; about 30 MB as 32-bit floats."""


def write_base(live: LiveVectors, folder: Path) -> dict[str, str]:
    """Write a base of *live*'s passages at its change; return each file's SHA-256 by its name.

    What is written depends on what *live* holds alone, not on how it came to that, but that a
    `VectorScan` stays one: its codes don't tell the floats. Raises OSError.
    """
    merge, change = Merge(live), live.change
    rows = f"rows-{change}.npy"
    sha256 = {rows: write_hashed(folder / rows, _array(merge.rows))}
    if isinstance(live.base, VectorTable) and len(merge) < MANY:
        index = VectorTable.empty(merge.dim).index
        index.add(merge.decoded(0, MANY))
    else:
        index = new_scan(decoded(merge.coded(0, SAMPLE)))
        codes = f"codes-{change}.npy"
        sha256[codes] = write_hashed(folder / codes, _codes(merge, index))
    vectors = f"vectors-{change}.faiss"
    sha256[vectors] = write_hashed(folder / vectors, [faiss.serialize_index(index).data])
    return sha256


def read_base(folder: Path, manifest: Manifest) -> Base:
    """Return the base in the files that *manifest* names.

    Raises `IndexDamaged` before anything is made of a file that is not as it was written.
    """
    for name, sha256 in manifest.sha256.items():
        verify(folder / name, sha256)
    return open_base(folder, manifest.sha256)


def open_base(folder: Path, names: Iterable[str]) -> Base:
    """Return the base in the files of these *names*; its rows and codes are mapped, not read.

    Raises `IndexDamaged` where one is gone: another process may make the index anew.
    """
    paths = {name.partition("-")[0]: folder / name for name in names}
    try:
        index = faiss.deserialize_index(np.memmap(paths["vectors"], np.uint8, "r"))
        rows = np.load(paths["rows"], mmap_mode="r", allow_pickle=False)
        if "codes" not in paths:
            return VectorTable(index, rows)
        return VectorScan(index, np.load(paths["codes"], mmap_mode="r", allow_pickle=False), rows)
    except FileNotFoundError as error:
        raise IndexDamaged(f"{error.filename} is gone") from error


def _array(array: NDArray[np.int64]) -> Iterator[memoryview]:
    yield _header(array.dtype, array.shape)
    yield np.ascontiguousarray(array).view(np.uint8).data


def _codes(merge: Merge, index: faiss.Index) -> Iterator[memoryview]:
    """Yield the file of *merge*'s codes, which *index* gets to know meanwhile."""
    yield _header(code_type(merge.dim), (len(merge),))
    for start in range(0, len(merge), CHUNK):
        codes: Codes = merge.coded(start, start + CHUNK)
        index.add(decoded(codes))
        yield codes.view(np.uint8).data


def _header(dtype: np.dtype[np.generic], shape: tuple[int, ...]) -> memoryview:
    """Return the head of an .npy file."""
    head = io.BytesIO()
    described = {
        "descr": np.lib.format.dtype_to_descr(dtype),
        "fortran_order": False,
        "shape": shape,
    }
    np.lib.format.write_array_header_1_0(head, described)
    return head.getbuffer()
