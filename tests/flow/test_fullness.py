"""The demo fills the house: every table has rows, every attribute and code occurs.

What is designed and empty would look finished and be untried.
"""

from collections.abc import Iterator

import duckdb
import pytest
from house import House, listed

LEAST_ROWS_OF_A_FACT = 100
TABLES = {
    "shared": "dim_promotion fct_exchange_rate dim_date dim_geography dim_channel "
    "dim_source dim_product dim_outlet dim_agent dim_campaign dim_load",
    "descriptive": "dim_customer hist_customer dim_household bridge_household_member "
    "bridge_customer_relationship bridge_customer_identity dim_contact_point "
    "fct_contact_point_status fct_registration fct_consent fct_attribute_value "
    "dim_list fct_list_name fct_identity_change view_customer_basic "
    "view_customer_transaction view_customer_promotion view_customer_own "
    "view_customer_external view_customer_active view_customer_inactive",
    "behavioural": "fct_sale fct_service_contact fct_complaint fct_service_usage "
    "fct_deal_step fct_web_event fct_web_session fct_campaign_touch "
    "fct_customer_month dim_customer_behaviour",
    "associative": "fct_survey_answer fct_competitor_purchase fct_customer_score "
    "dim_model dim_segment bridge_customer_segment fct_product_affinity fct_forecast "
    "fct_indicator fct_experiment_assignment fct_experiment_result fct_attribution "
    "fct_alert fct_supply",
    "aggregates": "agg_sales agg_customer_base agg_profile agg_service agg_campaign "
    "agg_cohort agg_rfm agg_source_quality agg_list_yield agg_supply_demand",
    "quality": "fct_check_result fct_source_quality fct_load fct_grade_part agg_grade",
}
NO_VALUES_YET = {
    "fct_customer_score": "scores need a fitted model",
    "dim_model": "no model is fitted",
    "fct_forecast": "forecasts need a fitted model",
    "fct_attribution": "attribution needs a fitted model",
}
"""Tables that are there, under contract, and wait for models; each with its reason."""
OF_PERSONS = (
    "family_name given_name name_title full_name sex_code birth_date age_band_code "
    "marital_status_code occupation_code education_code income_band_code "
    "annual_income_amount household_size children_count is_home_owner national_id "
    "member_number email mobile phone address_line postcode city region country_code "
    "life_style_code interest_codes contact_strategy_code purchase_strategy_code"
)
OF_ORGANISATIONS = (
    "organisation_name short_name contact_person_name authorised_buyers region "
    "district_number ownership_code economic_category_code business_scope "
    "found_by_code customer_category_code industry_code credit_stars credit_assessor "
    "credit_assessed_on staff_count size_code founded_year market_standing_code "
    "settlement_terms_code agency_wishes legal_representative main_products "
    "annual_turnover_amount annual_profit_amount tax_paid_amount tax_id bank_account "
    "investing_country_code registered_capital_amount phone mobile fax email website "
    "address_line postcode contact_strategy_code purchase_strategy_code"
)
HELD_BY_ANOTHER_NAME = {
    "agent_role": ("shared.dim_agent", "role_code"),
    "competitor_reason": ("associative.fct_competitor_purchase", "reason_code"),
    "complaint_outcome": ("behavioural.fct_complaint", "outcome_code"),
    "complaint_reason": ("behavioural.fct_complaint", "reason_code"),
    "complaint_stage": ("behavioural.fct_complaint", "stage_code"),
    "contact_direction": ("behavioural.fct_service_contact", "direction_code"),
    "contact_outcome": ("behavioural.fct_service_contact", "outcome_code"),
    "contact_reason": ("behavioural.fct_service_contact", "reason_code"),
    "credit": ("descriptive.dim_customer", "credit_stars"),
    "deal_step": ("behavioural.fct_deal_step", "step_code"),
    "decision_role": ("descriptive.bridge_customer_relationship", "role_code"),
    "list_acquisition": ("descriptive.dim_list", "acquisition_code"),
    "survey_question": ("associative.fct_survey_answer", "question_code"),
    "web_event_type": ("behavioural.fct_web_event", "event_type_code"),
}
"""Dictionaries whose codes stand in a column that is not `<dictionary>_code`."""
OF_POINTS = [
    ("descriptive.dim_contact_point", "status_code"),
    ("descriptive.fct_contact_point_status", "event_type"),
]
"""A call that reaches nobody is told of a contact point, and is not its status yet."""


@pytest.fixture(scope="module")
def marts(demo_night: House) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release of the demo, with its personal columns."""
    release = demo_night.settings.places.published / "current"
    with duckdb.connect(str(release / "marts.duckdb"), read_only=True) as connection:
        restricted = str(release / "restricted.duckdb")
        connection.execute(f"attach '{restricted}' as restricted (read_only)")
        yield connection


def counted(marts: duckdb.DuckDBPyConnection, table: str) -> int:
    """Count the rows of a table that are not its unknown member."""
    name = table.partition(".")[2]
    key = {"dim": f"{name.removeprefix('dim_')}_key"}.get(name.partition("_")[0])
    where = f"where {key} <> '_unknown'" if key else ""
    [[count]] = marts.execute(f"select count(*) from {table} {where}").fetchall()  # noqa: S608
    return int(count)


def columns(marts: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """Name the columns of a table."""
    described = marts.execute(f"describe {table}").fetchall()
    return {str(name) for name, *_ in described}


def test_every_designed_table_has_rows(marts: duckdb.DuckDBPyConnection) -> None:
    """Besides the unknown member; and each fact has a hundred or more."""
    astray = []
    for schema, names in TABLES.items():
        for name in names.split():
            try:
                count = counted(marts, f"{schema}.{name}")
            except duckdb.CatalogException:
                astray.append(f"{schema}.{name} is not there")
                continue
            is_small = name.startswith("fct_")
            least = LEAST_ROWS_OF_A_FACT if is_small else 1
            if name not in NO_VALUES_YET and count < least:
                astray.append(f"{schema}.{name} has {count} rows")
    assert not astray, listed(astray)


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [("person", OF_PERSONS), ("organisation", OF_ORGANISATIONS)],
)
def test_every_attribute_of_a_customer_occurs(
    marts: duckdb.DuckDBPyConnection, kind: str, attributes: str
) -> None:
    """All that persons and organisations are described by has a value for somebody."""
    names = attributes.split()
    counts = ", ".join(f"count({name}) as {name}" for name in names)
    found = marts.execute(
        f"select {counts} from descriptive.dim_customer as customer "  # noqa: S608
        "inner join restricted.descriptive.dim_customer as personal "
        "using (customer_key, customer_id) where party_kind = ? and is_current",
        [kind],
    )
    [row] = found.fetchall()
    missing = [name for name, count in zip(names, row, strict=True) if not count]
    assert not missing, listed(missing)


def test_every_code_of_every_dictionary_occurs(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """A code that nothing bears has never been tried."""
    astray = []
    codes = marts.execute(
        "select dictionary_name, list(code order by code) "
        "from shared.dim_dictionary_code where code <> '_unknown' group by all"
    ).fetchall()
    for dictionary, stated in codes:
        borne = set().union(*(values(marts, *at) for at in places(marts, dictionary)))
        astray += [f"{dictionary}: {code}" for code in stated if code not in borne]
    assert codes
    assert not astray, listed(astray)


def places(marts: duckdb.DuckDBPyConnection, dictionary: str) -> list[tuple[str, str]]:
    """Return the columns that hold codes of a dictionary."""
    if dictionary == "contact_point_status":
        return OF_POINTS
    if dictionary in HELD_BY_ANOTHER_NAME:
        return [HELD_BY_ANOTHER_NAME[dictionary]]
    return marts.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where database_name = current_database() and column_name in ($1, $2, $3)",
        [f"{dictionary}_code", f"{dictionary}_codes", dictionary],
    ).fetchall()


def values(marts: duckdb.DuckDBPyConnection, table: str, column: str) -> set[str]:
    """Return the codes in a column, of which a row may hold several."""
    held = marts.execute(f"select distinct {column} from {table}").fetchall()  # noqa: S608
    return {code for (cell,) in held for code in str(cell).replace(";", ",").split(",")}
