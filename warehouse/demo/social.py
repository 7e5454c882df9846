"""What is said and done on the made-up company's pages in social media and forums."""

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import Column, choose, either, join, moment, number
from warehouse.demo.contacts import references
from warehouse.demo.goods import Goods
from warehouse.demo.known import DAY, FIRST_DAY
from warehouse.demo.presence import Presence

KINDS = ("like", "share", "comment", "follow")
KIND_SHARES = (60, 15, 20, 5)
ASKS = ("question", "complaint", "suggestion")
ASK_SHARES = (55, 25, 20)
FORUMS = ("tea-and-more.example", "shopping.example", "neighbours.example")
LINKED_PCT = 40
"""Accounts whose owner told under which record the company knows them."""
WORDS = (
    "想知道什么时候补货。",
    "The parcel came open. Again.",
    "建议增加小包装。",
    "Does it fit the old model?",
    "客服一直没有回复。",
    "A gift card would be nice.",
)


def interactions(
    presence: Presence, goods: Goods, *, count: int, on_day: int, part: int
) -> pa.Table:
    """Return rows of `social.interactions`."""
    chance = presence.people.chance
    stream = chance.stream("social", on_day, part)
    index = stream.integers(0, presence.people.size, count)
    source, record = _linked(presence, index, on_day)
    kind = chance.weighted(
        np.arange(count) + count * (100 * on_day + part), "social_kind", KIND_SHARES
    )
    second = stream.integers(7 * 3600, 24 * 3600, count)
    product = goods.codes(stream.integers(0, goods.size, count))
    return pa.table(
        {
            "interaction_id": _ids("I", on_day, part, count),
            "account": join("@", number(index * 48_611 % 10_000_019, 8)),
            "owner_source": source,
            "owner_id": record,
            "kind": choose(KINDS, kind),
            "product_id": either(kind == KINDS.index("follow"), "", product),
            "happened_at": moment((FIRST_DAY + on_day) * DAY + second - 8 * 3600),
        }
    )


def posts(presence: Presence, goods: Goods, *, count: int, on_day: int) -> pa.Table:
    """Return rows of `social.posts`: what is asked, complained of or suggested."""
    chance = presence.people.chance
    stream = chance.stream("posts", on_day)
    index = stream.integers(0, presence.people.size, count)
    source, record = _linked(presence, index, on_day)
    ask = chance.weighted(np.arange(count) + count * on_day, "asks", ASK_SHARES)
    second = stream.integers(7 * 3600, 24 * 3600, count)
    return pa.table(
        {
            "post_id": _ids("F", on_day, 0, count),
            "author_source": source,
            "author_id": record,
            "forum": choose(FORUMS, stream.integers(0, len(FORUMS), count)),
            "product_id": goods.codes(stream.integers(0, goods.size, count)),
            "about": choose(ASKS, ask),
            "words": choose(WORDS, ask * 2 % len(WORDS)),
            "posted_at": moment((FIRST_DAY + on_day) * DAY + second - 8 * 3600),
        }
    )


def _linked(presence: Presence, index: Integers, on_day: int) -> tuple[Column, Column]:
    """Return the records of those accounts whose owner is known; else nothing."""
    source, record, known = references(presence, index, on_day)
    told = presence.people.chance.happens(index, "account_linked", LINKED_PCT / 100)
    linked: Flags = known & told
    return either(linked, source, ""), either(linked, record, "")


def _ids(letter: str, on_day: int, part: int, count: int) -> Column:
    return join(f"{letter}{on_day:03d}{part:02d}", number(np.arange(count), 7))
