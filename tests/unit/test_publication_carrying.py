"""How the files of the release before become those of the next."""

from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from publication_world import (
    make_archive,
    make_settings,
    make_work,
    publish_made,
)

from pipelines import releasing, resources
from warehouse.publication import Release, begin, build, carrying, run_sql
from warehouse.settings import Settings

MANY = 20_000
GROUPS = """
select count(distinct row_group_id) from pragma_storage_info('descriptive.dim_customer')
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of a house whose work database was published once."""
    settings = make_settings(tmp_path)
    make_archive(settings)
    make_work(settings, last_load_id=1, customers=MANY)
    publish_made(settings, last_load_id=1)
    return settings


def publish_change(settings: Settings, load_id: int, **options: Any) -> Release:  # noqa: ANN401
    """Publish a work database in which one customer moved."""
    with duckdb.connect(settings.places.work) as connection:
        connection.execute(
            "update descriptive.dim_customer set city = 'Ulm' where customer_id = ?",
            [f"c{load_id}"],
        )
    return publish_made(settings, last_load_id=load_id, **options)


def test_what_changes_is_written_once_and_what_does_not_is_left(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No log lies beside the file; until all rows are proved, groups of rows stay."""
    beside: list[str] = []
    change = build.change

    def noted(connection: Any, difference: Any) -> None:  # noqa: ANN401
        change(connection, difference)
        beside.extend(file.name for file in settings.places.published.glob("*/*"))

    monkeypatch.setattr(build, "change", noted)
    for load_id, found in ((2, 2), (3, 3), (4, 2)):
        if load_id == 4:
            monkeypatch.setattr(carrying, "DEEP_EVERY", load_id)
        marts = publish_change(settings, load_id).marts
        with duckdb.connect(marts, read_only=True) as release:
            assert release.execute(GROUPS).fetchall() == [(found,)]
    assert "marts.duckdb" in beside
    assert not [name for name in beside if name.endswith(".wal")]


def test_a_night_that_began_its_release_finds_the_copies_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files before are copied once, before the work database is built."""
    begun = begin(settings)
    assert [copy.result() for copy in begun.copies.values()] == [True, True]
    monkeypatch.setattr(carrying, "shutil", None)
    assert publish_change(settings, 2, begun=begun).failures == []
    query = "select count(*) from descriptive.dim_customer where city = 'Ulm'"
    assert run_sql(settings, query)[1] == [(1,)]


def test_what_was_begun_goes_when_the_night_ends_without_a_release(
    settings: Settings,
) -> None:
    """Nothing is left of it, and the next release has its number."""
    begin(settings).give_up()
    assert not list(settings.places.published.glob("*.building"))
    assert publish_change(settings, 2).release == "r-000002"


def test_a_copy_that_may_not_be_built_upon_is_removed(settings: Settings) -> None:
    """As it turns out once the work database is built."""
    begun = begin(settings)
    release = publish_change(settings, 2, begun=begun, whole=True)
    with duckdb.connect(release.marts, read_only=True) as connection:
        assert connection.execute(GROUPS).fetchall() == [(1,)]


def test_a_night_begins_its_release_when_it_starts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And makes it of what it began, while it holds the lock."""
    monkeypatch.setattr(resources, "is_stale", lambda *given: False)
    house, handed = resources.House.open(settings), dict[str, Any]()
    monkeypatch.setattr(releasing, "publish", lambda *_, **said: handed.update(said))
    with dg.build_resources({"house": resources.house_resource(house)}):
        begun = house.begun
        assert begun is not None
        assert set(begun.copies) == {"marts.duckdb", "restricted.duckdb"}
        house.transformation.__dict__["_manifest"] = {}
        releasing.make_release(house, warn=print, held=True)
        assert handed["begun"] is begun
        assert house.begun is None
