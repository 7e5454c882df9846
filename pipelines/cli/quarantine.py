"""`clientele quarantine`: rows that were refused: shown, mended, replayed."""

from typing import Annotated

import typer

from pipelines.cli.tables import AsJson, show

app = typer.Typer(help="Rows and deliveries that were refused.")


@app.callback(invoke_without_command=True)
def list_(
    context: typer.Context,
    as_json: AsJson = False,
) -> None:
    """List the refused rows, without their content."""
    if context.invoked_subcommand:
        return
    from warehouse.receiving import quarantined
    from warehouse.settings import Settings

    columns = (
        *("load_id", "row", "source", "table", "delivered_name"),
        *("line", "column", "reason_code", "reason", "status"),
    )
    rows = [
        (
            *(row.load_id, row.row_number, row.source_name, row.table_name),
            *(row.delivered_name, row.line_number, row.column_name),
            *(row.reason_code, row.reason, row.status),
        )
        for row in quarantined(Settings())
    ]
    show(columns, rows, json_=as_json)


LoadId = Annotated[int, typer.Argument(help="Load, as the list shows it.")]
RowNumber = Annotated[int, typer.Argument(help="Row, as the list shows it.")]


@app.command("show")
def show_row(load_id: LoadId, row: RowNumber) -> None:
    """Show one refused row as it was delivered; it may hold personal data."""
    from warehouse.company import read_company
    from warehouse.errors import WrongUseError
    from warehouse.receiving import quarantined, readable
    from warehouse.settings import Settings

    settings = Settings()
    company = read_company(settings)
    for found in quarantined(settings):
        if (found.load_id, found.row_number) == (load_id, row):
            at = f" in column {found.column_name}" if found.column_name else ""
            typer.echo(f"{found.reason_code}{at}: {found.reason}\n{found.mend}\n")
            typer.echo(readable(company, found))
            return
    raise WrongUseError(
        "there is no such row",
        where=f"load {load_id}, row {row}",
        mend="`clientele quarantine` lists what there is.",
    )


@app.command()
def mend(
    load_id: LoadId,
    row: RowNumber,
    changes: Annotated[
        list[str], typer.Option("--set", help="A column's right value: name=value.")
    ],
) -> None:
    """Write a refused row with other values, for the next night to receive."""
    from warehouse.company import read_company
    from warehouse.errors import WrongUseError
    from warehouse.receiving import mend as write_mended
    from warehouse.settings import Settings

    if any("=" not in change for change in changes):
        raise WrongUseError(
            "a change has no value", where="--set", mend="Write it as name=value."
        )
    settings = Settings()
    stated = dict(change.split("=", 1) for change in changes)
    file = write_mended(settings, read_company(settings), load_id, row, stated)
    typer.echo(f"The next night receives {file}")


@app.command()
def replay(load_id: LoadId, row: RowNumber) -> None:
    """Offer a refused row again as it was, after its contract has changed."""
    from warehouse.company import read_company
    from warehouse.receiving import replay as write_again
    from warehouse.settings import Settings

    settings = Settings()
    file = write_again(settings, read_company(settings), load_id, row)
    typer.echo(f"The next night receives {file}")


@app.command()
def accept(load_id: LoadId) -> None:
    """Let a delivery in that was refused for its volume: a person has looked at it."""
    from warehouse.company import read_company
    from warehouse.receiving import accept as write_decision
    from warehouse.settings import Settings

    settings = Settings()
    file = write_decision(settings, read_company(settings), load_id)
    typer.echo(f"The next night obeys {file}")
