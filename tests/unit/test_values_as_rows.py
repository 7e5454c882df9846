"""Values of a wide row as rows: in one scan here, and by the portable way elsewhere."""

from types import SimpleNamespace

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

from warehouse.settings import PROJECT_ROOT

VALUES = {
    "email": "lower(told.email)",
    "birth_date": "cast(told.birth_date as varchar)",
}
TOLD = """
    select * from (values
        ('crm', 1, 'A@B', date '2000-01-31'),
        ('crm', 2, null, date '2001-01-31'),
        ('web', 1, null, null)
    ) as told (source_name, record, email, birth_date)
"""
ROWS = [
    ("crm", 1, "birth_date", "2000-01-31"),
    ("crm", 1, "email", "a@b"),
    ("crm", 2, "birth_date", "2001-01-31"),
]


def rendered(engine: str) -> str:
    """Render the macro as an engine gets it."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(PROJECT_ROOT / "macros"), extensions=["jinja2.ext.do"]
    )
    module = environment.get_template("claims.sql").make_module(
        {"adapter": SimpleNamespace(), "return": lambda value: value}
    )
    macro = getattr(module, f"{engine}__values_as_rows")
    return str(macro("told", ["source_name", "record"], VALUES))


def asked(engine: str, what: str) -> list[tuple[object, ...]]:
    """Ask something of the rows that an engine would make."""
    with duckdb.connect() as connection:
        return connection.execute(
            f"{what} with told as ({TOLD}) {rendered(engine)} order by all"
        ).fetchall()


@pytest.mark.parametrize("engine", ["default", "duckdb"])
def test_each_value_is_a_row(engine: str) -> None:
    """What is null is none."""
    assert asked(engine, "") == ROWS


def test_duckdb_scans_the_rows_once() -> None:
    """A scan for each of sixty attributes takes gigabytes for what joins them."""
    plans = {
        engine: "UNION" in str(asked(engine, "explain"))
        for engine in ("default", "duckdb")
    }
    assert plans == {"default": True, "duckdb": False}
