"""Experiments are judged as by textbooks, and by libraries that saw every customer."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from warehouse.scoring.experiments import judge

NAMES = [
    *("source_name", "experiment_code", "variant_code", "metric_code", "is_control"),
    *("planned_share_pct", "is_share", "customer_count"),
    *("value_sum", "value_square_sum"),
]


def shares(experiment: str = "e", **variants: tuple[float, int, int]) -> pd.DataFrame:
    """Count who did it: per variant planned share, customers, successes."""
    rows = [
        ("s", experiment, name, "purchase", name == "control", plan, True, n, k, k)
        for name, (plan, n, k) in variants.items()
    ]
    return pd.DataFrame(rows, columns=NAMES)


def means(**variants: np.ndarray) -> pd.DataFrame:
    """Count what customers spent: per variant the amounts."""
    rows = [
        (
            *("s", "e", name, "revenue", name == "control", 50.0, False),
            *(len(spent), spent.sum(), (spent**2).sum()),
        )
        for name, spent in variants.items()
    ]
    return pd.DataFrame(rows, columns=NAMES)


def judged(counts: pd.DataFrame) -> pd.Series:
    """Judge an experiment of one variant."""
    found = judge(counts, confidence=0.95)
    assert len(found) == 1
    return found.iloc[0]


def test_the_interval_of_shares_is_newcombes() -> None:
    """His own example of 1998: 56 of 70 against 48 of 80, by method 10."""
    row = judged(shares(control=(50, 80, 48), new=(50, 70, 56)))
    assert row["difference"] == pytest.approx(0.2)
    assert row["difference_lower"] == pytest.approx(0.0524, abs=1e-4)
    assert row["difference_upper"] == pytest.approx(0.3339, abs=1e-4)
    assert row["p_value"] == pytest.approx(0.0083, abs=1e-4)


def test_means_are_compared_as_by_who_saw_every_customer() -> None:
    """Sums and squares alone give what Welch's test gives of all amounts."""
    chance = np.random.default_rng(1)
    spent = {"control": chance.gamma(2, 50, 300), "new": chance.gamma(2, 70, 120)}
    row = judged(means(**spent))
    truth = stats.ttest_ind(spent["new"], spent["control"], equal_var=False)
    interval = truth.confidence_interval(0.95)
    assert row["p_value"] == pytest.approx(truth.pvalue, abs=1e-8)
    assert row["difference_lower"] == pytest.approx(interval.low, abs=1e-5)
    assert row["difference_upper"] == pytest.approx(interval.high, abs=1e-5)


def test_p_values_are_adjusted_within_an_experiment() -> None:
    """By Holm, as the library does for one; other experiments do not count."""
    first = shares("first", control=(1, 400, 40), a=(1, 300, 50), b=(1, 300, 45))
    second = shares("second", control=(1, 90, 9), a=(1, 90, 19), b=(1, 1, 1))
    found = judge(pd.concat([first, second]), confidence=0.95)
    for experiment, compared in (("first", 2), ("second", 1)):
        rows = found[found["experiment_code"] == experiment].dropna(subset=["p_value"])
        assert len(rows) == compared
        assert rows["adjusted_p_value"].tolist() == pytest.approx(
            multipletests(rows["p_value"], method="holm")[1].tolist(), abs=1e-7
        )


def test_a_broken_sample_ratio_is_found() -> None:
    """Half and half was planned: 821 against 815 may be, 821 against 715 may not."""
    fine = judged(shares(control=(50, 821, 80), new=(50, 815, 80)))
    broken = judged(shares(control=(50, 821, 80), new=(50, 715, 80)))
    assert fine["sample_ratio_p_value"] == pytest.approx(
        stats.chisquare([821, 815]).pvalue, abs=1e-8
    )
    assert broken["sample_ratio_p_value"] == pytest.approx(
        stats.chisquare([821, 715]).pvalue, abs=1e-8
    )


def test_plans_need_not_be_even_nor_add_up_to_hundred() -> None:
    """What was planned are parts of the whole that took part."""
    row = judged(shares(control=(80, 820, 80), new=(10, 96, 8)))
    expected = [916 * 8 / 9, 916 / 9]
    assert row["sample_ratio_p_value"] == pytest.approx(
        stats.chisquare([820, 96], expected).pvalue, abs=1e-8
    )


def test_without_a_plan_nothing_is_said_of_the_ratio() -> None:
    """A missing share is no share of zero."""
    row = judged(shares(control=(np.nan, 820, 80), new=(50, 100, 8)))
    assert np.isnan(row["sample_ratio_p_value"])
    assert row["p_value"] < 1


@pytest.mark.parametrize("successes", [0, 1])
def test_where_all_or_none_did_it_there_is_no_difference(successes: int) -> None:
    """No variance is no reason to fail, and none to believe."""
    row = judged(shares(control=(50, 40, 40 * successes), new=(50, 50, 50 * successes)))
    assert row["p_value"] == 1
    assert row["difference_lower"] < 0 < row["difference_upper"]


def test_equal_amounts_differ_by_nothing() -> None:
    """Who spent all the same has no variance either."""
    row = judged(means(control=np.full(5, 3.0), new=np.full(4, 3.0)))
    assert (row["difference"], row["p_value"]) == (0, 1)


def test_of_too_few_nothing_is_said() -> None:
    """One customer is no group; what he did is still told."""
    row = judged(shares(control=(50, 40, 4), new=(50, 1, 1)))
    assert row["variant_value"] == 1
    assert np.isnan(row["p_value"])
    assert np.isnan(row["difference_lower"])


@pytest.mark.parametrize("controls", [[], ["a", "b"]])
def test_without_one_control_there_is_nothing_to_compare(controls: list[str]) -> None:
    """An experiment of no control or two is left out, the others are judged."""
    broken = shares("broken", a=(50, 40, 4), b=(50, 40, 5), c=(50, 40, 6))
    broken["is_control"] = broken["variant_code"].isin(controls)
    fine = shares("fine", control=(50, 40, 4), new=(50, 40, 9))
    found = judge(pd.concat([broken, fine]), confidence=0.95)
    assert found["experiment_code"].tolist() == ["fine"]


def test_no_experiment_is_no_error() -> None:
    """A company that tries nothing has an empty table."""
    assert judge(shares(), confidence=0.95).empty


def test_of_experiments_that_change_nothing_few_seem_to() -> None:
    """Of a thousand such, about fifty intervals of 95 in a hundred miss zero."""
    chance = np.random.default_rng(7)
    control, new = chance.binomial(200, 0.3, 1_000), chance.binomial(150, 0.3, 1_000)
    counts = pd.concat(
        shares(str(e), control=(57, 200, k), new=(43, 150, n))
        for e, (k, n) in enumerate(zip(control, new, strict=True))
    )
    found = judge(counts, confidence=0.95)
    missed = (found["difference_lower"] > 0) | (found["difference_upper"] < 0)
    assert 25 <= missed.sum() <= 75
    assert 25 <= (found["p_value"] < 0.05).sum() <= 75
