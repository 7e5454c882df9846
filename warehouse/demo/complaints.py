"""Complaints to the made-up company, as their tickets go from raised to closed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Integers, Reals
from warehouse.demo.columns import Column, choose, either, join, number
from warehouse.demo.contacts import references
from warehouse.demo.making import Making
from warehouse.demo.staff import (
    DESK,
    HANDLER_TEAMS,
    HANDLERS,
    agent_codes,
    handler_team,
)
from warehouse.demo.unfolding import (
    BEFORE,
    HOUR,
    NOT_YET,
    end_of,
    falls_on,
    local_moment,
    seconds,
    weighted,
)

PER_DAY, PER_CUSTOMER_BEFORE = 0.012, 0.3
"""Complaints for each customer, if all complained like the unhappy ones."""
LONGEST = 30
"""Days after which every ticket is closed."""
UNHAPPY_REGION, UNHAPPY_RATIO = "广东省", 3.0
SLOW_TEAM, SLOW_RATIO = "Complaints south", 3.0
FAULTY_PRODUCT, FAULTY_PCT = 6, 30
HOURS = {"assigned": 10.0, "answered": 20.0, "closed": 40.0}
"""Mean hours from each stage to the next, but for the slow team's answers."""
WITHDRAWN_PCT = 6

STAGES = ("raised", "assigned", "answered", "closed")
CHANNELS = ("phone", "web", "email", "shop", "mail", "app")
CHANNEL_WEIGHTS = (34, 22, 14, 16, 6, 8)
REASONS = (
    "quality",
    "delivery",
    "missing_goods",
    "price",
    "billing",
    "service",
    "advertising",
    "privacy",
    "other",
)
REASON_WEIGHTS = (30, 24, 8, 8, 9, 11, 4, 3, 3)
OUTCOMES = (
    "apology",
    "replacement",
    "refund",
    "repair",
    "compensation",
    "referred",
    "rejected",
    "withdrawn",
)
OUTCOME_WEIGHTS = (24, 20, 22, 8, 8, 7, 11)
LETTERS = "BT"
"""First letters of numbers of tickets from before the demo, and of its days."""

IS_UNHAPPY = np.array([city.region == UNHAPPY_REGION for city in words.CITIES])


@dataclass(frozen=True)
class Tickets:
    """Tickets raised on one day, or before the demo, with all that becomes of them.

    Attributes:
        number: The number of each ticket.
        customer: Who complains.
        channel: Ordinal of the channel.
        reason: Ordinal of the reason.
        outcome: Ordinal of the outcome.
        product: Ordinal of the product.
        handler: Ordinal of who answers.
        stages: When each stage is reached (UTC), a row for each stage.
    """

    number: Column
    customer: Integers
    channel: Integers
    reason: Integers
    outcome: Integers
    product: Integers
    handler: Integers
    stages: npt.NDArray[np.int64]

    def take(self, chosen: Integers) -> "Tickets":
        """Return some of the tickets."""
        return Tickets(
            number=self.number.take(pa.array(chosen)),
            customer=self.customer[chosen],
            channel=self.channel[chosen],
            reason=self.reason[chosen],
            outcome=self.outcome[chosen],
            product=self.product[chosen],
            handler=self.handler[chosen],
            stages=self.stages[:, chosen],
        )


def how_many(making: Making, begun: int) -> int:
    """Return how many would complain, were all as unhappy as in the unhappy region."""
    return making.per_day(PER_CUSTOMER_BEFORE if begun == BEFORE else PER_DAY)


def draw_tickets(making: Making, begun: int, part: int, count: int) -> Tickets:
    """Draw a part of the tickets raised on a day, of as many as would be at most."""
    stream = making.people.chance.stream("tickets", begun, part)
    customer = stream.integers(0, making.people.size, count)
    is_unhappy = IS_UNHAPPY[making.people.home(customer)]
    complains = stream.random(count) < np.where(is_unhappy, 1, 1 / UNHAPPY_RATIO)
    customer = customer[complains]
    count = len(customer)
    reason = weighted(stream, REASON_WEIGHTS, count)
    is_quality = reason == REASONS.index("quality")
    is_faulty = is_quality & (stream.random(count) < FAULTY_PCT / 100)
    product = stream.integers(0, making.goods.size, count)
    handler = stream.integers(0, HANDLERS, count)
    is_withdrawn = stream.random(count) < WITHDRAWN_PCT / 100
    outcome = weighted(stream, OUTCOME_WEIGHTS, count)
    raised = seconds(stream, begun, count)
    stages = _stages(stream, raised, handler)
    stages[2] = np.where(is_withdrawn, NOT_YET, stages[2])
    letter = LETTERS[begun != BEFORE]
    return Tickets(
        number=join(
            f"{letter}{max(begun, 0):03d}{part:02d}", number(np.arange(count), 6)
        ),
        customer=customer,
        channel=weighted(stream, CHANNEL_WEIGHTS, count),
        reason=reason,
        outcome=np.where(is_withdrawn, OUTCOMES.index("withdrawn"), outcome),
        product=np.where(is_faulty, FAULTY_PRODUCT, product),
        handler=handler,
        stages=stages,
    )


def _stages(
    stream: np.random.Generator, raised: Integers, handler: Integers
) -> npt.NDArray[np.int64]:
    count = len(raised)
    is_slow = np.array(HANDLER_TEAMS)[handler_team(handler)] == SLOW_TEAM
    pace: dict[str, Reals] = {stage: np.ones(count) for stage in HOURS}
    pace["answered"] = np.where(is_slow, SLOW_RATIO, 1.0)
    stages, cap = [raised], LONGEST * 24 / len(STAGES)
    for stage, mean in HOURS.items():
        hours = np.minimum(stream.exponential(mean, count) * pace[stage], cap)
        stages.append(stages[-1] + 60 + (hours * HOUR).astype(np.int64))
    return np.stack(stages)


def tickets_of_day(making: Making, tickets: Tickets, begun: int, day: int) -> pa.Table:
    """Return rows of `call_centre.tickets`: what of these changed on a day."""
    changed = falls_on(tickets.stages, day).any(axis=0)
    told = tickets.take(np.flatnonzero(changed))
    until = end_of(day)
    source, record, _ = references(making.presence, told.customer, max(begun, 0))
    reached = np.where(told.stages < until, told.stages, 0)
    is_closed = told.stages[-1] < until
    is_assigned = told.stages[1] < until
    return pa.table(
        {
            "ticket": told.number,
            "customer_source": source,
            "customer_id": record,
            "product_id": making.goods.codes(told.product),
            "channel": choose(CHANNELS, told.channel),
            "reason": choose(REASONS, told.reason),
            "handler": either(is_assigned, agent_codes(DESK + told.handler), ""),
            "outcome": either(is_closed, choose(OUTCOMES, told.outcome), ""),
            **{
                f"{stage}_at": local_moment(at, until=until)
                for stage, at in zip(STAGES, told.stages, strict=True)
            },
            "updated_at": local_moment(reached.max(axis=0)),
        }
    )


def plant_complaints(making: Making) -> None:
    """Tell of what is planted among complaints."""
    plant = making.effects.plant
    plant("complaint.region", UNHAPPY_REGION, "Region whose customers complain most.")
    plant(
        "complaint.region_ratio",
        UNHAPPY_RATIO,
        "How many times as often customers of that region complain as others.",
    )
    plant("complaint.slow_team", SLOW_TEAM, "Team that answers complaints late.")
    plant(
        "complaint.slow_ratio",
        SLOW_RATIO,
        "How many times as long that team takes from assignment to answer as others.",
    )
    faulty = making.goods.codes(np.array([FAULTY_PRODUCT]))[0].as_py()
    plant("complaint.product", faulty, "Product that is complained of most.")
    plant(
        "complaint.product_pct",
        float(FAULTY_PCT),
        "Share of complaints about quality that are about that product, in percent.",
    )
