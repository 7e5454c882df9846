"""The cookbook answers what it prints, and finds what the demo planted."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from cookbook import PAGE, Question, answer, answered, questions
from house import House

QUESTIONS = {question.title: question for question in questions()}
OWED = ("D1", "D2", "D4", "D5", "D6", "D9", "E1", "E2", "E3", "E7")
LEAST_QUESTIONS = 2


@pytest.fixture(scope="module")
def effects(demo_night: House) -> dict[str, Any]:
    """What the demo planted for analyses to find, by name."""
    file = demo_night.settings.places.root / "truth" / "effects.json"
    told = json.loads(file.read_text("utf-8"))
    return {name: effect["value"] for name, effect in told.items()}


def asked(house: House, title: str) -> list[dict[str, Any]]:
    """Ask one question of the page, and return its rows by column."""
    columns, rows = answer(house.settings, QUESTIONS[title])
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_the_page_prints_what_is_answered(demo_night: House) -> None:
    """`python tests/cookbook.py` prints the answers anew."""
    assert PAGE.read_text("utf-8") == answered(demo_night.settings)


def test_each_row_of_the_requirements_has_its_questions() -> None:
    """Two at least, and every block of SQL on the page is one of them."""
    counts = Counter(question.row for question in questions())
    assert [row for row in OWED if counts[row] < LEAST_QUESTIONS] == []
    assert sum(counts.values()) == PAGE.read_text("utf-8").count("```sql")


@pytest.mark.parametrize(
    "question", [pytest.param(q, id=t) for t, q in QUESTIONS.items()]
)
def test_a_question_has_an_answer(demo_night: House, question: Question) -> None:
    """An empty answer shows nobody how it is asked."""
    _, rows = answer(demo_night.settings, question)
    assert rows


def test_companions_in_the_basket_are_found(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """The rules with the strongest evidence are the pairs that were planted."""
    found = asked(demo_night, "Which products go into one basket?")
    pairs = {"+".join(sorted((row["who_buys"], row["also_buys"]))) for row in found}
    assert pairs == set(effects["affinity.companions"])


def test_the_experiment_that_works_is_told_from_those_that_do_not(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """The planted lift lies between the bounds; nothing else is called a success."""
    found = asked(demo_night, "Which experiments changed anything?")
    idle = set(effects["experiment.without_effect"])
    assert idle <= {row["experiment_code"] for row in found}
    [changed] = [row for row in found if row["verdict"] in ("higher", "lower")]
    lift = effects["experiment.subject_line.response_lift_points"] / 100
    assert changed["experiment_code"] not in idle
    assert (changed["metric_code"], changed["verdict"]) == ("response", "higher")
    assert changed["lower"] <= lift <= changed["upper"]


def test_the_experiment_that_lost_customers_is_named(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """And no other one."""
    found = asked(demo_night, "Which experiments cannot be trusted?")
    named = {row["experiment_code"] for row in found}
    assert named == set(effects["experiment.with_broken_sample_ratio"])


def test_goods_that_come_back_are_named(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """The category that was planted stands first, near the planted rate."""
    first, second, *_ = asked(demo_night, "Which goods come back?")
    [(category, planted)] = effects["sale.returned_pct"].items()
    assert first["category"] == category
    assert float(first["return_rate_pct"]) == pytest.approx(planted, abs=3)
    assert first["return_rate_pct"] > 2 * second["return_rate_pct"]


def test_the_slow_team_is_named(demo_night: House, effects: dict[str, Any]) -> None:
    """It answers complaints about as many times later as was planted."""
    slow, quick, *_ = asked(demo_night, "Who complains, and who keeps them waiting?")
    assert slow["team_name"] == effects["complaint.slow_team"]
    ratio = float(slow["median_hours"]) / float(quick["median_hours"])
    assert ratio == pytest.approx(effects["complaint.slow_ratio"], rel=0.4)


def test_products_that_run_out_are_named(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Those that were planted, and no others."""
    named = {row["product"] for row in asked(demo_night, "Which products run out?")}
    assert named == set(effects["supply.scarce_products"])


def test_the_campaigns_that_fail_and_that_are_careless_are_named(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """One is answered least; the other was permitted least."""
    found = asked(
        demo_night,
        "Which campaign fails, and which was sent to people who had not agreed?",
    )
    assert found[0]["campaign"] == effects["campaign.failing"]
    careless = min(found, key=lambda row: row["permitted_pct"])
    assert careless["campaign"] == effects["campaign.careless"]


def test_the_device_on_which_carts_are_left_is_named(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Where fewest carts are bought, most are left."""
    first, *_ = asked(
        demo_night, "How much traffic is there, and where are carts left?"
    )
    bought = effects["web.cart_bought_pct"]
    assert first["device_code"] == min(bought, key=bought.__getitem__)


def test_targets_set_too_high_are_found(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Whoever contributes least of what was planned is of the stretched category."""
    found = asked(
        demo_night, "Who contributes less than was planned, and what to do about it?"
    )
    assert {row["category"] for row in found} == set(effects["target.stretch"])
    for row in found:
        assert row["attainment_pct"] < 100
        assert row["suggested_action_code"] != "_unknown"


def test_what_rivals_sell_best_is_named(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Least of what is spent on it is ours, and who has gone buys it elsewhere."""
    strong = effects["competition.strong_category"]
    lost, second, *_ = asked(
        demo_night, "Where does most of what customers spend go to others?"
    )
    assert lost["category"] == strong
    assert lost["share_of_wallet_pct"] < second["share_of_wallet_pct"] / 2
    first, other, *_ = asked(demo_night, "What did they buy elsewhere meanwhile?")
    assert first["category"] == strong
    assert first["purchases"] > 2 * other["purchases"]


def test_who_has_gone_buys_more_elsewhere(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """About as much as was planted; some who are gone had not lapsed."""
    stays, gone = asked(
        demo_night, "Does who has gone buy more elsewhere than who still buys?"
    )
    told = effects["competition.purchases_told_before"]
    assert (stays["is_gone"], gone["is_gone"]) == (False, True)
    assert float(stays["purchases_each"]) == pytest.approx(told["others"], abs=1)
    assert float(gone["purchases_each"]) == pytest.approx(told["lapsed"], abs=1)


def test_who_lapsed_is_found_to_have_gone(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Half of those who are gone, or more, bought last before the planted day."""
    quiet = asked(demo_night, "Who has gone quiet, and for how long?")
    days = {row["activity_state_code"]: row["days_since"] for row in quiet}
    lapsed = effects["habit.lapsed_days"]
    assert min(days["inactive"], days["lost"]) > lapsed
    assert max(days["active"], days["new"], days["at_risk"]) < lapsed
    for title, column, since in (
        (
            "Who was good and is gone, and what did they use to buy?",
            "days_since_purchase",
            0,
        ),
        ("Which good customers have fallen behind?", "days_overdue", 90),
    ):
        waits = sorted(row[column] + since for row in asked(demo_night, title))
        assert waits[len(waits) // 2] > lapsed


def test_the_young_are_found_to_like_sport(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Near the planted shares; some are told by others, or of others."""
    planted = effects["interests.sport_pct"]
    found = {
        row["is_born_after_1984"]: float(row["like_sport_pct"])
        for row in asked(demo_night, "Who likes sport?")
    }
    assert found[True] == pytest.approx(planted["born_after_1984"], abs=10)
    assert found[False] == pytest.approx(planted["born_earlier"], abs=10)


def test_who_waits_for_offers_leans_most_to_discounts(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """Of every hundred some were planted, so the first buy most of their lines so."""
    assert effects["habit.sensitive_pct"]
    for row in asked(demo_night, "Who leans most to discounts?"):
        assert row["discount_sensitivity"] > Decimal("0.5")


def test_the_unhappy_region_is_named(
    demo_night: House, effects: dict[str, Any]
) -> None:
    """It stands first, and by more than chance: all its interval is below zero."""
    first, *_ = asked(demo_night, "In which region are customers unhappy?")
    assert first["place_code"].endswith(effects["satisfaction.unhappy_region"])
    assert first["net_score_upper"] < 0


def test_whoever_has_stopped_is_in_no_view_of_the_active(demo_night: House) -> None:
    """The two views share no state."""
    found = asked(demo_night, "Who still buys, and who has stopped?")
    states = [row["activity_state_code"] for row in found]
    assert len(states) == len(set(states)) > 2


def test_what_is_kept_with_a_customer_is_what_was_sold(demo_night: House) -> None:
    """Number and amount, to the last cent."""
    [row] = asked(demo_night, "Is what is kept what was sold?")
    assert row["customers"] == row["agreeing"] > 0


def test_whoever_is_due_is_overdue(demo_night: House) -> None:
    """Each alert that is up says since when, the longest wait first."""
    waits = [
        row["days_overdue"]
        for row in asked(demo_night, "Who is due for a contact today, and why?")
    ]
    assert waits == sorted(waits, reverse=True)
    assert min(waits) > 0
