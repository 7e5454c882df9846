"""Codes that the made-up sources use, in the order in which chance chooses them."""

import numpy as np


def _words(text: str) -> list[str]:
    return text.split()


OCCUPATIONS = _words(
    "professional clerical manual management skilled_manual service agriculture "
    "student retired unemployed self_employed other"
)
EDUCATIONS = _words("primary secondary vocational bachelor master doctor")
INCOME_BANDS = _words(
    "under_15k 15_24k 25_34k 35_49k 50_74k 75_99k 100_124k 125_149k 150_174k 175_199k "
    "200_249k 250k_plus"
)
INCOME_FLOORS = np.array([8, 15, 25, 35, 50, 75, 100, 125, 150, 175, 200, 250])
"""Lowest yearly income of each band, in thousands."""
AGE_BANDS = _words("19-24 25-34 35-44 45-54 55-64 65+")
OWNERSHIPS = _words("国有 集体 民营 外资 合资 上市 事业单位")
ECONOMIES = _words(
    "manufacturing trade service agriculture construction transport public"
)
FOUND_BY = _words(
    "walk_in referral fair advertising directory cold_call web list partner"
)
CATEGORIES = _words("potential current lost end_user agent key strategic")
STANDINGS = _words("leader challenger follower niche")
TERMS = _words("prepaid cash net_30 net_60 net_90 instalment")
SIZES = _words("micro small medium large")
REASONS = _words(
    "question order delivery return complaint suggestion technical billing other"
)
OUTCOMES = _words("solved forwarded called_back open unreachable refused wrong_number")
CONTACT_STRATEGIES = _words("intensive frequent regular quarterly half_yearly yearly")
PURCHASE_STRATEGIES = _words("weekly monthly quarterly half_yearly yearly")
ACQUIRED_THROUGH = _words("sales_force fair partner fax back_office phone")
SIGNED_UP_WITH = _words("web app social")
LIFE_STYLES = _words("family career comfort thrift health adventure tradition trend")
INTERESTS = _words(
    "travel cooking reading gaming gardening music film fashion technology pets art"
)
"""All of the dictionary but sport, which is drawn by age."""
EVENTS = _words("view search cart_add cart_remove checkout purchase")
CURRENCIES = {
    "CN": "CNY",
    "HK": "HKD",
    "US": "USD",
    "GB": "GBP",
    "DE": "EUR",
    "FR": "EUR",
    "SG": "SGD",
}
