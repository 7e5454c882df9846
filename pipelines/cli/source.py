"""`clientele source`: contracts, listed, checked, and made from a sample."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.tables import AsJson, show

app = typer.Typer(help="The contracts of the sources.", no_args_is_help=True)


@app.command("list")
def list_(
    as_json: AsJson = False,
) -> None:
    """List the tables that the sources promised to deliver."""
    from warehouse.company import read_company
    from warehouse.settings import Settings

    rows = [
        (
            *(source.name, table.name, source.kind, table.format),
            *(table.delivery.value, table.place, table.version),
        )
        for source in read_company(Settings()).sources
        for table in source.tables
    ]
    columns = ("source", "table", "kind", "format", "delivery", "place", "contract")
    show(columns, rows, json_=as_json)


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="One source; else all.")] = None,
) -> None:
    """Check that contracts, staging models and the mapping to input agree."""
    from warehouse.company import read_company
    from warehouse.errors import ContractError
    from warehouse.settings import Settings
    from warehouse.sniffing import check_source

    problems = check_source(read_company(Settings()), name)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise ContractError(
            f"{len(problems)} things do not agree",
            where=name or "all sources",
            mend="Mend them as said above.",
        )
    typer.echo("Contracts, models and mapping agree.")


@app.command()
def add(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    entity: Annotated[str, typer.Option(help="The input entity it feeds.")],
    source: Annotated[str | None, typer.Option(help="Name of the source.")] = None,
    date_format: Annotated[
        str | None, typer.Option(help="How dates are written, such as %d/%m/%Y.")
    ] = None,
) -> None:
    """Write the contract and the staging model of a new source from a sample."""
    from warehouse.company import read_company
    from warehouse.settings import Settings
    from warehouse.sniffing import write_source

    settings = Settings()
    written = write_source(
        settings,
        read_company(settings, is_new=True),
        file,
        entity=entity,
        source_name=source,
        date_format=date_format,
    )
    typer.echo(written)
