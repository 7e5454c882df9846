"""The SQL that types a raw text, rendered from the macro that staging uses.

There is one source of it, `macros/typed.sql`, so that what the door admits is never
null in staging.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader

from warehouse.contracts import ColumnContract, TableContract
from warehouse.database import identifier
from warehouse.settings import PROJECT_ROOT


class _DuckDbAdapter:
    """Stands in for dbt's adapter: the macros' DuckDB form, wherever there is one."""

    module: Any

    def dispatch(self, name: str) -> Callable[..., str]:
        macro = getattr(self.module, f"duckdb__{name}", None)
        chosen: Callable[..., str] = macro or getattr(self.module, f"default__{name}")
        return chosen


@cache
def _macros() -> Any:  # noqa: ANN401 - a Jinja module has no narrower type
    environment = Environment(
        loader=FileSystemLoader(PROJECT_ROOT / "macros"),
        extensions=["jinja2.ext.do"],
        autoescape=False,  # noqa: S701 - SQL, whose literals the macros quote
    )
    adapter = _DuckDbAdapter()
    adapter.module = environment.get_template("typed.sql").make_module(
        {"adapter": adapter}
    )
    return adapter.module


def typed_sql(text: str, column: ColumnContract) -> str:
    """Return the SQL expression that types a text as the column's contract declares.

    Args:
        text: SQL expression of the delivered text.
        column: The contract of the column.
    """
    return str(_macros().typed_value(text, column.model_dump())).strip()


def typed_name(name: str) -> str:
    """Return the name, quoted, that a column's typed value has beside its text."""
    return identifier(f"{name}__typed"[:63])


def typed_columns(table: TableContract) -> str:
    """Return what selects each text of a table, and beside it its value if typed."""
    typed = [
        f"{typed_sql(identifier(column.name), column)} as {typed_name(column.name)}"
        for column in table.columns
        if column.data_type != "varchar"
    ]
    return ", ".join(["*", *typed])
