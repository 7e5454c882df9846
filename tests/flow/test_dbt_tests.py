"""What dbt tests and a night leaves out: units, seeds, and how a table is made anew."""

import re

import duckdb
from house import House

TOLD = re.compile(r"PASS=(\d+) WARN=(\d+) ERROR=(\d+) SKIP=(\d+)")


def passed(house: House, selection: str) -> int:
    """Run the tests of a selection, see none fail, and count them."""
    said = house.run("dbt", "test", "--select", selection).stdout
    counted = TOLD.search(said)
    assert counted, said
    count, *others = map(int, counted.groups())
    assert not any(others), said
    return count


def test_every_unit_test_of_a_model_passes(demo_copy: House) -> None:
    """On a finished night, so that what an incremental model finds there is there."""
    assert passed(demo_copy, "test_type:unit") > 100


def test_every_seed_of_the_product_keeps_its_promises(demo_copy: House) -> None:
    """Codes once, labels in both languages, policies that name what there is."""
    assert passed(demo_copy, "path:seeds") > 100


def worked(house: House, statement: str) -> list[tuple[object, ...]]:
    """Run a statement in the work database."""
    with duckdb.connect(str(house.settings.places.work)) as connection:
        return connection.execute(statement).fetchall()


def test_a_table_that_cannot_be_made_leaves_what_was_there(demo_copy: House) -> None:
    """It takes the place of what was there whole or not at all, under its own name."""
    everything = "from shared.dim_source order by source_key"
    before = worked(demo_copy, everything)
    worked(
        demo_copy, "update intermediate.int_source__contracts set source_kind = null"
    )
    failed = demo_copy.run("dbt", "run", "--select", "dim_source")
    assert failed.returncode != 0
    assert "NOT NULL constraint failed" in failed.stdout
    assert worked(demo_copy, everything) == before
    worked(demo_copy, "update intermediate.int_source__contracts set source_kind = 'x'")
    demo_copy.done("dbt", "run", "--select", "dim_source")
    kinds = "select distinct source_kind from shared.dim_source order by 1"
    assert worked(demo_copy, kinds) == [("_unknown",), ("x",)]
    left = (
        "select table_name from duckdb_tables() where table_name like '%\\_\\_dbt\\_%'"
    )
    assert worked(demo_copy, left + " escape '\\'") == []
