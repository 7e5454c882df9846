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
    chance, head = people.chance, people.head(index)
    ordinal = people.home(index)
    salt = [
        np.where(
            has_moved,
            chance.below(index, f"later_{part}", 1_000_000),
            chance.below(head, part, 1_000_000),
        )
        for part in ("street", "house", "flat", "post")
    ]
    street, house, flat, post = salt
    written_street: Integers = np.bitwise_xor(street, has_typo)
    city = choose([place.name for place in words.CITIES], ordinal)
    house_text, flat_text = (
        number(house % 998 + 1),
        number(flat % 28 * 100 + flat % 6 + 101),
    )
    han = join(
        city,
        "市",
        pick(words.STREETS_CHINESE, written_street),
        house_text,
        "号",
        flat_text,
        "室",
    )
    latin = join(
        number(flat % 90 + 1),
        "/",
        house_text,
        " ",
        pick(words.STREETS_LATIN, written_street),
    )
    chinese = people.is_chinese(index)
    count = np.array([place.postcode_count for place in words.CITIES])[ordinal]
    width = np.array([place.postcode_digits for place in words.CITIES])[ordinal]
    running = post % count + 1
    digits = either(
        width == 2, number(running, 2), either(width == 1, number(running), "")
    )
    return Address(
        line=either(chinese, _street_form(han, form), latin),
        postcode=join(
            choose([place.postcode_prefix for place in words.CITIES], ordinal),
            digits,
            choose([place.postcode_suffix for place in words.CITIES], ordinal),
        ),
        city=city,
        region=choose([place.region for place in words.CITIES], ordinal),
        country=choose([place.country_code for place in words.CITIES], ordinal),
        dialling=choose([place.dialling for place in words.CITIES], ordinal),
        city_ordinal=ordinal,
    )


def _street_form(line: Column, form: Integers) -> Column:
    simple, full = "国号区东广庆学园", "國號區東廣慶學園"
    traditional = line
    for before, after in zip(simple, full, strict=True):
        traditional = pc.replace_substring(traditional, before, after)
    return either(form == TRADITIONAL, traditional, line)
