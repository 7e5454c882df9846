"""What a night costs, held against the floors that are measured in the same run.

A full build (one night over all dates), a night with one per cent new, nights of whole
dates, and nights with nothing new; each in a process of its own. The floor of the night
is `floor.py`, that of identity `same_model.py`; `rewriting.py` writes the tables of the
full build once more. The one per cent is the first rows of
each delivery of a further date (`thinning.py`). The last line is one line of JSON; it
is kept in `var/benchmarks/` too.
"""

import argparse
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
from history import keep
from homes import lent, remove
from night_report import Figures, report
from plan import plan_of
from processes import Run, clientele, middle, say, script
from thinning import thin

from warehouse.company import read_company
from warehouse.settings import Settings

ONE_PER_CENT = 0.01


@dataclass(frozen=True)
class Size:
    """What is asked for: how much data, and how often each thing is measured."""

    customers: int
    days: int
    lines: int
    nights: int
    repeats: int


def floor(settings: Settings, repeats: int) -> list[Run]:
    """Measure the floor on all that waits, a few times."""
    home = settings.home
    plan, copy = home / "plan.json", home / "floor.duckdb"
    tables = plan_of(read_company(settings).sources, settings.places.landing)
    plan.write_text(json.dumps(tables), encoding="utf-8")
    found = []
    for _ in range(repeats):
        copy.unlink(missing_ok=True)
        found.append(script("floor.py", str(plan), str(copy), home=home))
        tell("floor", found[-1])
    copy.unlink()
    return found


def splink_floor(settings: Settings) -> Run:
    """Measure plain Splink with our model, beside a copy of the archive."""
    away = settings.home / "floor"
    copied = settings.model_copy(update={"home": away})
    copied.places.prepare()
    shutil.copy(settings.places.archive, copied.places.archive)
    copied.places.work.symlink_to(settings.places.work)
    for file in settings.places.secrets.iterdir():
        shutil.copy(file, copied.places.secrets)
    profiles = settings.home / "profiles"
    profiles.mkdir()
    script("our_identity.py", "afresh", str(away), str(profiles), home=away)
    remove(away)
    found = script("same_model.py", str(profiles), home=settings.home)
    remove(profiles)
    tell("plain Splink", found)
    return found


def tell(name: str, ran: Run) -> None:
    """Say how long something took."""
    say(
        f"  {name:<20} {ran.seconds:8.1f} s  {ran.cpu_seconds:8.1f} CPU s"
        f"  {ran.peak_mb:8.0f} MB"
    )


def sale_lines(settings: Settings) -> int:
    """Count the sale lines of the current release."""
    release = settings.places.current.resolve()
    with duckdb.connect(str(release / "marts.duckdb"), read_only=True) as connection:
        (count,) = connection.sql(
            "select count(*) from behavioural.fct_sale"
        ).fetchall()[0]
    return int(count)


def new_rows(night: Run) -> int:
    """Return how many rows of a night were not known before."""
    loads = json.loads(night.said)["deliveries"]
    return sum(load["rows_loaded"] for load in loads)


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


def night_of(settings: Settings, date: Path, name: str) -> Run:
    """Deliver a date that was held back, and run its night."""
    date.rename(settings.places.landing / date.name)
    ran = clientele(settings.home, "night", "--json")
    tell(name, ran)
    return ran


def measure(settings: Settings, size: Size) -> Figures:
    """Run the floors and the nights, one after the other."""
    home, landing = settings.home, settings.places.landing
    further = Size(size.customers, size.days, size.lines, size.nights + 1, size.repeats)
    first, *held = deliveries(settings, further)
    delivered = sum(f.stat().st_size for f in landing.rglob("*") if f.is_file())
    bottom = middle(floor(settings, size.repeats))
    full = clientele(home, "night", "--json")
    tell("full build", full)
    sold = sale_lines(settings)
    rows = new_rows(full)
    rewriting = script("rewriting.py", str(home), home=home)
    tell("tables again", rewriting)
    identity = splink_floor(settings)
    thin(read_company(settings).sources, first, rows=round(rows * ONE_PER_CENT))
    one = night_of(settings, first, "one per cent new")
    nights = [night_of(settings, date, f"night {date.name}") for date in held]
    empties = [clientele(home, "night", "--json") for _ in range(size.repeats)]
    tell("nothing new", middle(empties))
    return Figures(
        floor=bottom,
        identity_floor=identity,
        rewriting=rewriting,
        full=full,
        one_percent=one,
        nights=nights,
        empties=empties,
        new_rows={
            "full": rows,
            "one_percent": new_rows(one),
            "median_night": new_rows(middle(nights)) if nights else 0,
        },
        sale_lines=sold,
        delivered_mb=delivered / 1e6,
    )


def options() -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=30, help="dates of the full build")
    parser.add_argument("--lines", type=int, default=20, help="sale lines a customer")
    parser.add_argument("--nights", type=int, default=3, help="single nights after it")
    parser.add_argument(
        "--repeats", type=int, default=3, help="of floor and empty night"
    )
    parser.add_argument("--home", type=Path, help="where to keep the data afterwards")
    return parser.parse_args()


def main() -> None:
    """Measure at the size asked for and print the figures as one line of JSON."""
    asked = vars(options())
    kept = asked.pop("home")
    size = Size(**asked)
    with lent(kept) as home:
        figures = measure(Settings(company="demo", home=home), size)
        keep(report(figures, customers=size.customers, days=size.days), kept)


if __name__ == "__main__":
    main()
