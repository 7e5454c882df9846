"""Makes the models that ship, and holds them against customers they never saw.

`make` makes the demo of the training seed, receives it, lets `identify` make its
profiles, and trains both models on them into the folder that ships. `judge` makes the
demo of other seeds, identifies it with the models that ship, and prints precision and
recall of pairs of records: of the models alone, from several thresholds on, and of all
of `identify` (keys, guards, clusters), by kind of party and pair of sources. The last
line is one line of JSON.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

import duckdb
from agreement import Share
from identity import OURS, parquet
from identity_homes import Case, copy_of, demo_case
from our_identity import settings_of
from processes import say, script

from warehouse.database import literal
from warehouse.identity.matching import score, shipped
from warehouse.identity.matching.artefact import SHIPPED
from warehouse.identity.matching.shipping import FOLDER, make_shipped

TRAINED_ON, HELD_OUT = 7, (1, 2)
CUSTOMERS, HELD_OUT_CUSTOMERS = 80_000, 20_000
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99)

KNOWN = Template(
    """
create or replace temp table known as
select found.record, found.cluster, truth.truth, record.source_name, profile.party_kind
from found
inner join $record as record using (record)
inner join $truth as truth using (source_name, source_record_id)
inner join (select distinct record, party_kind from profile) as profile using (record)
"""
)
TOGETHER = Template(
    """
create or replace temp table $table as
select one.record as low, other.record as high
from known as one
inner join known as other using ($column, party_kind)
where one.record < other.record
"""
)
ALONE = Template(
    """
create or replace temp table alone as
select
    least(one.record, other.record) as low,
    greatest(one.record, other.record) as high,
    max(match_probability) as match_probability
from scored
inner join profile as one on one.state = left_state
inner join profile as other on other.state = right_state
group by all
"""
)
COUNTS = Template(
    """
with compared as (
    select
        coalesce(found.low, belong.low) as low,
        coalesce(found.high, belong.high) as high,
        found.low is not null as is_found,
        belong.low is not null as is_true
    from $found as found
    full join belong using (low, high)
),

named as (
    select
        is_found,
        is_true,
        one.party_kind,
        concat_ws(
            ' and ',
            least(one.source_name, other.source_name),
            greatest(one.source_name, other.source_name)
        ) as sources
    from compared
    inner join known as one on one.record = low
    inner join known as other on other.record = high
)

select
    concat_ws(', ', coalesce(party_kind, 'all'), sources),
    count_if(is_found and is_true),
    count_if(is_found),
    count_if(is_true)
from named
group by grouping sets ((), (party_kind), (party_kind, sources))
order by party_kind nulls first, sources nulls first
"""
)


def profiles_of(case: Case, folder: Path) -> Path:
    """Let `identify` write what it compares, and return the folder that it is in."""
    profiles = folder / f"profiles_{case.home.name}"
    shutil.rmtree(profiles, ignore_errors=True)
    profiles.mkdir()
    copied = str(copy_of(case, profiles))
    script("our_identity.py", "profile", copied, str(profiles), home=case.home)
    shutil.rmtree(copied)
    return profiles


def make(folder: Path, *, seed: int, customers: int, target: Path) -> None:
    """Train the models that ship."""
    profiles = profiles_of(demo_case(folder, customers, seed=seed), folder)
    make_shipped(profiles / "profile_*.parquet", target)


def judge(folder: Path, *, seed: int, customers: int) -> dict[str, Any]:
    """Hold the models that ship, and all of `identify`, against the truth."""
    case = demo_case(folder, customers, seed=seed)
    profiles = profiles_of(case, folder)
    script("our_identity.py", "identify", str(case.home), home=case.home)
    archive = literal(str(settings_of(case.home).places.archive))
    record = parquet(profiles / "record.parquet")
    with duckdb.connect() as connection:
        connection.execute(f"attach {archive} as archive (read_only)")
        connection.read_parquet(str(profiles / "profile_*.parquet")).create("profile")
        connection.execute(OURS.substitute(record=record))
        connection.execute(KNOWN.substitute(record=record, truth=parquet(case.truth)))
        connection.execute(TOGETHER.substitute(table="belong", column="truth"))
        connection.execute(TOGETHER.substitute(table="together", column="cluster"))
        return {
            "identify": dict(shares(connection, "together")),
            "models alone": alone(connection),
        }


def alone(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Count the links that the models would make, without keys and guards."""
    figures: dict[str, Any] = {}
    for kind in SHIPPED:
        score(connection, shipped(kind), new="profile", everyone="profile")
        connection.execute(ALONE.substitute())
        for least in THRESHOLDS:
            connection.table("alone").filter(
                f"match_probability >= {least}"
            ).create_view("linked", replace=True)
            found = dict(shares(connection, "linked"))
            figures[f"{kind}, from {least}"] = found[kind]
    return figures


def shares(
    connection: duckdb.DuckDBPyConnection, found: str
) -> Iterator[tuple[str, dict[str, float]]]:
    """Return precision, recall and F1, by kind of party and pair of sources."""
    for name, *counted in connection.execute(COUNTS.substitute(found=found)).fetchall():
        share = Share(*counted)
        yield name, share.figures() | {"found": share.found, "true": share.true}


def options() -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=("make", "judge"))
    parser.add_argument("--customers", type=int, help="size of the demo")
    parser.add_argument("--seeds", type=int, nargs="*", help="seeds of the demo")
    parser.add_argument("--target", type=Path, default=FOLDER, help="where models go")
    parser.add_argument("--home", type=Path, help="where to keep the data afterwards")
    return parser.parse_args()


def main() -> None:
    """Do what is asked for."""
    asked = options()
    folder = (asked.home or Path(tempfile.mkdtemp())).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    figures = {}
    try:
        if asked.task == "make":
            [seed] = asked.seeds or [TRAINED_ON]
            customers = asked.customers or CUSTOMERS
            make(folder, seed=seed, customers=customers, target=asked.target)
        for seed in (asked.seeds or HELD_OUT) if asked.task == "judge" else ():
            customers = asked.customers or HELD_OUT_CUSTOMERS
            figures[seed] = judge(folder, seed=seed, customers=customers)
            for part, found in figures[seed].items():
                for name, each in found.items():
                    say(f"seed {seed}, {part}, {name}: {each}")
    finally:
        if not asked.home:
            shutil.rmtree(folder)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
