"""Addresses: which may be asked at all, told by their letters alone."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

import httpx2

from corpus.errors import AddressRefused

DEFAULT_PORT = {"http": 80, "https": 443}
_LONGEST = 2048
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\\]|[\ud800-\udfff]")
_LABEL = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?:{_LABEL}\.){{0,20}}{_LABEL}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_AUTHORITY = re.compile(r"[a-z]+://([^/?#]*)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address in the one form that is checked, shown and asked.

    *host* is in lower case and ASCII, an IPv6 address without brackets; *path* holds the query.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host as the Host header names it: with the port, unless it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.path


def target_of(url: str, hosts: Sequence[str]) -> Target:
    """Return the target that *url* names; raise `AddressRefused` where it is none of *hosts*.

    Only http and https; no user or password; no host written in a way that programs read
    differently (127.1, 0x7f000001, a final dot, percent signs).
    """
    target = _target(url)
    if not any(_allows(host, target) for host in hosts):
        raise AddressRefused(
            f"{target.url}: {target.authority} is not among the hosts in fetch.hosts; "
            "add it there if Dateline may fetch from it"
        )
    return target


def joined(target: Target, location: str) -> str:
    """Return the address that *target* redirects to by *location*, not yet checked."""
    if _UNFIT.search(location):
        raise AddressRefused(f"{target.url} redirects to an address with characters that none has")
    try:
        return str(httpx2.URL(target.url).join(location))
    except (httpx2.InvalidURL, ValueError) as error:
        raise AddressRefused(f"{target.url} redirects to no address: {error}") from error


def is_address(place: str) -> bool:
    """Say whether *place* is meant as an address, and not as a file."""
    return re.match(r"[a-z][a-z0-9+.-]{1,20}://", place, re.IGNORECASE) is not None


def _target(url: str) -> Target:
    shown = ascii(url[:200])[1:-1]
    if len(url) > _LONGEST or _UNFIT.search(url):
        raise AddressRefused(f"{shown}: too long, or with characters that no address has")
    try:
        parsed = httpx2.URL(url)
        host, port = parsed.raw_host.decode("ascii").lower(), parsed.port
    except (httpx2.InvalidURL, ValueError) as error:
        raise AddressRefused(f"{shown}: no address: {error}") from error
    if parsed.scheme not in DEFAULT_PORT:
        raise AddressRefused(f"{shown}: only http and https addresses are fetched")
    authority = _AUTHORITY.match(url)
    if parsed.userinfo or authority is None or "@" in authority[1]:
        raise AddressRefused("an address with a user or password in it is not fetched")
    port = DEFAULT_PORT[parsed.scheme] if port is None else port
    if not _is_host(host) or not 0 < port < 65536:
        raise AddressRefused(f"{shown}: {ascii(host)[1:-1] or 'nothing'} is no host's name")
    path = parsed.raw_path.decode("ascii")
    return Target(scheme=parsed.scheme, host=host, port=port, path=path)


def _is_host(host: str) -> bool:
    """Say whether *host* is a name, or an IP address in its one usual form."""
    try:
        return str(ipaddress.ip_address(host)) == host
    except ValueError:
        pass
    # What ends in a number is an address to browsers and resolvers (url.spec.whatwg.org, 3.5).
    return bool(_NAME.fullmatch(host)) and not _NUMBER.fullmatch(host.rpartition(".")[2])


def _allows(allowed: str, target: Target) -> bool:
    name, port = _host_and_port(allowed.strip().lower())
    if port != (str(target.port) if port else ""):
        return False
    if not port and target.port != DEFAULT_PORT[target.scheme]:
        return False
    if name.startswith("*."):
        return len(name) > 2 and target.host.endswith(name[1:])
    return _ascii(name) == target.host


def _host_and_port(allowed: str) -> tuple[str, str]:
    """Return the parts of `host`, `host:port`, `::1`, `[::1]` and `[::1]:port`."""
    if allowed.startswith("["):
        name, _, port = allowed[1:].partition("]")
        return name, port.removeprefix(":")
    if allowed.count(":") > 1:
        return allowed, ""
    name, _, port = allowed.partition(":")
    return name, port


def _ascii(name: str) -> str:
    """Return a name with letters beyond ASCII as it is asked for; the others as they are."""
    if name.isascii():
        return name
    try:
        return httpx2.URL(f"http://{name}/").raw_host.decode("ascii")
    except httpx2.InvalidURL:
        return ""
