"""Archives are read in memory, member by member; what could harm is refused."""

import gzip
import io
import stat
import zipfile
from pathlib import Path

import pytest

from corpus.errors import UnknownFormat, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources import read_each, read_stories
from corpus.sources.archive import member_source
from corpus.story import Story
from tests.packed import PAGE, STORY, tar_of, zip_of

MEMBERS = {"city/ferry.txt": STORY, "page.html": PAGE}


def read(content: bytes, source: str = "a.zip") -> tuple[dict[str, Story], dict[str, str]]:
    outcomes = list(read_each(io.BytesIO(content), source))
    stories = {outcome.source: outcome for outcome in outcomes if isinstance(outcome, Story)}
    refused = {o.source: o.reason for o in outcomes if isinstance(o, Refusal)}
    return stories, refused


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("a.zip", zip_of(MEMBERS)),
        ("a.tar", tar_of(MEMBERS)),
        ("a.tar.gz", gzip.compress(tar_of(MEMBERS))),
        ("zip named otherwise.html", zip_of(MEMBERS)),
    ],
)
def test_members_are_stories_whose_source_goes_on_from_the_archives(
    name: str, packed: bytes
) -> None:
    stories, refused = read(packed, name)
    assert list(stories) == [f"{name}/city/ferry.txt", f"{name}/page.html"]
    assert refused == {}


def test_a_gzipped_page_is_the_page() -> None:
    [story] = read_stories(gzip.compress(STORY), "ferry.txt.gz")
    assert (story.title, story.source) == ("Ferry comes in", "ferry.txt.gz")


def test_a_bad_member_is_named_and_the_others_are_read() -> None:
    stories, refused = read(zip_of({"a.txt": STORY, "b.bin": bytes(range(256)), "c.html": b""}))
    assert list(stories) == ["a.zip/a.txt"]
    assert "binary" in refused["a.zip/b.bin"]
    assert "empty" in refused["a.zip/c.html"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("../../etc/x.txt", "a.zip/etc/x.txt"),
        ("/etc/x.txt", "a.zip/etc/x.txt"),
        ("C:\\news\\x.txt", "a.zip/news/x.txt"),
        ("a\x00b\x1b.txt", "a.zip/ab.txt"),
        ("..", "a.zip/unnamed"),
        ("x\udc80.txt", "a.zip/x?.txt"),
        (".git/config", None),
        ("__MACOSX/x.txt", None),
    ],
)
def test_a_members_name_is_only_shown_and_cannot_climb(name: str, source: str | None) -> None:
    assert member_source("a.zip", name) == source


def test_a_long_name_is_cut() -> None:
    source = member_source("a.zip", "x" * 300 + "/ferry.txt")
    assert source is not None
    assert source.endswith("xx/ferry.txt")
    assert len(source) <= 210


def test_nothing_is_written_whatever_members_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "in"
    inner.mkdir()
    monkeypatch.chdir(inner)
    hostile = {"../up.txt": STORY, "/tmp/dateline-test.txt": STORY, "C:\\x.txt": STORY}
    for packed in (zip_of(hostile), tar_of(hostile)):
        stories, _ = read(packed)
        assert len(stories) == 3
    assert [path for path in tmp_path.rglob("*") if path != inner] == []


def test_links_are_refused() -> None:
    stories, refused = read(tar_of({"a.txt": STORY}, {"passwd": "/etc/passwd"}), "a.tar")
    assert list(stories) == ["a.tar/a.txt"]
    assert "link" in refused["a.tar/passwd"]


def test_links_in_zip_archives_are_refused() -> None:
    entry = zipfile.ZipInfo("passwd")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert "link" in read(packed.getvalue())[1]["a.zip/passwd"]


def test_an_archive_in_an_archive_is_read_and_a_third_is_not() -> None:
    inner = zip_of({"ferry.txt": STORY})
    stories, _ = read(zip_of({"in.zip": inner}))
    assert list(stories) == ["a.zip/in.zip/ferry.txt"]

    stories, refused = read(zip_of({"in.zip": zip_of({"deep.zip": inner})}))
    assert stories == {}
    assert "archive in an archive" in refused["a.zip/in.zip/deep.zip"]


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    zeros = b" " * (8 * 1024 * 1024)
    for packed in (zip_of({"bomb.txt": zeros}), gzip.compress(tar_of({"bomb.txt": zeros}))):
        assert any("20 times" in reason for reason in read(packed)[1].values())
    with pytest.raises(UnreadableSource, match="20 times"):
        read_stories(gzip.compress(zeros), "bomb.gz")


def test_a_bomb_in_an_archive_counts_against_the_whole() -> None:
    inner = zip_of({"bomb.txt": b" " * (8 * 1024 * 1024)})
    _, refused = read(zip_of({"in.zip": inner, "after.txt": STORY}))
    assert any("20 times" in reason for reason in refused.values())


def test_a_member_of_more_than_20_mib_is_refused() -> None:
    big = zip_of({"a.txt": STORY, "big.txt": b"x" * (20 * 1024 * 1024 + 1)})
    stories, refused = read(big)
    assert list(stories) == ["a.zip/a.txt"]
    assert "larger than 20 MiB" in refused["a.zip/big.txt"]


@pytest.mark.parametrize("pack", [zip_of, tar_of])
def test_a_damaged_archive_is_refused_after_what_could_be_read(pack: object) -> None:
    assert callable(pack)
    whole = pack({"a.txt": STORY * 40, "b.txt": STORY * 40})
    _, refused = read(whole[: len(whole) // 2])
    assert any("damaged" in reason for reason in refused.values())


def test_an_encrypted_member_is_refused() -> None:
    packed = bytearray(zip_of({"a.txt": STORY}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in read(bytes(packed))[1]["a.zip/a.txt"]


@pytest.mark.parametrize(
    "magic", [b"BZh91AY", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"]
)
def test_other_archives_are_refused_with_what_to_do(magic: bytes) -> None:
    with pytest.raises(UnknownFormat, match=r"zip or tar\.gz"):
        read_stories(magic + bytes(100), "x")


def test_office_documents_are_refused_by_name() -> None:
    with pytest.raises(UnknownFormat, match="office"):
        read_stories(
            zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), "x"
        )


def test_an_empty_archive_holds_no_stories() -> None:
    assert "no stories" in read(zip_of({}))[1]["a.zip"]


def test_a_member_without_a_name_is_read_under_a_name_of_its_own() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), STORY)
    stories, refused = read(packed.getvalue())
    assert (list(stories), refused) == (["a.zip/unnamed"], {})
