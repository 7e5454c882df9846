"""`clientele status` and `clientele sql`: commands that only look."""

import json
from typing import Annotated

import typer

from pipelines.cli.tables import AsJson, show


def status(as_json: AsJson = False) -> None:
    """Say what is published, how the nights went, what is wrong and its mend."""
    from pipelines.screen import screen
    from pipelines.status import read_status
    from pipelines.troubles import conditions
    from warehouse.company import read_company
    from warehouse.settings import Settings

    settings = Settings()
    found = read_status(settings, read_company(settings))
    if as_json:
        wrong = [each.model_dump(mode="json") for each in conditions(found)]
        typer.echo(json.dumps({**found.model_dump(mode="json"), "wrong": wrong}))
        return
    for line in screen(found):
        typer.echo(line)


def sql(
    statement: Annotated[str, typer.Argument(help="One SQL statement.")],
    restricted: Annotated[
        bool,
        typer.Option(help="Attach the personal columns too, as `restricted`."),
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 1_000,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds before it stops.")] = 60,
    as_json: AsJson = False,
) -> None:
    """Ask the published version in SQL."""
    from warehouse.publication import run_sql
    from warehouse.settings import Settings

    columns, rows = run_sql(
        Settings(),
        statement,
        timeout_seconds=timeout,
        limit=limit + 1,
        restricted=restricted,
    )
    show(columns, rows[:limit], json_=as_json)
    if len(rows) > limit:
        typer.echo(
            f"There are more than these {limit:,} rows: `--limit` shows more.", err=True
        )


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(status)
    app.command()(sql)
