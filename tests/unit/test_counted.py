"""What the gate counted of tables that stand it takes from the night before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import duckdb
import expectations_house as house
import pytest

from expectations import CheckResult, Outcome, run_gate
from expectations.gate import guarded_tables, table_suites
from expectations.totals import fall_suite, totals_suite
from pipelines.assets import checks
from pipelines.counted import Counted
from warehouse.settings import Settings

if TYPE_CHECKING:
    from pipelines.resources import House

OF_A_TABLE = 'select count(*) as rows_checked from "shared"."dim_product"'
OF_TWO = OF_A_TABLE + ' semi join "behavioural"."fct_sale" using (product_key)'
OF_THE_LEDGER = OF_A_TABLE + ' semi join "archive"."ledger"."load" using (load_key)'


@dataclass
class Night:
    """A night of which it is known what was made in it."""

    made: set[str] = field(default_factory=set)
    counted: Mapping[str, Any] = field(default_factory=dict)
    kept_until: int = 1

    def note_counted(self, counted: Mapping[str, Any]) -> None:
        """Keep it for the next night."""
        self.counted = dict(counted)


def manifest() -> dict[str, Any]:
    """Return the manifest of the gate's tests, its nodes built."""
    made = house.make_manifest(*house.usual_tests())
    for node in made["nodes"].values():
        node.setdefault("original_file_path", f"models/marts/{node['name']}.sql")
        node.setdefault("depends_on", {"nodes": []})
    return made


def after(*queries: str, made: set[str]) -> Counted:
    """Return what is known a night after these queries were asked."""
    night = Night()
    before = Counted(night, manifest())
    for query in queries:
        before.note(query, {"rows_checked": 7})
    before.keep()
    night.made = made
    return Counted(night, manifest())


def test_what_reads_only_what_stands_is_not_counted_again() -> None:
    """What was made tonight is, and so is what joins it."""
    queries = (OF_A_TABLE, OF_TWO)
    nothing_made = after(*queries, made=set())
    assert nothing_made.recall(OF_TWO) == {"rows_checked": 7}
    sales_made = after(*queries, made={"model.fct_sale"})
    assert sales_made.recall(OF_A_TABLE) == {"rows_checked": 7}
    assert sales_made.recall(OF_TWO) is None


def test_a_query_that_says_anything_else_is_asked() -> None:
    """Another rule, another question."""
    counted = after(OF_A_TABLE, made=set())
    assert counted.recall(OF_A_TABLE.replace("count(*)", "sum(1)")) is None


@pytest.mark.parametrize("query", [OF_THE_LEDGER, "select 1 as rows_checked"])
def test_what_reads_another_database_is_asked_every_night(query: str) -> None:
    """Nothing is known of it; nor of a query that names no table."""
    assert after(query, made=set()).recall(query) is None


def test_a_night_of_which_nothing_is_known_counts_everything() -> None:
    """As the first one does."""
    assert Counted(Night(), manifest()).recall(OF_A_TABLE) is None


def test_every_table_that_the_gate_reads_is_named_in_full() -> None:
    """A name without its quotes would be taken for no table, and never be missed."""
    guarded = guarded_tables(manifest())
    before = {f"{node['schema']}.{name}" for name, node in guarded.items()}
    suites = [
        *table_suites(manifest()),
        totals_suite(guarded),
        fall_suite(guarded, before=before),
    ]
    for query in {check.arguments["query"] for s in suites for check in s.checks}:
        own = set(re.findall(r"(\w+) as \(", query))
        read = set(re.findall(r"(?<!distinct )\b(?:from|join)\s+(\w+)", query))
        assert read <= own, query


def ran(folder: Path, night: Night, *faults: str) -> list[CheckResult]:
    """Run the gate of a night on a work database."""
    with duckdb.connect(str(folder / "work.duckdb")) as connection:
        for fault in faults:
            connection.execute(fault)
    counted = Counted(night, manifest())
    results = run_gate(
        folder / "work.duckdb",
        folder / "archive.duckdb",
        manifest(),
        previous_marts=None,
        memory=counted,
    )
    counted.keep()
    return results


def test_the_gate_looks_only_at_what_was_made(tmp_path: Path) -> None:
    """A fault in what is said to stand is not seen, one in what was made is."""
    house.make_work(tmp_path)
    house.make_archive(tmp_path)
    night = Night()
    first = ran(tmp_path, night)
    fault = "insert into shared.dim_product values ('p1', 'x')"
    assert ran(tmp_path, night, fault) == first
    night.made = {"model.dim_product"}
    failed = {
        each.check_name
        for each in ran(tmp_path, night)
        if each.outcome is not Outcome.PASSED
    }
    assert "join_keeps_rows_product_key" in failed


@pytest.mark.parametrize(
    ("released", "begun", "following", "leans"),
    [
        (7, 8, 9, True),
        (7, None, 8, True),
        (6, 8, 9, False),
        (29, 30, 31, False),
    ],
)
def test_a_night_leans_on_the_release_before_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    released: int,
    begun: int | None,
    following: int,
    leans: bool,
) -> None:
    """Not on one that was rolled back to, and never every thirtieth time."""
    asked: list[Counted] = []
    release = SimpleNamespace(number=released, marts=None)
    monkeypatch.setattr(checks, "sound_release", lambda _: release)
    monkeypatch.setattr(checks, "next_number", lambda _: following)
    monkeypatch.setattr(
        checks, "run_gate", lambda *_, memory, **__: asked.append(memory)
    )
    before = Counted(night := Night(), manifest())
    before.note(OF_A_TABLE, {"rows_checked": 7})
    before.keep()
    house = SimpleNamespace(
        settings=Settings(company="tiny", home=tmp_path),
        begun=begun and SimpleNamespace(number=begun),
        transformation=SimpleNamespace(standing=night),
    )
    checks.check_gate(cast("House", house), manifest())
    assert (asked[0].kept(OF_A_TABLE) is not None) == leans
