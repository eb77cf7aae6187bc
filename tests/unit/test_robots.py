"""robots.txt: RFC 9309's own examples, and what real ones get wrong."""

import time

import pytest

from corpus.fetching.robots import CLOSED, OPEN, robots_of


def allows(rules: str, path: str) -> bool:
    return robots_of(f"User-agent: *\n{rules}".encode(), "dateline").allows(path)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/", True),
        ("Disallow:", "/a", True),
        ("Disallow: /", "/a", False),
        ("Disallow: /a", "/abc", False),
        ("Disallow: /a", "/b", True),
        ("Disallow: /a/\nAllow: /a/b/", "/a/b/c", True),
        ("Allow: /a/b/\nDisallow: /a/", "/a/b/c", True),
        ("Allow: /a\nDisallow: /a", "/a", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /*.pdf$", "/x/y.pdf?v=1", True),
        ("Disallow: /*?print=", "/a?print=1", False),
        ("Disallow: /*/print/*/x", "/a/print/b/x", False),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /a*b$", "/aXb", False),
        ("Disallow: /ab*ba$", "/aba", True),
        ("Disallow: *", "/anything", False),
        ("Disallow: /a/%C3%BC", "/a/ü", False),
        ("Disallow: /a/ü", "/a/%c3%bc", False),
        ("Disallow: /%61", "/a", False),
        ("Disallow: /a%2fb", "/a/b", True),
        ("Disallow : /a # not for you", "/a", False),
        ("disallow:/a", "/a", False),
        ("Sitemap: https://x.example/s.xml\nDisallow: /a", "/a", False),
        ("no rule at all\nDisallow: /a", "/a", False),
    ],
)
def test_the_longest_fitting_rule_decides(rules: str, path: str, allowed: bool) -> None:
    assert allows(rules, path) is allowed


def test_rules_for_dateline_itself_go_before_those_for_all() -> None:
    robots = robots_of(
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: DateLine/1.0\n"
        b"Disallow: /private\nCrawl-delay: 2.5\n\nUser-agent: datelinebot\nDisallow: /b\n\n"
        b"User-agent: dateline\rDisallow: /more",
        "dateline",
    )
    allowed = {path: robots.allows(path) for path in ("/", "/b", "/private", "/more")}
    assert allowed == {"/": True, "/b": True, "/private": False, "/more": False}
    assert robots.delay_s == 2.5


@pytest.mark.parametrize("delay", ["x", "-1", "1e9", "", "inf", "nan"])
def test_a_delay_that_is_no_number_is_none(delay: str) -> None:
    robots = robots_of(f"User-agent: *\nCrawl-delay: {delay}\nDisallow: /a".encode(), "dateline")
    assert robots.delay_s == 0
    assert not robots.allows("/a")


def test_bytes_that_are_no_text_forbid_nothing() -> None:
    assert robots_of(bytes(range(256)) * 100, "dateline") == OPEN
    assert not CLOSED.allows("/a")


@pytest.mark.parametrize(
    "content",
    [
        b"User-agent: *\n" + b"Disallow: /" + b"*a" * 200_000 + b"$",
        b"User-agent: *\n" + b"Disallow: /*a*b*c*d$\n" * 20_000,
        b"User-agent: " * 40_000,
        b"\r" * 600_000,
        b"#" * 600_000,
    ],
)
def test_hostile_files_take_no_time(content: bytes) -> None:
    began = time.process_time()
    robots_of(content, "dateline").allows("/" + "abc" * 600)
    assert time.process_time() - began < 20
