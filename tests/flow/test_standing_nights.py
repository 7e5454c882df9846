"""A night that brought little makes little; one whose rooms lie publishes nothing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from corner_shop import made_at_once, made_corrected
from night_world import Nights

from pipelines.resources import House
from pipelines.stages import Stage, promised_in
from pipelines.staleness import is_stale
from warehouse.errors import ClienteleError
from warehouse.locking import one_writer

Once = Callable[[str, Callable[[Path], None]], Path]
MADE = re.compile(r"OK created sql \w+ model (\S+)")


def made(house: Nights) -> list[str]:
    """List what dbt has made in all nights of a house, in order."""
    log = house.settings.places.logs / "dbt.log"
    return MADE.findall(log.read_text("utf-8"))


def test_a_night_of_one_late_profile_makes_what_lies_above_it(once: Once) -> None:
    """Its tables are those of a whole build, as test_night_history holds."""
    before = made(made_at_once(once))
    late = made(made_corrected(once))[len(before) :]
    assert len(set(before)) == len(before)
    assert {"input.input_party", "descriptive.dim_customer"} <= set(late)
    assert not {"input.input_campaign", "shared.dim_date", "input.input_sale"} & set(
        late
    )
    assert 2 * len(late) < 3 * len(before)
    assert not any(name.startswith("staging.") for name in late)


@pytest.fixture
def lying(once: Once, tmp_path: Path) -> Iterator[tuple[Nights, House]]:
    """A house with a sale twice in its input, at the beginning of a night."""
    nights = made_at_once(once).copy(tmp_path / "home")
    nights.tamper("insert into input.input_sale from input.input_sale limit 1")
    house = House.open(nights.settings)
    with one_writer(nights.settings):
        yield nights, house


def test_a_room_that_breaks_a_promise_ends_the_night(
    lying: tuple[Nights, House],
) -> None:
    """In the words of a model that cannot be made; the log says how many rows."""
    nights, house = lying
    build = house.transformation.build(Stage.INPUTS)
    with pytest.raises(ClienteleError, match="dbt failed in unique_together_input_"):
        list(build)
    log = (nights.settings.places.logs / "dbt.log").read_text("utf-8")
    assert re.search(r"\[error\] failed unique_together_input_sale\S*: .*2 of \d+", log)
    # Input is mended by appending to it; what was made of a lie is made anew.
    assert not is_stale(nights.settings, house.company)
    tests = promised_in(Stage.INPUTS, house.transformation.manifest())
    with pytest.raises(ClienteleError, match="stage marts"):
        list(house.transformation._check(Stage.MARTS, list(tests.values())))
    assert is_stale(nights.settings, house.company)
