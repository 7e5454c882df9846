"""`clientele docs`: what is published, told on a page of its own."""

from pathlib import Path
from typing import Annotated

import typer


def docs(
    to: Annotated[
        Path | None, typer.Option(help="Where to write the page; else beside the data.")
    ] = None,
    bus_matrix: Annotated[
        bool, typer.Option("--bus-matrix", help="Print the bus matrix instead.")
    ] = False,
) -> None:
    """Write the data dictionary: every published table, column and metric.

    One HTML file that needs no network: what one row is, types, meanings, how
    measures add up, what is personal, which table refers to which, and what each
    is made from.
    """
    from pipelines.transformation import Transformation
    from warehouse.company import read_company
    from warehouse.describing.bus_matrix import bus_matrix as matrix
    from warehouse.describing.catalogue import read_catalogue
    from warehouse.describing.page import write_page
    from warehouse.settings import Settings

    settings = Settings()
    company = read_company(settings)
    settings.places.prepare()
    catalogue = read_catalogue(Transformation(settings, company).manifest())
    if bus_matrix:
        typer.echo(matrix(catalogue), nl=False)
        return
    file = to or settings.places.root / "docs" / "index.html"
    write_page(catalogue, file, company=company.name)
    typer.echo(
        f"{len(catalogue.tables)} tables, {len(catalogue.metrics)} metrics: {file}"
    )


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(docs)
