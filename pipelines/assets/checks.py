"""Great Expectations at doors and gate: each table's suite is an asset check."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import dagster as dg

from expectations import (
    CheckResult,
    Outcome,
    Severity,
    Stage,
    guarded_tables,
    holds_back,
    run_doors,
    run_gate,
    write_data_docs,
)
from pipelines.assets.dbt import TRANSLATOR
from pipelines.assets.raw import raw_key
from pipelines.assets.verdicts import verdict
from pipelines.counted import Counted
from pipelines.releasing import loads_to_publish
from pipelines.resources import WRITER_POOL, House, failing_for_people
from warehouse.checks import last_checks, record_checks
from warehouse.errors import HeldError
from warehouse.machine import memory_for
from warehouse.publication import sound_release
from warehouse.publication.carrying import is_deep
from warehouse.publication.release import next_number
from warehouse.receiving import last_load

RESULT_KEY = dg.AssetKey(["checks", "result"])

Keys = dict[str, dg.AssetKey]


def hold_if_needed(results: Sequence[CheckResult]) -> None:
    """Hold the night back when a check of level error did not pass.

    Raises:
        HeldError: At least one did not.
    """
    errors = [result for result in results if result.is_error]
    if errors:
        first = errors[0]
        raise HeldError(
            f"{len(errors)} checks of level error did not pass, the first: "
            f"{first.check_name}: {first.message}",
            where=f"{first.stage}, {first.table_name}",
            mend="The version before stays published. `clientele status` lists all.",
        )


def _options(house: House) -> dict[str, str | int]:
    settings = house.settings
    stated = {
        "temp_directory": str(settings.places.temporary),
        "threads": settings.threads,
        "memory_limit": memory_for(settings),
    }
    return {name: value for name, value in stated.items() if value is not None}


def check_doors(house: House, manifest: dict[str, Any]) -> list[CheckResult]:
    """Check what was loaded since the last release against its contracts."""
    return run_doors(
        house.settings.places.archive,
        manifest,
        load_ids=[load.load_id for load in loads_to_publish(house)],
        options=_options(house),
        on_result=lambda result: house.progress.advance(result.check_name),
    )


def check_gate(house: House, manifest: dict[str, Any]) -> list[CheckResult]:
    """Check what was built: keys, references, versions, totals, counts.

    What was counted in the night before is not counted again, but for what is new; all
    is, where the release is not of that night, and when the next one proves all rows.
    """
    release = sound_release(house.settings)
    number = house.begun.number if house.begun else next_number(house.settings)
    is_last = release is not None and release.number + 1 == number
    counted = Counted(
        house.transformation.standing,
        manifest,
        forgets=not is_last or is_deep(number),
    )
    results = run_gate(
        house.settings.places.work,
        house.settings.places.archive,
        manifest,
        previous_marts=release.marts if release else None,
        options=_options(house),
        on_result=lambda result: house.progress.advance(result.check_name),
        memory=counted,
    )
    counted.keep()
    return results


def keep(house: House, results: Sequence[CheckResult]) -> None:
    """Record what doors or gate found."""
    last = last_load(house.settings)
    if last is not None:
        found = [asdict(result) for result in results]
        record_checks(house.settings, found, load=last, clock=house.clock)


def _verdicts(
    results: Sequence[CheckResult], keys: Keys, name: str
) -> Iterator[dg.AssetCheckResult]:
    by_table: dict[str, list[CheckResult]] = defaultdict(list)
    for result in results:
        by_table[result.table_name].append(result)
    for table, key in keys.items():
        yield verdict(key, name, by_table[table])


def make_doors(house: House) -> dg.AssetChecksDefinition:
    """Make the checks of raw tables from contracts; they hold back what follows."""
    manifest = house.transformation.manifest()
    keys = {
        f"raw_{source.name}.{table.name}": raw_key(source.name, table.name)
        for source in house.company.sources
        for table in source.tables
    }
    specs = [
        dg.AssetCheckSpec(name="doors", asset=key, blocking=True)
        for key in keys.values()
    ]

    @dg.multi_asset_check(name="doors", specs=specs, pool=WRITER_POOL)
    def doors(
        context: dg.AssetCheckExecutionContext, house: dg.ResourceParam[House]
    ) -> Iterator[dg.AssetCheckResult]:
        with (
            house.progress.step("check doors"),
            failing_for_people(context.log.error),
        ):
            results = check_doors(house, manifest)
            keep(house, results)
            yield from _verdicts(results, keys, "doors")
            if holds_back(results):
                write_docs(house, Stage.DOOR)
            hold_if_needed(results)

    return doors


def make_gate(
    house: House,
) -> tuple[dg.AssetsDefinition, dg.AssetChecksDefinition]:
    """Make the gate: its results as an asset, and a check on each published table."""
    manifest = house.transformation.manifest()
    keys = {
        f"{node['schema']}.{name}": TRANSLATOR.get_asset_key(node)
        for name, node in guarded_tables(manifest).items()
    }

    @dg.asset(
        key=RESULT_KEY,
        deps=list(keys.values()),
        group_name="checks",
        kinds={"greatexpectations", "duckdb"},
        pool=WRITER_POOL,
    )
    def check_results(
        context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
    ) -> dg.MaterializeResult[Any]:
        """One row per check and night; publication asks whether one forbids it."""
        with house.progress.step("check gate"), failing_for_people(context.log.error):
            results = check_gate(house, manifest)
            keep(house, results)
        return dg.MaterializeResult(metadata={"checks": len(results)})

    specs = [
        dg.AssetCheckSpec(name="gate", asset=key, additional_deps=[RESULT_KEY])
        for key in keys.values()
    ]

    @dg.multi_asset_check(name="gate", specs=specs)
    def gate(house: dg.ResourceParam[House]) -> Iterator[dg.AssetCheckResult]:
        yield from _verdicts(last_results(house, Stage.GATE), keys, "gate")

    return check_results, gate


def last_results(house: House, stage: Stage) -> list[CheckResult]:
    """Return what doors or gate found last."""
    return [
        CheckResult(
            **{
                **each,
                "stage": Stage(each["stage"]),
                "severity": Severity(each["severity"]),
                "outcome": Outcome(each["outcome"]),
            }
        )
        for each in last_checks(house.settings, stage)
    ]


def write_docs(house: House, *stages: Stage) -> None:
    """Write the pages that people read of what the stages found last."""
    found = [result for stage in stages for result in last_results(house, stage)]
    write_data_docs(found, house.settings.places.data_docs)
