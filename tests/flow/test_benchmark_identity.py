"""The benchmark of identity counts rightly, and runs at any size."""

import json
import subprocess
import sys

import duckdb
import pytest

from warehouse.settings import PROJECT_ROOT

sys.path.append(str(PROJECT_ROOT / "benchmarks"))
from agreement import Share, agreement
from shipped_models import TOGETHER, shares

FIRST = ("anna", "boris", "clara", "david", "elena", "felix", "greta", "henry")
LAST = ("abbott", "brandt", "castle", "dorsey", "eastman", "fowler", "grant")
PEOPLE = 300


def grouping(connection: duckdb.DuckDBPyConnection, name: str, clusters: str) -> None:
    """Make a table of records 1, 2, ... in the clusters that the letters name."""
    connection.execute(
        f"create table {name} as "
        "select unnest(range(1, $1 + 1)) as record, unnest($2) as cluster",
        [len(clusters), list(clusters)],
    )


@pytest.mark.parametrize(
    ("found", "truth", "pairs", "clusters"),
    [
        ("aabb", "aabb", Share(2, 2, 2), Share(2, 2, 2)),
        ("aaaa", "aabb", Share(2, 6, 2), Share(0, 1, 2)),
        ("abcd", "aabb", Share(0, 0, 2), Share(0, 4, 2)),
        ("aabc", "aaab", Share(1, 1, 3), Share(1, 3, 2)),
        ("xxyyz", "aabbb", Share(2, 2, 4), Share(1, 3, 2)),
        ("ab", "ab", Share(0, 0, 0), Share(2, 2, 2)),
    ],
)
def test_agreement_is_counted_by_pairs_and_by_clusters(
    found: str, truth: str, pairs: Share, clusters: Share
) -> None:
    """As worked out by hand; a record alone is a cluster, and no pair."""
    with duckdb.connect() as connection:
        grouping(connection, "found", found)
        grouping(connection, "truth", truth)
        counted = agreement(connection, found="found", truth="truth")
    assert (counted.pairs, counted.clusters) == (pairs, clusters)
    assert counted.records == len(truth)


def test_a_record_that_only_one_side_knows_does_not_count() -> None:
    """Neither as found nor as missed."""
    with duckdb.connect() as connection:
        grouping(connection, "found", "aab")
        grouping(connection, "truth", "aabbb")
        counted = agreement(connection, found="found", truth="truth")
    assert counted.records == 3
    assert counted.pairs == Share(1, 1, 1)


def test_precision_recall_and_f1_are_the_usual_ones() -> None:
    """Nothing found is precise, nothing true is recalled."""
    assert Share(3, 4, 6).figures() == {"precision": 0.75, "recall": 0.5, "f1": 0.6}
    assert Share(0, 0, 6).figures() == {"precision": 1.0, "recall": 0.0, "f1": 0.0}
    assert Share(0, 0, 0).figures() == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_pairs_are_counted_by_kind_of_party_and_pair_of_sources() -> None:
    """As worked out by hand; a pair is named by its sources in order."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table known (record bigint, cluster bigint, truth bigint,"
            " source_name varchar, party_kind varchar)"
        )
        connection.execute(
            "insert into known values (1, 1, 1, 'web', 'person'),"
            " (2, 1, 1, 'crm', 'person'), (3, 1, 2, 'web', 'person'),"
            " (4, 2, 2, 'web', 'person'), (5, 1, 1, 'crm', 'organisation'),"
            " (6, 1, 1, 'crm', 'organisation')"
        )
        for table, column in (("together", "cluster"), ("belong", "truth")):
            connection.execute(TOGETHER.substitute(table=table, column=column))
        counted = dict(shares(connection, "together"))
    assert {name: (each["found"], each["true"]) for name, each in counted.items()} == {
        "all": (4, 3),
        "person": (3, 2),
        "person, crm and web": (2, 1),
        "person, web and web": (1, 1),
        "organisation": (1, 1),
        "organisation, crm and crm": (1, 1),
    }
    assert counted["all"] == Share(2, 4, 3).figures() | {"found": 4, "true": 3}
    assert counted["person, web and web"]["precision"] == 0


def person(number: int, *, again: bool) -> dict[str, str]:
    """Make up a person; `again` with one thing changed, another one each time."""
    first, last = FIRST[number % len(FIRST)], LAST[number % len(LAST)]
    row = {
        "who": str(number),
        "full_name": f"{first}{number:03d} {last}",
        "birth_date": f"{1950 + number % 50}-0{1 + number % 9}-{10 + number % 18}",
        "email": f"{first}{number}@mail.example.com",
        "address_line": f"{number} Station Road",
        "city": ("London", "Leeds", "York")[number % 3],
    }
    changed = ("email", "address_line", "city")[number % 3]
    return row | {changed: f"x{row[changed]}"} if again else row


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The figures of a file of three hundred people, two thirds of them twice."""
    folder = tmp_path_factory.mktemp("benchmark")
    rows = [person(number, again=False) for number in range(PEOPLE)]
    rows += [person(number, again=True) for number in range(PEOPLE) if number % 3]
    file = folder / "people.csv"
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--records", "--febrl", f"--file={file}", "--truth=who"]
    result = subprocess.run(  # noqa: S603
        [sys.executable, "benchmarks/identity.py", *options, f"--home={folder}"],
        cwd=PROJECT_ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert len((folder / "identity.jsonl").read_text("utf-8").splitlines()) == 1
    found: dict = json.loads(result.stdout.splitlines()[-1])
    return found


def test_the_benchmark_of_identity_reports_its_ratios(figures: dict) -> None:
    """Ours and plain Splink's, of one file, in one run."""
    assert figures["benchmark"] == "identity"
    assert figures["size"]["people"]["records"] == PEOPLE + PEOPLE * 2 // 3
    assert set(figures["ratios"]["people"]) == {
        "f1_to_plain_splink",
        "full_to_plain_splink",
    }
    assert set(figures["peak_mb"]["people"]) == {"plain_splink", "full"}


def test_easy_people_are_found_by_both(figures: dict) -> None:
    """Else one of them was not wired up."""
    for side in ("ours", "plain_splink"):
        assert figures["size"]["people"][side]["pairs"]["f1"] > 0.9
