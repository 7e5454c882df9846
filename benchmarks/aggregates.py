"""What aggregates save: each asked for, and the same question asked of the facts.

Reads the release at hand (`CLIENTELE_HOME`, `CLIENTELE_COMPANY`); the question that an
aggregate saves is `meta: saves` of its yml, and a test holds the two to the same rows.
The peer of each aggregate is that question in the same session. The questions of the
cookbook are timed beside them. Beside the ratios stand the rows of every table, and the
seconds that dbt took for each model of the last night that built it.

The last line is one line of JSON; it is kept in `var/benchmarks/` too.
"""

import argparse
import json
import re
import statistics
import time
from typing import Any

import duckdb
from history import keep
from memory import peak_mb

from warehouse.publication.reading import open_release
from warehouse.settings import PROJECT_ROOT, Settings

COOKBOOK = PROJECT_ROOT / "docs" / "cookbook.md"
QUESTION = re.compile(r"^```sql\n(.*?)^```", re.M | re.S)
BUILT = re.compile(r"OK created .* model (\w+\.\w+) .*\[OK in ([\d.]+)s\]")


def seconds(connection: duckdb.DuckDBPyConnection, sql: str, repeats: int) -> float:
    """Return the median time of a query and its rows as Arrow, after a warm run."""
    taken = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        connection.sql(sql).to_arrow_table()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def saved(settings: Settings) -> dict[str, str]:
    """Return the question that each aggregate saves."""
    file = settings.places.target / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    return {
        f"{node['schema']}.{node['name']}": node["config"]["meta"]["saves"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and "saves" in node["config"]["meta"]
    }


def rows(settings: Settings) -> dict[str, int]:
    """Return the rows of each published table, from the manifest of the release."""
    file = settings.places.current.resolve() / "MANIFEST.json"
    tables = json.loads(file.read_text("utf-8"))["tables"]
    return {name: table["rows"] for name, table in tables.items()}


def built(settings: Settings) -> dict[str, float]:
    """Return the seconds that dbt took for each model, the slowest first."""
    log = (settings.places.logs / "dbt.log").read_text("utf-8")
    taken = {name: float(seconds) for name, seconds in BUILT.findall(log)}
    return dict(sorted(taken.items(), key=lambda pair: -pair[1]))


def spread(values: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile; of one value, that."""
    several = values if len(values) > 1 else values * 2
    cuts = statistics.quantiles(several, n=20, method="inclusive")
    return {"p50": round(statistics.median(values), 5), "p95": round(cuts[-1], 5)}


def measured(settings: Settings, repeats: int) -> dict[str, Any]:
    """Time every aggregate against its question, and the cookbook."""
    with open_release(settings) as connection:
        [[lines]] = connection.execute(
            "select count(*) from behavioural.fct_sale"
        ).fetchall()
        ratios, read, asked = {}, [], []
        for name, question in sorted(saved(settings).items()):
            read.append(seconds(connection, f"from {name}", repeats))
            asked.append(seconds(connection, question, repeats))
            ratios[name.partition(".")[2]] = round(asked[-1] / read[-1], 1)
            print(f"{name}: {read[-1]:.4f} s, of the facts {asked[-1]:.4f} s")
        pages = QUESTION.findall(COOKBOOK.read_text("utf-8"))
        answers = [seconds(connection, page, repeats) for page in pages]
    return {
        "benchmark": "aggregates",
        "size": {"sale_lines": lines, "aggregates": len(ratios), "pages": len(pages)},
        "ratios": {"facts_to_aggregate": spread(list(ratios.values())), **ratios},
        "seconds": {
            "aggregate": spread(read),
            "facts": spread(asked),
            "cookbook": spread(answers),
            "models": built(settings),
        },
        "rows": rows(settings),
        "peak_mb": peak_mb(),
    }


def main() -> None:
    """Measure the release at hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="Warm runs of each.")
    keep(measured(Settings(), parser.parse_args().repeats))


if __name__ == "__main__":
    main()
