"""Memberships are built from the first month on that something happened in."""

from collections.abc import Callable

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

from warehouse.settings import PROJECT_ROOT

Render = Callable[..., str]


class Dates:
    """What dbt's own macros of dates give on DuckDB."""

    def type_string(self) -> str:
        """Return the type of a text."""
        return "varchar"

    def dateadd(self, part: str, count: int, moment: str) -> str:
        """Add to a date."""
        return f"{moment} + {count} * interval 1 {part}"


class Beside:
    """What a build keeps aside: a table of a plain name."""

    class Relation:
        """Makes the name."""

        @staticmethod
        def create(identifier: str) -> str:
            """Return the name."""
            return identifier


class Bridge(str):
    """A table of that name."""

    identifier = "bridge"


class Engine:
    """Finds a macro as DuckDB is to have it."""

    macros: object

    def dispatch(self, name: str) -> Render:
        """Return the macro of a name."""
        found: Render = getattr(self.macros, f"duckdb__{name}")
        return found


@pytest.fixture
def rendered() -> Render:
    """The macros by which memberships are built."""
    environment = Environment(  # noqa: S701 - SQL, not a page
        loader=FileSystemLoader(PROJECT_ROOT / "macros"), extensions=["jinja2.ext.do"]
    )
    context = {
        "return": lambda value: value,
        "dbt": Dates(),
        "api": Beside(),
        "this": Bridge("bridge"),
        "adapter": Engine(),
    }
    building = environment.get_template("building.sql").make_module(context)
    Engine.macros = building
    context |= {name: getattr(building, name) for name in ("touched_now", "before_now")}
    memberships = environment.get_template("memberships.sql").make_module(context)
    macros = {**vars(memberships), **vars(building)}
    return lambda name, *arguments: str(macros[name](*arguments))


@pytest.fixture
def night(rendered: Render) -> duckdb.DuckDBPyConnection:
    """One customer touched in February, one whom nothing happened to."""
    connection = duckdb.connect(":memory:")
    connection.execute("""
        create table bridge as select * from (values
            ('c1', 'a', timestamp '2026-01-01', timestamp '2026-02-01'),
            ('c1', 'b', timestamp '2026-01-01', timestamp '2026-03-01'),
            ('c1', 'c', timestamp '2026-02-01', timestamp '9999-12-31'),
            ('c1', 'd', timestamp '2026-03-01', timestamp '9999-12-31'),
            ('c2', 'a', timestamp '2026-01-01', timestamp '9999-12-31')
        ) as rows(customer_id, segment_key, valid_from, valid_to);
        create table bridge__now as
        select 'c1' as customer_id, timestamp '2026-02-01' as onward_from;
        create table bridge__before as
        select 'c1' as customer_id, 'b' as segment_key,
            timestamp '2026-01-01' as valid_from, timestamp '2026-02-01' as onward_from;
        create table standing as select * from (values
            ('c1', '2025-12-01'), ('c1', '2026-01-01'), ('c1', '2026-02-01'),
            ('c1', '2026-03-01'), ('c2', '2026-03-01')
        ) as looks(customer_id, month_key)
    """)
    by = {"key": ["customer_id"], "onward": "month_key"}
    connection.execute(rendered("drop_touched", Bridge("bridge"), by))
    return connection


def test_what_ended_before_the_first_touched_month_stays(
    night: duckdb.DuckDBPyConnection,
) -> None:
    """So do all rows of customers whom nothing happened to."""
    stay = night.query("select customer_id, segment_key from bridge").fetchall()
    assert set(stay) == {("c1", "a"), ("c2", "a")}


def test_what_lasted_until_then_is_known_by_when_it_began(
    night: duckdb.DuckDBPyConnection, rendered: Render
) -> None:
    """Of what began in a touched month nothing is known."""
    joined = rendered("with_kept_memberships", "ranges", "segments")
    night.execute("""
        create table ranges as
        select 'c1' as customer_id, timestamp '2026-02-01' as valid_from;
        create table segments as select unnest(['a', 'b', 'c', 'd']) as segment_key
    """)
    told = "select segments.segment_key, cast(kept.valid_from as varchar)"
    asked = [told, "from ranges cross join segments", joined]
    found = night.query(" ".join(asked)).fetchall()
    began = {key: valid_from for key, valid_from in found if valid_from}
    assert began == {"b": "2026-01-01 00:00:00"}


def test_the_month_before_the_first_touched_one_is_looked_at_too(
    night: duckdb.DuckDBPyConnection, rendered: Render
) -> None:
    """It tells what is no change."""
    asked = [
        "select customer_id, month_key from",
        rendered("standing_onward", "standing"),
    ]
    looks = night.query(" ".join(asked)).fetchall()
    assert set(looks) == {("c1", f"2026-0{month}-01") for month in (1, 2, 3)}
