"""Host to IP address, checked and then connected to: what is checked is what is asked."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import httpcore2

from corpus.errors import AddressRefused, FetchFailed

Resolve = Callable[[str, int], Sequence[str]]
"""Called with host and port; returns IP addresses."""

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_MOST = 4
"""How many of a host's addresses are tried."""

_UNICAST = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds an IPv4 address
        "3fff::/20",  # documentation
    )
)
"""From the special-purpose registries of IANA (RFC 6890 and its updates), what Python's
`is_global` lets pass in some of its versions."""


def system_addresses(host: str, port: int) -> list[str]:
    """Return the addresses that the system's resolver has for *host*."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: Address) -> bool:
    """Say whether *address* belongs to one machine on the internet, by what it is.

    IPv6 addresses that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) are never public.
    """
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return False
    special = any(address.version == net.version and address in net for net in _NOT_PUBLIC)
    return address.is_global and not address.is_multicast and not special


def is_own(address: Address) -> bool:
    """Say whether *address* is this machine's or one of a private network.

    Link-local addresses are not: clouds keep their machines' secrets at 169.254.169.254.
    """
    if address.is_unspecified or address.is_link_local or address.is_multicast:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return address.is_loopback or address in ipaddress.IPv6Network("fc00::/7")
    return address.is_loopback or (address.is_private and not address.is_reserved)


class CheckedBackend(httpcore2.NetworkBackend):
    """Connects to hosts whose every address is allowed, until *deadline* (of `time.monotonic`).

    The host is resolved once, and the connection is made to an address of that very answer, so
    that another answer a moment later changes nothing. TLS still names and proves the host.
    """

    def __init__(self, *, resolve: Resolve, private: bool, deadline: float) -> None:
        self._resolve = resolve
        self._private = private
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Return a connection; raise `AddressRefused` or what httpcore2 raises."""
        addresses = [str(address) for address in self._checked(host, port)]
        for last, address in zip((*[False] * (len(addresses) - 1), True), addresses, strict=True):
            left = time_left(self._deadline, timeout)
            try:
                stream = self._sockets.connect_tcp(address, port, left, None, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if last:
                    raise
            else:
                return _TimedStream(stream, self._deadline)
        raise FetchFailed(f"{host} has no address")

    def _checked(self, host: str, port: int) -> list[Address]:
        try:
            found = [ipaddress.ip_address(address) for address in self._resolve(host, port)]
        except (OSError, UnicodeError, ValueError) as error:
            raise FetchFailed(f"{host} is not known: {error}") from error
        for address in found:
            if not (is_public(address) or (self._private and is_own(address))):
                raise AddressRefused(
                    f"{host} leads to {address}, which is no public address; "
                    "set fetch.private_addresses if it is your own network's"
                )
        if not found:
            raise FetchFailed(f"{host} has no address")
        return found[:_MOST]


class _TimedStream(httpcore2.NetworkStream):
    """A connection whose every read and write ends by the deadline, however slowly bytes come."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, time_left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, time_left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = time_left(self._deadline, timeout)
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def time_left(deadline: float, timeout: float | None) -> float:
    """Return *timeout*, or less where the deadline is nearer; raise `ReadTimeout` past it."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the whole request took too long")
    return left if timeout is None else min(left, timeout)
