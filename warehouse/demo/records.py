"""Party records as each source writes them on a given day: its columns, its spelling."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import Column, choose, day, either, join, moment, number
from warehouse.demo.identifiers import (
    KNOWN_BAD_MOBILE,
    fixed_lines,
    mobiles,
    organisation_codes,
    resident_ids,
)
from warehouse.demo.population import (
    CHARACTERS,
    Address,
    Name,
    Population,
    addresses,
    organisation_names,
    person_names,
)
from warehouse.demo.presence import TOLD_BIRTH_PCT, Presence, record_ids

FIRST_DAY = 20_454
"""2026-01-01 in days since 1970, the first business date."""
DAY = 86_400
TYPO_PCT = 6
OCCUPATIONS = (
    "professional clerical manual management skilled_manual service agriculture student "
    "retired unemployed self_employed other"
).split()
EDUCATIONS = "primary secondary vocational bachelor master doctor".split()
INCOME_BANDS = (
    "under_15k 15_24k 25_34k 35_49k 50_74k 75_99k 100_124k 125_149k 150_174k 175_199k "
    "200_249k 250k_plus"
).split()
INCOME_FLOORS = np.array([8, 15, 25, 35, 50, 75, 100, 125, 150, 175, 200, 250])
AGE_BANDS = "19-24 25-34 35-44 45-54 55-64 65+".split()
OWNERSHIPS = "国有 集体 民营 外资 合资 上市 事业单位".split()
ECONOMIES = (
    "manufacturing trade service agriculture construction transport public".split()
)
FOUND_BY = (
    "walk_in referral fair advertising directory cold_call web list partner".split()
)
CATEGORIES = "potential current lost end_user agent key strategic".split()
STANDINGS = "leader challenger follower niche".split()
TERMS = "prepaid cash net_30 net_60 net_90 instalment".split()
SIZES = "micro small medium large".split()
CURRENCIES = {
    "CN": "CNY",
    "HK": "HKD",
    "US": "USD",
    "GB": "GBP",
    "DE": "EUR",
    "FR": "EUR",
    "SG": "SGD",
}


@dataclass(frozen=True)
class Known:
    """What one source holds about some customers on one day.

    Attributes:
        index: The customers.
        is_organisation: Which of them are organisations.
    """

    people: Population
    source: str
    index: Integers
    is_organisation: Flags
    name: Name
    organisation_name: Column
    short_name: Column
    address: Address

    @property
    def full_name(self) -> Column:
        """Return the name of the person or organisation."""
        return either(self.is_organisation, self.organisation_name, self.name.full)

    def for_persons(self, values: Column | str) -> Column:
        """Return the values, empty for organisations."""
        return either(self.is_organisation, "", values)

    def for_organisations(self, values: Column | str) -> Column:
        """Return the values, empty for persons."""
        return either(self.is_organisation, values, "")

    def below(self, purpose: str, limit: int) -> Integers:
        """Return a whole number that belongs to each customer, in every source."""
        return self.people.chance.below(self.index, purpose, limit)

    def sometimes(self, purpose: str, probability: float, values: Column) -> Column:
        """Return the values where this source was told them, else empty."""
        told = self.people.chance.happens(
            self.index, f"{self.source}:{purpose}", probability
        )
        return either(told, values, "")

    @property
    def email(self) -> Column:
        """Return the e-mail address, the same in every source."""
        hosts = ["example.com", "example.org", "example.net", "mail.example.com"]
        host = choose(hosts, self.below("host", len(hosts)))
        person = join(self._first_latin(), number(self.index), "@", host)
        return either(
            self.is_organisation, join("office", number(self.index), "@", host), person
        )

    def _first_latin(self) -> Column:
        still = np.zeros(len(self.index), bool)
        form = np.zeros(len(self.index), np.int64)
        first = person_names(
            self.people, self.index, is_renamed=still, has_typo=still, form=form
        )
        return first.latin

    @property
    def mobile(self) -> Column:
        """Return the mobile number: some share that of their household's head."""
        chance = self.people.chance
        shares = chance.happens(self.index, "shares_mobile", 0.2)
        owner = np.where(shares, self.people.head(self.index), self.index)
        form = chance.below(self.index, f"{self.source}:mobile_form", 3)
        written = mobiles(chance, owner, self.address.country, form)
        placeholder = chance.happens(self.index, f"{self.source}:placeholder", 0.004)
        return either(placeholder, KNOWN_BAD_MOBILE, written)

    def line(self, purpose: str = "phone") -> Column:
        """Return the fixed line of the household, or its fax."""
        head = self.people.head(self.index)
        address = self.address
        return fixed_lines(
            self.people.chance, head, address.country, address.dialling, purpose
        )

    @property
    def birth_day(self) -> Integers:
        """Return the date of birth in days since 1970."""
        return self.people.birth_day(self.index)

    @property
    def area(self) -> Integers:
        """Return the six digits of the place for numbers issued in China."""
        areas = np.array([int(city.area_id or 0) for city in words.CITIES])
        return areas[self.address.city_ordinal]

    @property
    def national_id(self) -> Column:
        """Return the resident id of persons in mainland China, else empty."""
        people, index = self.people, self.index
        wrong = people.chance.happens(index, f"{self.source}:wrong_id", 0.01)
        written = resident_ids(
            np.where(self.area > 0, self.area, 110105),
            day(self.birth_day, "%Y%m%d"),
            people.id_ordinal(index),
            wrong,
        )
        return either((self.area > 0) & ~self.is_organisation, written, "")

    @property
    def organisation_code(self) -> Column:
        """Return the unified code of organisations in mainland China, else empty."""
        body = self.index * 48_271 % 100_000_007 % 100_000_000
        wrong = self.people.chance.happens(
            self.index, f"{self.source}:wrong_code", 0.01
        )
        written = organisation_codes(
            np.where(self.area > 0, self.area, 110105), body, wrong
        )
        return either((self.area > 0) & self.is_organisation, written, "")

    @property
    def currency(self) -> Column:
        """Return the currency of the customer's country."""
        codes = [CURRENCIES[city.country_code] for city in words.CITIES]
        return choose(codes, self.address.city_ordinal)


def know(presence: Presence, source: str, index: Integers, on_day: int) -> Known:
    """Return what a source holds about customers on a day of the demo."""
    people, chance = presence.people, presence.people.chance
    moved = presence.has_moved(source, index, on_day)
    renamed = presence.is_renamed(source, index, on_day)
    form = chance.weighted(index, f"{source}:form", [88, 5, 7])
    typo_name = chance.happens(index, f"{source}:typo_name", TYPO_PCT / 100)
    typo_address = chance.happens(index, f"{source}:typo_address", TYPO_PCT / 100)
    full, short = organisation_names(
        people, index, has_typo=typo_name, is_renamed=renamed
    )
    return Known(
        people=people,
        source=source,
        index=index,
        is_organisation=people.is_organisation(index),
        name=person_names(
            people, index, is_renamed=renamed, has_typo=typo_name, form=form
        ),
        organisation_name=full,
        short_name=short,
        address=addresses(
            people, index, has_moved=moved, has_typo=typo_address, form=form
        ),
    )


def clock(presence: Presence, source: str, index: Integers, on_day: int) -> Integers:
    """Return the local second at which each record was made or changed on a day."""
    chance = presence.people.chance
    within = 8 * 3600 + chance.below(index, f"{source}:second", 14 * 3600)
    return (FIRST_DAY + on_day) * DAY + within


def made_at(presence: Presence, source: str, index: Integers) -> Integers:
    """Return the local second at which each record was made at its source."""
    first = presence.first_day[source][index].astype(np.int64)
    ago = 1 + presence.people.chance.below(index, f"{source}:ago", 1_500)
    made_on = np.where(first == 0, -ago, first)
    within = clock(presence, source, index, 0) - FIRST_DAY * DAY
    return (FIRST_DAY + made_on) * DAY + within


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
    corrected_on = presence.correction_day(index)
    wrong = (corrected_on < presence.days) & (corrected_on > on_day)
    born = known.birth_day - 365 * wrong
    member = either(presence.holds("member", index), record_ids("member", index), "")
    address = known.address
    return pa.table(
        {
            "registration_id": record_ids("web", index, is_second=is_second),
            "account_type": either(known.is_organisation, "C", "P"),
            "title": known.for_persons(
                either(presence.people.is_male(index), "Mr", "Ms")
            ),
            "full_name": known.full_name,
            "family_name": known.for_persons(known.name.family),
            "given_name": known.for_persons(known.name.given),
            "sex": known.for_persons(_sex(known, ["F", "M", ""])),
            "birth_date": known.for_persons(
                known.sometimes("born", TOLD_BIRTH_PCT / 100, day(born))
            ),
            "company_code": known.organisation_code,
            "email": known.email,
            "mobile": known.sometimes("mobile", 0.85, known.mobile),
            "member_number": known.sometimes("member", 0.4, member),
            "occupation": known.for_persons(
                choose(OCCUPATIONS, known.below("occupation", len(OCCUPATIONS)))
            ),
            "education": known.for_persons(
                choose(EDUCATIONS, known.below("education", len(EDUCATIONS)))
            ),
            "household_size": known.for_persons(number(1 + known.below("home", 5))),
            "address_line": address.line,
            "postcode": address.postcode,
            "city": address.city,
            "region": address.region,
            "country": address.country,
            "registered_at": moment(made_at(presence, "web", index) - 8 * 3600),
            "updated_at": moment(updated_at - 8 * 3600),
        }
    )


def _sex(known: Known, words_for: list[str]) -> Column:
    unsaid = known.people.chance.happens(known.index, f"{known.source}:no_sex", 0.1)
    male = known.people.is_male(known.index).astype(np.int64)
    return choose(words_for, np.where(unsaid, 2, male))


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
            "card_number": record_ids("member", index),
            "holder": either(known.is_organisation, "单位", "个人"),
            "name": known.full_name,
            "sex": known.for_persons(_sex(known, ["女", "男", ""])),
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
    contact = _other_person(known, "contact", form=CHARACTERS)
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
                either(chinese, "；", "; "),
                _other_person(known, "buyer", form=0),
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
            "legal_representative": _other_person(known, "legal", form=CHARACTERS),
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


def _other_person(known: Known, role: str, *, form: int) -> Column:
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
            "sex": _sex(known, ["female", "male", "unknown"]),
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
