"""The benchmarks run at any size, and end with one line of JSON."""

import json
import subprocess
import sys
from pathlib import Path

from house import House

from warehouse.settings import PROJECT_ROOT

SMALL = {"customers": 1000, "days": 2, "lines": 5, "nights": 0, "repeats": 1}


def test_the_benchmark_of_a_night_reports_its_ratios(tmp_path: Path) -> None:
    """Floors, full build, a night of one per cent and an empty one, in one run."""
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
    assert found["size"]["rewritten"]["rows"] > found["size"]["new_rows"]["full"]
    assert set(found["ratios"]) == {
        "full_to_floor",
        "identify_to_splink",
        "full_to_floors",
        "full_cpu_to_floor_cpu",
        "full_to_rewriting",
        "rewriting_to_floor",
        "rewriting_cpu_to_floor_cpu",
        "one_percent_night_to_full",
        "one_percent_night_to_full_cpu",
        "empty_to_full",
        "empty_to_full_cpu",
    }
    ratios = found["ratios"]
    assert ratios["empty_to_full"] < ratios["one_percent_night_to_full"]
    assert 0.5 < found["size"]["one_percent_night_pct"] < 2
    for kind in ("seconds", "cpu_seconds", "peak_mb"):
        assert found[kind]["full"] > found[kind]["empty"] > 0
        assert found[kind]["full_steps"]["dbt marts"] > 0
    [kept] = (tmp_path / "night.jsonl").read_text("utf-8").splitlines()
    assert json.loads(kept)["ratios"] == ratios


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
