"""How a sale is written down: the lines of receipts and of orders, as rows."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Integers
from warehouse.demo.codes import CURRENCIES
from warehouse.demo.columns import Column, choose, either, join, moment, money, number
from warehouse.demo.goods import CATEGORIES, OPEN_SHOPS, WEB_SHOP
from warehouse.demo.habits import NOBODY
from warehouse.demo.known import DAY, FIRST_DAY
from warehouse.demo.making import Making
from warehouse.demo.presence import record_ids
from warehouse.demo.promotions import Promotions

RATES = {"CNY": 100, "HKD": 109, "USD": 14, "GBP": 11, "EUR": 13, "SGD": 19}
"""Hundredths of each currency for one yuan, so that prices abroad look like prices."""
CITY_CURRENCIES = [CURRENCIES[town.country_code] for town in words.CITIES]
SHOP_CITIES = np.arange(OPEN_SHOPS) % len(words.CITIES)
WEB = OPEN_SHOPS
"""The web shop stands behind the shops; it sells for yuan."""
SHOP_RATES = np.array([RATES[CITY_CURRENCIES[city]] for city in SHOP_CITIES] + [100])
LONGEST_ORDER = 5
"""Lines of an order, at most."""
DISCOUNT_PCT = 10
RETURNED_OFTEN = {"Shoes": 9.0}
RETURNED_PCT = np.array([RETURNED_OFTEN.get(name, 1.5) for _, name in CATEGORIES])
"""Of the lines of each category, how many are goods that come back."""

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
    "terms",
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
        promotion: Number of the placement in all shops under which it was sold.
        orders: Number of orders.
    """

    order: Integers
    line: Integers
    product: Integers
    quantity: Integers
    gross: Integers
    discount: Integers
    net: Integers
    promotion: Column
    orders: int


@dataclass(frozen=True)
class Receipts:
    """Receipts of the tills.

    Attributes:
        number: Number of each.
        shop: Ordinal of the shop.
        member: The customer whose card was shown, or nobody.
        account: The organisation that bought on account, or nobody.
        sold_at: Local second since 1970.
        campaign: Campaign whose coupon was used; empty for none.
    """

    number: Column
    shop: Integers
    member: Integers
    account: Integers
    sold_at: Integers
    campaign: Column


@dataclass(frozen=True)
class Orders:
    """Orders of the web shop.

    Attributes:
        number: Number of each.
        buyer: The customer who had signed in, or nobody.
        ordered_at: Local second since 1970.
        campaign: Campaign that brought the order; empty for none.
    """

    number: Column
    buyer: Integers
    ordered_at: Integers
    campaign: Column


def draw_lines(
    stream: np.random.Generator,
    making: Making,
    order: Integers,
    buyer: Integers,
    shop: Integers,
    at: Integers,
) -> Lines:
    """Draw the lines of orders.

    Args:
        stream: What draws.
        making: The company, whose stock notes what is sold.
        order: Ordinal of the order of each line, lines of one order together.
        buyer: Who placed each order, or nobody.
        shop: Ordinal of the shop of each order.
        at: Local second of each order since 1970.
    """
    count, goods, habits = len(order), making.goods, making.habits
    promotions = Promotions(goods)
    on_day = at // DAY - FIRST_DAY
    period = promotions.period(on_day)[order]
    line = np.arange(count) - np.searchsorted(order, order, side="left") + 1
    by = buyer[order]
    product = promotions.draw(
        stream, habits.product(by, stream), period, habits.is_sensitive(by)
    )
    product = habits.with_companions(product, line, stream)
    returned = stream.random(count) < RETURNED_PCT[goods.category[product]] / 100
    quantity = habits.units(by, stream) * np.where(returned, -1, 1)
    making.stock.note(product, shop[order], at[order], quantity)
    price = goods.raised(goods.price_cents[product], product, on_day[order])
    gross = price * quantity * SHOP_RATES[shop][order] // 100
    is_promoted = promotions.runs(product, period, shop[order])
    marked_down = np.where(habits.is_discounted(by, stream), DISCOUNT_PCT, 0)
    pct = np.where(is_promoted, promotions.discount_pct(product, period), marked_down)
    discount = np.abs(gross) * pct // 100
    return Lines(
        order=order,
        line=line,
        product=product,
        quantity=quantity,
        gross=gross,
        discount=discount,
        net=gross - np.sign(gross) * discount,
        promotion=either(
            is_promoted, join(number(period, 4), "-", goods.codes(product), "-00"), ""
        ),
        orders=len(buyer),
    )


def receipt_lines(
    stream: np.random.Generator, making: Making, order: Integers, receipts: Receipts
) -> pa.Table:
    """Return rows of `till.sales`: the lines of receipts, of which each has some."""
    buyer = np.maximum(receipts.member, receipts.account)
    city = SHOP_CITIES[receipts.shop]
    lines = draw_lines(stream, making, order, buyer, receipts.shop, receipts.sold_at)
    on_account = receipts.account > NOBODY
    payment = np.where(on_account, 3, stream.integers(0, 3, len(buyer)))
    per_receipt = {
        "receipt_number": receipts.number,
        "outlet_code": join("SHOP-", number(receipts.shop + 1, 2)),
        "member_id": either(
            receipts.member > NOBODY, record_ids("member", receipts.member), ""
        ),
        "account_number": either(on_account, record_ids("crm", receipts.account), ""),
        "sold_at": moment(receipts.sold_at, suffix="+08:00"),
        "currency": choose(CITY_CURRENCIES, city),
        "payment": choose(["CASH", "CARD", "QR", "ACCT"], payment),
        "campaign_code": receipts.campaign,
        "terms": either(on_account, choose(["N30", "N60", "N90"], buyer % 3), ""),
    }
    spread = {name: column.take(order) for name, column in per_receipt.items()}
    tax = np.sign(lines.net) * (np.abs(lines.net) * 13 // 113)
    return pa.table(
        {
            **spread,
            "line_number": number(lines.line),
            "product_code": making.goods.codes(lines.product),
            "quantity": number(lines.quantity),
            "gross_amount": money(lines.gross),
            "discount_amount": money(lines.discount),
            "net_amount": money(lines.net),
            "tax_amount": money(tax),
            "is_return": choose(["S", "R"], (lines.quantity < 0).astype(np.int64)),
        }
    ).select(TILL_COLUMNS)


def order_lines(
    stream: np.random.Generator, making: Making, order: Integers, orders: Orders
) -> pa.Table:
    """Return rows of `web.orders`: the lines of orders, of which each has some."""
    shop = np.full(len(orders.buyer), WEB)
    lines = draw_lines(stream, making, order, orders.buyer, shop, orders.ordered_at)
    per_order = _order_heads(stream, orders)
    spread = {name: column.take(order) for name, column in per_order.items()}
    return pa.table(
        {
            "order_id": spread["order_id"],
            "line_number": pa.array(lines.line, pa.int32()),
            "registration_id": spread["registration_id"],
            "product_id": making.goods.codes(lines.product),
            "outlet_id": pa.array([WEB_SHOP] * len(order)),
            "campaign_code": spread["campaign_code"],
            "channel": spread["channel"],
            "ordered_at": spread["ordered_at"],
            "quantity": pa.array(lines.quantity, pa.int32()),
            "gross_amount": _decimal(lines.gross),
            "discount_amount": _decimal(lines.discount),
            "net_amount": _decimal(lines.net),
            "currency": pa.array(["CNY"] * len(order)),
            "payment": spread["payment"],
            "is_return": pa.array(lines.quantity < 0),
            "terms": spread["terms"],
            "promotion_id": lines.promotion,
            "coupon": spread["coupon"],
        }
    )


def _order_heads(stream: np.random.Generator, orders: Orders) -> dict[str, Column]:
    """Return what is written once for each order."""
    payments = ["alipay", "wechat", "card", "transfer", "points"]
    count = len(orders.buyer)
    payment = stream.integers(0, 5, count)
    by_parts = (payment == payments.index("card")) & (stream.random(count) < 0.2)
    coupon = join("CP", number(stream.integers(0, 10**6, count), 6))
    signed_in = orders.buyer > NOBODY
    return {
        "order_id": orders.number,
        "registration_id": either(signed_in, record_ids("web", orders.buyer), ""),
        "campaign_code": orders.campaign,
        "channel": choose(["web", "app"], stream.integers(0, 2, count)),
        "ordered_at": utc(orders.ordered_at),
        "payment": choose(payments, payment),
        "terms": choose(["prepaid", "instalment"], by_parts.astype(np.int64)),
        "coupon": pc.if_else(pc.not_equal(orders.campaign, ""), coupon, ""),
    }


def utc(local: Integers) -> pa.Array:
    """Return UTC timestamps of local seconds since 1970."""
    return pa.array(local - 8 * 3600).cast(pa.timestamp("s")).cast(pa.timestamp("us"))


def _decimal(cents: Integers) -> pa.Array:
    return money(cents).cast(pa.decimal128(18, 2))
