"""What the operator allows to be fetched, and how much of it."""

from dataclasses import dataclass

AGENT = "dateline"
"""The name that robots.txt knows Dateline by (RFC 9309, section 2.2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """Hosts that may be asked, and the limits of one request.

    A host is `news.example`, or `*.news.example` for every name below it; with a port
    (`news.example:8443`) it stands for that port alone, without for the scheme's own. Times are
    in seconds.
    """

    hosts: tuple[str, ...] = ()
    private_addresses: bool = False
    pause_s: float = 2.0
    silence_s: float = 20.0
    total_s: float = 120.0
    max_bytes: int = 20 * 1024 * 1024
    user_agent: str = "Dateline"
