"""The standardization macros as SQL, for tests that need no dbt project."""

from pathlib import Path

import duckdb
from jinja2 import Environment

from warehouse.standardization.plugin import register

MACROS = Path(__file__).parents[2] / "macros"


def expression(macro: str, *columns: str, country: str = "CN") -> str:
    """Render one macro, as DuckDB gets it, for a company of that country."""
    files = sorted(MACROS.glob("standardization*.sql"))
    template = Environment(autoescape=False).from_string(  # noqa: S701
        "".join(file.read_text(encoding="utf-8") for file in files),
        globals={"var": lambda _: {"country": country}},
    )
    rendered: str = getattr(template.module, f"duckdb__{macro}")(*columns)
    return rendered


def connect() -> duckdb.DuckDBPyConnection:
    """Open a database that knows the functions of the library."""
    connection = duckdb.connect()
    register(connection)
    return connection


def standardized(
    macro: str, values: list[str | None], country: str | None = None
) -> list[object]:
    """Run a macro over values, all of one country where the macro takes one."""
    takes_country = macro in ("standard_phone", "standard_postcode")
    columns = ("value", "country_code") if takes_country else ("value",)
    rows = connect().execute(
        f"select {expression(macro, *columns)} "  # noqa: S608
        "from (select unnest($values) as value, $country as country_code)",
        {"values": values, "country": country},
    )
    return [row[0] for row in rows.fetchall()]
