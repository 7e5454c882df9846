"""What is told of nights: seconds, processor seconds, memory, and the ratios.

A full build has two floors: identity is held against plain Splink with the same model,
all the rest against the reading, casting and copying of the same files.
"""

import json
from dataclasses import dataclass
from typing import Any

from processes import Run, middle

IDENTIFY = "identify"


@dataclass(frozen=True)
class Figures:
    """What was measured.

    Attributes:
        floor: Strict reading, casting, one durable copy.
        identity_floor: Plain Splink with our model on the same profiles.
        rewriting: Writing the finished tables of the full build once more.
        full: One night over all dates.
        one_percent: The night of a thinned date.
        nights: Nights of whole dates; none when none was asked for.
        empties: Nights with nothing new.
        new_rows: Rows that were not known before, by run.
        sale_lines: Sale lines of the release after the full build.
        delivered_mb: What the full build was delivered.
    """

    floor: Run
    identity_floor: Run
    rewriting: Run
    full: Run
    one_percent: Run
    nights: list[Run]
    empties: list[Run]
    new_rows: dict[str, int]
    sale_lines: int
    delivered_mb: float


def costs(run: Run) -> dict[str, float]:
    """Return what a night spent on dbt, Great Expectations, Dagster and each step."""
    steps = run.steps
    groups = {"dbt": "dbt", "great_expectations": "check", "dagster": "start"}
    spent = {
        group: sum(steps[step] for step in steps if step.startswith(opening))
        for group, opening in groups.items()
    }
    spent["dagster"] += steps["between the steps"]
    return spent | steps


def rounded(values: dict[str, float], digits: int = 2) -> dict[str, float]:
    """Return the values as they are printed."""
    return {name: round(value, digits) for name, value in values.items()}


def ratios(figures: Figures) -> dict[str, float]:
    """Return each run against its floor, or against the full build.

    `full_to_floor` holds all of the night but its `identify` against the floor without
    identity, `identify_to_splink` that step against its own, `full_to_floors` all of it
    against both. The last part of identity's floor starts no Python, as the step does.
    `rewriting_to_floor` says what writing the finished tables alone takes; no build
    that leaves them can be nearer to the floor.
    """
    full, floor = figures.full.seconds, figures.floor.seconds
    rewriting = figures.rewriting
    identify = figures.full.steps.get(IDENTIFY, 0.0)
    splink = _told(figures.identity_floor)
    cpu = figures.full.cpu_seconds
    one, empty = figures.one_percent, middle(figures.empties)
    found = {
        "full_to_floor": (full - identify) / floor,
        "identify_to_splink": identify / splink,
        "full_to_floors": full / (floor + splink),
        "full_cpu_to_floor_cpu": cpu / figures.floor.cpu_seconds,
        "full_to_rewriting": (full - identify) / rewriting.seconds,
        "rewriting_to_floor": rewriting.seconds / floor,
        "rewriting_cpu_to_floor_cpu": rewriting.cpu_seconds / figures.floor.cpu_seconds,
        "one_percent_night_to_full": one.seconds / full,
        "one_percent_night_to_full_cpu": one.cpu_seconds / cpu,
        "empty_to_full": empty.seconds / full,
        "empty_to_full_cpu": empty.cpu_seconds / cpu,
    }
    if figures.nights:
        found["median_night_to_full"] = middle(figures.nights).seconds / full
    return rounded(found, 3)


def _told(splink: Run) -> float:
    return float(json.loads(splink.said.splitlines()[-1])["seconds"])


def report(figures: Figures, *, customers: int, days: int) -> dict[str, Any]:
    """Return the figures as the benchmark's one line of JSON."""
    runs = {
        "floor": figures.floor,
        "identity_floor": figures.identity_floor,
        "rewriting": figures.rewriting,
        "full": figures.full,
        "one_percent_night": figures.one_percent,
        "empty": middle(figures.empties),
    }
    if figures.nights:
        runs["median_night"] = middle(figures.nights)
    nights = [name for name in runs if name in ("full", "one_percent_night")]
    nights += ["median_night"] if figures.nights else []
    rows = figures.new_rows
    return {
        "benchmark": "night",
        "size": {
            "customers": customers,
            "days": days,
            "sale_lines": figures.sale_lines,
            "new_rows": rows,
            "one_percent_night_pct": round(100 * rows["one_percent"] / rows["full"], 2),
            "delivered_mb": round(figures.delivered_mb, 1),
            "rewritten": json.loads(figures.rewriting.said),
        },
        "ratios": ratios(figures),
        "seconds": rounded({name: each.seconds for name, each in runs.items()})
        | {"splink_alone": round(_told(figures.identity_floor), 2)}
        | {f"{name}_steps": rounded(costs(runs[name])) for name in nights},
        "cpu_seconds": rounded({name: each.cpu_seconds for name, each in runs.items()})
        | {f"{name}_steps": rounded(runs[name].step_cpus) for name in nights},
        "peak_mb": rounded({name: each.peak_mb for name, each in runs.items()}, 0)
        | {f"{name}_steps": rounded(runs[name].step_peaks, 0) for name in nights},
    }
