"""Records of organisations as the sales force keeps them in its book."""

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Integers
from warehouse.demo.codes import (
    CATEGORIES,
    ECONOMIES,
    FOUND_BY,
    OWNERSHIPS,
    SIZES,
    STANDINGS,
    TERMS,
)
from warehouse.demo.columns import Column, choose, day, either, join, number
from warehouse.demo.known import DAY, FIRST_DAY, Known, know, made_at
from warehouse.demo.presence import Presence, record_ids


def organisations(presence: Presence, index: Integers, *, on_day: int) -> pa.Table:
    """Return rows of `crm.organisations` as they stand on a day."""
    known = know(presence, "crm", index, on_day)
    people = presence.people
    assessed = people.chance.below(index, "assessed_day", 4 * presence.days)
    stars = 1 + known.below("stars", 4) + (assessed <= on_day)
    turnover = 500_000 + known.below("turnover", 90_000_000)
    staff = 3 + turnover // 400_000
    founded = 1980 + known.below("founded", 44)
    trade = known.below("industry", len(words.INDUSTRIES))
    chinese = people.is_chinese(index)
    contact = _other_person(known, "contact")
    return pa.table(
        {
            "account_number": record_ids("crm", index),
            "full_name": known.organisation_name,
            "short_name": known.short_name,
            "unified_code": known.organisation_code,
            "tax_id": known.organisation_code,
            "contact_person": contact,
            "authorised_buyers": join(
                contact,
                either(chinese, "、", "; "),
                _other_person(known, "buyer"),
            ),
            "district_number": join("D", number(known.address.city_ordinal + 1, 3)),
            "ownership": choose(OWNERSHIPS, known.below("ownership", len(OWNERSHIPS))),
            "economic_category": choose(
                ECONOMIES, known.below("economy", len(ECONOMIES))
            ),
            "business_scope": either(
                chinese,
                join(choose(words.TRADES_CHINESE, trade), "的生产、销售与服务"),
                join("Making and selling of ", choose(words.TRADES_LATIN, trade)),
            ),
            "found_by": choose(FOUND_BY, known.below("found_by", len(FOUND_BY))),
            "category": choose(CATEGORIES, known.below("category", len(CATEGORIES))),
            "industry": choose(words.INDUSTRIES, trade),
            "credit_stars": number(stars),
            "credit_assessor": join("S", number(1 + known.below("assessor", 60), 3)),
            "credit_assessed_on": day(
                FIRST_DAY - 200 + np.where(assessed <= on_day, 200 + assessed, 0)
            ),
            "staff_count": number(staff),
            "size": choose(SIZES, np.searchsorted([10, 50, 150], staff)),
            "founded_year": number(founded),
            "market_standing": choose(STANDINGS, known.below("standing", 4)),
            "settlement_terms": choose(TERMS, known.below("terms", len(TERMS))),
            "agency_wishes": known.sometimes(
                "agency", 0.2, choose(list(words.DEPARTMENTS), known.below("wish", 5))
            ),
            "legal_representative": _other_person(known, "legal"),
            "main_products": either(
                chinese,
                choose(words.TRADES_CHINESE, trade),
                choose(words.TRADES_LATIN, trade),
            ),
            "annual_turnover": join(number(turnover), ".00"),
            "annual_profit": join(number(turnover // 12), ".00"),
            "tax_paid": join(number(turnover // 40), ".00"),
            "bank_account": join(
                "6222", number(known.below("bank", 10**9), 9), number(index % 10**6, 6)
            ),
            "investing_country": known.sometimes(
                "investor",
                0.15,
                choose(["US", "DE", "SG", "FR"], known.below("inv", 4)),
            ),
            "registered_capital": join(number(turnover // 5), ".00"),
            "currency": known.currency,
            "phone": known.line(),
            "mobile": known.mobile,
            "fax": known.sometimes("fax", 0.5, known.line("fax")),
            "email": known.email,
            "website": join("https://www.example.com/", record_ids("crm", index)),
            "address": known.address.line,
            "postcode": known.address.postcode,
            "city": known.address.city,
            "region": known.address.region,
            "country": known.address.country,
            "created_on": day(made_at(presence, "crm", index) // DAY, "%d.%m.%Y"),
        }
    )


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
