"""Small lists of many vendors that one broker supplies, and the terms of each."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Integers
from warehouse.demo.columns import choose, day, either
from warehouse.demo.effects import Effects
from warehouse.demo.known import FIRST_DAY, know
from warehouse.demo.presence import Presence, record_ids

EDITION = "2026-01"
STALE_LIST, STALE_DAYS = "BRK-GOVERNMENT", 2_000
"""One list was collected that many days before all others, at the latest."""


@dataclass(frozen=True)
class Brokered:
    """One list that the broker supplies.

    Attributes:
        category: Code of the dictionary `list_category`.
        name: What the list is called.
        vendor: Who made it.
        acquisition: Code of the dictionary `list_acquisition`.
        price: Price of the edition in yuan.
        uses: How often it may be used; none without limit.
        purposes: Codes of the dictionary `purpose`.
    """

    category: str
    name: str
    vendor: str
    acquisition: str
    price: int
    uses: int | None
    purposes: str = "marketing"

    @property
    def code(self) -> str:
        """Return the code of the list."""
        return f"BRK-{self.category.replace('_', '-').upper()}"


OF_PERSONS = [
    Brokered("direct_marketer", "Mail-order buyers", "Gamma Direct", "rented", 900, 2),
    Brokered(
        "retailer", "Buyers of outdoor goods", "Hill and Trail", "exchanged", 0, 1
    ),
    Brokered(
        "card_issuer", "Holders of travel cards", "Delta Card", "rented", 1_600, 1
    ),
    Brokered(
        "credit_bureau", "Payers without arrears", "Epsilon Bureau", "rented", 2_100, 1
    ),
    Brokered(
        "survey_company", "Panel of households", "Zeta Surveys", "bought", 1_100, 3
    ),
    Brokered(
        "consumer_researcher", "Tea drinkers", "Eta Research", "bought", 1_300, None
    ),
    Brokered("related_service", "Guests of hotels", "Theta Hotels", "exchanged", 0, 2),
    Brokered("press", "Readers of a monthly", "Iota Press", "rented", 700, 1),
    Brokered(
        "government", "Open register of residents", "City of Kappa", "public", 0, None
    ),
    Brokered("referral", "Brought by customers", "Our customers", "public", 0, None),
]
OF_ORGANISATIONS = [
    Brokered(
        "business_register", "New companies", "Register of Lambda", "public", 0, None
    ),
    Brokered("media", "Advertisers", "Mu Media", "bought", 600, None),
    Brokered(
        "mission_abroad", "Importers abroad", "Trade office Nu", "public", 0, None
    ),
    Brokered("bank", "Companies that invest", "Xi Bank", "exchanged", 0, 1),
    Brokered("consultancy", "Fast growers", "Omicron Advisers", "bought", 2_400, 5),
    Brokered(
        "association", "Members of the trade", "Pi Association", "bought", 300, None
    ),
    Brokered(
        "chamber", "Members of the chamber", "Chamber of Rho", "bought", 250, None
    ),
    Brokered("partner", "Customers of a partner", "Sigma Logistics", "exchanged", 0, 3),
    Brokered(
        "allied_competitor", "Where we do not sell", "Tau Stores", "exchanged", 0, 1
    ),
]
LISTS = [*OF_PERSONS, *OF_ORGANISATIONS]


def terms() -> pa.Table:
    """Return rows of `list_broker.lists`: on what terms each list is held."""
    count = len(LISTS)
    return pa.table(
        {
            "list_code": [each.code for each in LISTS],
            "edition": [EDITION] * count,
            "list_name": [each.name for each in LISTS],
            "vendor": [each.vendor for each in LISTS],
            "category": [each.category for each in LISTS],
            "acquisition": [each.acquisition for each in LISTS],
            "price": [f"{each.price}.00" for each in LISTS],
            "currency": ["CNY"] * count,
            "uses": [str(each.uses or "") for each in LISTS],
            "purposes": [each.purposes for each in LISTS],
            "acquired_on": day(np.full(count, FIRST_DAY - 5)),
            "expires_on": day(np.full(count, FIRST_DAY + 364)),
        }
    )


def names(presence: Presence, index: Integers) -> pa.Table:
    """Return rows of `list_broker.names`: who stands on which of the lists."""
    known = know(presence, "list_broker", index, 0)
    ordinal = np.where(
        known.is_organisation,
        len(OF_PERSONS) + known.below("brokered_of_firms", len(OF_ORGANISATIONS)),
        known.below("brokered_of_persons", len(OF_PERSONS)),
    )
    is_stale = ordinal == [each.code for each in LISTS].index(STALE_LIST)
    age = 20 + known.below("brokered_age", 500) + is_stale * STALE_DAYS
    return pa.table(
        {
            "entry": record_ids("list_broker", index),
            "list_code": choose([each.code for each in LISTS], ordinal),
            "edition": pa.array([EDITION] * len(index)),
            "entry_type": either(known.is_organisation, "organisation", "person"),
            "name": known.full_name,
            "email": known.sometimes("email", 0.6, known.email),
            "mobile": known.sometimes("mobile", 0.6, known.mobile),
            "phone": known.sometimes("phone", 0.4, known.line()),
            "address": known.address.line,
            "postcode": known.address.postcode,
            "city": known.address.city,
            "region": known.address.region,
            "country": known.address.country,
            "collected_on": day(FIRST_DAY - age),
        }
    )


def plant(effects: Effects) -> None:
    """Tell what is true of the broker's lists."""
    effects.plant(
        "list.stalest",
        STALE_LIST,
        "The list whose names were collected years before those of all others.",
    )
