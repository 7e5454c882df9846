"""What a night costs, held against the floor that is measured in the same run.

A full build (one night over all dates), further single nights, and nights with nothing
new; each in a process of its own, whose wall time and peak memory the system reports.
The peak is that of the largest process, not a sum over processes. The floor is
`floor.py`. The last line is one line of JSON; it is kept in `var/benchmarks/` too.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from plan import plan_of

from warehouse.company import read_company
from warehouse.settings import PROJECT_ROOT, Settings

HISTORY = PROJECT_ROOT / "var" / "benchmarks" / "night.jsonl"


@dataclass(frozen=True)
class Size:
    """What is asked for: how much data, and how often each thing is measured."""

    customers: int
    days: int
    lines: int
    nights: int
    repeats: int


@dataclass(frozen=True)
class Run:
    """One process: how long it took, how much memory, what it printed."""

    seconds: float
    peak_mb: float
    said: str

    @property
    def steps(self) -> dict[str, float]:
        """Return what each step of a night took, and what lay between the steps."""
        steps: dict[str, float] = json.loads(self.said)["steps"]
        return steps | {"between the steps": self.seconds - sum(steps.values())}


def say(message: str) -> None:
    """Tell how far the benchmark is, beside its result."""
    print(message, file=sys.stderr, flush=True)


def run(command: list[str], home: Path) -> Run:
    """Run a command to its end and measure it.

    Raises:
        SystemExit: The command failed; what it said is shown.
    """
    environment = os.environ | {
        "CLIENTELE_HOME": str(home),
        "CLIENTELE_COMPANY": "demo",
    }
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        started = time.monotonic()
        process = subprocess.Popen(  # noqa: S603
            command, cwd=PROJECT_ROOT, env=environment, stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}\n{output.read()}\n{errors.read()}")
        return Run(seconds, usage.ru_maxrss / 1024, output.read())


def clientele(home: Path, *arguments: str) -> Run:
    """Run the command of the house."""
    return run([str(Path(sys.executable).with_name("clientele")), *arguments], home)


def middle(runs: list[Run]) -> Run:
    """Return the run of the median time."""
    return sorted(runs, key=lambda each: each.seconds)[len(runs) // 2]


def floor(settings: Settings, repeats: int) -> Run:
    """Measure the floor on all that waits; the median of a few."""
    home = settings.home
    plan, copy = home / "plan.json", home / "floor.duckdb"
    tables = plan_of(read_company(settings).sources, settings.places.landing)
    plan.write_text(json.dumps(tables), encoding="utf-8")
    script = Path(__file__).with_name("floor.py")
    found = []
    for _ in range(repeats):
        copy.unlink(missing_ok=True)
        found.append(run([sys.executable, str(script), str(plan), str(copy)], home))
        say(f"  floor                {found[-1].seconds:8.1f} s")
    return middle(found)


def sale_lines(settings: Settings) -> int:
    """Count the sale lines of the current release."""
    release = settings.places.current.resolve()
    with duckdb.connect(str(release / "marts.duckdb"), read_only=True) as connection:
        (count,) = connection.sql(
            "select count(*) from behavioural.fct_sale"
        ).fetchall()[0]
    return int(count)


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    floor: Run
    full: Run
    nights: list[Run]
    empties: list[Run]
    sale_lines: int
    delivered_mb: float


def deliveries(settings: Settings, size: Size) -> list[Path]:
    """Make deliveries; lay the last dates aside and return where they lie."""
    days = size.days + size.nights
    lines = max(1, round(size.lines * days / size.days))
    say(f"{size.customers:,} customers, {size.days} dates and {size.nights} more")
    asked = {"--customers": size.customers, "--days": days, "--lines": lines}
    options = [str(part) for option in asked.items() for part in option]
    clientele(settings.home, "demo", *options)
    held = settings.home / "held"
    held.mkdir()
    dates = sorted(settings.places.landing.glob("*-*-*"))[-size.nights :]
    return [date.rename(held / date.name) for date in dates]


def measure(settings: Settings, size: Size) -> Figures:
    """Run the floor and the nights, one after the other."""
    home, landing = settings.home, settings.places.landing
    held = deliveries(settings, size)
    delivered = sum(f.stat().st_size for f in landing.rglob("*") if f.is_file())
    bottom = floor(settings, size.repeats)
    full = clientele(home, "night", "--json")
    say(f"  full build           {full.seconds:8.1f} s")
    sold = sale_lines(settings)
    nights = []
    for date in held:
        date.rename(landing / date.name)
        nights.append(clientele(home, "night", "--json"))
        say(f"  night {date.name}     {nights[-1].seconds:8.1f} s")
    empties = [clientele(home, "night", "--json") for _ in range(size.repeats)]
    say(f"  nothing new          {middle(empties).seconds:8.1f} s")
    return Figures(bottom, full, nights, empties, sold, delivered / 1e6)


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


def report(figures: Figures, size: Size) -> dict[str, Any]:
    """Return the figures as the benchmark's one line of JSON."""
    night, empty = middle(figures.nights), middle(figures.empties)
    runs = {"floor": figures.floor, "full": figures.full} | {
        "median_night": night,
        "empty": empty,
    }
    seconds: dict[str, Any] = {
        name: round(each.seconds, 2) for name, each in runs.items()
    }
    for name in ("full", "median_night"):
        spent = costs(runs[name])
        seconds[f"{name}_steps"] = {step: round(spent[step], 2) for step in spent}
    return {
        "benchmark": "night",
        "size": {
            "customers": size.customers,
            "days": size.days,
            "sale_lines": figures.sale_lines,
            "delivered_mb": round(figures.delivered_mb, 1),
            "cores": os.cpu_count(),
        },
        "ratios": {
            "full_to_floor": round(figures.full.seconds / figures.floor.seconds, 2),
            "median_night_to_full": round(night.seconds / figures.full.seconds, 3),
            "empty_to_full": round(empty.seconds / figures.full.seconds, 3),
        },
        "seconds": seconds,
        "peak_mb": {name: round(each.peak_mb) for name, each in runs.items()},
    }


def main() -> None:
    """Measure at the size asked for and print the figures as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=30, help="dates of the full build")
    parser.add_argument("--lines", type=int, default=20, help="sale lines a customer")
    parser.add_argument("--nights", type=int, default=3, help="single nights after it")
    parser.add_argument(
        "--repeats", type=int, default=3, help="of floor and empty night"
    )
    parser.add_argument("--home", type=Path, help="where to keep the data afterwards")
    asked = vars(parser.parse_args())
    kept = asked.pop("home")
    size = Size(**asked)
    HISTORY.parent.mkdir(parents=True, exist_ok=True)
    home = kept or Path(tempfile.mkdtemp(dir=HISTORY.parent))
    settings = Settings(company="demo", home=home)
    try:
        figures = measure(settings, size)
    finally:
        if kept is None:
            shutil.rmtree(home)
    found = report(figures, size)
    stamped = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds")} | found
    history = kept / HISTORY.name if kept else HISTORY
    with history.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(stamped) + "\n")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
