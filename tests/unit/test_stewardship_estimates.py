"""Precision and recall per pair of sources, held against counts worked out by hand."""

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest
from estimate_world import Estimated
from scipy.stats import binomtest

from warehouse.errors import ContractError
from warehouse.stewardship.intervals import clopper_pearson


@pytest.fixture
def estimated(tmp_path: Path) -> Estimated:
    """An empty archive and work database."""
    return Estimated(tmp_path)


def bounds(hits: int, trials: int) -> tuple[float, float]:
    """The exact 95 % interval, by scipy's own test of a binomial share."""
    interval = binomtest(hits, trials).proportion_ci(0.95, method="exact")
    return round(interval.low, 6), round(interval.high, 6)


def test_an_interval_is_the_exact_one() -> None:
    """For all counts of some samples, none and all of them among these."""
    for trials in (1, 7, 200):
        hits = np.arange(trials + 1)
        lower, upper = clopper_pearson(hits / trials, np.full(trials + 1, trials))
        found = [
            (round(one, 6), round(other, 6))
            for one, other in zip(lower, upper, strict=True)
        ]
        assert found == [bounds(int(each), trials) for each in hits]


def test_two_hundred_right_links_meet_the_floor_and_one_wrong_does_not() -> None:
    """What the policy of 200 pairs and .98 comes to."""
    lower, _ = clopper_pearson(np.array([1, 199 / 200]), np.array([200, 200]))
    assert lower[0] >= 0.98 > lower[1]


def test_nothing_seen_gives_no_interval() -> None:
    """Neither a share without trials nor trials without a share."""
    lower, upper = clopper_pearson(np.array([np.nan, 0.5]), np.array([5.0, 0.0]))
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


TRUE = {"a1": "p", "b1": "p", "a2": "q", "b2": "r", "a3": "s", "b3": "s"}


def write_truth(file: Path, parties: dict[str, str]) -> Path:
    """Write who is who as a company would."""
    lines = [
        {"source_name": name[0], "source_record_id": name, "party_id": party}
        for name, party in parties.items()
    ]
    listed = file.with_suffix(".json")
    listed.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with duckdb.connect() as connection:
        connection.read_json(str(listed)).write_parquet(str(file))
    return file


def test_a_truth_counts_every_pair(estimated: Estimated, tmp_path: Path) -> None:
    """Of two links one is right; of two true pairs one is linked."""
    truth = write_truth(tmp_path / "truth.parquet", TRUE)
    estimated.link(
        1, {"a1": "c1", "b1": "c1", "a2": "c2", "b2": "c2", "a3": "c3", "b3": "c4"}
    )
    assert estimated.estimate(truth) == 1
    low, high = bounds(1, 2)
    [row] = estimated.rows(
        "left_source_name, right_source_name, basis, decided_pair_count, "
        "linked_pair_count, precision_estimate, precision_lower, precision_upper, "
        "recall_pair_count, recall_estimate, recall_lower, recall_upper"
    )
    assert row[:5] == ("a", "b", "truth", 3, 2)
    assert [float(str(each)) for each in row[5:8]] == [0.5, low, high]
    assert [float(str(each)) for each in row[8:]] == [2, 0.5, low, high]


def test_pairs_within_a_source_count_once(estimated: Estimated, tmp_path: Path) -> None:
    """Three records of one party are three pairs."""
    truth = write_truth(
        tmp_path / "truth.parquet", dict.fromkeys(["a1", "a2", "a3"], "p")
    )
    estimated.link(1, {"a1": "c1", "a2": "c1", "a3": "c2"})
    estimated.estimate(truth)
    found = estimated.rows("linked_pair_count, recall_pair_count, right_source_name")
    assert found == [(1, 3, "a")]


def test_nights_one_by_one_and_at_once_are_estimated_alike(tmp_path: Path) -> None:
    """Each as of its own last load."""
    truth = write_truth(tmp_path / "truth.parquet", TRUE)
    columns = "load_id, linked_pair_count, precision_estimate, recall_estimate"
    nights = [
        {"a1": "c1", "b1": "c1", "a2": "c2", "b2": "c3"},
        {"b2": "c2", "a3": "c3", "b3": "c3"},
    ]
    found = []
    for name, at_once in (("slow", False), ("fast", True)):
        house = Estimated(tmp_path / name)
        for load, customers in enumerate(nights, start=1):
            house.link(load, customers)
            if not at_once:
                assert house.estimate(truth) == 1
        assert house.estimate(truth) == (2 if at_once else 0)
        found.append(house.rows(columns))
    assert found[0] == found[1]
    assert [row[1] for row in found[0]] == [1, 3]


def test_an_estimate_of_a_log_that_was_made_anew_is_made_anew(
    estimated: Estimated, tmp_path: Path
) -> None:
    """What it rested on is no longer said."""
    truth = write_truth(tmp_path / "truth.parquet", TRUE)
    estimated.link(1, {"a1": "c1", "b1": "c1"})
    estimated.estimate(truth)
    with estimated.archive() as connection:
        connection.execute("delete from identity.link_change")
        connection.execute("delete from ledger.load")
    estimated.link(1, {"a1": "c1", "b1": "c2", "a3": "c3"})
    assert estimated.estimate(truth) == 1
    assert estimated.rows("linked_pair_count, recall_pair_count") == [(0, 1)]


def test_a_damaged_truth_is_told_with_a_mend(
    estimated: Estimated, tmp_path: Path
) -> None:
    """And a file that is not there is no truth."""
    estimated.link(1, {"a1": "c1"})
    assert estimated.estimate(tmp_path / "nothing.parquet") == 0
    damaged = tmp_path / "truth.parquet"
    damaged.write_bytes(b"no parquet")
    with pytest.raises(ContractError, match="party_id"):
        estimated.estimate(damaged)


def decided_house(folder: Path) -> Estimated:
    """A hundred linked pairs and fifty that are not; thirty of them are decided.

    Of twenty linked ones one is wrong, of ten others one is right. A night has obeyed
    the decisions: it linked pair 101 and divided pair 20.
    """
    house = Estimated(folder)
    linked = {f"{s}{n}": f"c{n}" for n in range(1, 101) for s in "ab"}
    apart = {f"{s}{n}": f"{s}{n}" for n in range(101, 151) for s in "ab"}
    house.link(1, linked | apart)
    with house.archive() as connection:
        connection.execute(
            "insert into identity.model_in_use select 1, timestamp '2026-01-01', "
            "'person', 'person-1', '{}'"
        )
    house.score(1, 100, 0.9995)
    house.score(101, 150, 0.3)
    house.decide(2, 1, 19, "must")
    house.decide(2, 20, 20, "never")
    house.decide(2, 101, 101, "must")
    house.decide(2, 102, 110, "never")
    house.link(2, {"b101": "a101", "b20": "b20"})
    return house


def effective_trials() -> float:
    """Worked out by hand: recall's, of the two bands of `decided_house`."""
    hit, miss = 19.5 / 21, 1.5 / 11
    hits, missed = 100 * hit, 50 * miss
    recall = hits / (hits + missed)
    variance = (
        (1 - recall) ** 2 * 100**2 * hit * (1 - hit) / 20
        + recall**2 * 50**2 * miss * (1 - miss) / 10
    ) / (hits + missed) ** 2
    return recall * (1 - recall) / variance


def test_decisions_estimate_as_a_stratified_sample(tmp_path: Path) -> None:
    """95 of a hundred links are right, and five of fifty others would have been."""
    house = decided_house(tmp_path)
    assert house.estimate() == 2
    [row] = house.rows(
        "load_id, basis, decided_pair_count, linked_pair_count, precision_pair_count, "
        "precision_estimate, precision_lower, recall_pair_count, recall_estimate, "
        "recall_lower"
    )
    assert row[:5] == (2, "decisions", 30, 100, 20)
    assert [float(str(each)) for each in row[5:7]] == [0.95, bounds(19, 20)[0]]
    trials = np.array([min(effective_trials(), 20)])
    lower, _ = clopper_pearson(np.array([0.95]), trials)
    assert row[7] == 20
    assert [float(str(each)) for each in row[8:]] == [0.95, round(lower[0], 6)]


def test_a_decision_does_not_judge_itself(tmp_path: Path) -> None:
    """A night obeys it; what counts is what was linked before."""
    house = decided_house(tmp_path)
    house.estimate()
    [(linked, precise)] = house.rows("linked_pair_count, precision_estimate")
    assert linked == 100
    assert float(str(precise)) < 1


def test_what_is_withdrawn_is_not_decided(tmp_path: Path) -> None:
    """The estimate then rests on the others alone."""
    house = decided_house(tmp_path)
    house.decide(3, 1, 20, "withdrawn")
    house.link(3, {"a999": "c999"})
    house.estimate()
    last = house.rows("load_id, decided_pair_count, precision_estimate")[-1]
    assert last == (3, 10, None)
