"""Who is who, held against plain Splink in the same run, where the truth is known.

For the demo at two sizes, for FEBRL 3 and 4 and for any file with a column of truth:
precision, recall and F1 by pairs of records and by whole clusters, seconds and peak
memory, ours and plain Splink's. Plain Splink compares the same columns of the same
profiles, blocked by the same rules, with parameters from its own training, at the
threshold that the truth likes best. Ours is all of `identify` (profiles, blocking,
scores, guards, clusters, ids and the log) at its own threshold; with the models that
ship for the demo, and with models learnt in the same run for everything else. The
floor of the demo is plain Splink with the models that ship (`same_model.py`).

The last line is one line of JSON; it is kept in `var/benchmarks/` too.
"""

import argparse
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import duckdb
from agreement import Agreement, agreement
from history import keep
from homes import lent
from identity_homes import (
    FEBRL_FILES,
    RECORDS_PER_CUSTOMER,
    Case,
    copy_of,
    demo_case,
    febrl_case,
    file_case,
    next_night,
)
from our_identity import settings_of
from plain_splink import WEIGHTS
from processes import Run, say, script

from warehouse.database import literal

TRUTH = Template(
    """
create or replace temp table truth as
select record.record, truth.truth as cluster
from $record as record
inner join $truth as truth using (source_name, source_record_id)
"""
)
OURS = Template(
    """
create or replace temp table found as
select record.record, max_by(log.customer_id, log.load_id) as cluster
from archive.identity.link_change as log
inner join $record as record using (source_name, source_record_id)
group by record.record
"""
)


@dataclass(frozen=True)
class Told:
    """What a task told of itself: how long it took, and its peak of memory."""

    seconds: float
    peak_mb: int

    @staticmethod
    def of(ran: Run) -> "Told":
        """Read its last line: its time is without the start of Python."""
        last = json.loads(ran.said.splitlines()[-1])
        return Told(last["seconds"], last["peak_mb"])


@dataclass
class Figures:
    """What was measured of one case.

    Attributes:
        records: How many records were identified.
        ours: How far our clusters agree with the truth.
        plain: How far plain Splink's do, at the best of its thresholds.
        weight: That threshold, in bits.
        seconds: What each part took.
        peak_mb: Peak memory of each process.
        night_share: How many records the further night touched, as a share of all.
    """

    records: int
    ours: Agreement
    plain: Agreement
    weight: int
    seconds: dict[str, float]
    peak_mb: dict[str, int]
    night_share: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)

    def report(self) -> dict[str, Any]:
        """Return the figures as they are printed."""
        return {
            "records": self.records,
            "ours": self.ours.figures(),
            "plain_splink": self.plain.figures() | {"weight": self.weight},
            "plain_splink_steps": self.steps,
            "night_share": round(self.night_share, 4),
        }


def parquet(path: Path) -> str:
    """Return a Parquet file as SQL reads it."""
    return f"read_parquet({literal(str(path))})"


def our_agreement(case: Case, folder: Path) -> Agreement:
    """Hold the clusters of the archive against the truth."""
    record = parquet(folder / "record.parquet")
    archive = literal(str(settings_of(case.home).places.archive))
    with duckdb.connect() as connection:
        connection.execute(f"attach {archive} as archive (read_only)")
        connection.execute(TRUTH.substitute(record=record, truth=parquet(case.truth)))
        connection.execute(OURS.substitute(record=record))
        return agreement(connection, found="found", truth="truth")


def plain_agreement(case: Case, folder: Path) -> tuple[Agreement, int]:
    """Return plain Splink's agreement at the threshold that makes it best."""
    record = parquet(folder / "record.parquet")
    found = {}
    with duckdb.connect() as connection:
        connection.execute(TRUTH.substitute(record=record, truth=parquet(case.truth)))
        for weight in WEIGHTS:
            clusters = str(folder / f"plain_*_{weight}.parquet")
            connection.read_parquet(clusters, filename=True).project(
                "record, concat(filename, cluster) as cluster"
            ).create_view("found", replace=True)
            found[weight] = agreement(connection, found="found", truth="truth")
    best = max(WEIGHTS, key=lambda weight: (found[weight].pairs.f1, weight))
    return found[best], best


def trained_models(case: Case, folder: Path) -> tuple[list[str], float]:
    """Learn models where a case asks for its own; return them and the seconds."""
    if not case.is_trained:
        return [], 0.0
    models, seconds = [], 0.0
    for profiles in sorted(folder.glob("profile_*.parquet")):
        kind = profiles.stem.removeprefix("profile_")
        model = folder / f"{kind}-own.json"
        ran = script(
            "our_identity.py", "train", str(folder), kind, str(model), home=case.home
        )
        seconds += Told.of(ran).seconds
        models.append(str(model))
    return models, seconds


def measure(case: Case, folder: Path) -> Figures:
    """Identify a case in both ways."""
    profiles = folder / f"profiles_{case.home.name}"
    profiles.mkdir()
    copied = str(copy_of(case, profiles))
    script("our_identity.py", "profile", copied, str(profiles), home=case.home)
    shutil.rmtree(copied)
    script("plain_splink.py", str(profiles), home=case.home)
    steps = json.loads((profiles / "plain.json").read_text(encoding="utf-8"))
    best, weight = plain_agreement(case, profiles)
    plain_seconds = steps["train"] + steps["predict"] + steps[f"cluster {weight}"]
    say(f"  plain Splink         {plain_seconds:8.1f} s  {best.figures()['pairs']}")
    models, training = trained_models(case, profiles)
    home = str(case.home)
    full = Told.of(script("our_identity.py", "identify", home, *models, home=case.home))
    ours = our_agreement(case, profiles)
    seconds = {"plain_splink": plain_seconds, "full": full.seconds + training}
    peaks = {"plain_splink": steps.pop("peak_mb"), "full": full.peak_mb}
    if not case.is_trained:
        same = Told.of(script("same_model.py", str(profiles), home=case.home))
        seconds["same_model"], peaks["same_model"] = same.seconds, same.peak_mb
    say(f"  ours                 {seconds['full']:8.1f} s  {ours.figures()['pairs']}")
    figures = Figures(ours.records, ours, best, weight, seconds, peaks, steps=steps)
    if case.held:
        one_night(case, figures)
    return figures


def one_night(case: Case, figures: Figures) -> None:
    """Identify a further night, and add what it took."""
    before = _rows(case)
    next_night(case)
    night = Told.of(
        script("our_identity.py", "identify", str(case.home), home=case.home)
    )
    figures.seconds["night"] = night.seconds
    figures.peak_mb["night"] = night.peak_mb
    figures.night_share = (_rows(case) - before) / max(before, 1)
    say(
        f"  night                {figures.seconds['night']:8.1f} s"
        f"  {figures.night_share:.2%} more"
    )


def _rows(case: Case) -> int:
    work = str(settings_of(case.home).places.work)
    with duckdb.connect(work, read_only=True) as connection:
        (rows,) = connection.table("input.input_party").count("*").fetchall()[0]
        return int(rows)


def report(found: dict[str, Figures]) -> dict[str, Any]:
    """Return the figures as the benchmark's one line of JSON."""
    ratios: dict[str, dict[str, float]] = {}
    for name, each in found.items():
        spent = each.seconds
        ratios[name] = {
            "f1_to_plain_splink": round(each.ours.pairs.f1 / each.plain.pairs.f1, 4),
            "full_to_plain_splink": round(spent["full"] / spent["plain_splink"], 3),
        }
        if "same_model" in spent:
            ratios[name]["full_to_same_model"] = round(
                spent["full"] / spent["same_model"], 3
            )
        if "night" in spent:
            ratios[name]["one_percent_night_to_full"] = round(
                spent["night"] / spent["full"], 3
            )
    return {
        "benchmark": "identity",
        "size": {name: each.report() for name, each in found.items()},
        "ratios": ratios,
        "seconds": {
            name: {part: round(spent, 2) for part, spent in each.seconds.items()}
            for name, each in found.items()
        },
        "peak_mb": {name: each.peak_mb for name, each in found.items()},
    }


def cases(asked: argparse.Namespace, folder: Path) -> list[Case]:
    """Make what was asked for ready to be identified."""
    made = [febrl_case(folder, name) for name in asked.febrl]
    if asked.file:
        made.append(file_case(folder, asked.file, asked.truth))
    for records in asked.records:
        made.append(demo_case(folder, round(records / RECORDS_PER_CUSTOMER)))
    return made


def options() -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        *("--records", "-r"),
        type=int,
        nargs="*",
        default=[100_000, 1_000_000],
        help="sizes of the demo, in records",
    )
    parser.add_argument("--febrl", nargs="*", default=list(FEBRL_FILES))
    parser.add_argument("--file", type=Path, help="a CSV or Parquet file of persons")
    parser.add_argument("--truth", help="its column that says who is who")
    parser.add_argument("--home", type=Path, help="where to keep the data afterwards")
    return parser.parse_args()


def main() -> None:
    """Measure what is asked for and print the figures as one line of JSON."""
    asked = options()
    found = {}
    with lent(asked.home) as folder:
        for case in cases(asked, folder):
            say(case.name)
            found[case.name] = measure(case, folder)
        keep(report(found), asked.home)


if __name__ == "__main__":
    main()
