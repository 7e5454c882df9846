"""Which periods an aggregate builds anew: those of a day that is not what it was."""

from datetime import date

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

from warehouse.settings import PROJECT_ROOT

MONTHS = tuple(f"{year}-{month:02}-01" for year in (2025, 2026) for month in (1, 2, 3))
NOW = [
    *(("2025-01-05", "sale", False, 1), ("2025-02-05", "sale", False, 2)),
    *(("2025-02-05", "visit", False, 1), ("2026-02-05", "known", True, 1)),
]
SEEN = [
    *(("2025-01-05", "sale", False, 1), ("2025-02-05", "sale", False, 1)),
    *(("2025-02-05", "visit", False, 1), ("2026-02-05", "known", True, 1)),
]

INSERTED = "insert into pages__{} values (?, ?, ?, ?)"


class Dates:
    """What dbt's own macros of dates give on DuckDB."""

    def date_trunc(self, level: str, moment: str) -> str:
        """Cut a date to its period."""
        return f"date_trunc('{level}', {moment})"

    def dateadd(self, part: str, count: int, moment: str) -> str:
        """Add to a date."""
        return f"{moment} + {count} * interval 1 {part}"

    def type_string(self) -> str:
        """Return the type of a text."""
        return "varchar"


class Noted:
    """Where an aggregate notes its days: a table of a plain name."""

    class Relation:
        """Makes the name."""

        @staticmethod
        def create(identifier: str, **_: str) -> str:
            """Return the identifier alone."""
            return identifier


class Aggregate:
    """An aggregate of that name."""

    database = schema = ""
    identifier = "pages"

    def __str__(self) -> str:
        """Return the name that SQL has for it."""
        return self.identifier


@pytest.fixture
def pages() -> duckdb.DuckDBPyConnection:
    """The days of today, those that the aggregate was built from, and its months."""
    connection = duckdb.connect(":memory:")
    for name, rows in (("now", NOW), ("seen", SEEN)):
        connection.execute(
            f"create table pages__{name}"
            " (calendar_date date, fact text, is_onward bool, row_digest int)"
        )
        connection.executemany(INSERTED.format(name), rows)
    connection.execute("create table pages (time_level text, period_start date)")
    connection.executemany(
        "insert into pages values ('month', ?)", [(month,) for month in MONTHS]
    )
    connection.execute("insert into pages values ('year', '2025-01-01')")
    return connection


def rendered(
    macro: str,
    *arguments: object,
    incremental: bool = True,
    noted: bool = True,
    **named: object,
) -> str:
    """Render a macro as a model that is built incrementally, or for the first time."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(PROJECT_ROOT / "macros"), extensions=["jinja2.ext.do"]
    )
    module = environment.get_template("touched_periods.sql").make_module(
        {
            "is_incremental": lambda: incremental,
            "load_relation": lambda relation: noted,
            "return": lambda value: value,
            "this": Aggregate(),
            "api": Noted,
            "dbt": Dates(),
        }
    )
    return str(getattr(module, macro)(*arguments, **named))


def touched(connection: duckdb.DuckDBPyConnection, **named: object) -> set[str]:
    """Return the months that are to be built."""
    connection.execute(rendered("note_changed_days", Aggregate()).removeprefix(";"))
    condition = rendered("in_touched_period", "month", "period_start", **named)
    rows = connection.table("pages").filter("time_level = 'month'").filter(condition)
    found = rows.project("period_start")
    return {str(month) for (month,) in found.fetchall()}


def left(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, date]]:
    """Return the periods that the aggregate has."""
    return [
        (str(level), start)
        for level, start in connection.query("from pages").fetchall()
    ]


def test_a_day_of_any_fact_touches_its_month_and_no_other(
    pages: duckdb.DuckDBPyConnection,
) -> None:
    """What came, went or is another, of each fact for itself."""
    assert touched(pages) == {"2025-02-01"}
    pages.execute("delete from pages__now where fact = 'visit'")
    pages.execute("insert into pages__now values ('2025-03-31', 'sale', false, 1)")
    assert touched(pages) == {"2025-02-01", "2025-03-01"}


def test_months_that_stand_beside_a_touched_one_are_touched_with_it(
    pages: duckdb.DuckDBPyConnection,
) -> None:
    """The month after it and that of a year after it hold something of it."""
    assert touched(pages, apart=[0, 1, 12]) == {
        "2025-02-01",
        "2025-03-01",
        "2026-02-01",
    }


def test_a_day_that_works_onward_touches_all_months_since(
    pages: duckdb.DuckDBPyConnection,
) -> None:
    """What is learnt in a month holds for those after it, and for none before."""
    assert touched(pages, onward=True) == {"2025-02-01"}
    pages.execute("update pages__now set row_digest = 2 where is_onward")
    assert touched(pages, onward=True) == {"2025-02-01", "2026-02-01", "2026-03-01"}


@pytest.mark.parametrize(("incremental", "noted"), [(True, False), (False, True)])
def test_without_notes_all_months_are_touched(
    pages: duckdb.DuckDBPyConnection, incremental: bool, noted: bool
) -> None:
    """An aggregate that is new, or lacks its notes, is built whole."""
    assert touched(pages, incremental=incremental, noted=noted) == set(MONTHS)


def test_the_touched_periods_of_each_length_are_dropped_before(
    pages: duckdb.DuckDBPyConnection,
) -> None:
    """What they were is gone, should nothing of them be left; the others stay."""
    before = left(pages)
    pages.execute(rendered("note_changed_days", Aggregate()).removeprefix(";"))
    dropped = rendered(
        "drop_touched_periods", Aggregate(), ["month", "year"], "period_start", [0]
    )
    pages.execute(dropped.removeprefix(";"))
    gone = [("month", date(2025, 2, 1)), ("year", date(2025, 1, 1))]
    assert sorted(set(before) - set(left(pages))) == gone


def test_without_notes_everything_is_dropped(pages: duckdb.DuckDBPyConnection) -> None:
    """Nothing can be kept of which it is not known what it was built from."""
    arguments = (Aggregate(), ["month", "year"], "period_start", [0])
    pages.execute(
        rendered("drop_touched_periods", *arguments, noted=False).removeprefix(";")
    )
    assert left(pages) == []
    assert not rendered("drop_touched_periods", *arguments, incremental=False).strip()


def test_a_row_is_told_by_the_key_of_its_day(pages: duckdb.DuckDBPyConnection) -> None:
    """Whose day is not known has a key that is no date, and stands in 1900."""
    pages.execute("insert into pages__now values ('1900-01-01', 'sale', false, 1)")
    pages.execute(rendered("note_changed_days", Aggregate()).removeprefix(";"))
    pages.execute(
        "create table rows as select * from (values ('_unknown'),"
        " ('2025-01-05'), ('2025-02-05'), ('2026-02-05')) as each (day_key)"
    )
    condition = rendered("is_of_touched_period", "month", "day_key")
    found = pages.table("rows").filter(condition).fetchall()
    assert {key for (key,) in found} == {"_unknown", "2025-02-05"}
