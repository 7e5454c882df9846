"""Every dbt model as an asset, every test below the marts as a check. Thin."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from expectations import CheckResult
from pipelines.assets.verdicts import verdict
from pipelines.resources import WRITER_POOL, House, failing_for_people
from pipelines.stages import LEFT_OUT, Stage, in_order
from pipelines.transformation import Event


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
    """Build a stage and hand Dagster what became of each model and test.

    What stands from an earlier night is handed on as it is.
    """

    def tell(event: Event) -> None:
        house.progress.advance(f"Building {event['data']['node_info']['node_name']}")

    checks = {key.name: key.asset_key for key in context.selected_asset_check_keys}
    name = f"dbt {stage.name.lower()}"
    with house.progress.step(name), failing_for_people(context.log.error):
        build = house.transformation.build(stage, on_event=tell)
        # What stands is known once the first result has come.
        first = list(islice(build, 1))
        yield from _standing(house.transformation.standing.stands, manifest)
        told = set()
        for each in chain(first, build):
            for event in _told(each, checks, context, manifest):
                if isinstance(event, dg.AssetCheckResult):
                    told.add(event.check_name)
                yield event
    yield from _passed({name: checks[name] for name in checks.keys() - told})


def _told(
    found: Event | CheckResult,
    keys: Mapping[str, dg.AssetKey],
    context: dg.AssetExecutionContext,
    manifest: dict[str, Any],
) -> Iterator[Any]:
    if isinstance(found, CheckResult):
        if found.check_name in keys:
            yield verdict(keys[found.check_name], found.check_name, [found])
        return
    message = DbtCoreCliEventMessage(raw_event=found, event_history_metadata={})
    yield from message.to_default_asset_events(
        manifest=manifest, dagster_dbt_translator=TRANSLATOR, context=context
    )


def _standing(names: set[str], manifest: dict[str, Any]) -> Iterator[dg.Output[None]]:
    """Hand on what stands: nothing of it rests on what is made tonight."""
    for name in in_order(names, manifest["nodes"]):
        key = TRANSLATOR.get_asset_key(manifest["nodes"][name])
        yield dg.Output(None, output_name=key.to_python_identifier())


def _passed(checks: Mapping[str, dg.AssetKey]) -> Iterator[dg.AssetCheckResult]:
    """Hand on what was not asked: had it failed then, that night had ended there."""
    for name, key in sorted(checks.items()):
        yield dg.AssetCheckResult(
            passed=True,
            asset_key=key,
            check_name=name,
            description="Passed when what it reads last changed.",
        )


def make_dbt(house: House) -> list[dg.AssetsDefinition]:
    """Make the assets of each stage of the build."""
    manifest = house.transformation.manifest()

    def make(stage: Stage) -> dg.AssetsDefinition:
        @dbt_assets(
            name=f"dbt_{stage.name.lower()}",
            manifest=manifest,
            select=f"tag:{stage.tag}",
            exclude=f"tag:{LEFT_OUT} resource_type:unit_test",
            dagster_dbt_translator=TRANSLATOR,
            pool=WRITER_POOL,
        )
        def build(
            context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
        ) -> Iterator[Any]:
            yield from build_stage(context, house, stage, manifest)

        return build

    return [make(stage) for stage in Stage]
