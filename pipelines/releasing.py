"""Making a release of what a night built, to publish it or to keep it aside."""

from pipelines.resources import House
from pipelines.transformation import Stage
from warehouse.ledger import Load, last_load, loads_since
from warehouse.publication import Release, current_release, publish


def loads_to_publish(house: House) -> list[Load]:
    """List the loads that came after those of the published release."""
    release = current_release(house.settings)
    return loads_since(house.settings, release.last_load_id if release else 0)


def make_release(house: House, *, held: bool = False) -> Release:
    """Make a release of the work database; switch readers to it unless it is held."""
    loads = loads_to_publish(house)
    return publish(
        house.settings,
        house.transformation.manifest(),
        clock=house.clock,
        business_dates=sorted({load.business_date for load in loads}),
        last_load_id=last_load(house.settings).load_id,
        held=held,
    )


def keep_aside(house: House) -> None:
    """Build what the gate refused as a release that nobody reads, with its checks."""
    for _ in house.transformation.build(Stage.QUALITY):
        pass
    make_release(house, held=True)
