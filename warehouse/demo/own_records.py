"""Records of customers who came by themselves: web registrations and member cards."""

import numpy as np
import pyarrow as pa

from warehouse.demo import slips
from warehouse.demo.chance import Integers
from warehouse.demo.codes import (
    EDUCATIONS,
    INCOME_BANDS,
    INCOME_FLOORS,
    INTERESTS,
    LIFE_STYLES,
    OCCUPATIONS,
    SIGNED_UP_WITH,
)
from warehouse.demo.columns import Column, choose, day, either, join, moment, number
from warehouse.demo.effects import Effects
from warehouse.demo.known import Known, know, made_at
from warehouse.demo.presence import TOLD_BIRTH_PCT, Presence, card_numbers, record_ids

THIRD_SEX_PCT = 1
STREAMER_PCT = 0.7
"""Persons whose occupation no dictionary knows."""
SPORT_BORN_AFTER = 5_478
"""1984-12-31 in days since 1970."""
YOUNG_SPORT_PCT, OLD_SPORT_PCT = 60, 20


def registrations(
    presence: Presence,
    index: Integers,
    *,
    on_day: int,
    updated_at: Integers,
    is_second: bool = False,
) -> pa.Table:
    """Return rows of `web.registrations`, their times in UTC."""
    known = know(presence, "web", index, on_day)
    born = day(_stated_birth_day(presence, known, on_day))
    told = known.sometimes("born", TOLD_BIRTH_PCT / 100, born)
    member = either(presence.holds("member", index), card_numbers(index), "")
    title = either(presence.people.is_male(index), "Mr", "Ms")
    address = known.address
    return pa.table(
        {
            "registration_id": record_ids("web", index, is_second=is_second),
            "account_type": either(known.is_organisation, "C", "P"),
            "title": known.for_persons(title),
            "full_name": known.full_name,
            "family_name": known.for_persons(known.name.family),
            "given_name": known.for_persons(known.name.given),
            "sex": known.for_persons(_sex(known)),
            "birth_date": known.for_persons(told),
            "company_code": known.organisation_code,
            "email": known.email,
            "mobile": known.sometimes("mobile", 0.85, known.mobile),
            "member_number": known.sometimes("member", 0.4, member),
            **_ticked(known),
            "household_size": known.for_persons(number(1 + known.below("home", 5))),
            "address_line": address.line,
            "postcode": address.postcode,
            "city": address.city,
            "region": slips.region(known),
            "country": address.country,
            "registered_at": moment(made_at(presence, "web", index) - 8 * 3600),
            "updated_at": moment(updated_at - 8 * 3600),
        }
    )


def _sex(known: Known) -> Column:
    """Return the sex as a form with three boxes has it; some tick none."""
    third = known.people.chance.happens(known.index, "third_sex", THIRD_SEX_PCT / 100)
    return either(third, "X", known.sex("F", "M", ""))


def _ticked(known: Known) -> dict[str, Column]:
    """Return what a newcomer chooses from the lists of the form, and how it came."""
    style = known.sometimes("style", 0.7, known.any_of("style", LIFE_STYLES))
    way = known.people.chance.weighted(known.index, "way_in", [6, 3, 1])
    return {
        "occupation": known.for_persons(_occupation(known)),
        "education": known.for_persons(known.any_of("education", EDUCATIONS)),
        "life_style": known.for_persons(style),
        "interests": known.for_persons(_interests(known)),
        "signed_up_with": choose(SIGNED_UP_WITH, way),
    }


def _occupation(known: Known) -> Column:
    """Return the occupation; the form has one more than the dictionary, and slips."""
    is_new = known.people.chance.happens(
        known.index, "new_occupation", STREAMER_PCT / 100
    )
    chosen = either(is_new, "streamer", known.any_of("occupation", OCCUPATIONS))
    return slips.occupation(known, chosen)


def _interests(known: Known) -> Column:
    """Return one or two interests, with a semicolon between; sport goes by age."""
    is_young = known.birth_day > SPORT_BORN_AFTER
    share = np.where(is_young, YOUNG_SPORT_PCT, OLD_SPORT_PCT) / 100
    likes_sport = known.people.chance.share(known.index, "sport") < share
    other = known.any_of("interest", INTERESTS)
    return either(likes_sport, join("sport;", other), other)


def plant_interests(effects: Effects) -> None:
    """Tell what interests are planted in registrations."""
    effects.plant(
        "interests.sport_pct",
        {"born_after_1984": YOUNG_SPORT_PCT, "born_earlier": OLD_SPORT_PCT},
        "Of the persons registered on the web, how many in a hundred like sport.",
    )


def _stated_birth_day(presence: Presence, known: Known, on_day: int) -> Integers:
    """Return birth dates as stated: some are a year off until they are corrected."""
    corrected_on = presence.correction_day(known.index)
    wrong = (corrected_on < presence.days) & (corrected_on > on_day)
    stated: Integers = known.birth_day - 365 * wrong
    return stated


def cards(
    presence: Presence, index: Integers, *, on_day: int, updated_at: Integers
) -> pa.Table:
    """Return rows of `member.cards`, their times local with offset."""
    known = know(presence, "member", index, on_day)
    address = known.address
    income = known.below("income", len(INCOME_BANDS))
    amount = INCOME_FLOORS[income] * 1_000 + known.below("income_within", 7_000)
    told = presence.people.chance.happens(index, "member:income", 0.5)
    owner = choose(["否", "是"], known.below("owns_home", 2))
    return pa.table(
        {
            "member_id": record_ids("member", index),
            "card_number": card_numbers(index),
            "holder": either(known.is_organisation, "单位", "个人"),
            "name": known.full_name,
            "sex": known.for_persons(known.sex("女", "男", "")),
            "birth_date": known.for_persons(day(known.birth_day, "%Y%m%d")),
            "id_number": known.sometimes("id", 0.6, known.national_id),
            "company_code": known.organisation_code,
            "email": known.sometimes("email", 0.6, known.email),
            "mobile": known.mobile,
            "phone": known.sometimes("phone", 0.3, known.line()),
            "marital_status": known.for_persons(
                choose(["未婚", "已婚", "离异", "丧偶"], known.below("marital", 4))
            ),
            "income_band": known.for_persons(choose(INCOME_BANDS, income)),
            "annual_income": known.for_persons(either(told, number(amount), "")),
            "children": known.for_persons(number(known.below("children", 4))),
            "home_owner": known.for_persons(owner),
            "address": address.line,
            "postcode": address.postcode,
            "city": address.city,
            "province": address.region,
            "country": address.country,
            "issued_at": moment(made_at(presence, "member", index), suffix="+08:00"),
            "updated_at": moment(updated_at, suffix="+08:00"),
        }
    )
