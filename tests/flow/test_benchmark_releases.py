"""The benchmarks that read a release: queries, releases, readers, and the peers."""

import sys
import time
from pathlib import Path

import duckdb
import pytest
from house import House

from warehouse.settings import PROJECT_ROOT

sys.path.append(str(PROJECT_ROOT / "benchmarks"))
import bench
import peers
import publication
import queries
import readers
from postgres_server import can_be_had


@pytest.fixture(scope="module")
def made(
    demo_night: House, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict, dict]:
    """What the peers made of the demo's deliveries, what it cost, and how many rows."""
    folder = tmp_path_factory.mktemp("peers")
    named = ("pandas", "postgres") if can_be_had() else ("pandas",)
    return folder, *peers.beside(demo_night.settings, folder, named)


def test_the_peers_make_our_rows(demo_night: House, made: tuple) -> None:
    """All of them; the facts have no other lines than the peers."""
    _, costs, rows = made
    [[lines]] = demo_night.rows("select count(*) from behavioural.fct_sale")
    assert rows["sale"] == lines > 0
    assert rows["customer"] > 0
    assert all(cost.seconds > 0 and cost.peak_mb > 50 for cost in costs.values())


def test_a_peer_that_made_another_row_is_found_out(
    demo_night: House, made: tuple
) -> None:
    """One line without its customer is a row that is lacking, and one beside."""
    folder, _, rows = made
    file, kept = folder / "sale.parquet", folder / "sale.kept"
    file.rename(kept)
    with duckdb.connect() as connection:
        connection.read_parquet(str(kept)).create_view("sale")
        connection.sql(
            "select * replace (case when row_number() over () = 1 then 'nobody'"
            " else customer_id end as customer_id) from sale"
        ).write_parquet(str(file))
    found = peers.held_against(demo_night.settings, folder, "parquet")
    kept.rename(file)
    assert found["sale"] == (rows["sale"], 1, 1)
    assert found["customer"][1:] == (0, 0)


def test_queries_have_a_floor_that_answers_the_same(
    demo_night: House, tmp_path: Path
) -> None:
    """A page of each aggregate that says what it saves, and the whole cookbook."""
    settings = demo_night.settings
    pages = list(queries.dashboard(settings))
    assert {page.name for page in pages} == set(queries.SLICES)
    some = pages[:3]
    found = queries.every(settings, some, tmp_path, 2)
    assert all(each["facts_to_aggregate"] > 0 for each in found.values())
    answers = queries.every(settings, list(queries.cookbook())[:8], tmp_path, 1)
    told = queries.report(found, answers)
    assert told["seconds"]["pages_worst_p95"] > 0
    assert told["size"] == {"pages": 3, "questions": 8}


def test_a_floor_that_answers_otherwise_is_found_out(
    demo_night: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it could be fast by being wrong."""
    monkeypatch.setattr(queries, "floor", lambda *given: ([0.1], ["(1,)"]))
    [first, *_] = queries.dashboard(demo_night.settings)
    with pytest.raises(SystemExit, match="not the same"):
        queries.measured(demo_night.settings, first, tmp_path, 1)


def test_a_release_is_held_against_copies(demo_night: House, tmp_path: Path) -> None:
    """It is made again elsewhere, and the house is as it was."""
    before = sorted(demo_night.settings.places.published.iterdir())
    found = publication.measured(demo_night.settings, tmp_path, 1)
    assert sorted(demo_night.settings.places.published.iterdir()) == before
    assert all(ratio > 0 for ratio in found["ratios"].values())
    assert found["size"]["mb"] > 1


def test_readers_look_until_they_are_stopped(demo_night: House, tmp_path: Path) -> None:
    """Two of them, at the same time, without an error."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "demo").symlink_to(demo_night.settings.places.root)
    looks = readers.watched(home, 2, 0.1, lambda: time.sleep(2))
    assert not looks.errors
    assert looks.figures()["looks"] > 2
    assert looks.figures()["releases"] == 1


def test_every_part_has_a_small_form() -> None:
    """So that `make bench BENCH=--small` runs all that `make bench` does."""
    parts = {*bench.PARTS, *bench.ON_REQUEST}
    assert set(bench.SMALL) == parts
    for part in parts:
        assert (PROJECT_ROOT / "benchmarks" / f"{part}.py").is_file()
