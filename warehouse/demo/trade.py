"""What customers buy: receipts of the tills and orders of the web shop."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Flags, Integers
from warehouse.demo.codes import CURRENCIES
from warehouse.demo.columns import Column, choose, either, join, moment, money, number
from warehouse.demo.goods import OPEN_SHOPS, WEB_SHOP, Goods
from warehouse.demo.known import DAY, FIRST_DAY
from warehouse.demo.presence import Presence, record_ids

CHUNK_LINES = 400_000
WEB_PCT = 15
ORPHAN_DAYS = 2
"""A card may be used this many days before its record is delivered."""
CAMPAIGNS = 12
CAMPAIGN_DAYS = 20
FIRST_CAMPAIGN_DAY, CAMPAIGN_EVERY = -10, 3
ABROAD = np.array([city.country_code != "CN" for city in words.CITIES])
RATES = {"CNY": 100, "HKD": 109, "USD": 14, "GBP": 11, "EUR": 13, "SGD": 19}
"""Hundredths of each currency for one yuan, so that prices abroad look like prices."""

TILL_COLUMNS = [
    "receipt_number",
    "line_number",
    "outlet_code",
    "member_id",
    "account_number",
    "product_code",
    "sold_at",
    "quantity",
    "gross_amount",
    "discount_amount",
    "net_amount",
    "tax_amount",
    "currency",
    "payment",
    "campaign_code",
    "is_return",
]


@dataclass(frozen=True)
class Lines:
    """Lines of orders made on one day.

    Attributes:
        order: Ordinal of the order of each line within its day.
        line: Number of the line within its order.
        product: Ordinal of the product.
        quantity: Units, negative for a return.
        gross: Amount before discount, in cents.
        discount: Discount in cents, positive.
        net: Amount after discount, in cents.
        second: Second of the day of the order, local time.
        orders: Number of orders.
    """

    order: Integers
    line: Integers
    product: Integers
    quantity: Integers
    gross: Integers
    discount: Integers
    net: Integers
    second: Integers
    orders: int


def draw_lines(
    stream: np.random.Generator, goods: Goods, count: int, rate: Integers | None = None
) -> Lines:
    """Draw lines of orders; between one and five to an order."""
    sizes = stream.integers(1, 6, count)
    orders = min(int(np.searchsorted(np.cumsum(sizes), count)) + 1, count)
    order = np.repeat(np.arange(orders), sizes[:orders])[:count]
    first = np.searchsorted(order, order, side="left")
    product = (goods.size * stream.random(count) ** 2).astype(np.int64)
    returned = stream.random(count) < 0.015
    quantity = 1 + (stream.exponential(0.8, count)).astype(np.int64)
    quantity = np.minimum(quantity, 40) * np.where(returned, -1, 1)
    gross = goods.price_cents[product] * quantity
    if rate is not None:
        gross = gross * rate[order] // 100
    discounted = stream.random(count) < 0.2
    discount = np.where(discounted, np.abs(gross) // 10, 0)
    net = gross - np.sign(gross) * discount
    return Lines(
        order=order,
        line=np.arange(count) - first + 1,
        product=product,
        quantity=quantity,
        gross=gross,
        discount=discount,
        net=net,
        second=stream.integers(9 * 3600, 21 * 3600, orders),
        orders=orders,
    )


def _buyers(
    stream: np.random.Generator,
    presence: Presence,
    source: str,
    count: int,
    on_day: int,
) -> tuple[Integers, Flags]:
    """Draw buyers whom a source knows or will soon know; few buy much."""
    size = presence.people.size
    draws = (size * stream.random((3, count)) ** 1.6).astype(np.int64)
    draws = (draws * 999_983 + 17) % size
    chosen, known = draws[0], np.zeros(count, bool)
    for candidate in draws:
        first = presence.first_day[source][candidate].astype(np.int64)
        fits = (first >= 0) & (first <= on_day + ORPHAN_DAYS) & ~known
        chosen = np.where(fits, candidate, chosen)
        known = known | fits
    return chosen, known


def lines_of_day(total: int, days: int, on_day: int) -> int:
    """Return how many of all lines fall on a day: the days differ, the sum is fixed."""
    weights = np.array([1.0, 0.9, 0.9, 1.0, 1.1, 1.4, 1.3])[np.arange(days) % 7]
    edges = np.floor(np.cumsum(weights) / weights.sum() * total + 0.5).astype(np.int64)
    return int(edges[on_day] - (edges[on_day - 1] if on_day else 0))


def chunks(count: int) -> Iterator[tuple[int, int]]:
    """Yield ordinal and size of each part of a count of lines; one part of no lines."""
    for ordinal, start in enumerate(range(0, max(count, 1), CHUNK_LINES)):
        yield ordinal, min(CHUNK_LINES, count - start)


def till_sales(
    presence: Presence, goods: Goods, *, count: int, on_day: int, group: str, part: int
) -> pa.Table:
    """Return rows of `till.sales` of one group of shops (`china` or `abroad`)."""
    stream = presence.people.chance.stream("till", on_day, group, part)
    cities = np.arange(OPEN_SHOPS) % len(words.CITIES)
    shops = np.flatnonzero(ABROAD[cities] == (group == "abroad"))
    shop = shops[stream.integers(0, len(shops), count)]
    rate = np.array([RATES[CURRENCIES[town.country_code]] for town in words.CITIES])
    lines = draw_lines(stream, goods, count, rate[cities[shop]])
    prefix = f"{'C' if group == 'china' else 'A'}{on_day:03d}{part:02d}"
    receipts = {
        "receipt_number": join(prefix, number(np.arange(lines.orders), 6)),
        **_receipts(stream, presence, lines, shop[: lines.orders], on_day),
    }
    spread = {name: column.take(lines.order) for name, column in receipts.items()}
    tax = np.sign(lines.net) * (np.abs(lines.net) * 13 // 113)
    return pa.table(
        {
            **spread,
            "line_number": number(lines.line),
            "product_code": goods.codes(lines.product),
            "quantity": number(lines.quantity),
            "gross_amount": money(lines.gross),
            "discount_amount": money(lines.discount),
            "net_amount": money(lines.net),
            "tax_amount": money(tax),
            "is_return": choose(["S", "R"], (lines.quantity < 0).astype(np.int64)),
        }
    ).select(TILL_COLUMNS)


def _receipts(
    stream: np.random.Generator,
    presence: Presence,
    lines: Lines,
    shop: Integers,
    on_day: int,
) -> dict[str, Column]:
    """Return what is written once on each receipt."""
    buyer, known = _buyers(stream, presence, "member", lines.orders, on_day)
    shows_card = known & (stream.random(lines.orders) < 0.75)
    account, on_account = _buyers(stream, presence, "crm", lines.orders, on_day)
    on_account &= ~shows_card & (stream.random(lines.orders) < 0.6)
    at = (FIRST_DAY + on_day) * DAY + lines.second
    payment = np.where(on_account, 3, stream.integers(0, 3, lines.orders))
    coupon = stream.random(lines.orders) < 0.06
    campaign = campaign_codes(running_campaigns(stream, lines.orders, on_day))
    currencies = [CURRENCIES[town.country_code] for town in words.CITIES]
    return {
        "outlet_code": join("SHOP-", number(shop + 1, 2)),
        "member_id": either(shows_card, record_ids("member", buyer), ""),
        "account_number": either(on_account, record_ids("crm", account), ""),
        "sold_at": moment(at, suffix="+08:00"),
        "currency": choose(currencies, shop % len(words.CITIES)),
        "payment": choose(["CASH", "CARD", "QR", "ACCT"], payment),
        "campaign_code": either(coupon, campaign, ""),
    }


def web_orders(
    presence: Presence, goods: Goods, *, count: int, on_day: int, part: int
) -> pa.Table:
    """Return rows of `web.orders`, typed, times in UTC."""
    stream = presence.people.chance.stream("orders", on_day, part)
    lines = draw_lines(stream, goods, count)
    buyer, known = _buyers(stream, presence, "web", lines.orders, on_day)
    signed_in = known & (stream.random(lines.orders) < 0.9)
    coupon = stream.random(lines.orders) < 0.1
    campaign = campaign_codes(running_campaigns(stream, lines.orders, on_day))
    payments = ["alipay", "wechat", "card", "transfer", "points"]
    per_order = {
        "order_id": join(
            f"E{on_day:03d}{part:02d}", number(np.arange(lines.orders), 6)
        ),
        "registration_id": either(signed_in, record_ids("web", buyer), ""),
        "campaign_code": either(coupon, campaign, ""),
        "channel": choose(["web", "app"], stream.integers(0, 2, lines.orders)),
        "ordered_at": timestamps(on_day, lines.second),
        "payment": choose(payments, stream.integers(0, 5, lines.orders)),
    }
    spread = {name: column.take(lines.order) for name, column in per_order.items()}
    return pa.table(
        {
            "order_id": spread["order_id"],
            "line_number": pa.array(lines.line, pa.int32()),
            "registration_id": spread["registration_id"],
            "product_id": goods.codes(lines.product),
            "outlet_id": pa.array([WEB_SHOP] * count),
            "campaign_code": spread["campaign_code"],
            "channel": spread["channel"],
            "ordered_at": spread["ordered_at"],
            "quantity": pa.array(lines.quantity, pa.int32()),
            "gross_amount": _decimal(lines.gross),
            "discount_amount": _decimal(lines.discount),
            "net_amount": _decimal(lines.net),
            "currency": pa.array(["CNY"] * count),
            "payment": spread["payment"],
            "is_return": pa.array(lines.quantity < 0),
        }
    )


def running_campaigns(stream: np.random.Generator, count: int, on_day: int) -> Integers:
    """Draw ordinals of campaigns that run on a day; the last of them has no end."""
    begun = (on_day - FIRST_CAMPAIGN_DAY) // CAMPAIGN_EVERY
    ended = max(begun - CAMPAIGN_DAYS // CAMPAIGN_EVERY, 0)
    last = CAMPAIGNS - 1
    return stream.integers(min(ended, last), min(begun, last) + 1, count)


def campaign_codes(ordinal: Integers) -> pa.Array:
    """Return the codes of campaigns."""
    return join("CMP-", number(ordinal + 1, 3))


def timestamps(on_day: int, second: Integers) -> pa.Array:
    """Return UTC timestamps of local seconds of a day of the demo."""
    at = (FIRST_DAY + on_day) * DAY + second - 8 * 3600
    return pa.array(at).cast(pa.timestamp("s")).cast(pa.timestamp("us"))


def _decimal(cents: Integers) -> pa.Array:
    return money(cents).cast(pa.decimal128(18, 2))
