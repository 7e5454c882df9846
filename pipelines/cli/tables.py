"""How commands show rows: a table for people, JSON lines for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from pipelines.cli.terminal import visible

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]

UNBOUNDED = 10_000
"""Columns of a page that nobody sees: one row stays one line."""


def show(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, json_: bool) -> None:
    """Write rows to standard output.

    Args:
        columns: Names of the columns.
        rows: The values, in the same order.
        json_: True for one JSON object a line.
    """
    if json_:
        for row in rows:
            typer.echo(json.dumps(dict(zip(columns, row, strict=True)), default=str))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else visible(str(value)) for value in row))
    width = None if sys.stdout.isatty() else UNBOUNDED
    Console(highlight=False, markup=False, width=width).print(table)
