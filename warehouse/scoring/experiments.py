"""Judges experiments: did the variant do better than the control, and can one say so?

Reads `aggregates.agg_experiment`: counts, sums and sums of squares are all it needs, so
an experiment on ten million customers is judged as fast as one on a hundred.

A share (who bought, who answered) is compared by the score test of two proportions; its
interval is Newcombe's, which holds for few customers too. A mean (revenue) is compared
by Welch's t-test, which does not ask for equal variances. Within an experiment p-values
are adjusted by Holm, for who looks at many differences finds one. A sample ratio that
is not as planned means that assignment or tracking broke: no difference is believed.

What statistics are made with takes half a second to import: a night without experiments
does without.
"""

import duckdb
import numpy as np
import pandas as pd

COUNTS = """
select
    source_key as source_name, experiment_code, variant_code, metric_code, is_control,
    planned_share_pct::double as planned_share_pct, is_share, customer_count,
    value_sum::double as value_sum, value_square_sum::double as value_square_sum
from aggregates.agg_experiment
order by all
"""
POLICY = "select confidence_level::double from seeds.experiment_policy"
EXPERIMENT = ["source_name", "experiment_code"]
METRIC = [*EXPERIMENT, "metric_code"]
FEWEST = 2
"""Of fewer customers on either side nothing is said."""


def judge_experiments(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Compare each variant with the control of its experiment, by each metric.

    Args:
        connection: A session in the work database, the aggregates built.

    Returns:
        The rows of `scores.experiment_result`.
    """
    confidence = connection.execute(POLICY).fetchone()
    counts = connection.execute(COUNTS).df()
    return judge(counts, confidence=confidence[0] if confidence else 0.95)


def judge(counts: pd.DataFrame, *, confidence: float) -> pd.DataFrame:
    """Judge what was counted per variant and metric.

    An experiment that has no control, or two, is left out: there is nothing to compare.

    Args:
        counts: The columns of `COUNTS`.
        confidence: How sure an interval is to hold the truth, such as 0.95.
    """
    is_control = counts["is_control"].to_numpy(bool)
    control = counts[is_control].drop_duplicates(METRIC, keep=False)
    pairs = counts[~is_control].merge(control, on=METRIC, suffixes=("", "_of_control"))
    if pairs.empty:
        return pd.DataFrame()
    is_share = pairs["is_share"].to_numpy(bool)
    judged = pd.concat(
        [
            _compare_shares(pairs[is_share], confidence),
            _compare_means(pairs[~is_share], confidence),
        ],
        ignore_index=True,
    ).sort_values([*METRIC, "variant_code"])
    judged = judged.assign(adjusted_p_value=_holm)
    return _named(judged.merge(_sample_ratios(counts), on=EXPERIMENT, how="left"))


def _compare_shares(pairs: pd.DataFrame, confidence: float) -> pd.DataFrame:
    from statsmodels.stats import proportion

    compared = _with_means(pairs)
    enough = _are_enough(compared)
    tried = compared[enough]
    sides = (
        tried["value_sum"].to_numpy(),
        tried["customer_count"].to_numpy(),
        tried["value_sum_of_control"].to_numpy(),
        tried["customer_count_of_control"].to_numpy(),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, upper = proportion.confint_proportions_2indep(
            *sides, method="newcomb", compare="diff", alpha=1 - confidence
        )
        _, p_value = proportion.test_proportions_2indep(
            *sides, method="score", compare="diff", return_results=False
        )
    # Where all or none succeeded on both sides there is no variance, and no difference.
    p_value = np.where(tried["variant_value"] == tried["control_value"], 1.0, p_value)
    return _with_verdict(compared, enough, lower, upper, p_value)


def _compare_means(pairs: pd.DataFrame, confidence: float) -> pd.DataFrame:
    from scipy import stats

    compared = _with_means(pairs)
    enough = _are_enough(compared)
    tried = compared[enough]
    error = _squared_error(tried, "") + _squared_error(tried, "_of_control")
    shrinking = sum(
        _squared_error(tried, side) ** 2 / (tried[f"customer_count{side}"] - 1)
        for side in ("", "_of_control")
    )
    difference = tried["variant_value"] - tried["control_value"]
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = np.where(error > 0, error**2 / shrinking, 1.0)
        half = stats.t.ppf((1 + confidence) / 2, freedom) * np.sqrt(error)
        p_value = 2 * stats.t.sf(np.abs(difference) / np.sqrt(error), freedom)
    p_value = np.where(difference == 0, 1.0, p_value)
    return _with_verdict(
        compared, enough, difference - half, difference + half, p_value
    )


def _squared_error(pairs: pd.DataFrame, side: str) -> pd.Series:
    """Return the squared standard error of the mean of one side."""
    count = pairs[f"customer_count{side}"]
    mean = pairs[f"value_sum{side}"] / count
    spread = pairs[f"value_square_sum{side}"] - count * mean**2
    return spread.clip(lower=0) / (count - 1) / count


def _with_means(pairs: pd.DataFrame) -> pd.DataFrame:
    return pairs.assign(
        variant_value=pairs["value_sum"] / pairs["customer_count"],
        control_value=pairs["value_sum_of_control"]
        / pairs["customer_count_of_control"],
    )


def _are_enough(pairs: pd.DataFrame) -> pd.Series:
    fewest = pairs[["customer_count", "customer_count_of_control"]].min(axis=1)
    return fewest >= FEWEST


def _with_verdict(
    compared: pd.DataFrame,
    enough: pd.Series,
    lower: object,
    upper: object,
    p_value: object,
) -> pd.DataFrame:
    """Lay what the test said beside those pairs that were enough for it."""
    judged = compared.assign(
        difference=compared["variant_value"] - compared["control_value"],
        difference_lower=np.nan,
        difference_upper=np.nan,
        p_value=np.nan,
    )
    said = {"difference_lower": lower, "difference_upper": upper, "p_value": p_value}
    for name, values in said.items():
        judged.loc[enough, name] = np.asarray(values, dtype=float)
    return judged


def _holm(judged: pd.DataFrame) -> pd.Series:
    """Return the p-values as adjusted within each experiment.

    All experiments at once; `statsmodels` takes each alone, a tenth of a second long.
    """
    known = judged[judged["p_value"].notna()].sort_values("p_value")
    experiments = known.groupby(EXPERIMENT)["p_value"]
    left = experiments.transform("size") - experiments.cumcount()
    stepped = (known["p_value"] * left).groupby([known[name] for name in EXPERIMENT])
    return stepped.cummax().clip(upper=1)


def _sample_ratios(counts: pd.DataFrame) -> pd.DataFrame:
    """Return per experiment how likely its shares are, if assignment went as planned.

    Unknown where a plan is lacking, or the experiment has one variant only.
    """
    from scipy import stats

    variants = counts.drop_duplicates([*EXPERIMENT, "variant_code"])
    whole = variants.groupby(EXPERIMENT)[["planned_share_pct", "customer_count"]]
    total = whole.transform("sum")
    share = variants["planned_share_pct"] / total["planned_share_pct"]
    expected = share * total["customer_count"]
    surprise = (variants["customer_count"] - expected) ** 2 / expected
    summed = (
        variants[EXPERIMENT]
        .assign(surprise=surprise, is_planned=share.notna(), variants=1)
        .groupby(EXPERIMENT, as_index=False)
        .agg({"surprise": "sum", "is_planned": "all", "variants": "sum"})
    )
    freedom = summed["variants"] - 1
    can_say = summed["is_planned"] & (freedom > 0)
    p_value = stats.chi2.sf(summed["surprise"], freedom.clip(lower=1))
    return summed[EXPERIMENT].assign(
        sample_ratio_p_value=np.where(can_say, p_value, np.nan)
    )


def _named(judged: pd.DataFrame) -> pd.DataFrame:
    rounded = {
        **dict.fromkeys(
            [
                *("variant_value", "control_value", "difference"),
                *("difference_lower", "difference_upper"),
            ],
            6,
        ),
        **dict.fromkeys(["p_value", "adjusted_p_value", "sample_ratio_p_value"], 8),
    }
    return judged.rename(
        columns={
            "variant_code_of_control": "control_variant_code",
            "customer_count_of_control": "control_customer_count",
        }
    )[
        [
            *EXPERIMENT,
            *("variant_code", "control_variant_code", "metric_code"),
            *("customer_count", "control_customer_count"),
            *rounded,
        ]
    ].round(rounded)
