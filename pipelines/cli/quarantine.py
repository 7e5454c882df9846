"""`clientele quarantine`: rows that were refused: shown, mended, replayed."""

from typing import Annotated

import typer

from pipelines.cli.tables import show

app = typer.Typer(help="Rows and deliveries that were refused.")


@app.callback(invoke_without_command=True)
def list_(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """List the refused rows, without their content."""
    if context.invoked_subcommand:
        return
    from warehouse.receiving import quarantined
    from warehouse.settings import Settings

    columns = (
        *("load_id", "row", "source", "table", "delivered_name"),
        *("line", "reason_code", "reason", "status"),
    )
    rows = [
        (
            *(row.load_id, row.row_number, row.source_name, row.table_name),
            *(row.delivered_name, row.line_number, row.reason_code, row.reason),
            row.status,
        )
        for row in quarantined(Settings())
    ]
    show(columns, rows, json_=as_json)
