"""Slips of those who fill in forms and keep the book: values that no door can refuse.

They stand in columns that say nothing of who is who. Measures of quality should find
them, and what is personal among them must not be published.
"""

import numpy as np

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import Column, choose, either, join, number
from warehouse.demo.effects import Effects
from warehouse.demo.known import Known
from warehouse.demo.population import Population

WRONG_REGION_PCT = 2.0
"""Web registrations whose province was picked wrong in the list of the form."""
WRONG_REGION, RATHER = "浙江省", "广东省"
CONTACT_AS_OCCUPATION_PCT = 1.0
"""Persons on the web who wrote a telephone number or an address as their occupation."""
PROFIT_PCT = 4.0
"""Organisations whose profit has two noughts too many in the book."""
FOUNDED_PCT = 4.0
"""Organisations whose year of founding is in the wrong century."""

IS_CHINA = np.array([city.country_code == "CN" for city in words.CITIES])


def slipped(people: Population, source: str, index: Integers) -> dict[str, Flags]:
    """Return which customers' records of a source have which slip, for the truth."""
    if source == "web":
        return {
            "wrong_region": _wrong_region(people, index),
            "contact_as_occupation": _contact_as_occupation(people, index),
        }
    if source == "crm":
        return {
            "profit_overstated": _happens(people, index, "profit_slip", PROFIT_PCT),
            "founded_to_come": _happens(people, index, "founded_slip", FOUNDED_PCT),
        }
    return {}


def _happens(
    people: Population, index: Integers, purpose: str, percent: float
) -> Flags:
    return people.chance.happens(index, purpose, percent / 100)


def _wrong_region(people: Population, index: Integers) -> Flags:
    flags: Flags = IS_CHINA[people.home(index)] & _happens(
        people, index, "wrong_region", WRONG_REGION_PCT
    )
    return flags


def _contact_as_occupation(people: Population, index: Integers) -> Flags:
    flags: Flags = ~people.is_organisation(index) & _happens(
        people, index, "contact_as_occupation", CONTACT_AS_OCCUPATION_PCT
    )
    return flags


def region(known: Known) -> Column:
    """Return the region as it was picked."""
    home = choose([city.region for city in words.CITIES], known.address.city_ordinal)
    is_there = np.array([city.region == WRONG_REGION for city in words.CITIES])
    other = either(is_there[known.address.city_ordinal], RATHER, WRONG_REGION)
    return either(_wrong_region(known.people, known.index), other, home)


def occupation(known: Known, chosen: Column) -> Column:
    """Return the occupation as it was filled in."""
    is_number = known.people.chance.happens(known.index, "number_as_occupation", 0.5)
    contact = either(is_number, known.mobile, known.email)
    return either(_contact_as_occupation(known.people, known.index), contact, chosen)


def profit(known: Known, turnover: Integers) -> Column:
    """Return the yearly profit as the book has it."""
    has_slipped = _happens(known.people, known.index, "profit_slip", PROFIT_PCT)
    true = turnover // 12
    return join(number(np.where(has_slipped, 100 * true, true)), ".00")


def founded_year(known: Known) -> Column:
    """Return the year of founding as the book has it."""
    has_slipped = _happens(known.people, known.index, "founded_slip", FOUNDED_PCT)
    true = 1980 + known.below("founded", 44)
    return number(np.where(has_slipped, 2050 + true % 50, true))


def plant(effects: Effects) -> None:
    """Tell of what is planted among values that no door can refuse."""
    effects.plant(
        "slips.wrong_region_pct",
        WRONG_REGION_PCT,
        "Of web registrations in China, how many in a hundred name a wrong region.",
    )
    effects.plant(
        "slips.contact_as_occupation_pct",
        CONTACT_AS_OCCUPATION_PCT,
        "Of persons on the web, how many in a hundred wrote a number or an e-mail "
        "address as their occupation.",
    )
    effects.plant(
        "slips.profit_pct",
        PROFIT_PCT,
        "Of organisations in the book, how many in a hundred earn more than they sell.",
    )
    effects.plant(
        "slips.founded_pct",
        FOUNDED_PCT,
        "Of organisations in the book, how many in a hundred are founded in a year to "
        "come.",
    )
