"""The code location: what exists, and what it is wired to."""

import dagster as dg

from pipelines.assets.checks import make_doors, make_gate
from pipelines.assets.dbt import make_dbt
from pipelines.assets.identity import link_change
from pipelines.assets.publication import make_publication
from pipelines.assets.raw import make_receive
from pipelines.assets.scores import scores
from pipelines.resources import House, house_resource
from pipelines.schedules import make_nightly_schedule
from pipelines.sensors import make_delivery_sensor
from pipelines.time_limit import MAXIMUM_SECONDS
from warehouse.errors import ClienteleError
from warehouse.publication.plan import SCHEMAS

NIGHT = "night"


def build_defs(house: House) -> dg.Definitions:
    """Assemble the location for one company; a test hands in a house of its own."""
    dbt = make_dbt(house)
    check_results, gate = make_gate(house)
    marts = [
        key for definition in dbt for key in definition.keys if key.path[0] in SCHEMAS
    ]
    night = dg.define_asset_job(
        NIGHT,
        selection=dg.AssetSelection.all(),
        description="One night: receive, identify, build, check, publish.",
        executor_def=dg.in_process_executor,
        tags={"dagster/max_runtime": MAXIMUM_SECONDS},
    )
    return dg.Definitions(
        assets=[
            make_receive(house),
            *dbt,
            link_change,
            scores,
            check_results,
            make_publication(marts),
        ],
        asset_checks=[make_doors(house), gate],
        jobs=[night],
        schedules=[make_nightly_schedule(house, night)],
        sensors=[make_delivery_sensor(house, night)],
        resources={"house": house_resource(house)},
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Assemble the location for the company that the settings name."""
    try:
        return build_defs(House.open())
    except ClienteleError as error:
        raise dg.DagsterInvalidDefinitionError(str(error)) from error
