"""Where two records say to be: one comparison of address, fixed line, postcode, city.

What the people of a home or a house share is judged once, so that it counts once.
"""

from warehouse.identity.matching.levels import Comparison, Level

NEAR_ADDRESS = (
    "(address_numbers_l = address_numbers_r and length(address_numbers_l) >= 3"
    " and jaro_winkler_similarity(address_key_l, address_key_r) >= 0.85"
    " and (postcode_standard_l = postcode_standard_r or city_l = city_r))"
)
SAME_HOME = (
    "(coalesce(address_key_l = address_key_r, false)"
    " or coalesce(phone_standard_l = phone_standard_r, false)"
    f" or coalesce({NEAR_ADDRESS}, false))"
)

AREA = (
    Level(
        "postcode_standard_l = postcode_standard_r",
        "the addresses differ, the postcodes are the same",
        0.05,
        least_m=0.005,
        least_u=1e-4,
    ),
    Level(
        "city_l = city_r",
        "the addresses differ, the cities are the same",
        0.08,
        least_m=0.05,
        least_u=1e-3,
    ),
    Level("else", "the places differ", 0.04, least_m=0.03),
)
"""What is left where neither address nor line agree."""


def place(name: str, *, line: str, least_u: float) -> Comparison:
    """Return the comparison of places.

    Args:
        name: What it is called in the levels of a pair.
        line: What a fixed line is called.
        least_u: How often two that are not one have one address, at least.
    """
    return Comparison(
        name,
        "(address_key_l is null or address_key_r is null)"
        " and (phone_standard_l is null or phone_standard_r is null)"
        " and (postcode_standard_l is null or postcode_standard_r is null)"
        " and (city_l is null or city_r is null)",
        (
            Level(
                "address_key_l = address_key_r and phone_standard_l = phone_standard_r",
                f"both gave the same address and {line}",
                0.15,
                least_u=least_u / 10,
            ),
            Level(
                "address_key_l = address_key_r",
                "both gave the same address",
                0.55,
                least_u=least_u,
            ),
            Level(
                "phone_standard_l = phone_standard_r",
                f"both gave the same {line}",
                0.05,
                least_u=least_u,
            ),
            Level(
                NEAR_ADDRESS,
                "the addresses are spelt alike, with the same numbers",
                0.08,
                least_u=least_u,
            ),
            *AREA,
        ),
    )
