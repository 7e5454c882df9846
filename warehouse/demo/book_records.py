"""Records of organisations as the sales force keeps them in its book."""

import numpy as np
import pyarrow as pa

from warehouse.demo import slips
from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Integers
from warehouse.demo.codes import (
    ACQUIRED_THROUGH,
    CATEGORIES,
    CONTACT_STRATEGIES,
    ECONOMIES,
    FOUND_BY,
    OWNERSHIPS,
    PURCHASE_STRATEGIES,
    SIZES,
    STANDINGS,
    TERMS,
)
from warehouse.demo.columns import Column, choose, day, either, join, number
from warehouse.demo.known import DAY, FIRST_DAY, Known, know, made_at
from warehouse.demo.presence import Presence, record_ids

CHOSEN_STRATEGY_PCT = 40
"""Of the organisations, for how many the sales force chose a strategy itself."""


def organisations(presence: Presence, index: Integers, *, on_day: int) -> pa.Table:
    """Return rows of `crm.organisations` as they stand on a day."""
    known = know(presence, "crm", index, on_day)
    opened_on = made_at(presence, "crm", index) // DAY
    return pa.table(
        {
            "account_number": record_ids("crm", index),
            **_identity(known),
            **_nature(known),
            **_dealings(known),
            **_credit(known, days=presence.days, on_day=on_day),
            **_business(known),
            **_figures(known),
            **_contact_points(known),
            "created_on": day(opened_on, "%d.%m.%Y"),
        }
    )


def _identity(known: Known) -> dict[str, Column]:
    contact, buyer = _other_person(known, "contact"), _other_person(known, "buyer")
    comma = either(known.people.is_chinese(known.index), "、", "; ")
    return {
        "full_name": known.organisation_name,
        "short_name": known.short_name,
        "unified_code": known.organisation_code,
        "tax_id": known.organisation_code,
        "contact_person": contact,
        "authorised_buyers": join(contact, comma, buyer),
        "legal_representative": _other_person(known, "legal"),
        "district_number": join("D", number(known.address.city_ordinal + 1, 3)),
    }


def _nature(known: Known) -> dict[str, Column]:
    return {
        "ownership": known.any_of("ownership", OWNERSHIPS),
        "economic_category": known.any_of("economy", ECONOMIES),
        "found_by": known.any_of("found_by", FOUND_BY),
        "category": known.any_of("category", CATEGORIES),
        "market_standing": known.any_of("standing", STANDINGS),
        "settlement_terms": known.any_of("terms", TERMS),
        "agency_wishes": known.sometimes(
            "agency", 0.2, known.any_of("wish", list(words.DEPARTMENTS))
        ),
        "investing_country": known.sometimes(
            "investor", 0.15, known.any_of("inv", ["US", "DE", "SG", "FR"])
        ),
    }


def _dealings(known: Known) -> dict[str, Column]:
    """Return what was agreed with it; who has no strategy gets that of its class."""
    return {
        "delivery_docks": number(known.below("docks", 7)),
        "has_cold_store": choose(["N", "Y"], known.below("cold_store", 2)),
        "acquired_through": known.any_of("acquired", ACQUIRED_THROUGH),
        "contact_strategy": known.sometimes(
            "contact_strategy",
            CHOSEN_STRATEGY_PCT / 100,
            known.any_of("contact_strategy", CONTACT_STRATEGIES),
        ),
        "purchase_strategy": known.sometimes(
            "purchase_strategy",
            CHOSEN_STRATEGY_PCT / 100,
            known.any_of("purchase_strategy", PURCHASE_STRATEGIES),
        ),
    }


def _credit(known: Known, *, days: int, on_day: int) -> dict[str, Column]:
    """Return the judgement of credit; a quarter is judged anew during the demo."""
    assessed = known.below("assessed_day", 4 * days)
    is_new = assessed <= on_day
    return {
        "credit_stars": number(1 + known.below("stars", 4) + is_new),
        "credit_assessor": join("S", number(1 + known.below("assessor", 60), 3)),
        "credit_assessed_on": day(
            FIRST_DAY - 200 + np.where(is_new, 200 + assessed, 0)
        ),
    }


def _business(known: Known) -> dict[str, Column]:
    trade = known.below("industry", len(words.INDUSTRIES))
    chinese = known.people.is_chinese(known.index)
    han = choose(words.TRADES_CHINESE, trade)
    latin = choose(words.TRADES_LATIN, trade)
    return {
        "business_scope": either(
            chinese,
            join(han, "的生产、销售与服务"),
            join("Making and selling of ", latin),
        ),
        "industry": choose(words.INDUSTRIES, trade),
        "main_products": either(chinese, han, latin),
        "founded_year": slips.founded_year(known),
    }


def _figures(known: Known) -> dict[str, Column]:
    turnover = 500_000 + known.below("turnover", 90_000_000)
    staff = 3 + turnover // 400_000
    account = known.below("bank", 10**9)
    return {
        "staff_count": number(staff),
        "size": choose(SIZES, np.searchsorted([10, 50, 150], staff)),
        "annual_turnover": join(number(turnover), ".00"),
        "annual_profit": slips.profit(known, turnover),
        "tax_paid": join(number(turnover // 40), ".00"),
        "registered_capital": join(number(turnover // 5), ".00"),
        "currency": known.currency,
        "bank_account": join(
            "6222", number(account, 9), number(known.index % 10**6, 6)
        ),
    }


def _contact_points(known: Known) -> dict[str, Column]:
    return {
        "phone": known.line(),
        "mobile": known.mobile,
        "fax": known.sometimes("fax", 0.5, known.line("fax")),
        "email": known.email,
        "website": join("https://www.example.com/", record_ids("crm", known.index)),
        "address": known.address.line,
        "postcode": known.address.postcode,
        "city": known.address.city,
        "region": known.address.region,
        "country": known.address.country,
    }


def _other_person(known: Known, role: str) -> Column:
    """Return the name of somebody at an organisation who is no customer."""
    chinese = known.people.is_chinese(known.index)
    family = known.below(f"{role}_family", len(words.FAMILY_CHINESE))
    given = known.below(f"{role}_given", len(words.GIVEN_LATIN_MALE))
    return either(
        chinese,
        join(
            choose(list(words.FAMILY_CHINESE), family),
            choose(list(words.GIVEN_CHINESE_MALE), given),
        ),
        join(
            choose(words.GIVEN_LATIN_MALE, given),
            " ",
            choose(words.FAMILY_LATIN, family % len(words.FAMILY_LATIN)),
        ),
    )
