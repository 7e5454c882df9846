"""`clientele customer`: one customer whole."""

import json
from typing import Annotated

import typer

from pipelines.cli.tables import AsJson, show


def customer(
    named: Annotated[
        str,
        typer.Argument(metavar="ID", help="A customer_id, or a record `source:id`."),
    ],
    events: Annotated[
        int, typer.Option(min=0, help="How many events of the timeline to show.")
    ] = 20,
    restricted: Annotated[
        bool, typer.Option(help="Show personal columns: name, contacts, notes.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one customer whole, as the last release knows it.

    Which records it is made of and why, every value with its provenance, contact
    points, household, relations, consent, habits, segments, scores, alerts, and
    what happened.
    """
    from warehouse.dossier.reading import read_dossier
    from warehouse.settings import Settings

    found = read_dossier(Settings(), named, restricted=restricted, events=events)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, default=str))
        return
    typer.echo(f"Customer {found.customer_id}\n\nWhy it is one")
    for word in found.words:
        typer.echo(f"  {word}")
    for part in found.parts:
        typer.echo(f"\n{part.title}")
        if part.rows:
            show(part.columns, part.rows, json_=False)
        else:
            typer.echo("  nothing")


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(customer)
