"""The fetcher against real servers on loopback: polite, and within its limits."""

import datetime
import gzip
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from corpus.errors import AddressRefused, FetchFailed, FetchPutOff, PageGone, RobotsForbid
from corpus.fetching.fetcher import MAX_REDIRECTS, Fetcher, Page, Validators
from corpus.fetching.pace import seconds_of
from tests.sites import Reply, Site, policy_for, site


@pytest.fixture
def news() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def pauses() -> list[float]:
    """How long was waited; nobody really waits."""
    return []


def fetcher_for(news: Site, pauses: list[float] | None = None, **limits: object) -> Fetcher:
    pauses = [] if pauses is None else pauses
    return Fetcher(policy_for(news, **limits), pause=pauses.append)


def got(fetcher: Fetcher, url: str, known: Validators | None = None) -> Page:
    page = fetcher.get(url, known)
    assert page is not None
    return page


# What is sent


def test_a_request_names_dateline_and_nothing_else(news: Site) -> None:
    news.page("/a", "words", Set_Cookie="id=1; Path=/", Content_Type="text/html; charset=UTF-8")
    fetcher = fetcher_for(news, user_agent="Dateline/1.0 (+mailto:desk@courier.example)")
    for _ in range(2):
        page = got(fetcher, news.address + "/a")
    assert (page.url, page.content, page.charset) == (news.address + "/a", b"words", "utf-8")
    sent = news.asked[-1].headers
    assert sent["User-Agent"] == "Dateline/1.0 (+mailto:desk@courier.example)"
    assert sent["Accept-Encoding"] == "gzip"
    assert not {"Cookie", "Authorization", "Referer"} & sent.keys()


def test_a_page_that_is_known_costs_no_bytes(news: Site) -> None:
    news.page("/a", "words")
    fetcher = fetcher_for(news)
    page = got(fetcher, news.address + "/a")
    assert fetcher.get(news.address + "/a", page.validators) is None
    news.page("/a", "other words")
    assert got(fetcher, news.address + "/a", page.validators).content == b"other words"


def test_the_date_of_a_page_is_sent_back_as_it_came(news: Site) -> None:
    news.replies["/a"] = Reply(content=b"x", headers={"Last-Modified": "Tue, 07 May 2024 GMT"})
    fetcher = fetcher_for(news)
    page = got(fetcher, news.address + "/a")
    fetcher.get(news.address + "/a", page.validators)
    assert news.asked[-1].headers["If-Modified-Since"] == "Tue, 07 May 2024 GMT"


def test_an_etag_of_any_bytes_is_sent_back_as_it_came(news: Site) -> None:
    news.replies["/a"] = Reply(content=b"x", headers={"ETag": '"\xe9t\xe9"'})
    fetcher = fetcher_for(news)
    page = got(fetcher, news.address + "/a")
    got(fetcher, news.address + "/a", page.validators)
    assert news.asked[-1].headers["If-None-Match"] == '"\xe9t\xe9"'


# robots.txt and pace


def test_robots_txt_is_read_once_and_obeyed(news: Site) -> None:
    news.replies["/robots.txt"] = Reply(content=b"User-agent: dateline\nDisallow: /private/")
    news.page("/a", "words")
    fetcher = fetcher_for(news)
    got(fetcher, news.address + "/a")
    with pytest.raises(RobotsForbid, match=r"robots\.txt"):
        fetcher.get(news.address + "/private/a")
    assert news.paths == ["/robots.txt", "/a"]


def test_a_redirect_to_a_forbidden_page_is_not_followed(news: Site) -> None:
    news.replies["/robots.txt"] = Reply(content=b"User-agent: *\nDisallow: /private/")
    news.replies["/a"] = Reply(status=302, headers={"Location": "/private/a"})
    with pytest.raises(RobotsForbid):
        fetcher_for(news).get(news.address + "/a")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_host_without_robots_txt_may_be_asked(news: Site, status: int) -> None:
    news.replies["/robots.txt"] = Reply(status=status)
    news.page("/a", "words")
    assert fetcher_for(news).get(news.address + "/a")


def test_a_host_whose_robots_txt_fails_is_left_alone_for_a_while(news: Site) -> None:
    news.replies["/robots.txt"] = Reply(status=500)
    news.page("/a", "words")
    fetcher = fetcher_for(news)
    for _ in range(3):
        with pytest.raises(FetchFailed, match="left alone"):
            fetcher.get(news.address + "/a")
    assert news.paths == ["/robots.txt"] * 3


@pytest.mark.parametrize(("delay", "apart"), [(b"", 5.0), (b"Crawl-delay: 30", 30.0)])
def test_a_host_is_asked_no_faster_than_set_and_than_it_wants(
    news: Site, pauses: list[float], delay: bytes, apart: float
) -> None:
    news.replies["/robots.txt"] = Reply(content=b"User-agent: *\nAllow: /\n" + delay)
    news.page("/a", "words")
    fetcher = fetcher_for(news, pauses, pause_s=5.0)
    got(fetcher, news.address + "/a")
    got(fetcher, news.address + "/a")
    assert pauses == [pytest.approx(5.0, abs=1), pytest.approx(apart, abs=1)]


def test_a_host_that_wants_minutes_between_requests_is_put_off(news: Site) -> None:
    news.replies["/robots.txt"] = Reply(content=b"User-agent: *\nCrawl-delay: 900")
    news.page("/a", "words")
    fetcher = fetcher_for(news)
    got(fetcher, news.address + "/a")
    with pytest.raises(FetchPutOff) as put_off:
        fetcher.get(news.address + "/a")
    assert put_off.value.wait_s == pytest.approx(900, abs=5)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_after_a_pause(
    news: Site, pauses: list[float], status: int
) -> None:
    left = iter([Reply(status=status), Reply(status=status), Reply(content=b"words")])
    news.replies["/a"] = lambda asked: next(left)
    assert got(fetcher_for(news, pauses), news.address + "/a").content == b"words"
    assert pauses == [pytest.approx(1, abs=0.5), pytest.approx(4, abs=0.5)]


def test_a_server_that_stays_busy_is_asked_three_times(news: Site) -> None:
    news.replies["/a"] = Reply(status=503)
    with pytest.raises(FetchFailed, match="503"):
        fetcher_for(news).get(news.address + "/a")
    assert news.paths.count("/a") == 3


def test_retry_after_is_waited_for(news: Site, pauses: list[float]) -> None:
    left = iter([Reply(status=429, headers={"Retry-After": "17"}), Reply(content=b"words")])
    news.replies["/a"] = lambda asked: next(left)
    got(fetcher_for(news, pauses), news.address + "/a")
    assert pauses == [pytest.approx(17, abs=0.5)]


def test_a_server_that_wants_long_peace_gets_it(news: Site) -> None:
    news.replies["/a"] = Reply(status=429, headers={"Retry-After": "3600"})
    fetcher = fetcher_for(news)
    for path in ("/a", "/b"):
        with pytest.raises(FetchPutOff) as put_off:
            fetcher.get(news.address + path)
        assert put_off.value.wait_s == pytest.approx(3600, abs=5)
    assert news.paths == ["/robots.txt", "/a"]


def test_retry_after_is_seconds_or_a_date() -> None:
    in_a_minute = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=60)
    assert seconds_of("120") == 120
    assert seconds_of(format_datetime(in_a_minute)) == pytest.approx(60, abs=2)
    assert seconds_of("Tue, 07 May 2024 10:00:00 GMT") == 0
    assert seconds_of("9" * 5000) == seconds_of("1 Jan 9999 23:59:59 -2359") == 10**7
    assert seconds_of("1 Jan 2024 00:00:00 +9999999999999999") is None
    assert [seconds_of(said) for said in (None, "", "soon", "-5", "²")] == [None] * 5


# What comes back


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_told_apart(news: Site, status: int) -> None:
    news.replies["/a"] = Reply(status=status)
    with pytest.raises(PageGone, match=str(status)):
        fetcher_for(news).get(news.address + "/a")


def test_a_page_that_moved_is_followed_five_times_and_no_more(news: Site) -> None:
    for hop in range(1, MAX_REDIRECTS + 2):
        news.replies[f"/{hop}"] = Reply(status=308, headers={"Location": f"{hop - 1}"})
    news.page("/0", "words")
    fetcher = fetcher_for(news)
    assert got(fetcher, f"{news.address}/{MAX_REDIRECTS}").url == news.address + "/0"
    with pytest.raises(FetchFailed, match="redirects more than 5 times"):
        fetcher.get(f"{news.address}/{MAX_REDIRECTS + 1}")


@pytest.mark.parametrize(
    "kind", ["image/png", "video/mp4", "text/css", "application/javascript", "font/woff2"]
)
def test_what_holds_no_story_is_refused(news: Site, kind: str) -> None:
    news.page("/a", "words", Content_Type=kind)
    with pytest.raises(FetchFailed, match="holds no story"):
        fetcher_for(news).get(news.address + "/a")


def test_a_page_that_says_it_is_too_large_is_not_read(news: Site) -> None:
    news.replies["/a"] = Reply(content=b"x", headers={"Content-Length": "99999999999"})
    with pytest.raises(FetchFailed, match="larger than 1,000 bytes"):
        fetcher_for(news, max_bytes=1000).get(news.address + "/a")


def test_a_page_that_says_nothing_is_cut_off_when_too_large(news: Site) -> None:
    chunks = b"".join(b"64\r\n" + b"x" * 100 + b"\r\n" for _ in range(11)) + b"0\r\n\r\n"
    news.replies["/a"] = Reply(content=chunks, headers={"Transfer-Encoding": "chunked"})
    assert len(got(fetcher_for(news, max_bytes=1100), news.address + "/a").content) == 1100
    fetcher = fetcher_for(news, max_bytes=1099)
    with pytest.raises(FetchFailed, match="larger than 1,099 bytes"):
        fetcher.get(news.address + "/a")


def test_a_page_may_come_packed(news: Site) -> None:
    news.page("/a", gzip.compress(b"words " * 1000), Content_Encoding="gzip")
    assert got(fetcher_for(news), news.address + "/a").content == b"words " * 1000


@pytest.mark.parametrize(
    ("content", "packing", "complaint"),
    [
        (gzip.compress(bytes(50_000_000), mtime=0), "gzip", "unpacks to too much"),
        (gzip.compress(bytes(5_000_000), mtime=0), "gzip", "unpacks to too much"),
        (b"no gzip", "gzip", "damaged"),
        (gzip.compress(b"words" * 999, mtime=0)[:-12], "gzip", "breaks off"),
        (b"x", "br", "packed by br"),
        (b"x", "gzip, gzip", "packed by gzip, gzip"),
    ],
)
def test_bombs_and_damaged_packing_are_refused(
    news: Site, content: bytes, packing: str, complaint: str
) -> None:
    news.page("/a", content, Content_Encoding=packing)
    with pytest.raises(FetchFailed, match=complaint):
        fetcher_for(news).get(news.address + "/a")


def test_an_answer_that_breaks_off_is_asked_for_again(news: Site) -> None:
    left = iter([Reply(content=b"wor", headers={"Content-Length": "9", "Connection": "close"})])
    news.replies["/a"] = lambda asked: next(left, Reply(content=b"words"))
    assert got(fetcher_for(news), news.address + "/a").content == b"words"


# Time


def dripping(chunk: bytes, opening: bytes, stop: threading.Event) -> int:
    """Listen, answer *opening* and then a *chunk* every tenth of a second; return the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with listener:
            listener.settimeout(0.1)
            while not stop.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    try:
                        connection.recv(65536)
                        connection.sendall(opening)
                        while not stop.wait(0.1):
                            connection.sendall(chunk)
                    except OSError:
                        continue

    threading.Thread(target=drip, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize(
    ("opening", "chunk"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"", b""),
    ],
    ids=["body", "headers", "silence"],
)
def test_a_server_that_drips_is_left(opening: bytes, chunk: bytes) -> None:
    stop = threading.Event()
    port = dripping(chunk, opening, stop)
    try:
        policy = policy_for(hosts=(f"127.0.0.1:{port}",), silence_s=0.5, total_s=0.7)
        began = time.monotonic()
        with pytest.raises(FetchFailed, match="in time"):
            Fetcher(policy, pause=lambda _: None).get(f"http://127.0.0.1:{port}/")
        assert time.monotonic() - began < 10  # three tries
    finally:
        stop.set()


def test_a_port_where_nobody_listens_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    policy = policy_for(hosts=(f"127.0.0.1:{port}",))
    with pytest.raises(FetchFailed):
        Fetcher(policy, pause=lambda _: None).get(f"http://127.0.0.1:{port}/")


# TLS


def certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """Write a certificate that speaks for *names* and signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.IPAddress(ipaddress.ip_address(name))
                    if name[0].isdecimal()
                    else x509.DNSName(name)
                    for name in names
                ]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


def tls_of(public: Path, private: Path, names: list[str | None]) -> ssl.SSLContext:
    """Return a server's side, which notes the names it is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    context.sni_callback = lambda _, name, __: names.append(name)
    return context


def test_tls_proves_the_name_in_the_address_not_the_ip_that_was_connected_to(
    tmp_path: Path,
) -> None:
    public, private = certificate(tmp_path, "news.example")
    names: list[str | None] = []
    with site(tls_of(public, private, names)) as news:
        news.page("/a", "words")
        hosts = (f"news.example:{news.port}", f"other.example:{news.port}")
        trusting = ssl.create_default_context(cafile=str(public))
        fetcher = Fetcher(
            policy_for(hosts=hosts),
            resolve=lambda host, port: ["127.0.0.1"],
            pause=lambda _: None,
            tls=trusting,
        )
        assert got(fetcher, f"https://news.example:{news.port}/a").content == b"words"
        assert names == ["news.example"] * 2
        with pytest.raises(FetchFailed, match=r"(?i)certificate"):
            fetcher.get(f"https://other.example:{news.port}/a")


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with site(tls_of(*certificate(tmp_path, "127.0.0.1"), [])) as news:
        news.page("/a", "words")
        with pytest.raises(FetchFailed, match=r"(?i)certificate"):
            fetcher_for(news).get(news.address + "/a")
        assert news.asked == []


def test_a_redirect_from_https_to_http_is_refused(tmp_path: Path) -> None:
    public, private = certificate(tmp_path, "127.0.0.1")
    with site(tls_of(public, private, [])) as safe, site() as plain:
        safe.replies["/a"] = Reply(status=302, headers={"Location": plain.address + "/a"})
        trusting = ssl.create_default_context(cafile=str(public))
        with pytest.raises(AddressRefused, match="from https to http"):
            Fetcher(policy_for(safe, plain), tls=trusting).get(safe.address + "/a")
        assert plain.asked == []


# APIs


def test_a_key_is_sent_and_never_shown(news: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    news.replies["/search"] = Reply(content=b"{}", headers={"Content-Type": "application/json"})
    news.replies["/asset"] = Reply(status=403)
    fetcher = fetcher_for(news)
    page = fetcher.call(news.address + "/search", {"q": "a b"}, {"api_key": "hunter2"})
    assert news.paths == ["/search?q=a+b&api_key=hunter2"]
    with pytest.raises(FetchFailed, match="refuses the key") as refused:
        fetcher.call(news.address + "/asset", {"id": "1"}, {"api_key": "hunter2"})
    assert "hunter2" not in page.url + str(refused.value) + caplog.text


def test_a_key_is_not_taken_along_a_redirect(news: Site) -> None:
    with site() as other:
        news.replies["/search"] = Reply(status=302, headers={"Location": other.address})
        fetcher = Fetcher(policy_for(news, other))
        with pytest.raises(FetchFailed, match="302"):
            fetcher.call(news.address + "/search", {}, {"api_key": "hunter2"})
        assert other.asked == []
