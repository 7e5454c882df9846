"""Metrics are stated once: the published macros say what the definitions mean."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from house import House, listed

Manifest = dict[str, Any]

BY_HAND = {
    "customers": "select count(*) from descriptive.dim_customer where is_current "
    "and not is_deleted and not is_prospect and customer_id <> '_unknown'",
    "orders": "select count(*) from (select distinct order_key "
    "from behavioural.fct_sale where not is_return)",
    "units_per_order": "select round(sum(quantity) / (select count(*) from (select "
    "distinct order_key from behavioural.fct_sale where not is_return)), 4) "
    "from behavioural.fct_sale",
    "nps": "select round(avg(case when answer_score > 8 then 100 when "
    "answer_score > 6 then 0 else -100 end), 4) from associative.fct_survey_answer "
    "where question_code = 'nps' and answer_score is not null",
    "response_rate_pct": "select round(avg(case when is_responded_in_window then 100 "
    "else 0 end), 4) from behavioural.fct_campaign_touch where was_exposed",
    "carts_left_rate_pct": "select round(avg(case when is_cart_left then 100 else 0 "
    "end), 4) from behavioural.fct_web_session where cart_add_count > 0",
    "handling_seconds": "select quantile_cont(duration_seconds, 0.5) "
    "from behavioural.fct_service_contact",
}
"""Metrics of each kind, and the same question asked without their definition."""


@pytest.fixture(scope="module")
def marts(demo_night: House) -> duckdb.DuckDBPyConnection:
    """The release of the demo."""
    release = demo_night.settings.places.published / "current" / "marts.duckdb"
    return duckdb.connect(str(release), read_only=True)


def asked(marts: duckdb.DuckDBPyConnection, code: str) -> object:
    """Ask for a metric of its whole table, by its macro."""
    [[schema, table, columns]] = marts.execute(
        "select table_schema, table_name, column_names from shared.dim_metric "
        "inner join information_schema.tables using (table_name) where metric_code = ?",
        [code],
    ).fetchall()
    [[value]] = marts.execute(
        f"select metric_{code}({columns}) from {schema}.{table}"  # noqa: S608
    ).fetchall()
    return value


@pytest.mark.parametrize("code", BY_HAND)
def test_a_metric_is_what_its_question_is_by_hand(
    marts: duckdb.DuckDBPyConnection, code: str
) -> None:
    """Counts, ratios, percentages and medians come out as without the macro."""
    [[by_hand]] = marts.execute(BY_HAND[code]).fetchall()
    assert by_hand is not None
    assert float(asked(marts, code)) == pytest.approx(float(by_hand), abs=1e-4)  # type: ignore[arg-type]


def test_every_metric_has_a_value_in_the_demo(marts: duckdb.DuckDBPyConnection) -> None:
    """Whatever is defined can be asked of the release, and has an answer there."""
    codes = marts.execute(
        "select metric_code from shared.dim_metric where metric_code <> '_unknown'"
    ).fetchall()
    assert codes
    unanswered = [code for (code,) in codes if asked(marts, code) is None]
    assert not unanswered, listed(unanswered)


def test_a_metric_says_what_it_is(marts: duckdb.DuckDBPyConnection) -> None:
    """Each has a comment in the file itself."""
    silent = marts.execute(
        "select function_name from duckdb_functions() where function_name like "
        "'metric\\_%' escape '\\' and coalesce(comment, '') = ''"
    ).fetchall()
    assert not silent


def test_an_aggregate_states_no_metric_again(
    manifest_of: Callable[[str], Manifest],
) -> None:
    """A column that bears a metric's name is that metric, by its one definition."""
    manifest = manifest_of("demo")
    metrics = manifest["metrics"].values()
    again = [
        f"{node['name']}.{metric['name']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["name"].startswith("agg_")
        for metric in metrics
        if metric["name"] in node["columns"]
        and model_of(manifest, metric["unique_id"]) in node["depends_on"]["nodes"]
        and f"metric('{metric['name']}')" not in node["raw_code"]
    ]
    assert not again, listed(again)


def model_of(manifest: Manifest, unique_id: str) -> str:
    """Return the id of the model that a metric is asked of."""
    known = manifest["metrics"] | manifest["semantic_models"]
    while unique_id in known:
        unique_id = known[unique_id]["depends_on"]["nodes"][0]
    return unique_id
