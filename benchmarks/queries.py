"""How fast questions are answered: dashboards by aggregates, and the cookbook.

Reads the release at hand (`CLIENTELE_HOME`, `CLIENTELE_COMPANY`). What a page of a
dashboard asks of an aggregate (`slices.py`) has two peers in the same run: the same
slice of the question that the aggregate saves, asked of the facts, and the floor, the
same query on a table of just the needed columns, sorted (`narrow.py`). A question of
the cookbook has the floor alone. Each is asked as often as said, after a warm run; the
answers of floor and release must be the same. The last line is one line of JSON; it is
kept in `var/benchmarks/` too.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import duckdb
from aggregates import COOKBOOK, QUESTION, saved, spread
from history import keep
from memory import peak_mb
from narrow import write_narrow
from processes import say
from slices import SLICES

from warehouse.database import attach
from warehouse.publication.reading import open_release
from warehouse.publication.release import current_release
from warehouse.settings import Settings

RELEASE = "marts"
SAME = 1e-9
"""Below this, a time is not measured but rounded."""


@dataclass(frozen=True)
class Asked:
    """A question: what it is called, as it is asked, and as it is asked of facts."""

    name: str
    sql: str
    of_facts: str = ""


def dashboard(settings: Settings) -> Iterator[Asked]:
    """Yield what the pages ask of each aggregate."""
    for table, question in sorted(saved(settings).items()):
        name = table.partition(".")[2]
        if name in SLICES:
            ask = Template(SLICES[name])
            facts = f"({question})"
            yield Asked(
                name,
                ask.substitute(table=table, aggregate=table),
                ask.substitute(table=facts, aggregate=table),
            )


def cookbook() -> Iterator[Asked]:
    """Yield the questions of the cookbook."""
    for number, sql in enumerate(QUESTION.findall(COOKBOOK.read_text("utf-8")), 1):
        yield Asked(f"question {number}", sql)


def timed(
    connection: duckdb.DuckDBPyConnection, sql: str, repeats: int
) -> tuple[list[float], list[str]]:
    """Ask a question several times as readers do, after a warm run.

    Returns:
        The seconds of each, and the rows of the answer as text, in order.
    """
    rows = sorted(map(repr, connection.execute(sql).fetchall()))
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        connection.execute(sql).fetchall()
        taken.append(time.perf_counter() - started)
    return taken, rows


def floor(
    settings: Settings, asked: Asked, file: Path, repeats: int
) -> tuple[list[float], list[str]]:
    """Ask the same of tables that are narrow and sorted, in a session of their own."""
    release = current_release(settings)
    if release is None:
        raise SystemExit("There is no release: run `make night` first.")
    with duckdb.connect() as connection:
        attach(connection, release.marts, alias=RELEASE)
        connection.execute(f"use {RELEASE}")
        write_narrow(connection, asked.sql, file, release=RELEASE)
    config = {"threads": settings.threads} if settings.threads else {}
    try:
        with duckdb.connect(str(file), read_only=True, config=config) as connection:
            return timed(connection, asked.sql, repeats)
    finally:
        file.unlink()


def measured(
    settings: Settings, asked: Asked, folder: Path, repeats: int
) -> dict[str, float]:
    """Measure one question beside its peers.

    Raises:
        SystemExit: The floor answers otherwise than the release.
    """
    with open_release(settings) as connection:
        taken, rows = timed(connection, asked.sql, repeats)
        facts, of_facts = [], rows
        if asked.of_facts:
            facts, of_facts = timed(connection, asked.of_facts, max(1, repeats // 5))
    bottom, narrow = floor(settings, asked, folder / "narrow.duckdb", repeats)
    if narrow != rows or len(of_facts) != len(rows):
        raise SystemExit(
            f"{asked.name}: {len(rows)} rows of the release, {len(narrow)} of the "
            f"floor, {len(of_facts)} of the facts, and not the same"
        )
    found = {"rows": float(len(rows)), **spread(taken)}
    found["to_floor"] = ratio(found["p50"], spread(bottom)["p50"])
    if facts:
        found["facts"] = spread(facts)["p50"]
        found["facts_to_aggregate"] = ratio(found["facts"], found["p50"])
    return found


def ratio(value: float, against: float) -> float:
    """Return how many times as long the first took."""
    return round(value / max(against, SAME), 2)


def every(
    settings: Settings, questions: Sequence[Asked], folder: Path, repeats: int
) -> dict[str, dict[str, float]]:
    """Measure questions, and say each."""
    found = {}
    for asked in questions:
        found[asked.name] = measured(settings, asked, folder, repeats)
        say(f"  {asked.name:<22} {found[asked.name]}")
    return found


def report(pages: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """Return the figures as the benchmark's one line of JSON."""
    saves = [each["facts_to_aggregate"] for each in pages.values()]
    return {
        "benchmark": "queries",
        "size": {"pages": len(pages), "questions": len(answers)},
        "ratios": {
            "facts_to_aggregate_p50": spread(saves)["p50"],
            "facts_to_aggregate_least": min(saves),
            "pages_to_floor_p50": _p50(pages, "to_floor"),
            "cookbook_to_floor_p50": _p50(answers, "to_floor"),
        },
        "seconds": {
            "pages_p50": _p50(pages, "p50"),
            "pages_worst_p95": max(each["p95"] for each in pages.values()),
            "cookbook_p50": _p50(answers, "p50"),
            "cookbook_worst_p95": max(each["p95"] for each in answers.values()),
        },
        "pages": pages,
        "cookbook": answers,
        "peak_mb": peak_mb(),
    }


def _p50(found: dict[str, Any], name: str) -> float:
    return spread([each[name] for each in found.values()])["p50"]


def main() -> None:
    """Measure the release at hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20, help="times each is asked")
    parser.add_argument("--folder", type=Path, help="where to write; else a temporary")
    asked = parser.parse_args()
    settings = Settings()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        where = Path(folder)
        pages = every(settings, list(dashboard(settings)), where, asked.repeats)
        answers = every(settings, list(cookbook()), where, asked.repeats)
    keep(report(pages, answers))


if __name__ == "__main__":
    main()
