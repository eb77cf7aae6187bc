"""Settings of reading stories in."""

from pydantic import BaseModel, ConfigDict, Field


class IngestSettings(BaseModel):
    """How stories are read in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    processes: int = Field(
        default=0,
        ge=0,
        le=256,
        description="Processes that read files side by side when many are added; 0 means one per "
        "physical core, 1 that `dateline add` reads them itself, without a limit of time.",
    )
