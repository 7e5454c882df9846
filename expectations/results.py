"""What a check found, as plain data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where a check stands on the way of the data."""

    DOOR = "door"
    ROOM = "room"
    GATE = "gate"


class Severity(StrEnum):
    """What a failure means: held back, told, or only noted."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Outcome(StrEnum):
    """How a check ended: `failed`, the data is bad; `broken`, it could not run."""

    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One check and what it found; the fields are columns of `checks.result`.

    No field holds a value of the checked rows, only counts and names.
    """

    stage: Stage
    suite_name: str
    check_name: str
    table_name: str
    column_name: str | None
    severity: Severity
    """A broken check is always an error: what was not checked is not proven."""
    outcome: Outcome
    observed_value: str | None
    rows_checked: int | None
    rows_failed: int | None
    message: str
    reason: str | None = None
    """Why it has its severity and its budget."""
    next_step: str | None = None
    """What a person does when it does not pass."""

    @property
    def is_error(self) -> bool:
        """Return whether this result alone holds a publication back."""
        return self.severity == Severity.ERROR and self.outcome != Outcome.PASSED


OnResult = Callable[[CheckResult], None]


def holds_back(results: Iterable[CheckResult]) -> bool:
    """Return whether any of the results forbids to publish."""
    return any(result.is_error for result in results)
