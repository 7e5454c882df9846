"""`clientele quarantine`: what was refused, and what became of it."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import quarantine_words
from pipelines.cli.quarantine_options import (
    Day,
    LoadId,
    MaybeLoad,
    MaybeRow,
    Reason,
    RowNumber,
    Source,
    Table,
    chosen_by,
    house,
    say_counts,
)
from pipelines.cli.tables import AsJson, show

if TYPE_CHECKING:
    from warehouse.quarantine import Refused

app = typer.Typer(
    help="Rows and deliveries that were refused: what waits, and what people do about "
    "it.\n\nA row is named by its load and its ordinal there; row 0 is a delivery that "
    "was refused as a whole.",
    epilog="Looking reads a copy of the ledger. What is decided waits as files for the "
    "next `clientele night`. Exit codes: 0 done, 1 failed, 2 wrong use.",
)


class State(StrEnum):
    """What became of what was refused; `all` for any."""

    WAITING = "waiting"
    MENDED = "mended"
    REPLAYED = "replayed"
    ACCEPTED = "accepted"
    GIVEN_UP = "given_up"
    SUPERSEDED = "superseded"
    ALL = "all"


_COLUMNS = (
    *("load_id", "row", "source", "table", "date", "delivered_name", "line"),
    *("column", "reason_code", "reason", "state", "next_night"),
    *("decided_by", "decided_at", "decided_why", "closed_by_load"),
)


def _told(row: "Refused") -> tuple[object, ...]:
    return (
        *(row.load_id, row.row_number, row.source_name, row.table_name),
        *(row.business_date, row.delivered_name, row.line_number),
        *(row.column_name, row.reason_code, row.reason, row.state, row.pending),
        *(row.decided_by, row.decided_at, row.decided_why, row.closed_load_id),
    )


@app.callback(invoke_without_command=True)
def list_(
    context: typer.Context,
    source: Source = None,
    table: Table = None,
    reason: Reason = None,
    day: Day = None,
    state: Annotated[
        State, typer.Option("--state", help="Only in this state.")
    ] = State.WAITING,
    limit: Annotated[int, typer.Option(min=0, help="How many to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Count what was refused by reason, then list what waits, without its content."""
    if context.invoked_subcommand:
        return
    from warehouse.quarantine import refused

    found = refused(*house(), chosen_by(source, table, reason, day))
    listed = [row for row in found if state in (State.ALL, row.state)]
    rows = [_told(row) for row in listed]
    if as_json:
        show(_COLUMNS, rows, json_=True)
        return
    if not found:
        typer.echo("Nothing of the kind was ever refused.")
        return
    say_counts(found)
    few = 12 if state is State.WAITING else len(_COLUMNS)
    if rows and limit:
        typer.echo("")
        show(_COLUMNS[:few], [row[:few] for row in rows[:limit]], json_=False)
    if limit < len(rows):
        typer.echo(f"and {len(rows) - limit:,} more; --limit shows more of them")


@app.command("show")
def show_row(load_id: LoadId, row: RowNumber) -> None:
    """Show one refused row as it was delivered; it may hold personal data."""
    from warehouse.quarantine import readable
    from warehouse.quarantine.refused import one

    settings, company = house()
    found = one(settings, company, load_id, row)
    at = f" in column {found.column_name}" if found.column_name else ""
    typer.echo(f"{found.reason_code}{at}: {found.reason}\n{found.mend}\n")
    if row:
        typer.echo(readable(settings, company, found))


@app.command()
def history(
    load_id: MaybeLoad = None, row: MaybeRow = None, as_json: AsJson = False
) -> None:
    """Tell what was done: by whom, when, why, and what became of it."""
    from warehouse.quarantine import history as look
    from warehouse.quarantine.refused import one

    settings, company = house()
    if load_id is not None and row is not None:
        found = one(settings, company, load_id, row)
        if not as_json:
            ends = f", by load {found.closed_load_id}" if found.closed_load_id else ""
            waits = f", {found.pending} with the next night" if found.pending else ""
            typer.echo(
                f"Refused at {found.known_at} UTC for {found.reason_code}; now "
                f"{found.state.replace('_', ' ')}{ends}{waits}."
            )
    columns = (
        *("decided_at", "load_id", "row", "verdict", "decided_by", "why"),
        *("copy", "became"),
    )
    rows = [
        (
            *(event.decided_at, event.load_id, event.row_number, event.verdict),
            *(event.decided_by, event.why, event.copy_name, event.became),
        )
        for event in look(settings, load_id, row)
    ]
    if rows or as_json:
        show(columns, rows, json_=as_json)


quarantine_words.add_to(app)
