"""The settings of fetching: what `dateline add` and `watch` may ask other machines for."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class FetchSettings(BaseModel):
    """What may be fetched over a network, and how. Nothing is, unless it is switched on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(
        default=False,
        description="Whether `dateline add` and `dateline watch` may fetch addresses. Answering "
        "never needs a network.",
    )
    hosts: str | None = Field(
        default=None,
        description="Hosts that may be asked, separated by commas; `*.news.example` stands for "
        "every name below it, `news.example:8443` for that port. Others are never asked, redirects "
        "and items of feeds included.",
    )
    private_addresses: bool = Field(
        default=False,
        description="Whether those hosts may lead to this machine or a private network; link-local "
        "addresses, where clouds keep secrets, are never asked.",
    )
    pause_s: float = Field(
        default=2.0,
        ge=0,
        le=3600,
        description="Seconds between two requests to a host; more where its robots.txt asks for "
        "more (`Crawl-delay`).",
    )
    silence_s: float = Field(
        default=20.0,
        ge=0.1,
        le=600,
        description="Seconds without a byte after which a request is given up.",
    )
    total_s: float = Field(
        default=120.0, ge=0.1, le=3600, description="Seconds after which a request is given up."
    )
    max_bytes: int = Field(
        default=20 * 1024 * 1024,
        ge=1024,
        le=2**31,
        description="A larger page is not read, as it is sent or unpacked.",
    )
    max_pages: int = Field(
        default=100,
        ge=1,
        le=100_000,
        description="Pages that one feed, sitemap or search leads to and that are read in one "
        "run, the newest first; the others wait for the next.",
    )
    full_text: bool = Field(
        default=True,
        description="Whether items of feeds that give only a lead are read on their own pages.",
    )
    contact: str | None = Field(
        default=None,
        pattern=r"^[!-~]{1,200}$",
        description="Web or mail address that is sent with each request, so that a site's "
        "operator can write to you.",
    )
    dvids_key: SecretStr | None = Field(
        default=None,
        description="Key of the DVIDS API (api.dvidshub.net), for sources such as "
        "`dvids:panama`; it is never logged or stored.",
    )
    dvids_key_file: Path | None = Field(
        default=None, description="File that holds that key instead, alone on its first line."
    )
    dvids_url: str = Field(
        default="https://api.dvidshub.net", description="Where the DVIDS API is."
    )
