"""The benchmarks run at any size, and end with one line of JSON."""

import json
import subprocess
import sys
from pathlib import Path

from house import House

from warehouse.settings import PROJECT_ROOT

SMALL = {"customers": 1000, "days": 2, "lines": 5, "nights": 1, "repeats": 1}


def test_the_benchmark_of_a_night_reports_its_ratios(tmp_path: Path) -> None:
    """Floor, full build, a further night and an empty one are measured in one run."""
    options = [f"--{name}={value}" for name, value in SMALL.items()]
    result = subprocess.run(  # noqa: S603
        [sys.executable, "benchmarks/night.py", *options, f"--home={tmp_path}"],
        cwd=PROJECT_ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert found["benchmark"] == "night"
    assert found["size"]["sale_lines"] > 0
    assert set(found["ratios"]) == {
        "full_to_floor",
        "median_night_to_full",
        "empty_to_full",
    }
    assert found["ratios"]["empty_to_full"] < found["ratios"]["median_night_to_full"]
    assert set(found["peak_mb"]) == {"floor", "full", "median_night", "empty"}


def test_the_benchmark_of_aggregates_holds_them_against_facts(
    demo_night: House,
) -> None:
    """Every aggregate has its ratio; tables and models stand beside it."""
    result = subprocess.run(
        [sys.executable, "benchmarks/aggregates.py", "--repeats=1"],
        cwd=PROJECT_ROOT,
        env=demo_night.environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert found["benchmark"] == "aggregates"
    assert found["ratios"]["agg_sales"] > 0
    assert found["rows"]["behavioural.fct_sale"] == found["size"]["sale_lines"] > 0
    assert found["seconds"]["models"]["behavioural.fct_sale"] > 0
