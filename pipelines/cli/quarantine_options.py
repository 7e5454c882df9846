"""What the commands on quarantine share: their options, and who says what."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.tables import show

if TYPE_CHECKING:
    from warehouse.company import Company
    from warehouse.quarantine import Chosen, Refused, Word
    from warehouse.settings import Settings

LoadId = Annotated[int, typer.Argument(help="Load, as the list shows it.")]
RowNumber = Annotated[int, typer.Argument(help="Row, as the list shows it.")]
MaybeLoad = Annotated[int | None, typer.Argument(help="Load; all when not given.")]
MaybeRow = Annotated[int | None, typer.Argument(help="Row; all when not given.")]
Source = Annotated[str | None, typer.Option("--source", help="Only of this source.")]
Table = Annotated[str | None, typer.Option("--table", help="Only of this table.")]
Reason = Annotated[
    str | None, typer.Option("--reason", help="Only with this reason code.")
]
Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Only of this business date."),
]
Why = Annotated[str, typer.Option("--why", help="The reason, for who asks later.")]
Who = Annotated[
    str | None, typer.Option("--who", help="Who decides; else who is logged in.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it, to as many as were told.")]


def house() -> tuple["Settings", "Company"]:
    """Return the settings, and the company that they name."""
    from warehouse.company import read_company
    from warehouse.settings import Settings

    settings = Settings()
    return settings, read_company(settings)


def word_of(who: str | None, why: str) -> "Word":
    """Return the word of whoever is named, else of whoever is logged in."""
    import getpass

    from warehouse.clock import SystemClock
    from warehouse.quarantine import Word

    return Word(who=who or getpass.getuser(), why=why, at=SystemClock().now())


def chosen_by(
    source: str | None, table: str | None, reason: str | None, day: datetime | None
) -> "Chosen":
    """Return which refused rows the options mean."""
    from warehouse.quarantine import Chosen

    return Chosen(
        source_name=source,
        table_name=table,
        reason_code=reason,
        business_date=day.date() if day else None,
    )


def say_counts(rows: Sequence["Refused"]) -> None:
    """Tell how many there are of each reason, source, table and state."""
    from warehouse.quarantine import counts

    columns = ("reason_code", "source", "table", "state", "count")
    show(columns, counts(rows), json_=False)
