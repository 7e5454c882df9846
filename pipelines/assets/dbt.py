"""Every dbt model as an asset, every test below the marts as a check. Thin."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from pipelines.resources import WRITER_POOL, House, failing_for_people
from pipelines.staleness import is_stale
from pipelines.transformation import Event, Stage


class Translator(DagsterDbtTranslator):
    """Names assets by schema and table, and sources as the assets that fill them."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return the key: raw tables and the house's own by schema, models by room."""
        if dbt_resource_props["resource_type"] == "source":
            schema = dbt_resource_props["schema"]
            return dg.AssetKey([schema, dbt_resource_props["name"]])
        schema = dbt_resource_props["config"].get("schema") or "staging"
        return dg.AssetKey([schema, dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Group assets by schema."""
        return dbt_resource_props["config"].get("schema") or "staging"


TRANSLATOR = Translator(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True))


def build_stage(
    context: dg.AssetExecutionContext,
    house: House,
    stage: Stage,
    manifest: dict[str, Any],
) -> Iterator[Any]:
    """Build a stage and hand Dagster what dbt says of each model and test.

    Seeds stand from an earlier night, unless all is built anew.
    """

    def tell(event: Event) -> None:
        house.progress.advance(f"Building {event['data']['node_info']['node_name']}")

    name = f"dbt {stage.name.lower()}"
    if stage is Stage.INPUTS and not is_stale(house.settings, house.company):
        yield from _standing_seeds(context)
    with house.progress.step(name), failing_for_people(context.log.error):
        for event in house.transformation.build(stage, on_event=tell):
            message = DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
            yield from message.to_default_asset_events(
                manifest=manifest, dagster_dbt_translator=TRANSLATOR, context=context
            )


def _standing_seeds(context: dg.AssetExecutionContext) -> Iterator[Any]:
    for key in sorted(context.selected_asset_keys):
        if key.path[0] == "seeds":
            yield dg.Output(None, output_name=key.to_python_identifier())
    for check in sorted(context.selected_asset_check_keys):
        if check.asset_key.path[0] == "seeds":
            yield dg.AssetCheckResult(
                passed=True,
                asset_key=check.asset_key,
                check_name=check.name,
                description="Passed when the seeds were last edited.",
            )


def make_dbt(house: House) -> list[dg.AssetsDefinition]:
    """Make the assets of each stage of the build."""
    manifest = house.transformation.manifest()

    def make(stage: Stage) -> dg.AssetsDefinition:
        @dbt_assets(
            name=f"dbt_{stage.name.lower()}",
            manifest=manifest,
            select=stage.select,
            exclude=stage.exclude,
            dagster_dbt_translator=TRANSLATOR,
            pool=WRITER_POOL,
        )
        def build(
            context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
        ) -> Iterator[Any]:
            yield from build_stage(context, house, stage, manifest)

        return build

    return [make(stage) for stage in Stage]
