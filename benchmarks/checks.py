"""What the checks cost of a night, and whether they see a delivery that lost its half.

A night over all dates but one, then the night of the last date, in which half of the
survey's answers are missing; by then every daily table has a history to be held
against. What the checks cost is held against the same night's whole time. The last line
is one line of JSON; it is kept in `var/benchmarks/` too.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import duckdb
from history import keep
from night import Size, deliveries
from processes import Run, clientele, say

from warehouse.settings import Settings

HALVED = "survey/answers_*.csv"
FOUND = """
select stage, severity, outcome, count(*)
from quality.fct_check_result
where checked_at in (
    select max(checked_at) from quality.fct_check_result group by stage
)
group by stage, severity, outcome
order by all
"""
UNUSUAL = """
select table_name, check_name, is_passed
from quality.fct_check_result
where
    stage = 'door'
    and checked_at = (
        select max(checked_at) from quality.fct_check_result where stage = 'door'
    )
    and regexp_matches(check_name, '^(volume|blanks|mix)_(is|are)_usual')
"""


def halve(date: Path) -> None:
    """Leave out the second half of the survey's answers of a date."""
    [file] = date.glob(HALVED)
    header, *lines = file.read_text("utf-8").splitlines(keepends=True)
    kept = lines[: len(lines) // 2]
    file.write_text("".join([header, *kept]), "utf-8")


def checking(run: Run) -> float:
    """Return the seconds that doors and gate took of a night."""
    return sum(taken for step, taken in run.steps.items() if step.startswith("check"))


def asked(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    """Ask the current release."""
    marts = settings.places.current.resolve() / "marts.duckdb"
    with duckdb.connect(str(marts), read_only=True) as connection:
        return connection.execute(query).fetchall()


def measured(settings: Settings, size: Size) -> dict[str, Any]:
    """Run both nights and tell what their checks cost and found."""
    [last] = deliveries(settings, size)
    full = clientele(settings.home, "night", "--json")
    say(f"  full build {full.seconds:8.1f} s, of it checks {checking(full):.1f} s")
    halve(last)
    last.rename(settings.places.landing / last.name)
    night = clientele(settings.home, "night", "--json")
    say(f"  a night    {night.seconds:8.1f} s, of it checks {checking(night):.1f} s")
    judged = asked(settings, UNUSUAL)
    alarms = sorted(f"{table} {check}" for table, check, ok in judged if not ok)
    found = asked(settings, FOUND)
    return {
        "benchmark": "checks",
        "size": {
            "customers": size.customers,
            "dates": size.days + 1,
            "checks": sum(count for *_, count in found),
            "judged_by_history": len(judged),
        },
        "ratios": {
            "checks_to_full": round(checking(full) / full.seconds, 3),
            "checks_to_night": round(checking(night) / night.seconds, 3),
        },
        "seconds": {
            "full": round(full.seconds, 2),
            "full_checks": round(checking(full), 2),
            "night": round(night.seconds, 2),
            "night_checks": round(checking(night), 2),
        },
        "peak_mb": {"full": round(full.peak_mb), "night": round(night.peak_mb)},
        "alarms": alarms,
        "results": {" ".join(map(str, key)): count for *key, count in found},
    }


def main() -> None:
    """Measure, and print one line of JSON at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--days", type=int, default=16)
    parser.add_argument("--lines", type=int, default=20)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    size = Size(options.customers, options.days, options.lines, nights=1, repeats=1)
    with tempfile.TemporaryDirectory(prefix="clientele-checks-") as temporary:
        home = options.home or Path(temporary)
        found = measured(Settings(company="demo", home=home), size)
    keep(found, options.home)


if __name__ == "__main__":
    main()
