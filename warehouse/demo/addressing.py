"""How addresses are written, with the errors of the source."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import Column, choose, either, join, number
from warehouse.demo.naming import TRADITIONAL, pick
from warehouse.demo.population import Population


@dataclass(frozen=True)
class Address:
    """Where a customer lives, as a source writes it."""

    line: Column
    postcode: Column
    city: Column
    region: Column
    country: Column
    dialling: Column
    city_ordinal: Integers


def addresses(
    people: Population,
    index: Integers,
    *,
    has_moved: Flags,
    has_typo: Flags,
    form: Integers,
) -> Address:
    """Return addresses; who moves stays in the same city.

    Args:
        people: The population.
        index: Whose addresses.
        has_moved: Where the address after the move is meant.
        has_typo: Where the street is mistaken for its neighbour.
        form: How a Chinese address is written, as in `person_names`.
    """
    ordinal = people.home(index)
    street, house, flat, post = (
        _drawn(people, index, part, has_moved)
        for part in ("street", "house", "flat", "post")
    )
    street = np.bitwise_xor(street, has_typo)
    city = choose([place.name for place in words.CITIES], ordinal)
    room = number(flat % 28 * 100 + flat % 6 + 101)
    house_number = number(house % 998 + 1)
    road, latin_road = (
        pick(words.STREETS_CHINESE, street),
        pick(words.STREETS_LATIN, street),
    )
    han = join(city, "市", road, house_number, "号", room, "室")
    latin = join(number(flat % 90 + 1), "/", house_number, " ", latin_road)
    return Address(
        line=either(people.is_chinese(index), _street_form(han, form), latin),
        postcode=_postcodes(post, ordinal),
        city=city,
        region=choose([place.region for place in words.CITIES], ordinal),
        country=choose([place.country_code for place in words.CITIES], ordinal),
        dialling=choose([place.dialling for place in words.CITIES], ordinal),
        city_ordinal=ordinal,
    )


def _drawn(
    people: Population, index: Integers, part: str, has_moved: Flags
) -> Integers:
    """Draw a part of the address: the household's before a move, one's own after it."""
    chance, limit = people.chance, 1_000_000
    drawn: Integers = np.where(
        has_moved,
        chance.below(index, f"later_{part}", limit),
        chance.below(people.head(index), part, limit),
    )
    return drawn


def _postcodes(post: Integers, city_ordinal: Integers) -> Column:
    count = np.array([place.postcode_count for place in words.CITIES])[city_ordinal]
    width = np.array([place.postcode_digits for place in words.CITIES])[city_ordinal]
    running = post % count + 1
    digits = either(
        width == 2, number(running, 2), either(width == 1, number(running), "")
    )
    return join(
        choose([place.postcode_prefix for place in words.CITIES], city_ordinal),
        digits,
        choose([place.postcode_suffix for place in words.CITIES], city_ordinal),
    )


def _street_form(line: Column, form: Integers) -> Column:
    simple, full = "国号区东广庆学园", "國號區東廣慶學園"
    traditional = line
    for before, after in zip(simple, full, strict=True):
        traditional = pc.replace_substring(traditional, before, after)
    return either(form == TRADITIONAL, traditional, line)
