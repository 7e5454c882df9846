"""What one source holds about customers on a day: the truth, aged and misspelt."""

from dataclasses import dataclass

import numpy as np

from warehouse.demo import vocabulary as words
from warehouse.demo.addressing import Address, addresses
from warehouse.demo.chance import Flags, Integers
from warehouse.demo.codes import CURRENCIES
from warehouse.demo.columns import Column, choose, day, either, join, number
from warehouse.demo.identifiers import (
    KNOWN_BAD_MOBILE,
    fixed_lines,
    mobiles,
    organisation_codes,
    resident_ids,
)
from warehouse.demo.naming import Name, organisation_names, person_names
from warehouse.demo.population import Population
from warehouse.demo.presence import Presence

FIRST_DAY = 20_454
"""2026-01-01 in days since 1970, the first business date."""
DAY = 86_400
TYPO_PCT = 6


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

    def any_of(self, purpose: str, values: list[str]) -> Column:
        """Return one of the values that belongs to each customer, in every source."""
        return choose(values, self.below(purpose, len(values)))

    def sex(self, female: str, male: str, unsaid: str) -> Column:
        """Return the sex in a source's own words; some do not say."""
        silent = self.people.chance.happens(self.index, f"{self.source}:no_sex", 0.1)
        ordinal = self.people.is_male(self.index).astype(np.int64)
        return choose([female, male, unsaid], np.where(silent, 2, ordinal))

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
