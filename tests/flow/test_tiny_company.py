"""A tiny company through the whole house, by its commands alone."""

import json

from house import House

MEMBERS = "member,name,email,city\n1,Ann Lee,ann@example.com,Berlin\n"
NEWCOMER = "2,Bo Ek,bo@example.com,Bonn\n"
SALES = (
    "receipt,line,member,sold_at,quantity,amount\n"
    "r1,1,1,2026-01-04 10:00:00,1,12.50\n"
    "r2,1,2,2026-01-04 11:00:00,2,5.00\n"
)
BUYERS = """
select order_number, customer_id = '_unknown' as is_unknown
from behavioural.fct_sale order by order_number
"""
WEB_PAGE = "<!doctype html><html><body>Please log in</body></html>"


def test_nights_publish_heal_and_hold_back(tiny_company: House) -> None:
    """A sale finds its buyer once it is delivered; a bad file changes nothing."""
    tiny_company.deliver("2026-01-05", "members.csv", MEMBERS)
    tiny_company.deliver("2026-01-05", "sales.csv", SALES)
    first = json.loads(tiny_company.done("night", "--json"))
    assert first["release"] == "r-000001"
    assert tiny_company.rows(BUYERS) == [("r1", False), ("r2", True)]

    tiny_company.deliver("2026-01-06", "members.csv", MEMBERS + NEWCOMER)
    second = json.loads(tiny_company.done("night", "--json"))
    assert second["release"] == "r-000002"
    assert tiny_company.rows(BUYERS) == [("r1", False), ("r2", False)]
    assert "Nothing new" in tiny_company.done("night")

    tiny_company.deliver("2026-01-07", "members.csv", WEB_PAGE)
    held = tiny_company.run("night")
    assert held.returncode == 3
    assert tiny_company.settings.places.current.resolve().name == "r-000002"
