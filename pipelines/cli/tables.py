"""How commands show rows: a table for people, JSON lines for programs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table


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
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*("" if value is None else _text(value) for value in row))
    console = Console(highlight=False)
    console.print(table, soft_wrap=not console.is_terminal, markup=False)


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and value > 9999 else str(value)
