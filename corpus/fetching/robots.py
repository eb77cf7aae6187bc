"""robots.txt as RFC 9309 has it: which paths of a host a named program may fetch."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

MAX_BYTES = 500 * 1024
"""What is read of a robots.txt at least, says RFC 9309, section 2.5; Dateline reads no more."""

_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """The rules that hold for one program: (allowed, pattern), and its delay in seconds."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay_s: float = 0.0

    def allows(self, path: str) -> bool:
        """Say whether *path*, with its query, may be fetched: the longest rule decides."""
        path = _normal(path)
        fitting = [(len(rule), allowed) for allowed, rule in self.rules if _fits(rule, path)]
        return max(fitting)[1] if fitting else True


OPEN = Robots()
CLOSED = Robots(rules=((False, "/"),))


def robots_of(content: bytes, agent: str) -> Robots:
    """Return the rules of a robots.txt for *agent*, or those for "*" where it isn't named."""
    lines = list(_lines(content[:MAX_BYTES].decode("utf-8", "replace").lstrip("\ufeff")))
    named = _group(lines, agent.lower())
    robots = _group(lines, "*") if named is None else named
    return robots or OPEN


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in re.split(r"[\r\n]", text):
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _group(lines: list[tuple[str, str]], agent: str) -> Robots | None:
    """Return what all groups of *agent* say together, or None where there is none."""
    rules: list[tuple[bool, str]] = []
    delay_s = 0.0
    found = ours = opening = False
    for name, value in lines:
        if name == "user-agent":
            ours = (ours and opening) or _product(value) == agent
            found, opening = found or ours, True
        elif name in ("allow", "disallow", "crawl-delay"):
            opening = False
            if ours and name == "crawl-delay":
                delay_s = max(delay_s, float(value) if _SECONDS.fullmatch(value) else 0.0)
            elif ours and value.startswith(("/", "*")):
                rules.append((name == "allow", _normal(value)))
    return Robots(rules=tuple(rules), delay_s=delay_s) if found else None


def _product(value: str) -> str:
    return re.split(r"[/\s]", value.lower(), maxsplit=1)[0]


def _fits(rule: str, path: str) -> bool:
    """Say whether *path* begins as *rule* says: "*" is anything, a final "$" the end."""
    at_end = rule.endswith("$")
    first, *others = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = others.pop() if others and at_end else None
    for part in others:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return not at_end or at == len(path)


def _normal(path: str) -> str:
    """Return *path* with the escapes that make no difference undone, the others in capitals."""
    path = quote(path, safe="".join(map(chr, range(0x21, 0x7F))))
    return _ESCAPE.sub(_unescaped, path)


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()
