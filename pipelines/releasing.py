"""Making a release of what a night built, to publish it or to keep it aside."""

from pipelines.resources import House
from pipelines.staleness import stamp_work
from warehouse.publication import Release, publish, sound_release
from warehouse.receiving import Load, last_load, loads_since


def loads_to_publish(house: House) -> list[Load]:
    """List the loads that came after those of the published release."""
    release = sound_release(house.settings)
    return loads_since(house.settings, release.last_load_id if release else 0)


def make_release(house: House, *, held: bool = False) -> Release:
    """Make a release of the work database; switch readers to it unless it is held."""
    loads = loads_to_publish(house)
    last = last_load(house.settings)
    release = publish(
        house.settings,
        house.transformation.manifest(),
        clock=house.clock,
        business_dates=sorted({load.business_date for load in loads}),
        last_load_id=last.load_id if last else 0,
        held=held,
        kept=house.company.retention.releases,
    )
    if not held:
        stamp_work(house.settings)
        house.transformation.standing.keep()
    return release
