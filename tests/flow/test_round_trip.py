"""A merge that is undone leaves everything as it was, and what was known stays known.

One house, a night for what stands, one that merges customers in every way there is,
and one that takes it back; whom, is drawn by chance.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from night_world import CURRENT, Nights
from pictures import differing, picture
from round_world import DATES, deliver_all, draw, open_round

from pipelines.resources import House
from pipelines.stages import Stage
from warehouse.database import literal
from warehouse.identity import identify
from warehouse.locking import one_writer
from warehouse.stewardship.reviewing import review

SEEDS = (1, 2)
MOMENTS = ("1950-06-01", "2025-07-01", "2026-01-04 12:00:00", "2026-03-01")
MACROS = ("customer_as_of", "identity_as_of", "household_as_of")
KNOWN = "select max(known_at) from shared.dim_load"


@dataclass(frozen=True)
class Trips:
    """The house after all its nights, and the folder of each night's release.

    Of each night `batches` has what was delivered for it, within the landing folder.
    """

    house: Nights
    batches: list[list[Path]]
    before: Path
    merged: list[Path]
    undone: list[Path]


@contextmanager
def opened(folder: Path, name: str = "marts") -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database of a release."""
    path = str(folder / f"{name}.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def trips(tmp_path_factory: pytest.TempPathFactory) -> Trips:
    """Run a night for what stands, then one that merges and one that undoes, twice."""
    folder = tmp_path_factory.mktemp("round")
    house = open_round(folder)

    batches: list[list[Path]] = []

    def night(name: str) -> Path:
        kept = folder / name
        landing = house.settings.places.landing
        files = {f.relative_to(landing) for f in landing.rglob("*") if f.is_file()}
        batches.append(sorted(files.difference(*batches)))
        shutil.copytree(house.night().folder, kept)
        return kept

    deliver_all(house)
    before = night("before")
    merged, undone = [], []
    for number, seed in enumerate(SEEDS):
        trip = draw(seed)
        trip.merge(house, DATES[1 + 2 * number])
        merged.append(night(f"merged {seed}"))
        trip.undo(house, DATES[2 + 2 * number])
        undone.append(night(f"undone {seed}"))
    return Trips(house, batches, before, merged, undone)


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_what_is_undone_leaves_everything_as_it_was(trips: Trips, number: int) -> None:
    """Identity, golden records, facts, households and aggregates, ids included."""
    before = picture(trips.before)
    assert len(before) >= 20
    assert differing(picture(trips.undone[number]), before) == set()


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_until_it_is_undone_everything_is_otherwise(trips: Trips, number: int) -> None:
    """So a merge that is not taken back would be seen in each of these."""
    assert differing(picture(trips.merged[number]), picture(trips.before)) >= {
        "marts.agg_customer_base",
        "marts.bridge_customer_identity",
        "marts.bridge_customer_relationship",
        "marts.bridge_household_member",
        "marts.dim_contact_point",
        "marts.dim_customer",
        "marts.dim_household",
        "marts.fct_attribute_value",
        "marts.fct_registration",
        "marts.fct_sale",
        "marts.hist_customer",
        "restricted.dim_customer",
    }


def asked(release: Path, macro: str, known_at: datetime) -> list[Any]:
    """Ask of some moments what a release says was known at one.

    Whether it is known still is another question.
    """
    with opened(release) as connection:
        return [
            connection.execute(
                f"select columns(name -> not list_contains($still, name)) "  # noqa: S608
                f"from {macro}("
                f"timestamp {literal(moment)}, $known_at) order by all",
                {"known_at": known_at, "still": ["known_to", "is_current"]},
            ).fetchall()
            for moment in MOMENTS
        ]


@pytest.mark.parametrize("macro", MACROS)
def test_what_was_known_is_told_as_it_was(trips: Trips, macro: str) -> None:
    """Before the merge, between, and after: by every later release as by its own."""
    releases = [trips.before]
    for pair in zip(trips.merged, trips.undone, strict=True):
        releases += pair
    for number, release in enumerate(releases):
        with opened(release) as connection:
            [(known_at,)] = connection.execute(KNOWN).fetchall()
        told = asked(release, macro, known_at)
        assert any(told)
        for later in releases[number + 1 :]:
            assert asked(later, macro, known_at) == told


def test_from_nothing_everything_is_the_same(trips: Trips, tmp_path: Path) -> None:
    """Known time and ids with it."""
    by_night = trips.house.digests()
    assert len(by_night) >= 30
    rebuilt = trips.house.copy(tmp_path / "home")
    rebuilt.settings.places.work.unlink()
    rebuilt.check_and_release(rebuilt.build())
    assert differing(rebuilt.digests(), by_night) == set()


def test_one_night_that_died_after_it_identified_gives_the_same(
    trips: Trips, tmp_path: Path
) -> None:
    """All at once, and run again: who is who was decided and kept, and stays."""
    at_once = fed(trips, tmp_path, range(len(trips.batches)))
    house = House.open(at_once.settings)
    with one_writer(at_once.settings):
        list(house.transformation.build(Stage.INPUTS))
        identify(house.settings, house.company)
    at_once.night()
    assert differing(at_once.digests(), trips.house.digests()) == set()


def test_another_order_of_arrival_gives_the_same_customers(
    trips: Trips, tmp_path: Path
) -> None:
    """Withdrawals before what they withdraw, corrections before the errors."""
    otherwise = fed(trips, tmp_path, (4, 0, 3, 1, 2))
    otherwise.build()
    for name, query in CURRENT.items():
        found, expected = otherwise.built(query), trips.house.built(query)
        assert sorted(found, key=repr) == sorted(expected, key=repr), name


def fed(trips: Trips, folder: Path, order: Iterable[int]) -> Nights:
    """Open a house that received the same, decisions too, in an order of batches."""
    house = open_round(folder)
    for number in order:
        for name in trips.batches[number]:
            file = house.settings.places.landing / name
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(trips.house.settings.places.landing / name, file)
        house.receive()
    return house


def test_who_is_alike_is_one_and_who_only_looks_alike_waits(trips: Trips) -> None:
    """A name with letters of another script is never linked by its likeness."""
    with opened(trips.before) as connection:
        customers = dict(
            connection.execute(
                "select source_record_id, customer_id "
                "from descriptive.bridge_customer_identity "
                "where source_record_id[1] in ('a', 'l')"
            ).fetchall()
        )
    assert customers["a0"] == customers["a1"]
    assert customers["l0"] != customers["l1"]
    [(one, other)] = [
        (each.left, each.right)
        for each in review(trips.house.settings, limit=9, reason_code="look_alike")
    ]
    assert {one, other} == {"registry:l0", "registry:l1"}
