"""What stands in the way of a night is told in words, before or while it builds."""

import subprocess
import sys

import pytest
from house import House as Commands

from pipelines.night import run_night
from pipelines.progress import Silence
from pipelines.resources import House
from pipelines.stages import Stage
from pipelines.staleness import fingerprint
from warehouse.database import session
from warehouse.errors import ClienteleError, MachineError
from warehouse.ledger import prepare_archive

HOLD = """
import sys
import duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def house(tiny_company: Commands) -> House:
    """A house with an empty archive, and a work database of today's models."""
    settings = tiny_company.settings
    settings.places.prepare()
    house = House.open(settings)
    with session(settings, write=settings.places.archive) as connection:
        prepare_archive(connection, house.company)
    with session(settings, write=settings.places.work):
        pass
    stamp = settings.places.work.with_suffix(".fingerprint")
    stamp.write_text(fingerprint(house.company), "utf-8")
    return house


def test_who_holds_the_work_database_is_told(house: House) -> None:
    """It is the night's own, and somebody looks into it."""
    work = house.settings.places.work
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", HOLD, str(work)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(
            MachineError, match=f"open, as process {holder.pid} .*Close"
        ):
            list(house.transformation.build(Stage.INPUTS))
        holder.kill()


def test_too_little_memory_for_a_model_is_told(house: House) -> None:
    """The limit that is set holds for dbt too, where most of a night's memory goes."""
    stated = {"memory_limit": "6MB"}
    settings = house.settings.model_copy(update=stated)
    with pytest.raises(MachineError, match=r"the memory is not enough.*MEMORY_LIMIT"):
        list(House.open(settings).transformation.build(Stage.INPUTS))


def test_no_night_begins_a_new_archive_beside_releases(tiny_company: Commands) -> None:
    """Its ids would be others than those that were published."""
    settings = tiny_company.settings
    settings.places.prepare()
    settings.places.current.symlink_to("r-000001")
    house = House.open(settings)
    with pytest.raises(ClienteleError, match=r"the archive is gone.*[Rr]estore"):
        run_night(settings, house.company, progress=Silence())
    assert not settings.places.archive.exists()
