import pytest

from corpus.errors import CorpusError, UnknownFormat, UnreadableSource
from corpus.sources.decode import decode


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("“Café”".encode(), "“Café”"),
        ("“Café” “é” ".encode() + b"\x93now\x94", "“Café” “é” “now”"),
        ("“Café”".encode("utf-16"), "“Café”"),
        ("“Café”".encode("utf-8-sig"), "“Café”"),
        (b"d\xe9j\xe0 \x93vu\x94", "déjà “vu”"),
        (b"<meta charset=iso-8859-1>\xe9 \x93", "<meta charset=iso-8859-1>é “"),
        (b"<meta charset=koi8-r>" + "дом".encode("koi8-r"), "<meta charset=koi8-r>дом"),
        (b"<meta charset=iso-2022-jp>" + "新聞".encode("iso2022_jp") + b"\xff", None),
    ],
)
def test_text_is_decoded_as_its_author_saw_it(content: bytes, text: str | None) -> None:
    if text is None:
        with pytest.raises(UnreadableSource):
            decode(content)
    else:
        assert decode(content) == text


def test_a_header_names_the_encoding_that_the_page_does_not() -> None:
    assert decode("дом".encode("cp1251"), "windows-1251") == "дом"


@pytest.mark.parametrize("name", ["punycode", "idna", "unicode_escape", "utf-7", "rot13", "nope"])
def test_what_is_no_encoding_of_text_is_refused(name: str) -> None:
    with pytest.raises(UnreadableSource, match=name):
        decode(f"<meta charset={name}>".encode() + b"\xff" * 1000)


@pytest.mark.parametrize(
    "content", [bytes(range(256)), b"\x89PNG\r\n\x1a\n\0", b"text\0", "ab".encode("utf-16-le")]
)
def test_binary_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(UnknownFormat, match="binary"):
        decode(content)


def test_half_a_character_in_utf_16_is_refused() -> None:
    with pytest.raises(CorpusError):
        decode(b"\xff\xfe\x00\xd8")
