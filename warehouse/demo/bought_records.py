"""Records on the two bought lists."""

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Integers
from warehouse.demo.codes import AGE_BANDS, INCOME_BANDS, INCOME_FLOORS, SIZES
from warehouse.demo.columns import choose, day, either, join, number
from warehouse.demo.known import FIRST_DAY, know
from warehouse.demo.presence import Presence, record_ids


def alpha_names(presence: Presence, index: Integers) -> pa.Table:
    """Return rows of `list_alpha.names`: consumers of a data company."""
    known = know(presence, "list_alpha", index, 0)
    age = (FIRST_DAY - known.birth_day) // 365
    income = known.below("income", len(INCOME_BANDS))
    collected = FIRST_DAY - 30 - known.below("alpha_collected", 700)
    return pa.table(
        {
            "entry": record_ids("list_alpha", index),
            "list_code": pa.array(["ALPHA-CONSUMER"] * len(index)),
            "edition": pa.array(["2025-12"] * len(index)),
            "full_name": known.full_name,
            "sex": known.sex("female", "male", "unknown"),
            "age_band": choose(AGE_BANDS, np.searchsorted([25, 35, 45, 55, 65], age)),
            "income_band": choose(INCOME_BANDS, income),
            "annual_income": join(number(INCOME_FLOORS[income]), " 000"),
            "currency": known.currency,
            "children": number(known.below("children", 4)),
            "home_owner": choose(["N", "Y"], known.below("owns_home", 2)),
            "email": known.sometimes("email", 0.6, known.email),
            "mobile": known.sometimes("mobile", 0.7, known.mobile),
            "phone": known.sometimes("phone", 0.5, known.line()),
            "address": known.address.line,
            "postcode": known.address.postcode,
            "city": known.address.city,
            "region": known.address.region,
            "country": known.address.country,
            "collected_on": day(collected, "%Y/%m/%d"),
        }
    )


def beta_names(presence: Presence, index: Integers) -> pa.Table:
    """Return rows of `list_beta.names`: a directory of companies and their people."""
    known = know(presence, "list_beta", index, 0)
    trade = known.below("industry", len(words.INDUSTRIES))
    collected = FIRST_DAY - 10 - known.below("beta_collected", 300)
    return pa.table(
        {
            "entry": record_ids("list_beta", index),
            "edition": pa.array(["2026-1"] * len(index)),
            "entry_type": either(known.is_organisation, "organisation", "person"),
            "name": known.full_name,
            "organisation_code": known.sometimes("code", 0.7, known.organisation_code),
            "industry": known.for_organisations(choose(words.INDUSTRIES, trade)),
            "size": known.for_organisations(choose(SIZES, known.below("beta_size", 4))),
            "email": known.sometimes("email", 0.7, known.email),
            "mobile": known.sometimes("mobile", 0.5, known.mobile),
            "phone": known.line(),
            "website": known.for_organisations(
                join("https://www.example.org/", number(index))
            ),
            "address": known.address.line,
            "postcode": known.address.postcode,
            "city": known.address.city,
            "region": known.address.region,
            "country": known.address.country,
            "collected_on": day(collected),
        }
    )
