"""Whatever addresses, robots.txt and headers say: no host is asked that is not allowed."""

import ipaddress
import re

from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import AddressRefused
from corpus.fetching.addresses import is_own, is_public
from corpus.fetching.pace import seconds_of
from corpus.fetching.robots import robots_of
from corpus.fetching.urls import joined, target_of

HOSTS = ("news.example", "*.wire.example", "port.example:8443")
PIECES = st.sampled_from(
    [
        *(
            "http://",
            "https://",
            "//",
            "file:///",
            "news.example",
            "a.wire.example",
            "wire.example",
        ),
        *(
            "port.example",
            ":8443",
            ":80",
            ":",
            "@",
            "/",
            "\\",
            "?",
            "#",
            ".",
            "%2f",
            "%00",
            "..",
            " ",
        ),
        *(
            "127.0.0.1",
            "[::1]",
            "[",
            "]",
            "\r\n",
            "\t",
            "ｎews",
            "。",
            "0x7f000001",
            "user",
            "\ud800",
        ),
    ]
)
URLS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=9).map("".join))


@given(URLS)
def test_an_address_is_refused_or_leads_to_an_allowed_host(url: str) -> None:
    try:
        target = target_of(url, HOSTS)
    except AddressRefused:
        return
    assert target.scheme in ("http", "https")
    if target.host == "port.example":
        assert target.port == 8443
    else:
        assert target.host == "news.example" or target.host.endswith(".wire.example")
        assert target.port == {"http": 80, "https": 443}[target.scheme]
    assert re.fullmatch(r"[!-~]+", target.url)
    assert target_of(target.url, HOSTS) == target


@given(URLS)
def test_a_redirect_is_refused_or_leads_to_an_allowed_host(location: str) -> None:
    start = target_of("https://news.example/a/b", HOSTS)
    try:
        target = target_of(joined(start, location), HOSTS)
    except AddressRefused:
        return
    assert target.host in ("news.example", "port.example") or target.host.endswith(".wire.example")


@given(st.ip_addresses())
def test_no_address_is_both_public_and_of_an_own_network(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert not (is_public(address) and is_own(address))
    assert not (is_public(address) and (address.is_private or address.is_multicast))


@given(st.text("ab/*$", max_size=12), st.text("ab/", max_size=12))
def test_a_rule_fits_as_the_pattern_that_it_stands_for(rule: str, path: str) -> None:
    rule, path = f"/{rule}", f"/{path}"
    allowed = robots_of(f"User-agent: *\nDisallow: {rule}".encode(), "dateline").allows(path)
    whole = rule.removesuffix("$")
    pattern = "".join(".*" if sign == "*" else re.escape(sign) for sign in whole)
    fits = re.match(pattern + (r"\Z" if rule.endswith("$") else ""), path) is not None
    assert allowed is not fits


@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_robots_txt_and_no_header_is_an_error(content: bytes, header: str) -> None:
    robots = robots_of(b"User-agent: *\n" + content, "dateline")
    robots.allows("/" + header.encode("ascii", "replace").decode())
    assert robots.delay_s >= 0
    seconds = seconds_of(header)
    assert seconds is None or seconds >= 0
