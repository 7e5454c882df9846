"""What people decide about refused rows and deliveries: mend, replay, give up, accept.

Each command writes small files that the next night receives; none opens a database to
write.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.quarantine_options import (
    Day,
    LoadId,
    MaybeLoad,
    MaybeRow,
    Reason,
    Source,
    Table,
    Who,
    Why,
    Yes,
    chosen_by,
    house,
    say_counts,
    word_of,
)

if TYPE_CHECKING:
    from warehouse.company import Company
    from warehouse.quarantine import Chosen, Copied, Refused, Word
    from warehouse.settings import Settings


def _say_copied(copied: "Copied") -> None:
    if copied.unreadable:
        typer.echo(
            f"{copied.unreadable:,} are left: they cannot be split into columns."
        )
    for file in (*copied.files, copied.decisions):
        typer.echo(f"The next night receives {file}")


def _ask(rows: Sequence["Refused"], what: str, *, yes: bool) -> None:
    """Tell how many are meant; without `--yes`, stop there."""
    from warehouse.errors import WrongUseError

    say_counts(rows)
    if not yes:
        raise WrongUseError(
            f"{len(rows):,} rows would be {what}; nothing is written yet",
            where="--yes",
            mend="Say the same with --yes to do it.",
        )


def _waiting(
    chosen: "Chosen", load_id: int | None, row: int | None
) -> tuple["Settings", "Company", list["Refused"]]:
    from warehouse.quarantine import refused
    from warehouse.quarantine.refused import one

    settings, company = house()
    if load_id is not None and row is not None:
        return settings, company, [one(settings, company, load_id, row)]
    meant = replace(chosen, load_id=load_id, state="waiting")
    found = refused(settings, company, meant)
    return settings, company, [each for each in found if not each.pending]


def mend(
    load_id: MaybeLoad = None,
    row: MaybeRow = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help="A column's right value: name=value."),
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--from", help="A sheet that `export` made.")
    ] = None,
    why: Why = "",
    who: Who = None,
    yes: Yes = False,
) -> None:
    """Write refused rows with other values, for the next night to receive.

    One row by --set, or many by the sheet that `export` made of them.
    """
    from warehouse.errors import WrongUseError
    from warehouse.quarantine import mend as write_mended

    if sheet is not None and load_id is None and not changes:
        _mend_sheet(sheet, word_of(who, why), yes=yes)
        return
    stated = changes or []
    if load_id is None or row is None or sheet or not stated:
        raise WrongUseError(
            "which row is to be mended is not said, or not how",
            where="mend",
            mend="Say LOAD ROW --set name=value, or --from FILE.",
        )
    if any("=" not in change for change in stated):
        raise WrongUseError(
            "a change has no value", where="--set", mend="Write it as name=value."
        )
    values = dict(change.split("=", 1) for change in stated)
    word = word_of(who, why)
    _say_copied(write_mended(*house(), load_id, row, values, word=word))


def _mend_sheet(file: Path, word: "Word", *, yes: bool) -> None:
    from warehouse.errors import WrongUseError
    from warehouse.quarantine import mend_sheet, read_sheet

    sheet = read_sheet(*house(), file)
    changes = ", ".join(f"{name} in {n:,}" for name, n in sheet.changes.items())
    typer.echo(
        f"{len(sheet.copies):,} rows are mended: {changes or 'none'}; "
        f"{sheet.untouched:,} are as they were and wait on."
    )
    if sheet.copies and not yes:
        raise WrongUseError(
            "nothing is written yet",
            where="--yes",
            mend="If these are the columns that you changed, say the same with --yes.",
        )
    _say_copied(mend_sheet(sheet, word=word))
    typer.echo(f"Remove {file} once the night has run: it holds personal data.")


def export(
    file: Annotated[Path, typer.Argument(help="The sheet to make, as csv.")],
    load_id: Annotated[
        int | None, typer.Option("--load", help="Only its rows.")
    ] = None,
    source: Source = None,
    table: Table = None,
    reason: Reason = None,
    day: Day = None,
) -> None:
    """Write the waiting rows of one table to a sheet, to mend them in a spreadsheet."""
    from warehouse.quarantine import export as write_sheet

    chosen = chosen_by(source, table, reason, day)
    settings, company, rows = _waiting(chosen, load_id, None)
    count = write_sheet(settings, company, rows, file)
    typer.echo(
        f"{count:,} rows are in {file}, which holds personal data: only you may read "
        "it.\nOpen it with every column as text. Mend the values, save it as csv in "
        f"UTF-8, then `clientele quarantine mend --from {file}`."
    )


def replay(
    load_id: MaybeLoad = None,
    row: MaybeRow = None,
    source: Source = None,
    table: Table = None,
    reason: Reason = None,
    day: Day = None,
    why: Why = "",
    who: Who = None,
    yes: Yes = False,
) -> None:
    """Offer refused rows again as they were, after their contract has changed."""
    from warehouse.quarantine import replay as write_again

    chosen = chosen_by(source, table, reason, day)
    settings, company, rows = _waiting(chosen, load_id, row)
    rows = [each for each in rows if each.row_number]
    if row is None:
        _ask(rows, "offered again", yes=yes)
    _say_copied(write_again(settings, company, rows, word=word_of(who, why)))


def give_up(
    why: Annotated[str, typer.Option("--why", help="The reason; it is kept.")],
    load_id: MaybeLoad = None,
    row: MaybeRow = None,
    source: Source = None,
    table: Table = None,
    reason: Reason = None,
    day: Day = None,
    who: Who = None,
    yes: Yes = False,
) -> None:
    """Do without refused rows, or a whole refused delivery: they wait no more.

    Their bytes are kept, and so is who gave them up and why.
    """
    from warehouse.quarantine import give_up as write_decision

    chosen = chosen_by(source, table, reason, day)
    settings, _, rows = _waiting(chosen, load_id, row)
    if len(rows) != 1 or load_id is None:
        _ask(rows, "given up", yes=yes)
    file = write_decision(settings, rows, word_of(who, why))
    typer.echo(f"The next night obeys {file}")


def accept(load_id: LoadId, why: Why = "", who: Who = None) -> None:
    """Let a delivery in that was refused for its volume: a person has looked at it."""
    from warehouse.quarantine import accept as write_decision

    file = write_decision(*house(), load_id, word_of(who, why))
    typer.echo(f"The next night obeys {file}")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (mend, export, replay, give_up, accept):
        app.command()(command)
