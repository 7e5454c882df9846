"""What is said between the made-up company's service desk and its customers."""

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.codes import OUTCOMES, REASONS
from warehouse.demo.columns import Column, choose, either, join, number
from warehouse.demo.complaints import CHANNELS, Tickets
from warehouse.demo.contacts import NOTES, references
from warehouse.demo.known import DAY
from warehouse.demo.making import Making
from warehouse.demo.staff import desk_agents
from warehouse.demo.unfolding import (
    BEFORE,
    HOUR,
    LOCAL,
    falls_on,
    seconds,
    weighted,
)

PER_DAY, PER_CUSTOMER_BEFORE = 0.01, 0.4
OUTBOUND_PCT = 20
NAMED_PRODUCT_PCT = 60
EVENING = 17
"""From which hour on customers are more often at home."""
REACHED_PCT = {"by day": 45.0, "in the evening": 80.0}
WRONG_NUMBER_PCT = 12
"""Of those who are not reached."""
MEDIA = ("telephone", "chat", "mail")
MEDIAN_SECONDS = {"telephone": 240.0, "chat": 480.0, "mail": 720.0}
SPREAD = 0.5
"""Standard deviation of the logarithm of how long a contact takes."""
TOPICS = (
    "delivery",
    "assortment",
    "quality",
    "price",
    "staff",
    "shop",
    "website",
    "other",
)
TOPIC_WEIGHTS = (30, 12, 11, 11, 9, 9, 9, 9)
COMPLAINT, SUGGESTION = REASONS.index("complaint"), REASONS.index("suggestion")
NOT_REACHED = ("unreachable", "wrong_number")
SPOKEN = tuple(code for code in OUTCOMES if code not in NOT_REACHED)
ENDINGS = (*SPOKEN, *NOT_REACHED)
REASON_WEIGHTS = (17, 15, 15, 11, 0, 17, 10, 8, 7)
"""A complaint is a ticket first, and a contact when it comes by way of the desk."""
TAKEN_AT_DESK = {"phone": "telephone", "web": "chat", "email": "mail"}
"""Channels of complaints that come by way of the desk, and the medium there."""


def how_many(making: Making, begun: int) -> int:
    """Return how many contacts there are on a day, or before the demo."""
    return making.per_day(PER_CUSTOMER_BEFORE if begun == BEFORE else PER_DAY)


def ordinary_contacts(making: Making, begun: int, part: int, count: int) -> pa.Table:
    """Return rows of `call_centre.contacts` that are no complaints."""
    stream = making.people.chance.stream("contacts", begun, part)
    customer = stream.integers(0, making.people.size, count)
    reason = weighted(stream, REASON_WEIGHTS, count)
    is_outbound = stream.random(count) < OUTBOUND_PCT / 100
    at = seconds(stream, begun, count)
    product = stream.integers(0, making.goods.size, count)
    medium = stream.integers(0, len(MEDIA), count)
    topic = weighted(stream, TOPIC_WEIGHTS, count)
    letter = "K" if begun != BEFORE else "H"
    return _rows(
        making,
        begun,
        {
            "contact_id": join(
                f"{letter}{max(begun, 0):03d}{part:02d}", number(np.arange(count), 7)
            ),
            "product_id": either(
                stream.random(count) < NAMED_PRODUCT_PCT / 100,
                making.goods.codes(product),
                pa.scalar(None, pa.string()),
            ),
            "direction": choose(["in", "out"], is_outbound * 1),
            "medium": choose(MEDIA, medium),
            "reason": choose(REASONS, reason),
            "topic": either(
                reason == SUGGESTION,
                choose(TOPICS, topic),
                pa.scalar(None, pa.string()),
            ),
            "outcome": choose(ENDINGS, _endings(stream, at, is_outbound)),
            "seconds": _durations(stream, medium),
        },
        customer=customer,
        at=at,
        stream=stream,
    )


def contacts_of_tickets(
    making: Making, tickets: Tickets, begun: int, part: int
) -> pa.Table:
    """Return rows of `call_centre.contacts` in which customers complained."""
    stream = making.people.chance.stream("complaint_contacts", begun, part)
    names = np.array(CHANNELS)[tickets.channel]
    raised = falls_on(tickets.stages[0], max(begun, 0))
    told = tickets.take(np.flatnonzero(raised & np.isin(names, list(TAKEN_AT_DESK))))
    count = len(told.customer)
    taken = [TAKEN_AT_DESK.get(name, MEDIA[0]) for name in CHANNELS]
    medium = np.array([MEDIA.index(name) for name in taken])[told.channel]
    return _rows(
        making,
        begun,
        {
            "contact_id": join("K", told.number),
            "product_id": making.goods.codes(told.product),
            "direction": pa.array(["in"] * count, pa.string()),
            "medium": choose(MEDIA, medium),
            "reason": choose(REASONS, np.full(count, COMPLAINT)),
            "topic": pa.nulls(count, pa.string()),
            "outcome": pa.array(["forwarded"] * count, pa.string()),
            "seconds": _durations(stream, medium),
        },
        customer=told.customer,
        at=told.stages[0],
        stream=stream,
    )


def _rows(
    making: Making,
    begun: int,
    columns: dict[str, Column],
    *,
    customer: Integers,
    at: Integers,
    stream: np.random.Generator,
) -> pa.Table:
    """Put together what every contact has, in the order of the contract."""
    count = len(customer)
    source, record, _ = references(making.presence, customer, max(begun, 0))
    is_complaint = columns["reason"].to_numpy(zero_copy_only=False) == "complaint"
    return pa.table(
        {
            "contact_id": columns["contact_id"],
            "caller_source": source,
            "caller_id": record,
            "product_id": columns["product_id"],
            "direction": columns["direction"],
            "medium": columns["medium"],
            "reason": columns["reason"],
            "topic": columns["topic"],
            "outcome": columns["outcome"],
            "complaint": pa.array(is_complaint.astype(bool)),
            "started": pa.array(at),
            "seconds": columns["seconds"],
            "agent": desk_agents(stream, count),
            "note": choose(NOTES, stream.integers(0, len(NOTES), count)),
        }
    )


def _endings(stream: np.random.Generator, at: Integers, is_outbound: Flags) -> Integers:
    """Draw how contacts end; whoever turns to the desk is always reached."""
    count = len(at)
    is_evening = (at + LOCAL) % DAY >= EVENING * HOUR
    reached = np.where(is_evening, *reversed([*REACHED_PCT.values()]))
    is_reached = ~is_outbound | (stream.random(count) < reached / 100)
    is_wrong = stream.random(count) < WRONG_NUMBER_PCT / 100
    missed = len(SPOKEN) + (is_wrong * 1)
    return np.where(is_reached, stream.integers(0, len(SPOKEN), count), missed)


def _durations(stream: np.random.Generator, medium: Integers) -> pa.Array:
    medians = np.array([MEDIAN_SECONDS[name] for name in MEDIA])[medium]
    drawn = medians * np.exp(SPREAD * stream.standard_normal(len(medium)))
    return pa.array(np.clip(drawn, 5, 7_200).astype(np.int64))


def plant_contacts(making: Making) -> None:
    """Tell of what is planted among contacts."""
    plant = making.effects.plant
    plant(
        "contact.reached_pct",
        REACHED_PCT,
        f"Share of outbound contacts that reach somebody, in percent; the evening "
        f"begins at {EVENING}:00.",
    )
    plant(
        "contact.median_seconds",
        MEDIAN_SECONDS,
        "Median length of contacts by medium.",
    )
    wanted = float(100 * TOPIC_WEIGHTS[0] / sum(TOPIC_WEIGHTS))
    plant(
        "contact.suggestion_pct",
        {TOPICS[0]: wanted},
        "What most suggestions are about, and how many of them, in percent.",
    )
