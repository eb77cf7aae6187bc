"""Every setting, its default and a sentence."""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from qa.errors import InvalidSettings
from qa.fetch_settings import FetchSettings
from qa.ingest_settings import IngestSettings
from qa.search_settings import SearchSettings
from qa.telemetry_settings import TelemetrySettings
from qa.web_settings import WebSettings

SECRETS_DIR = "DATELINE_SECRETS_DIR"
"""The variable that names a folder of files, each named as a variable and holding its value."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EncoderSettings(_Section):
    """What turns texts into vectors."""

    engine: Literal["onnx", "sentence-transformers"] = Field(
        default="onnx",
        description="`onnx` runs all-MiniLM-L6-v2 without torch; `sentence-transformers` runs any "
        "model that sentence-transformers can load.",
    )
    model: str = Field(
        default="sentence-transformers/all-MiniLM-L6-v2",
        description="Model name or folder, for the `sentence-transformers` engine.",
    )
    threads: int = Field(
        default=0, ge=0, description="Threads that encode; 0 means one per physical core."
    )


class ReaderSettings(_Section):
    """What finds the answer in a passage."""

    engine: Literal["onnx", "huggingface"] = Field(
        default="onnx",
        description="`onnx` runs the bundled reader, or one exported like it, without torch; "
        "`huggingface` runs any extractive question answering model in Hugging Face form.",
    )
    model: str | None = Field(
        default=None,
        description="For `onnx`, the folder of an exported reader; empty means the bundled one. "
        "For `huggingface`, a folder, or a name on the hub such as `deepset/roberta-base-squad2`, "
        "which is fetched once where there is a network.",
    )
    passages: int = Field(
        default=12, ge=1, le=200, description="How many of the best passages are read at most."
    )
    enough: float = Field(
        default=6.0,
        description="Once a span scores so many logits above the null answer, no more passages are "
        "read. Less saves time and loses answers; 100 leaves it to `reader.risk`.",
    )
    risk: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description="Once the chance that the passages left change the answer is below this, they "
        "are not read. A quick first look at them tells, and what to read first; it is fitted to "
        "the bundled reader and does nothing for others, nor with 0. With that and `reader.enough` "
        "of 100 all is read, which finds a few more stories that say the same "
        "(docs/benchmarks.md).",
    )
    threads: int = Field(
        default=0,
        ge=0,
        description="Threads that read, for all questions together; 0 means one per physical core.",
    )

    @model_validator(mode="after")
    def _names_a_model(self) -> Self:
        if self.engine == "huggingface" and not self.model:
            raise ValueError("the engine huggingface needs reader.model, a folder or a hub name")
        return self


class RetrievalSettings(_Section):
    """How passages are found."""

    candidates: int = Field(
        default=60,
        ge=1,
        le=1000,
        description="How many passages each of the two searches hands to the fusion.",
    )


class AnswerSettings(_Section):
    """When an answer is given."""

    threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Below this confidence Dateline abstains; empty means the confidence model's "
        "own operating point, which docs/model-cards/reader.md explains.",
    )
    confidence_model: Path | None = Field(
        default=None,
        description="File that `python -m qa.training.fit_confidence --to FILE` wrote; empty means "
        "the bundled one, which was fitted to the bundled reader: with another reader its "
        "probabilities mean less, and the threshold with them.",
    )
    max_question_chars: int = Field(default=1000, ge=1, description="A longer question is refused.")
    cache_mb: int = Field(
        default=16,
        ge=0,
        le=100_000,
        description="Megabytes of answers that each process keeps in memory, to give them again "
        "while nothing has changed that they are made from; 0 keeps none. An answer takes some "
        "12 KB.",
    )


class SuggestionSettings(_Section):
    """Questions that are suggested after an answer."""

    background: bool = Field(
        default=True,
        description="Whether the server asks, while nobody else does, what the stories just cited "
        "answer; otherwise only `dateline suggest` finds out.",
    )


class ConversationSettings(_Section):
    """Where conversations and feedback are kept, and for how long."""

    url: SecretStr | None = Field(
        default=None,
        description="Database as SQLAlchemy names it: `sqlite:///FILE`, or with the extra "
        "`postgres` `postgresql+psycopg://user:password@host/dateline`; empty means "
        "`conversations.sqlite` in the data folder.",
    )
    keep_days: int = Field(
        default=90,
        ge=1,
        le=36500,
        description="Conversations are deleted this many days after their last turn, at most an "
        "hour late while Dateline serves; feedback stays until `dateline feedback --clear`.",
    )
    max_turns: int = Field(
        default=500,
        ge=1,
        le=100_000,
        description="Questions that a conversation may have; then a new one has to be started.",
    )


class Settings(SearchSettings, BaseSettings):
    """Everything that can be set: by `DATELINE_*` variables (`__` nests) or `dateline.toml`."""

    model_config = SettingsConfigDict(
        env_prefix="DATELINE_",
        env_nested_delimiter="__",
        toml_file="dateline.toml",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # it may be a secret, and a trace goes to the log
        secrets_dir_missing="error",
    )

    data: Path = Field(
        default=Path("data"), description="Folder of the story store and its indexes."
    )
    ingest: IngestSettings = IngestSettings()
    encoder: EncoderSettings = EncoderSettings()
    reader: ReaderSettings = ReaderSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()
    suggestions: SuggestionSettings = SuggestionSettings()
    conversations: ConversationSettings = ConversationSettings()
    web: WebSettings = WebSettings()
    fetch: FetchSettings = FetchSettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    @model_validator(mode="after")
    def _names_a_server(self) -> Self:
        if self.index_engine == "milvus" and not self.milvus_uri:
            raise ValueError("the engine milvus needs milvus_uri, the address of the server")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read keywords first, then the environment, then secret files, then `dateline.toml`."""
        secrets = NestedSecretsSettingsSource(
            file_secret_settings, secrets_dir=os.environ.get(SECRETS_DIR)
        )
        return init_settings, env_settings, secrets, TomlConfigSettingsSource(settings_cls)


def load_settings(*, data: Path | str | None = None, **overrides: object) -> Settings:
    """Return the settings; raise `InvalidSettings` naming each one that is wrong.

    *data*, where it is given, and *overrides* win over the environment and the file.
    """
    if data is not None:
        overrides["data"] = data
    try:
        return Settings(**overrides)  # type: ignore[arg-type] # pydantic checks them
    except ValidationError as error:
        wrong = "; ".join(
            ": ".join(filter(None, (".".join(map(str, fault["loc"])), fault["msg"])))
            for fault in error.errors()
        )
        raise InvalidSettings(f"Settings are wrong: {wrong}.") from error
    except (SettingsError, OSError, ValueError) as error:
        # A value that is no JSON, or a file that can't be read.
        raise InvalidSettings(f"Settings can't be read: {error}.") from error
