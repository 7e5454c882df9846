"""The drill: a house that lost everything goes on as one that lost nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from corner_shop import deliver_late, made_at_once, made_corrected
from night_world import Nights

from warehouse.publication import current_release

Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="module")
def drill(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """The shop, backed up, destroyed, and restored; with a delivery that came since."""
    folder = tmp_path_factory.mktemp("drill")
    house = made_at_once(once).copy(folder / "home")
    said = json.loads(house.done("backup", str(folder / "disk"), "--json"))
    assert said["has_secrets"]
    house.settings.home.rename(folder / "lost")
    told = house.done("restore", str(folder / "disk"))
    assert "clientele night" in told
    deliver_late(house)
    return house


def test_what_was_lost_is_there_again(once: Once, drill: Nights) -> None:
    """Readers open the release of before, and every digest is in order."""
    before = made_at_once(once)
    drill.done("verify", "--deep")
    lost, found = current_release(before.settings), current_release(drill.settings)
    assert lost is not None
    assert found is not None
    assert found.files == lost.files


def test_the_next_night_gives_what_it_would_have_given(
    once: Once, drill: Nights
) -> None:
    """Row for row, ids and known times with it: the work database is built anew."""
    assert not drill.settings.places.work.exists()
    release = drill.night()
    expected, found = made_corrected(once).digests(), drill.digests()
    assert len(expected) >= 20
    assert [name for name in expected if found.get(name) != expected[name]] == []
    assert release.release == "r-000002"
    drill.done("verify", "--deep")
