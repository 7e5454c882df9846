"""The same marts by pandas alone and by PostgreSQL, on the same deliveries.

Makes the demo and one night over all its dates in a home of its own. The peers read
those deliveries and make a part of what the night makes, the part that can be made
without the house: versions of the customers behind whom one card of the loyalty system
stands and nothing else, by seven attributes; every sale line with its customer, the
version of that moment, product, local date and amounts; and their sums by day, month,
quarter and year, category, channel and currency. They are given which record is which
customer, for identity has a peer of its own. They keep no archive and no history, check
nothing, quarantine nothing but drop what they cannot read, weigh no source against
another, change no currency, and make none of the other hundred tables. What they make
must be what our release says, row by row, or the benchmark fails. The last line is one
line of JSON; it is kept in `var/benchmarks/` too.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import duckdb
import psutil
from history import keep
from homes import lent
from peer_answers import differences, prepare
from peer_postgres import results
from peer_postgres import script as script_of
from postgres_server import served
from processes import Run, clientele, look_at, say, script

from warehouse.database import attach, literal
from warehouse.publication.release import current_release
from warehouse.settings import Settings

GIVEN = Template(
    """
copy (
    select
        source_name,
        source_record_id,
        customer_id,
        count(*) over (partition by customer_id) as record_count
    from marts.descriptive.bridge_customer_identity
    where known_to = timestamp '9999-12-31'
) to $file (header)
"""
)


@dataclass(frozen=True)
class Cost:
    """What one side took: wall and processor seconds, most memory of all processes."""

    seconds: float
    cpu_seconds: float
    peak_mb: float

    @staticmethod
    def of(ran: Run) -> "Cost":
        """Take it from a run."""
        return Cost(ran.seconds, ran.cpu_seconds, ran.peak_mb)


def released(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open a session in which the current release is in use; close it.

    Raises:
        SystemExit: There is no release.
    """
    release = current_release(settings)
    if release is None:
        raise SystemExit("Nothing is published: there is nothing to compare with.")
    connection = duckdb.connect()
    attach(connection, release.marts, alias="marts")
    connection.execute("use marts")
    return connection


def give(settings: Settings, file: Path) -> None:
    """Write which record is which customer, for the peers."""
    with released(settings) as connection:
        connection.execute(GIVEN.substitute(file=literal(str(file))))


def by_pandas(landing: Path, given: Path, folder: Path) -> Cost:
    """Make the marts in a process of its own, the start of Python included."""
    paths = map(str, (landing, given, folder))
    return Cost.of(script("peer_pandas.py", *paths, home=folder))


def by_postgres(landing: Path, given: Path, folder: Path) -> Cost:
    """Make the marts in a server that was started before; write them out after."""
    with served() as server:
        root = psutil.Process(server.process.popen.pid)
        before = look_at(root, 0.0)
        started, own = time.monotonic(), time.process_time()
        ran = server.run(script_of(landing, given, folder))
        seconds, own = time.monotonic() - started, time.process_time() - own
        after = look_at(root, 0.0)
        server.run(results(folder))
        most = max(look.mb for look in (*server.process.looks, after))
    spent = after.cpu_seconds - before.cpu_seconds + ran.cpu_seconds + own
    return Cost(seconds, spent, most + ran.peak_mb)


def beside(
    settings: Settings, folder: Path, peers: Sequence[str] = ("pandas", "postgres")
) -> tuple[dict[str, Cost], dict[str, int]]:
    """Make the marts by the peers beside a house whose night is done.

    Args:
        settings: The house, whose deliveries still lie in its landing folder.
        folder: Where the peers may write.
        peers: Who is to make them.

    Returns:
        What each cost, and how many rows each mart has.

    Raises:
        SystemExit: A peer made other rows than ours.
    """
    given = folder / "given.csv"
    give(settings, given)
    costs = {}
    for name in peers:
        suffix, make = PEERS[name]
        costs[name] = make(settings.places.landing, given, folder)
        say(f"  {name:<20} {costs[name]}")
        rows = held_against(settings, folder, suffix)
        wrong = {table: each for table, each in rows.items() if any(each[1:])}
        if wrong or not all(each[0] for each in rows.values()):
            raise SystemExit(f"{name} made other rows: ours, lacking, beside {rows}")
    return costs, {table: each[0] for table, each in rows.items()}


def held_against(
    settings: Settings, folder: Path, suffix: str
) -> dict[str, tuple[int, int, int]]:
    """Compare one peer's files with the release."""
    with released(settings) as connection:
        prepare(connection)
        return differences(connection, folder, suffix)


PEERS = {"pandas": ("parquet", by_pandas), "postgres": ("csv", by_postgres)}
"""Of each peer, how its files end, and how it makes them."""


def measured(home: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Make the deliveries, the night, and the peers' marts."""
    settings = Settings(company="demo", home=home)
    size = (f"--customers={asked.customers}", f"--days={asked.days}")
    clientele(home, "demo", *size, f"--lines={asked.lines}")
    night = Cost.of(clientele(home, "night", "--json"))
    say(f"  night                {night}")
    folder = home / "peers"
    folder.mkdir()
    costs, rows = beside(settings, folder)
    return report(asked, {"night": night, **costs}, rows)


def report(
    asked: argparse.Namespace, costs: dict[str, Cost], rows: dict[str, int]
) -> dict[str, Any]:
    """Return the figures as the benchmark's one line of JSON."""
    night = costs["night"]
    return {
        "benchmark": "peers",
        "size": {
            "customers": asked.customers,
            "days": asked.days,
            "rows": rows,
        },
        "ratios": {
            "night_to_pandas": round(night.seconds / costs["pandas"].seconds, 2),
            "night_to_postgres": round(night.seconds / costs["postgres"].seconds, 2),
        },
        "seconds": {name: round(each.seconds, 2) for name, each in costs.items()},
        "cpu_seconds": {
            name: round(each.cpu_seconds, 2) for name, each in costs.items()
        },
        "peak_mb": {name: round(each.peak_mb) for name, each in costs.items()},
    }


def main() -> None:
    """Measure at the size asked for and print the figures as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=10, help="dates of the night")
    parser.add_argument("--lines", type=int, default=20, help="sale lines a customer")
    parser.add_argument("--home", type=Path, help="where to keep the data afterwards")
    asked = parser.parse_args()
    with lent(asked.home) as home:
        keep(measured(home, asked), asked.home)


if __name__ == "__main__":
    main()
