"""The gate asks only what was touched, and finds what it would find of all."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import expectations_house as house
import pytest
from gate_faults import AGAIN, FAULTS, KNOWN, SAID, SALE, SOLD

from expectations import CheckResult, Outcome, run_gate
from pipelines.counted import Counted

KEYS = {
    "fct_sale": ["order_number", "order_line_number"],
    "dim_customer": ["customer_id"],
    "hist_customer": ["customer_id"],
}
SALES = "fct_sale", "behavioural"
CUSTOMERS = "dim_customer", "descriptive"
HISTORY = "hist_customer", "descriptive"
JOURNAL = """
create table intermediate.{name}__head as select 'one' as origin, 1 as build_number;
create table intermediate.{name}__touched as
select {key}, 1 as build_number from {schema}.{name} where false;
"""
TOUCH = """
update intermediate.{name}__head set build_number = build_number + 1;
insert into intermediate.{name}__touched
select {values}, build_number from intermediate.{name}__head;
"""
UNTOLD = "update behavioural.fct_sale set customer_key = null where rowid = 0"


@dataclass
class Night:
    """A night that made everything."""

    made: set[str] = field(
        default_factory=lambda: {f"model.{name}" for name in house.MODELS}
    )
    counted: Mapping[str, Any] = field(default_factory=dict)
    kept_until: int = 1

    def note_counted(self, counted: Mapping[str, Any]) -> None:
        """Keep it for the next night."""
        self.counted = dict(counted)


def manifest(condition: str = "customer_key <> 'x'") -> dict[str, Any]:
    """Return the manifest of the gate's tests, with tables that keep journals."""
    parent = {"to": "ref('dim_customer')", "field": "customer_key"}
    tests = [
        *house.usual_tests(),
        house.test_node("unique", "fct_sale", column_name="net_amount"),
        house.test_node(
            "relationships", "fct_sale", column_name="customer_key", **parent
        ),
        house.test_node("holds_for_every_row", "dim_customer", condition=condition),
        house.test_node("not_null", "fct_sale", column_name="order_number"),
    ]
    made = house.make_manifest(*tests)
    for node in made["nodes"].values():
        node.setdefault("original_file_path", f"models/marts/{node['name']}.sql")
        node.setdefault("depends_on", {"nodes": []})
        if key := KEYS.get(node["name"]):
            node["config"]["meta"]["journal"] = {"key": key}
    return made


def gate(
    folder: Path, known: Counted, told: dict[str, Any] | None = None
) -> list[CheckResult]:
    """Run the gate, and keep what it counted."""
    results = run_gate(
        folder / "work.duckdb",
        folder / "archive.duckdb",
        told or manifest(),
        previous_marts=folder / "marts.duckdb",
        memory=known,
    )
    known.keep()
    return results


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Night]:
    """Return a house after a night that was published, and what was noted of it."""
    folder = tmp_path_factory.mktemp("published")
    journals = [
        JOURNAL.format(name=name, schema=schema, key=", ".join(KEYS[name]))
        for name, schema in (SALES, CUSTOMERS, HISTORY)
    ]
    house.make_work(folder, *journals)
    house.make_archive(folder)
    shutil.copyfile(folder / "work.duckdb", folder / "marts.duckdb")
    night = Night()
    assert not failed(gate(folder, Counted(night, manifest())))
    return folder, night


@pytest.fixture
def home(tmp_path: Path, published: tuple[Path, Night]) -> tuple[Path, Night]:
    """Return a copy of it."""
    folder, night = published
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return tmp_path, Night(counted=night.counted)


def change(folder: Path, sql: str, touched: tuple[str, str] | None = None) -> None:
    """Change the work database, and tell its journals."""
    with duckdb.connect(str(folder / "work.duckdb")) as connection:
        connection.execute(sql)
        if touched:
            name, values = touched
            connection.execute(TOUCH.format(name=name, values=values))


def failed(results: list[CheckResult]) -> set[str]:
    """Return the names of what did not pass."""
    return {each.check_name for each in results if each.outcome is not Outcome.PASSED}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_what_was_touched_is_found_as_among_all(
    home: tuple[Path, Night], fault: str
) -> None:
    """Each check says what it says when it asks all rows, to the number."""
    folder, night = home
    change(folder, *FAULTS[fault])
    brief = gate(folder, Counted(night, manifest()))
    assert brief == gate(folder, Counted(Night(), manifest()))
    assert fault.partition(" ")[0] in failed(brief)


def test_what_is_sound_is_counted_as_among_all(home: tuple[Path, Night]) -> None:
    """A row more is a row more that was checked."""
    folder, night = home
    change(folder, AGAIN.format("2 as order_line_number, 77 as net_amount"), SALE)
    brief = {each.check_name: each for each in gate(folder, Counted(night, manifest()))}
    assert brief[KNOWN].rows_checked == 11
    assert list(brief.values()) == gate(folder, Counted(Night(), manifest()))


def test_what_was_said_since_is_added_to_what_was_said_before(
    home: tuple[Path, Night],
) -> None:
    """A sale that is said again, one that is new, and one that is taken back."""
    folder, night = home
    sold = AGAIN.format(
        "2 as order_line_number, 8 as net_amount, 'CNY' as currency_code"
    )
    said = (
        "'r20' as sale_record_id, 8 as net_amount, 'CNY' as currency_code",
        "8 as load_row, 7 as net_amount",
        "9 as load_row, 9 as net_amount",
        "'r21' as sale_record_id, true as is_deleted",
    )
    change(folder, sold + "".join(map(SAID.format, said)), SALE)
    brief = gate(folder, Counted(night, manifest()))
    assert brief == gate(folder, Counted(Night(), manifest()))
    assert not {name for name in failed(brief) if "equal_input" in name}


def test_what_no_journal_tells_is_not_asked(home: tuple[Path, Night]) -> None:
    """So the question is known to be of the touched rows alone."""
    folder, night = home
    change(folder, UNTOLD)
    change(folder, SOLD.format("7 as quantity"), SALE)
    assert KNOWN not in failed(gate(folder, Counted(night, manifest())))


def test_where_a_row_failed_before_all_are_asked(home: tuple[Path, Night]) -> None:
    """It may be as it was, and fails still."""
    folder, night = home
    change(folder, SOLD.format("null as customer_key"), SALE)
    assert KNOWN in failed(gate(folder, Counted(night, manifest())))
    assert KNOWN in failed(gate(folder, Counted(night, manifest())))


@pytest.mark.parametrize(
    "lost",
    [
        "update intermediate.fct_sale__head set origin = 'two'",
        "update intermediate.fct_sale__head set build_number = 40",
        "drop table intermediate.fct_sale__head",
    ],
)
def test_where_a_journal_does_not_go_on_all_rows_are_asked(
    home: tuple[Path, Night], lost: str
) -> None:
    """Nobody tells what happened to the table."""
    folder, night = home
    change(folder, f"{UNTOLD}; {lost}")
    assert KNOWN in failed(gate(folder, Counted(night, manifest())))


def test_where_all_is_to_be_proved_all_rows_are_asked(
    home: tuple[Path, Night],
) -> None:
    """Every thirtieth night leans on no journal."""
    folder, night = home
    change(folder, UNTOLD)
    assert KNOWN in failed(gate(folder, Counted(night, manifest(), forgets=True)))


def test_what_is_asked_otherwise_is_asked_of_all(home: tuple[Path, Night]) -> None:
    """Another promise was never kept."""
    folder, night = home
    told = manifest(condition="customer_key <> 'k1'")
    found = failed(gate(folder, Counted(night, told), told))
    assert "holds_for_every_row_dim_customer_holds_for_every_row" in found


@pytest.mark.parametrize("is_compared", [False, True])
def test_a_copy_of_a_row_that_a_comparison_cannot_tell_is_found(
    home: tuple[Path, Night], is_compared: bool
) -> None:
    """A journal of keys whose rows differ says nothing of one that came twice."""
    folder, night = home
    told = manifest()
    told["nodes"]["model.fct_sale"]["config"]["meta"]["journal"]["is_compared"] = (
        is_compared
    )
    change(folder, AGAIN.format("quantity as quantity"))
    found = failed(gate(folder, Counted(night, told), told))
    assert ("unique_together_fct_sale_unique_together" in found) == is_compared
