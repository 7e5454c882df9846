"""Making a release of what a night built, to publish it or to keep it aside."""

from collections.abc import Callable

from pipelines.resources import House
from pipelines.staleness import is_built_anew, stamp_work
from pipelines.standing import Standing
from warehouse.errors import ClienteleError
from warehouse.machine import in_words
from warehouse.publication import Release, publish, sound_release
from warehouse.receiving import Load, last_load, loads_since


def loads_to_publish(house: House) -> list[Load]:
    """List the loads that came after those of the published release."""
    release = sound_release(house.settings)
    return loads_since(house.settings, release.last_load_id if release else 0)


def make_release(
    house: House, *, warn: Callable[[str], None], held: bool = False
) -> Release:
    """Make a release of the work database; switch readers to it unless it is held.

    Args:
        house: Whose; the caller holds the writer's lock.
        warn: Hears what went wrong once the release was out.
        held: Whether it is kept aside.
    """
    loads = loads_to_publish(house)
    last = last_load(house.settings)
    begun, house.begun = house.begun, None
    release = publish(
        house.settings,
        house.transformation.manifest(),
        clock=house.clock,
        business_dates=sorted({load.business_date for load in loads}),
        last_load_id=last.load_id if last else 0,
        held=held,
        whole=is_built_anew(house.settings),
        begun=begun,
        kept=house.company.retention.releases,
    )
    if not held:
        stamp_work(house.settings)
        keep_what_stands(house.transformation.standing, warn)
    return release


def keep_what_stands(standing: Standing, warn: Callable[[str], None]) -> None:
    """Note what was published, for the next night to build upon.

    The release is out by then: what cannot be noted is told, and fails no night.
    """
    try:
        standing.keep()
    except OSError as error:
        cause = in_words(error)
        told = ClienteleError(
            f"what stands was not noted: {cause.what if cause else error.strerror}",
            where=cause.where if cause else "work database",
            mend="The release is out; the next night makes every table anew. Mend the "
            "cause before it.",
        )
        warn(str(told))
