"""Requests as strangers make them, to every address of an app: nearly right, and hostile."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

STORY = "00aa11bb22cc33dd"
CONVERSATION = "c_0123456789abcdef0123456789abcdef"
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "G\x7fT")

_HOSTILE = (
    "",
    " ",
    "\0",
    "%00",
    "\ud800",
    "\r\nSet-Cookie: a=b",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "' OR 1=1 --",
    '"; DROP TABLE story; --',
    "{{7*7}}${7*7}<%= 7*7 %>",
    "<script>alert(1)</script>",
    "$(id)`id`",
    'AND OR NOT NEAR/3 * ( " ^ title:',
    "\u202e\u2066\u200b\ufeff",
    "\U0010ffff\ufffe",
    "e\u0301" * 300,
    "A" * 1001,
    "((((" * 200,
    "0000-00-00",
    "9999-12-31",
    "2024-02-30",
    "2024-02-29T00:00:00+99:99",
    "-1",
    "1e999",
    "NaN",
    "9" * 400,
    "٣",
    "true",
    "null",
    "file:///etc/passwd",
    "http://[::1",
    "javascript:alert(1)",
)
_QUESTIONS = (
    "Who is the mayor?",
    "When did the exercise begin, and who said so?",
    "what about last year's?",
    "How many were there before 0000-13-45?",
    "Compare the first of 31 February with the second",
)
TEXT = st.one_of(
    st.sampled_from(_QUESTIONS),
    st.sampled_from(_HOSTILE),
    st.text(max_size=40),
    st.text(alphabet="\0\r\n\t\"'<>%\\/[]{}()*?^:;-+0 9aé\ud800\udfff", max_size=60),
)
_SCALAR = st.one_of(
    TEXT,
    st.none(),
    st.booleans(),
    st.sampled_from((0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**30, 0.5, float("nan"), 1e308)),
    st.sampled_from((STORY, CONVERSATION, "ans_0123456789abcdef", "0" * 64)),
)
VALUE = st.recursive(
    _SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)

_FILTERS = {"from": "2018-01-01", "to": "2024-12-31", "publisher": "Calder Post"}
_ASKED = {"question": "Who is the mayor?", "filters": _FILTERS, "as_asked": True}
_CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
_BODIES: tuple[dict[str, object], ...] = (
    _ASKED,
    _ASKED | {"conversation_id": CONVERSATION},
    _ASKED | {"filters": _FILTERS | {"story_ids": [STORY]}, "k": 3},
    {"questions": [_ASKED, {"question": ""}]},
    {"story_id": STORY, "start": 0, "end": 5, "quote": "mayor", "snapshot_sha256": "0" * 64},
    {"conversation_id": CONVERSATION, "turn": 1, "verdict": "up", "citation": 1},
    _ASKED | {"answer_id": "ans_0123456789abcdef", "verdict": "down", "comment": "no"},
    {"model": "dateline", "messages": [{"role": "user", "content": "Who is the mayor?"}]},
    {"model": "dateline", "stream": True, "n": 1, "messages": [
        {"role": "user", "content": [{"type": "text", "text": "Who?"}]},
        {"role": "assistant", "content": None},
        {"role": "user", "content": "And when?"},
    ]},
    {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "x", "version": "1"},
    }},
    {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    {"jsonrpc": "2.0", "id": 2, "method": "resources/read", "params": {"uri": f"story://{STORY}"}},
    _CALL | {"params": {"name": "ask", "arguments": {"question": "Who is the mayor?"}}},
    _CALL | {"params": {"name": "search", "arguments": {"query": "mayor"}}},
    _CALL | {"params": {"name": "fetch", "arguments": {"id": STORY}}},
)  # fmt: skip
_PARAMETERS = (
    "q", "from", "to", "publisher", "story_id", "as_asked", "h", "page", "words", "c", "turn",
    "thanks", "k", "limit", "offset", "revision", "conversation", "verdict", "citation", "deleted",
    "comment", "start", "end",
)  # fmt: skip
_HEADERS: dict[str, tuple[str, ...]] = {
    "Accept": ("text/event-stream", "application/json", "*/*;q=x", "text/html;;;", "\xff"),
    "Accept-Encoding": ("gzip", "identity;q=0, *;q=0"),
    "Accept-Language": ("en", "x" * 500),
    "Authorization": ("Bearer", "Bearer x", "Basic !!!", "Basic Og==", "Digest a=", "\xff \xfe"),
    "Content-Encoding": ("gzip", "br"),
    "Content-Length": ("-1", "x", "99999999999", "0"),
    "Cookie": ("a=b; c", "\xff=\xff", "session=" + "A" * 4000),
    "Host": ("localhost", "evil.example", "localhost:x", "[::1", "a b", "", "\xff", "a" * 300),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "If-None-Match": ("*", 'W/"', '"a", "b', "x" * 500),
    "Last-Event-ID": ("1", "\0"),
    "MCP-Protocol-Version": ("2025-06-18", "1900-01-01", "x"),
    "Mcp-Session-Id": ("x", "\x01"),
    "Origin": ("null", "http://localhost", "http://[", "https://evil.example"),
    "Range": ("bytes=0-1", "bytes=9-1", "bytes=-", "x"),
    "Referer": ("http://[", "x"),
    "Sec-Fetch-Site": ("same-origin", "cross-site", "x"),
    "Transfer-Encoding": ("chunked", "gzip, chunked"),
    "X-API-Key": ("x", "\xff", "dateline_" + "A" * 43),
    "X-Forwarded-For": ("127.0.0.1", "::ffff:1.2.3.4", "x, y, z", "", "\xff"),
    "X-Forwarded-Host": ("evil.example", "[", ""),
    "X-Forwarded-Proto": ("https", "javascript"),
    "X-HTTP-Method-Override": ("DELETE",),
}
_TYPES = (
    "application/json",
    "application/json; charset=utf-7",
    "application/json; charset=\xff",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "text/plain",
    "application/vnd.a+json",
    "x",
    "",
)


@dataclass(frozen=True, slots=True)
class HostileRequest:
    """One request, as bytes that need not be well-formed."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


Address = tuple[str, tuple[str, ...]]
"""The pattern of an address, and the methods that it takes."""


def addresses(app: Flask) -> tuple[Address, ...]:
    """Return every address of *app*."""
    rules = app.url_map.iter_rules()
    return tuple(sorted((rule.rule, tuple(sorted(rule.methods or ()))) for rule in rules))


@st.composite
def requests(draw: DrawFn, to: tuple[Address, ...], known: tuple[str, ...]) -> HostileRequest:
    """Draw a request to one of the addresses, or beside them; *known* are ids that exist."""
    ids = st.sampled_from((STORY, CONVERSATION, "1", *known))
    pattern, takes = draw(st.sampled_from(to))
    path = "".join(
        draw(ids | ids | TEXT) if part.startswith("<") else part for part in _parts(pattern)
    )
    if draw(st.integers(0, 19)) == 0:
        path += draw(TEXT)
    kind, body = draw(_body(known))
    headers = draw(
        st.dictionaries(st.sampled_from(sorted(_HEADERS)), st.integers(0, 99), max_size=3)
    )
    picked = [(name, _HEADERS[name][n % len(_HEADERS[name])]) for name, n in headers.items()]
    parameters = draw(st.lists(st.tuples(st.sampled_from(_PARAMETERS), TEXT | ids), max_size=4))
    raw = draw(st.sampled_from(("", "", "", "&", "%", "=%zz&q", "q=%ff%fe")))
    query = "&".join(f"{name}={_quoted(value)}" for name, value in parameters) + raw
    method = draw(st.sampled_from(takes if draw(st.integers(0, 7)) else METHODS))
    return HostileRequest(method, path, query, (("Content-Type", kind), *picked), body)


def _parts(pattern: str) -> list[str]:
    return pattern.replace("<", "\n<").replace(">", ">\n").split("\n")


def _quoted(text: str) -> str:
    return quote(text, errors="surrogatepass")


@st.composite
def _body(draw: DrawFn, known: tuple[str, ...]) -> tuple[str, bytes]:
    """Draw a content type and a body, which mostly fit."""
    form = draw(st.sampled_from(("json", "json", "json", "form", "bytes")))
    if form == "bytes":
        return draw(st.sampled_from(_TYPES)), draw(st.binary(max_size=200) | _broken_json())
    if form == "form":
        pairs = st.tuples(st.sampled_from(_PARAMETERS), TEXT | st.sampled_from((STORY, *known)))
        fields = draw(st.lists(pairs, max_size=6))
        text = "&".join(f"{name}={_quoted(value)}" for name, value in fields)
        return "application/x-www-form-urlencoded", text.encode()
    body = draw(_changed(draw(st.sampled_from(_BODIES)), known))
    return "application/json", json.dumps(body).encode()


@st.composite
def _changed(draw: DrawFn, body: object, known: tuple[str, ...]) -> object:
    """Draw *body* with some of its values changed, dropped or added to."""
    fate = draw(st.integers(0, 11))
    if fate == 0:
        return draw(VALUE)
    if fate == 1 and known:
        return draw(st.sampled_from(known))
    if isinstance(body, dict):
        kept = {name: draw(_changed(value, known)) for name, value in body.items()}
        if fate == 2:
            kept[draw(TEXT)] = draw(VALUE)
        if fate == 3 and kept:
            del kept[draw(st.sampled_from(sorted(kept)))]
        return kept
    if isinstance(body, list):
        return [draw(_changed(value, known)) for value in body]
    return body


def _broken_json() -> st.SearchStrategy[bytes]:
    return st.sampled_from(
        (
            b"",
            b"{",
            b"[]",
            b"null",
            b'{"question": "Who?", "question": 1}',
            b'{"question": "\\ud800"}',
            b'{"question": NaN}',
            b'{"question": "\xff"}',
            b'\xef\xbb\xbf{"question": "Who?"}',
            '{"question": "Who?"}'.encode("utf-16"),
            b"[" * 500,
            b'{"a":' * 40 + b"1" + b"}" * 40,
            b'{"questions": [' + b"{}," * 200 + b"{}]}",
            b"9" * 5000,
            b"q=" + b"A" * 70_000,
            b"&" * 500,
            b"--x\r\nContent-Disposition: form-data; name=q\r\n\r\nWho?\r\n--x--",
        )
    )
