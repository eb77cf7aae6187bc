"""Which addresses may be asked: by their letters, and by where their hosts lead."""

import ipaddress
from collections.abc import Iterator

import pytest

from corpus.errors import AddressRefused, FetchError, FetchFailed
from corpus.fetching.addresses import is_own, is_public
from corpus.fetching.fetcher import Fetcher
from corpus.fetching.policy import FetchPolicy
from corpus.fetching.urls import target_of
from tests.sites import Reply, Site, policy_for, site

HOSTS = ("news.example", "*.wire.example", "port.example:8443", "bücher.example", "93.184.216.34")
REACHED = "it was asked"


@pytest.fixture
def secret() -> Iterator[Site]:
    """A server on this machine that nobody may be led to."""
    with site() as served:
        served.replies["/"] = served.replies["/robots.txt"] = Reply(content=REACHED.encode())
        yield served


REFUSED_BY_LETTERS = [
    "file:///etc/passwd",
    "FILE://news.example/etc/passwd",
    "ftp://news.example/",
    "gopher://news.example:70/_GET",
    "dict://news.example:11211/stats",
    "data:text/html,x",
    "javascript:alert(1)",
    "jar:http://news.example!/",
    "ws://news.example/",
    "unix:///var/run/docker.sock",
    "//news.example/",
    "news.example/a",
    "http:news.example/a",
    "http:/news.example/a",
    "http:///a",
    "http://",
    "",
    "http://user@news.example/",
    "http://user:password@news.example/",
    "http://@news.example/",
    "http://:@news.example/",
    "http://news.example@127.0.0.1/",
    "http://127.0.0.1#@news.example/",
    "http://127.0.0.1?@news.example/",
    "http://127.0.0.1\\@news.example/",
    "http://news.example\\@127.0.0.1/",
    "http://news.example%2f@127.0.0.1/",
    "http://news.example /",
    "http://news.example/a\r\nHost: 127.0.0.1",
    "http://news.example/a\nX: y",
    "http://news.example\t.evil.example/",
    "http://news.example/\x00",
    "http://news.example/\x7f",
    "http://news.example%00.evil.example/",
    "http://news.example%0d%0a/",
    "http://127.0.0.1/",
    "http://127.0.0.1:80/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.0x1/",
    "http://127.0.0.1./",
    "http://127.0.0.01/",
    "http://%31%32%37.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[fd00::1]/",
    "http://[::1",
    "http://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/",
    "http://localhost/",
    "http://localhost.localdomain/",
    "http://news.example./",
    "http://news.example../",
    "http://news..example/",
    "http://.news.example/",
    "http://news.example.evil.example/",
    "http://evilnews.example/",
    "http://www.news.example/",
    "http://wire.example/",
    "http://.wire.example/",
    "http://evilwire.example/",
    "http://nеws.example/",  # a Cyrillic e
    "http://ｎews．evil.example/",
    "http://xn--nws-tlc.example/",
    "http://news.example:8080/",
    "http://news.example:0/",
    "http://news.example:65536/",
    "http://news.example:-80/",
    "http://news.example:80:80/",
    "http://news.example:443/",
    "https://news.example:80/",
    "http://port.example/",
    "https://port.example/",
    "https://port.example:8444/",
    "http://news.example:22/",
    "http://93.184.216.35/",
    "http://news.example/" + "a" * 3000,
]


@pytest.mark.parametrize("url", REFUSED_BY_LETTERS)
def test_an_address_that_is_not_plainly_an_allowed_host_is_never_looked_up(url: str) -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    with pytest.raises(AddressRefused):
        Fetcher(FetchPolicy(hosts=HOSTS, private_addresses=True), resolve=resolve).get(url)
    assert looked_up == []


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://news.example/a?b=c#d", "http://news.example/a?b=c"),
        ("HTTPS://NEWS.EXAMPLE:443", "https://news.example/"),
        ("http://a.b.wire.example/ü", "http://a.b.wire.example/%C3%BC"),
        ("https://port.example:8443/", "https://port.example:8443/"),
        ("http://port.example:8443/", "http://port.example:8443/"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://news.example/@a:b", "http://news.example/@a:b"),
    ],
)
def test_an_allowed_address_has_one_form(url: str, asked: str) -> None:
    assert target_of(url, HOSTS).url == asked


@pytest.mark.parametrize("hosts", [(), ("",), ("*",), ("*.",), ("*.example:81",), ("example",)])
def test_no_entry_allows_every_host(hosts: tuple[str, ...]) -> None:
    with pytest.raises(AddressRefused, match=r"fetch\.hosts"):
        target_of("http://news.example/", hosts)


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(AddressRefused) as refused:
        target_of("http://user:hunter2@news.example/", HOSTS)
    assert "hunter2" not in str(refused.value)


NOT_PUBLIC = """
127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1
100.64.0.1 169.254.169.254 169.254.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 198.18.0.1
198.51.100.7 203.0.113.9 224.0.0.1 239.1.2.3 240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808
64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1
""".split()


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_a_host_that_leads_to_an_address_of_no_public_machine_is_not_asked(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    fetcher = Fetcher(FetchPolicy(hosts=HOSTS, pause_s=0), resolve=lambda host, port: [address])
    with pytest.raises(AddressRefused, match="no public address"):
        fetcher.get("http://news.example/")


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"]
)
def test_machines_on_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
    assert not is_own(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("::1", True),
        ("fd00::1", True),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("::", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("fe80::1", False),
        ("::ffff:169.254.169.254", False),
    ],
)
def test_an_intranet_may_be_allowed_but_never_a_clouds_secrets(address: str, own: bool) -> None:
    assert is_own(ipaddress.ip_address(address)) is own


def test_one_bad_address_among_good_ones_is_enough_to_refuse(secret: Site) -> None:
    policy = FetchPolicy(hosts=(f"news.example:{secret.port}",), pause_s=0)
    fetcher = Fetcher(policy, resolve=lambda host, port: ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(AddressRefused):
        fetcher.get(f"http://news.example:{secret.port}/")
    assert secret.asked == []


def test_a_second_answer_of_the_resolver_is_not_asked_for(secret: Site) -> None:
    with site() as honest:
        honest.page("/", "the page")
        lookups: list[str] = []

        def rebinding(host: str, port: int) -> list[str]:
            """Answer the honest site's address once a connection, as if only it were meant."""
            lookups.append(host)
            return ["127.0.0.1"] if len(lookups) <= 2 else ["169.254.169.254"]

        policy = policy_for(hosts=(f"news.example:{honest.port}",))
        fetcher = Fetcher(policy, resolve=rebinding)
        page = fetcher.get(f"http://news.example:{honest.port}/")
        assert page is not None
        assert page.content == b"the page"
        assert lookups == ["news.example"] * 2  # once for robots.txt, once for the page
        assert honest.asked[1].headers["Host"] == f"news.example:{honest.port}"

        with pytest.raises(AddressRefused, match=r"169\.254\.169\.254"):
            fetcher.get(f"http://news.example:{honest.port}/other")


def test_a_name_that_turns_private_between_two_requests_is_refused(secret: Site) -> None:
    answers = iter([["10.0.0.1"], ["127.0.0.1"]])
    policy = FetchPolicy(hosts=(f"news.example:{secret.port}",), pause_s=0)
    fetcher = Fetcher(policy, resolve=lambda host, port: next(answers))
    for _ in range(2):
        with pytest.raises(AddressRefused):
            fetcher.get(f"http://news.example:{secret.port}/")
    assert secret.asked == []


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://user@{host}/",
        "file:///etc/passwd",
        "gopher://{host}/",
        "http://{host}\\@127.0.0.1:{port}/",
        "http://evil.example/",
        "http://{host}./",
        "\x01http://evil.example/",
        "http://[::1",
    ],
)
def test_a_redirect_is_checked_as_if_it_had_been_given(secret: Site, location: str) -> None:
    with site() as honest:
        to = location.format(port=secret.port, host=honest.host)
        honest.replies["/"] = Reply(status=302, headers={"Location": to})
        with pytest.raises(AddressRefused):
            Fetcher(policy_for(honest)).get(honest.address + "/")
        assert honest.paths == ["/robots.txt", "/"]
    assert secret.asked == []


def test_a_redirect_to_an_allowed_name_that_leads_home_is_refused(secret: Site) -> None:
    with site() as honest:
        there = f"inside.example:{secret.port}"
        honest.replies["/"] = Reply(status=301, headers={"Location": f"http://{there}/"})
        address_of = {"127.0.0.1": ["127.0.0.1"], "inside.example": ["169.254.169.254"]}
        policy = policy_for(hosts=(honest.host, there))
        fetcher = Fetcher(policy, resolve=lambda host, port: address_of[host])
        with pytest.raises(AddressRefused, match=r"169\.254"):
            fetcher.get(honest.address + "/")
    assert secret.asked == []


def test_a_robots_txt_that_redirects_elsewhere_leads_nowhere(secret: Site) -> None:
    with site() as honest:
        honest.replies["/robots.txt"] = Reply(
            status=302, headers={"Location": secret.address + "/robots.txt"}
        )
        honest.page("/", "the page")
        with pytest.raises(FetchError):
            Fetcher(policy_for(honest)).get(honest.address + "/")
    assert secret.asked == []


def test_the_proxy_of_the_environment_is_not_used(
    secret: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", secret.address)
    monkeypatch.setenv("ALL_PROXY", secret.address)
    with site() as honest:
        honest.page("/", "the page")
        assert Fetcher(policy_for(honest)).get(honest.address + "/")
    assert secret.asked == []


def test_an_unknown_host_is_named() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    fetcher = Fetcher(FetchPolicy(hosts=HOSTS, pause_s=0), resolve=unknown, pause=lambda _: None)
    with pytest.raises(FetchFailed, match=r"news\.example is not known"):
        fetcher.get("http://news.example/")
