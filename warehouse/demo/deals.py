"""Correspondence of deals with organisations, from inquiry to execution and dispute."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from warehouse.demo.chance import Integers, Reals
from warehouse.demo.columns import Column, choose, join, moment, money, number
from warehouse.demo.known import DAY
from warehouse.demo.making import Making
from warehouse.demo.presence import record_ids
from warehouse.demo.staff import DESK, HANDLERS, SALES, agent_codes
from warehouse.demo.unfolding import BEFORE, HOUR, NOT_YET, falls_on, seconds, weighted

PER_DAY, PER_ACCOUNT_BEFORE = 0.05, 1.5
LONGEST = 60
"""Days after which every deal is over."""
STEPS = (
    "inquiry",
    "offer",
    "counter_offer",
    "offer",
    "acceptance",
    "execution",
    "dispute",
)
OUT = np.isin(STEPS, ["offer", "execution"]) * 1
"""Which steps the company takes."""
MEDIA = ("email", "phone", "fax", "mail", "fair", "visit")
MEDIUM_WEIGHTS = (50, 22, 6, 6, 4, 12)
QUICK_DAYS = 2.0
ACCEPTED_PCT = {"quick": 60.0, "slow": 25.0}
"""How many offers are accepted, by whether they came within the days above."""
HAGGLED_PCT, DISPUTED_PCT = 40, 10
HAGGLED_OFF_PCT = 8
MEAN_DAYS = np.array([0, 2.5, 2.0, 1.0, 3.0, 6.0, 7.0])
"""Mean days from each step to the next."""
LONGEST_STEP = LONGEST / (len(STEPS) + 1)


@dataclass(frozen=True)
class Deals:
    """Deals begun on one day, or before the demo, with all that becomes of them.

    Attributes:
        number: The number of each deal.
        account: The customer.
        product: Ordinal of the product.
        quantity: Units asked for.
        steps: When each step is taken (UTC), a row for each step; `NOT_YET` for none.
    """

    number: Column
    account: Integers
    product: Integers
    quantity: Integers
    steps: npt.NDArray[np.int64]


def draw_deals(making: Making, begun: int) -> Deals:
    """Draw the deals with accounts that were known on a day."""
    stream = making.people.chance.stream("deals", begun)
    first = making.presence.first_day["crm"]
    accounts = np.flatnonzero((first >= 0) & (first <= max(begun, 0)))
    share = PER_ACCOUNT_BEFORE if begun == BEFORE else PER_DAY
    count = max(1, round(len(accounts) * share))
    letter = "D" if begun != BEFORE else "E"
    return Deals(
        number=join(f"{letter}{max(begun, 0):03d}-", number(np.arange(count), 5)),
        account=accounts[stream.integers(0, len(accounts), count)],
        product=stream.integers(0, making.goods.size, count),
        quantity=10 * stream.integers(1, 60, count),
        steps=_steps(stream, seconds(stream, begun, count, hours=(9, 18))),
    )


def _steps(stream: np.random.Generator, begun_at: Integers) -> npt.NDArray[np.int64]:
    """Draw when each step is taken, of the steps that a deal comes to."""
    count = len(begun_at)
    lags = np.minimum(
        stream.exponential(1.0, (len(STEPS), count)) * MEAN_DAYS[:, np.newaxis],
        LONGEST_STEP,
    )
    is_haggled = stream.random(count) < HAGGLED_PCT / 100
    lags[2:4] = np.where(is_haggled, lags[2:4], 0)
    is_quick = lags[1] <= QUICK_DAYS
    accepts: Reals = np.where(is_quick, ACCEPTED_PCT["quick"], ACCEPTED_PCT["slow"])
    is_accepted = stream.random(count) < accepts / 100
    is_disputed = is_accepted & (stream.random(count) < DISPUTED_PCT / 100)
    always = np.ones(count, bool)
    taken = np.stack(
        [
            *(always, always),
            *(is_haggled, is_haggled),
            *(is_accepted, is_accepted),
            is_disputed,
        ]
    )
    at = begun_at + np.cumsum(HOUR + (lags * DAY).astype(np.int64), axis=0) - HOUR
    return np.where(taken, at, NOT_YET)


def steps_of_day(making: Making, deals: Deals, begun: int, day: int) -> pa.Table:
    """Return rows of `sales_desk.steps`: what was done in these deals on a day."""
    step, deal = np.nonzero(falls_on(deals.steps, day))
    stream = making.people.chance.stream("deal_media", begun, day)
    medium = weighted(stream, MEDIUM_WEIGHTS, len(step))
    price = making.goods.price_cents[deals.product[deal]] * deals.quantity[deal]
    off = np.where(step >= STEPS.index("counter_offer"), HAGGLED_OFF_PCT, 0)
    account = deals.account[deal]
    seller = making.people.chance.below(account, "salesperson", SALES)
    numbers = deals.number.take(pa.array(deal))
    return pa.table(
        {
            "letter": join(numbers, "-", number(step + 1)),
            "deal": numbers,
            "account_number": record_ids("crm", account),
            "product_id": making.goods.codes(deals.product[deal]),
            "salesperson": agent_codes(DESK + HANDLERS + seller),
            "step": choose(STEPS, step),
            "direction": choose(["in", "out"], OUT[step]),
            "medium": choose(MEDIA, medium),
            "written_at": moment(deals.steps[step, deal]),
            "quantity": number(deals.quantity[deal]),
            "amount": money(price * (100 - off) // 100),
            "currency": pa.array(["CNY"] * len(step), pa.string()),
        }
    )


def plant_deals(making: Making) -> None:
    """Tell of what is planted among deals."""
    plant = making.effects.plant
    plant("deal.quick_days", QUICK_DAYS, "Days within which an offer is a quick one.")
    plant(
        "deal.accepted_pct",
        ACCEPTED_PCT,
        "Share of deals that end in acceptance, in percent, by how quick the first "
        "offer was.",
    )
