"""What customers think, buy together and elsewhere: found as the demo planted it."""

import json
from typing import Any

import pytest
from house import House


@pytest.fixture(scope="module")
def effects(demo_night: House) -> dict[str, Any]:
    """What was planted, by name."""
    file = demo_night.settings.places.root / "truth" / "effects.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    return {name: effect["value"] for name, effect in told.items()}


def test_the_experiment_that_works_is_found(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Its interval holds the lift that was planted, and not zero."""
    ((verdict, is_final, lower, upper),) = demo_night.rows(
        """
        select verdict, is_final, 100 * difference_lower, 100 * difference_upper
        from associative.fct_experiment_result
        where experiment_code = 'SUBJECT-LINE' and metric_code = 'response'
        """
    )
    assert (verdict, is_final) == ("higher", True)
    assert 0 < lower < effects["experiment.subject_line.response_lift_points"] < upper


def test_the_experiment_without_effect_shows_none(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Three variants, two metrics: what is adjusted for many looks finds nothing."""
    verdicts = demo_night.rows(
        "select distinct verdict from associative.fct_experiment_result "
        "where list_contains($1, experiment_code)",
        [effects["experiment.without_effect"]],
    )
    assert verdicts == [("no_difference",)]


def test_chance_alone_makes_few_successes(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Of many experiments without effect, about one in twenty seems to have one."""
    codes = effects["experiment.shelves_without_effect"]
    [(judged, called)] = demo_night.rows(
        "select count(distinct experiment_code), count(distinct experiment_code) "
        "filter (verdict in ('higher', 'lower')) "
        "from associative.fct_experiment_result "
        "where list_contains($1, experiment_code) and is_final",
        [codes],
    )
    assert judged == len(codes)
    assert called <= len(codes) / 5


def test_the_experiment_that_lost_visitors_is_not_believed(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Whatever its difference; the others' sizes are as planned."""
    broken = demo_night.rows(
        "select distinct experiment_code, verdict "
        "from associative.fct_experiment_result where not is_sample_ratio_as_planned"
    )
    assert broken == [
        (code, "not_to_be_trusted")
        for code in effects["experiment.with_broken_sample_ratio"]
    ]


def test_who_saw_two_variants_counts_for_none(demo_night: House) -> None:
    """A customer known by a card and on the web may be assigned twice."""
    ((twice, counted),) = demo_night.rows(
        """
        with seen as (
            select
                experiment_code, customer_id, count(distinct variant_code) as variants,
                count(*) filter (is_counted) as counted
            from associative.fct_experiment_assignment
            where customer_id <> '_unknown'
            group by all
        )
        select count(*) filter (variants > 1), max(counted) filter (variants > 1)
        from seen
        """
    )
    assert twice > 0
    assert counted == 0


def test_the_unhappy_region_is_found(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Its NPS, interval and all, lies below that of all customers."""
    ((upper,), (everybody,)) = [
        demo_night.rows(
            f"select {column} from aggregates.agg_satisfaction "  # noqa: S608
            "where time_level = 'year' and period_start = date '2026-01-01' "
            "and question_code = 'nps' and product_level = 'all' and place_code = $1",
            [place],
        )[0]
        for column, place in (
            ("net_score_upper", f"CN/{effects['satisfaction.unhappy_region']}"),
            ("net_score", "all"),
        )
    ]
    assert upper < everybody


def test_the_disliked_goods_are_found(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Of all categories with ten answers or more, their quality pleases least."""
    ((worst,),) = demo_night.rows(
        """
        select product_code
        from aggregates.agg_satisfaction
        where
            time_level = 'year' and place_level = 'all' and product_level = 'category'
            and question_code = 'quality' and answer_count >= 10
        order by score_sum / answer_count, product_code
        limit 1
        """
    )
    assert worst == effects["satisfaction.disliked_category"]


def test_what_is_bought_elsewhere_is_found(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Most of it is of one category, and our share of that wallet is the least."""
    ((most,), (least,)) = [
        demo_night.rows(
            "select product_code from aggregates.agg_share_of_wallet "  # noqa: S608
            "where time_level = 'year' and period_start = date '2025-01-01' "
            f"and product_level = 'category' order by {order}, product_code limit 1"
        )[0]
        for order in ("competitor_purchase_count desc", "share_of_wallet_pct")
    ]
    assert most == least == effects["competition.strong_category"]


def test_a_corrected_indicator_holds_its_last_value(demo_night: House) -> None:
    """The month before, corrected on the third day: once, and by the later delivery."""
    ((months, values, corrected),) = demo_night.rows(
        """
        select
            count(distinct period_start), count(*),
            count(*) filter (period_start = date '2025-12-01' and load_key = (
                select max(load_key::int)::varchar from associative.fct_indicator
            ))
        from associative.fct_indicator
        where indicator_code = 'CPI' and place_level = 'country'
        """
    )
    assert (months, values, corrected) == (24, 24, 1)


def test_products_that_go_together_are_found(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Each planted pair is a significant rule of all places, well above chance."""
    found = dict(
        demo_night.rows(
            """
            select before.product_record_id || '>' || after.product_record_id, lift
            from associative.fct_product_affinity as rule
            inner join shared.dim_product as after
                on rule.consequent_product_key = after.product_key
            inner join shared.dim_product as before
                on rule.antecedent_1_product_id = before.product_id
                and before.is_current
            where
                place_level = 'all' and antecedent_product_count = 1 and is_significant
            """
        )
    )
    planted = effects["affinity.companions"]
    assert planted
    lifts = [found[pair.replace("+", ">")] for pair in planted]
    assert min(lifts) > 2


def test_scores_to_come_have_their_tables(demo_night: House) -> None:
    """They can be read before there is a score; a dimension has its unknown member."""
    ((members, scores, forecasts, credits),) = demo_night.rows(
        """
        select
            (select count(*) from associative.dim_model where model_key = '_unknown'),
            (select count(*) from associative.fct_customer_score),
            (select count(*) from associative.fct_forecast),
            (select count(*) from associative.fct_attribution)
        """
    )
    assert members == 1
    assert (scores, forecasts, credits) == (0, 0, 0)
