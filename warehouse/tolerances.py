"""What a contract tolerates beyond reading: budgets of the doors, each with its reason.

Nothing here changes what is read; `expectations` obeys it.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A part of a contract: unknown fields are errors, nothing is changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Tolerance(Strict):
    """How gravely a check of the doors is taken where that is not as usual, and why."""

    severity: Literal["error", "warning", "information"] = "warning"
    reason: str = Field(min_length=1)


class Blanks(Tolerance):
    """How much of a column may be blank in what is delivered for a business date."""

    maximum_pct: float = Field(ge=0, le=100)


class QuarantineLimits(Strict):
    """Which share of a delivery may go to quarantine: told above one, held above two.

    The reason says why it is not as usual.
    """

    small_pct: float = Field(ge=0, le=100)
    bearable_pct: float = Field(ge=0, le=100)
    reason: str = Field(min_length=1)


JUDGEMENT: Any = {
    **{"anomalies": True, "quarantine": True},
    "columns": {"__all__": {"anomalies", "blanks"}},
}
"""The fields of a table that judge what was read; the version says how to read."""
