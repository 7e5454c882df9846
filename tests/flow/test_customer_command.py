"""`clientele customer` shows one customer whole; personal columns only on request."""

import json
from typing import Any

import duckdb
import pytest
from house import House

MANY_SIDED = """
select identity.customer_id
from descriptive.bridge_customer_identity as identity
inner join behavioural.fct_sale as sale using (customer_id)
inner join associative.fct_alert as alert using (customer_id)
inner join descriptive.fct_consent as consent using (customer_id)
inner join behavioural.fct_service_contact as contact using (customer_id)
where
    identity.customer_id <> '_unknown'
    and identity.known_to = timestamp '9999-12-31'
group by identity.customer_id
having count(distinct identity.source_record_id) > 1
order by identity.customer_id
limit 1
"""
PARTS = {
    *("customer_id", "identity", "attributes", "records", "identity_changes"),
    *("values", "contact_points", "household", "relations", "consents", "habits"),
    *("segments", "scores", "alerts", "timeline"),
}


@pytest.fixture(scope="module")
def customer_id(demo_night: House) -> str:
    """A customer of whom there is something to tell in every part."""
    release = demo_night.settings.places.published / "current" / "marts.duckdb"
    with duckdb.connect(str(release), read_only=True) as marts:
        [[found]] = marts.execute(MANY_SIDED).fetchall()
    return str(found)


def told(house: House, *arguments: str) -> dict[str, Any]:
    """Return the dossier that the command prints for a program."""
    dossier: dict[str, Any] = json.loads(house.done("customer", *arguments, "--json"))
    return dossier


def test_a_customer_is_shown_whole(demo_night: House, customer_id: str) -> None:
    """Every part is there, by the customer's id and by a record of it alike."""
    dossier = told(demo_night, customer_id)
    assert set(dossier) == PARTS
    may_be_empty = {"relations", "scores"}
    assert not {name for name in PARTS - may_be_empty if not dossier[name]}
    assert len(dossier["identity"]) == len(dossier["records"]) > 1
    assert told(demo_night, dossier["records"][-1]["record"]) == dossier


def test_every_value_says_where_it_comes_from(
    demo_night: House, customer_id: str
) -> None:
    """Record, who, when, where, how, why; of an attribute one value counts."""
    values = told(demo_night, customer_id)["values"]
    for value in values:
        assert value["record"] and value["collected_at"]
        assert value["collected_by"] and value["collected_where"]
        assert value["collected_how"] and value["collected_why"]
    won = {(v["attribute_name"], v["said"]) for v in values if v["is_winner"]}
    attributes = [attribute for attribute, _ in won]
    assert attributes and len(attributes) == len(set(attributes))


def test_personal_columns_are_shown_on_request_only(
    demo_night: House, customer_id: str
) -> None:
    """Whatever the restricted dossier adds, the open one does not hold."""
    restricted = told(demo_night, customer_id, "--restricted")
    personal = {each["said"] for each in restricted["personal"]} - {"true", "false"}
    assert personal
    shown = json.dumps(told(demo_night, customer_id), ensure_ascii=False)
    assert not [value for value in personal if f'"{value}"' in shown]


def test_the_timeline_is_as_long_as_asked(demo_night: House, customer_id: str) -> None:
    """The latest come first."""
    events = told(demo_night, customer_id, "--events", "3")["timeline"]
    assert len(events) == 3
    moments = [event["happened_at"] for event in events]
    assert moments == sorted(moments, reverse=True)


def test_people_read_the_same_in_words(demo_night: House, customer_id: str) -> None:
    """Each part has a title, and an empty one says so."""
    page = demo_night.done("customer", customer_id)
    for title in (
        "Why it is one",
        "Household",
        "Alerts",
        "What happened, latest first",
    ):
        assert title in page
