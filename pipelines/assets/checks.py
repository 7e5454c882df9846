"""Great Expectations at doors and gate: each table's suite is an asset check."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import dagster as dg

from expectations import CheckResult, run_doors, run_gate
from pipelines.assets.dbt import TRANSLATOR
from pipelines.assets.raw import raw_key
from pipelines.releasing import keep_aside, loads_to_publish
from pipelines.resources import WRITER_POOL, House, failing_for_people
from warehouse.checks import record_checks
from warehouse.errors import HeldError
from warehouse.ledger import Load, last_load
from warehouse.publication import current_release

PUBLISHED = (
    "shared",
    "descriptive",
    "behavioural",
    "associative",
    "aggregates",
)
"""The schemas that the gate reads; `quality` is built from what the gate found."""

DOORS = "doors"
GATE = "gate"

Run = Callable[[House, list[Load], dict[str, Any]], list[CheckResult]]


def at_the_doors(
    house: House, loads: list[Load], manifest: dict[str, Any]
) -> list[CheckResult]:
    """Check what was loaded against its contracts."""
    return run_doors(
        house.settings.places.archive,
        manifest,
        load_ids=[load.load_id for load in loads],
        on_result=house.progress.advance,
    )


def at_the_gate(
    house: House, _loads: list[Load], manifest: dict[str, Any]
) -> list[CheckResult]:
    """Check what was built: keys, references, versions, totals, counts."""
    release = current_release(house.settings)
    return run_gate(
        house.settings.places.work,
        house.settings.places.archive,
        manifest,
        previous_marts=release.marts if release else None,
        on_result=house.progress.advance,
    )


def is_error(result: CheckResult) -> bool:
    """Return whether a result holds the publication back."""
    return result.outcome != "passed" and result.severity == "error"


def _verdict(key: dg.AssetKey, name: str, results: Sequence[CheckResult]) -> Any:  # noqa: ANN401
    failed = [result for result in results if result.outcome != "passed"]
    severity = dg.AssetCheckSeverity
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=not failed,
        severity=severity.ERROR if any(map(is_error, failed)) else severity.WARN,
        metadata={
            "checks": len(results),
            "failed": [f"{result.check_name}: {result.message}" for result in failed],
        },
    )


def check(
    house: House, manifest: dict[str, Any], name: str, run: Run
) -> list[CheckResult]:
    """Run one stage of checks over what is not yet published, and keep the results."""
    results = run(house, loads_to_publish(house), manifest)
    last = last_load(house.settings)
    record_checks(
        house.settings,
        [asdict(result) for result in results],
        batch_id=last.batch_id,
        business_date=last.business_date,
        clock=house.clock,
    )
    return results


def hold(house: House, results: Sequence[CheckResult], name: str) -> None:
    """Hold the night back; what the gate refused is kept aside as a release.

    Raises:
        HeldError: Always.
    """
    errors = [result for result in results if is_error(result)]
    if name == GATE:
        keep_aside(house)
    first = errors[0]
    raise HeldError(
        f"{len(errors)} checks of level error did not pass, the first: "
        f"{first.check_name}: {first.message}",
        where=f"{name}, {first.table_name}",
        mend="The version before stays published. `clientele status` lists all.",
    )


def _make(
    name: str, keys: dict[str, dg.AssetKey], manifest: dict[str, Any], run: Run
) -> dg.AssetChecksDefinition:
    specs = [
        dg.AssetCheckSpec(name=name, asset=key, blocking=True) for key in keys.values()
    ]

    @dg.multi_asset_check(name=name, specs=specs, pool=WRITER_POOL)
    def checks(
        context: dg.AssetCheckExecutionContext, house: dg.ResourceParam[House]
    ) -> Iterator[dg.AssetCheckResult]:
        with (
            house.progress.step(f"check {name}"),
            failing_for_people(context.log.error),
        ):
            results = check(house, manifest, name, run)
            by_table: dict[str, list[CheckResult]] = defaultdict(list)
            for result in results:
                by_table[result.table_name].append(result)
            for table, key in keys.items():
                yield _verdict(key, name, by_table[table])
            if any(map(is_error, results)):
                hold(house, results, name)

    return checks


def make_checks(house: House) -> list[dg.AssetChecksDefinition]:
    """Make the checks of the doors from contracts, of the gate from the marts."""
    manifest = house.transformation.manifest()
    doors = {
        f"raw_{source.name}.{table.name}": raw_key(source.name, table.name)
        for source in house.company.sources
        for table in source.tables
    }
    gate = {
        f"{node['schema']}.{node['name']}": TRANSLATOR.get_asset_key(node)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in PUBLISHED
    }
    return [
        _make(DOORS, doors, manifest, at_the_doors),
        _make(GATE, gate, manifest, at_the_gate),
    ]
