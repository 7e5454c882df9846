"""`clientele quality`: the report that a manager reads."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.tables import AsJson, show


def quality(
    to: Annotated[
        Path | None, typer.Option(help="Where to write the page; else beside the data.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Grade the published data, and say what to do next; write it as a page too.

    Grades A to F of every source, every published table and the whole, the worst
    first, with what costs most. The page has the trend, every measure by source and
    what duplicates cost; it is one HTML file that needs no network.
    """
    from warehouse.company import read_company
    from warehouse.quality import read_report, write_page
    from warehouse.settings import Settings

    settings = Settings()
    report = read_report(settings, company=read_company(settings).name)
    file = to or settings.places.root / "docs" / "quality.html"
    write_page(report, file)
    if as_json:
        told = report.as_dict() | {"page": str(file)}
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    whole = report.whole
    typer.echo(
        f"{report.company}: {whole.grade}, {whole.score:.1f} of 100 points, "
        f"on {report.night} ({report.release}).\n"
    )
    lost = [each for each in [*report.sources, *report.tables] if each.worst_code]
    rows = [
        (
            *(each.grade, f"{each.score:.1f}"),
            _change(each.score_change),
            *(each.subject_name, each.cause, f"-{each.worst_points_lost:.1f}"),
            each.next_step_en,
        )
        for each in sorted(lost, key=lambda each: each.score)
    ]
    columns = ("grade", "score", "change", "what", "costs most", "points", "next step")
    show(columns, rows, json_=False)
    spotless = len(report.sources) + len(report.tables) - len(lost)
    typer.echo(f"\n{spotless} more sources and tables lose nothing.")
    typer.echo(f"The page: {file}")


def _change(points: Decimal | None) -> str:
    """Say by how much a score went up or down; nothing on a first night."""
    if points is None:
        return ""
    return f"{points:+.1f}" if abs(points) >= Decimal("0.05") else "0.0"


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(quality)
