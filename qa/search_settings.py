"""Settings of the engine that searches, by the plain names that deployments give them."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr


class SearchSettings(BaseModel):
    """Where passages are searched: in this process, or by a server that many processes share."""

    index_engine: Literal["embedded", "milvus"] = Field(
        default="embedded",
        description="`embedded` searches in this process, with files in the data folder; `milvus` "
        "has a Milvus server search, and needs the extra `milvus` (docs/scale.md).",
    )
    milvus_uri: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/@]+(/[^\s@]*)?$",
        description="Address of the Milvus server, such as `http://milvus.example:19530`; a "
        "password stands in `milvus_token`, never here.",
    )
    milvus_token: SecretStr | None = Field(
        default=None,
        description="What the Milvus server asks for: a token, or `user:password`.",
    )
    milvus_collection: str = Field(
        default="dateline",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$",
        description="How the names of Dateline's collections begin; a copy of a data folder needs "
        "another one than its original.",
    )
    milvus_writes: bool = Field(
        default=True,
        description="Whether this process may write to Milvus. Turn it off where the data folder "
        "is a copy that another machine keeps up to date.",
    )
    milvus_consistency: Literal["Strong", "Bounded"] = Field(
        default="Strong",
        description="`Strong` finds a story as soon as it is added, for which each search waits up "
        "to a tick of Milvus's clock, 0.2 s; `Bounded` doesn't wait, and may miss what was added "
        "or find what was removed in the last seconds.",
    )
    milvus_search_s: float = Field(
        default=5.0,
        gt=0,
        le=600,
        description="Seconds that a search may take, with all its tries, before it fails.",
    )
    milvus_write_s: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="Seconds that a write may take, with all its tries, before it fails.",
    )
