"""Fetcher: one page at a time, safely and politely."""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cache
from urllib.parse import urlencode

import httpcore2

from corpus.errors import AddressRefused, FetchFailed, FetchPutOff, PageGone, RobotsForbid
from corpus.fetching import robots
from corpus.fetching.addresses import Resolve, system_addresses
from corpus.fetching.exchange import Answer, Exchange, Unanswered
from corpus.fetching.pace import LONGEST_WAIT_S, Pace, Pause, seconds_of
from corpus.fetching.policy import AGENT, FetchPolicy
from corpus.fetching.robots import Robots, robots_of
from corpus.fetching.urls import Target, joined, target_of

MAX_REDIRECTS = 5
RETRIES = 2
ROBOTS_KEPT_S = 24 * 3600.0
"""How long a robots.txt holds (RFC 9309, section 2.4)."""

FAILURE_KEPT_S = 300.0
_FIRST_WAIT_S = 1.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 500, 502, 503, 504})
_NOT_TEXT = (
    *("image/", "audio/", "video/", "font/", "model/", "multipart/"),
    *("text/css", "text/javascript", "application/javascript", "application/wasm"),
)
_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave with a page, to be asked later whether it changed (RFC 9110, 13.1)."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The conditions of a request that costs nothing if the page is the same."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was fetched: *url* is where it was at last, *charset* what its header says."""

    url: str
    content: bytes
    charset: str | None
    validators: Validators


class Fetcher:
    """Fetches what *policy* allows; keeps no cookies, sends no credentials, runs nothing."""

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        resolve: Resolve = system_addresses,
        pause: Pause = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.policy = policy
        self.pause = pause
        self._exchange = Exchange(policy=policy, resolve=resolve, tls=tls or _system_tls())
        self._pace = Pace(pause)
        self._robots: dict[str, tuple[float, Robots | FetchFailed]] = {}

    def get(self, url: str, known: Validators | None = None) -> Page | None:
        """Return the page at *url*, or None where it is still the one of *known*.

        Raises `AddressRefused`, `RobotsForbid`, `PageGone` (404, 410), `FetchPutOff` where the
        server asks for patience, and `FetchFailed` for everything else.
        """
        conditions = known.headers if known else {}
        target = target_of(url, self.policy.hosts)
        for _ in range(MAX_REDIRECTS + 1):
            rules = self._rules(target)
            if not rules.allows(target.path):
                raise RobotsForbid(
                    f"{target.url}: the site's robots.txt forbids programs to read it"
                )
            answer = self._answer(target, conditions, apart_s=rules.delay_s)
            if answer.status == 304 and conditions:
                return None
            if answer.status not in _REDIRECTS:
                return _page(target, answer)
            target = self._redirected(target, answer)
        raise FetchFailed(f"{url}: redirects more than {MAX_REDIRECTS} times")

    def call(self, url: str, query: Mapping[str, str], secret: Mapping[str, str]) -> Page:
        """Return what an API, which robots.txt isn't about, answers to *query*.

        *secret* is sent with the query and appears nowhere else; a redirect is an error, since
        it would take the secret elsewhere.
        """
        address = f"{url}?{urlencode(query)}"
        target = target_of(address, self.policy.hosts)
        answer = self._answer(target, {}, query=b"&" + urlencode(secret).encode())
        if answer.status in (401, 403):
            raise FetchFailed(f"{target.url}: the server refuses the key ({answer.status})")
        return _page(target, answer)

    def _answer(
        self,
        target: Target,
        conditions: Mapping[str, str],
        *,
        apart_s: float = 0.0,
        query: bytes = b"",
    ) -> Answer:
        """Return an answer other than "busy", asking up to three times with growing pauses."""
        apart_s = max(apart_s, self.policy.pause_s)
        headers = {**self._headers, **conditions}
        for tried in range(RETRIES + 1):
            self._pace.wait(target.host, apart_s, target.url)
            wait_s = _FIRST_WAIT_S * 4**tried
            try:
                answer = self._exchange.get(target, headers, query)
            except Unanswered:
                if tried == RETRIES:
                    raise
            else:
                if answer.status not in _BUSY:
                    return answer
                told_s = seconds_of(answer.headers.get("retry-after"))
                wait_s = wait_s if told_s is None else told_s
                if told_s is not None and told_s > LONGEST_WAIT_S:
                    self._pace.hold(target.host, told_s)
                    raise FetchPutOff(target.url, told_s)
                if tried == RETRIES:
                    raise FetchFailed(f"{target.url}: the server answers {answer.status}")
            self._pace.hold(target.host, wait_s)
        raise AssertionError("every try returns, raises or is followed by another")

    @property
    def _headers(self) -> dict[str, str]:
        return {
            "User-Agent": self.policy.user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
        }

    def _redirected(self, target: Target, answer: Answer) -> Target:
        """Return where *target* leads, checked as if it had been given; never back to http."""
        following = target_of(joined(target, answer.headers.get("location", "")), self.policy.hosts)
        if target.scheme == "https" and following.scheme == "http":
            raise AddressRefused(f"{target.url} redirects from https to http")
        return following

    def _rules(self, target: Target) -> Robots:
        """Return the rules of the target's host, read once a day; a failure holds for minutes."""
        until, rules = self._robots.get(target.origin, (0.0, robots.OPEN))
        if time.monotonic() >= until:
            try:
                rules = self._read_rules(target)
            except FetchFailed as error:
                rules = error
            kept_s = FAILURE_KEPT_S if isinstance(rules, FetchFailed) else ROBOTS_KEPT_S
            self._robots[target.origin] = (time.monotonic() + kept_s, rules)
        if isinstance(rules, FetchFailed):
            raise FetchFailed(f"{rules}; without its robots.txt the host is left alone")
        return rules

    def _read_rules(self, target: Target) -> Robots:
        """Return the rules of the target's host.

        As RFC 9309, section 2.3.1 has it, everything is allowed where there is no robots.txt
        (status 4xx), and nothing where it can't be read.
        """
        place = target_of(f"{target.origin}/robots.txt", self.policy.hosts)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._answer(place, {})
            if answer.status in _REDIRECTS:
                place = self._redirected(place, answer)
            elif 400 <= answer.status < 500:
                return robots.OPEN
            else:
                return robots_of(answer.content, AGENT)
        raise FetchFailed(f"{place.url}: robots.txt redirects more than {MAX_REDIRECTS} times")


@cache
def _system_tls() -> ssl.SSLContext:
    return httpcore2.default_ssl_context()


def _page(target: Target, answer: Answer) -> Page:
    if answer.status in (404, 410):
        raise PageGone(f"{target.url}: nothing is there ({answer.status})")
    if answer.status != 200:
        raise FetchFailed(f"{target.url}: the server answers {answer.status}")
    told = Message()
    told["content-type"] = answer.headers.get("content-type", "application/octet-stream")
    kind = told.get_content_type()
    if kind.startswith(_NOT_TEXT):
        raise FetchFailed(f"{target.url}: is {kind}, which holds no story")
    return Page(
        url=target.url,
        content=answer.content,
        charset=told.get_content_charset(),
        validators=Validators(
            etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified")
        ),
    )
