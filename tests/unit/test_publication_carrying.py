"""How the files of the release before become those of the next."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from publication_world import (
    make_archive,
    make_settings,
    make_work,
    publish_made,
)

from warehouse.publication import Release, build, carrying
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
