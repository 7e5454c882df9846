"""Calls, messages and sessions of members who have a SIM card of the company."""

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import Column, choose, either, join, moment, number
from warehouse.demo.identifiers import mobiles
from warehouse.demo.making import Making
from warehouse.demo.presence import record_ids
from warehouse.demo.unfolding import BEFORE, seconds, weighted

PER_DAY, PER_CUSTOMER_BEFORE = 0.3, 1.0
"""Uses for each customer, if every customer had a SIM card."""
DAYS_BEFORE = 60
SUBSCRIBER_PCT = 40
SERVICES = (
    "voice_call",
    "video_call",
    "message",
    "data_session",
    "app_session",
    "wifi_session",
)
SERVICE_WEIGHTS = (35, 15, 20, 15, 8, 7)
CALLS = 2
"""The first services are calls: only they are not answered, busy or cut off."""
PEOPLE = 3
"""The first services have somebody at the other end."""
MEDIAN_SECONDS = np.array([90.0, 240.0, 0.0, 600.0, 300.0, 1_800.0])
STATUSES = ("completed", "no_answer", "busy", "dropped", "failed", "cancelled")
DROPPED_PCT = {"voice_call": 3.0, "video_call": 15.0}
OTHER_CALLS = {"no_answer": 10, "busy": 4, "failed": 2, "cancelled": 3}
FAILED_PCT = 3
"""Of messages and sessions."""


def how_many(making: Making, begun: int) -> int:
    """Return how many uses there would be, had every customer a SIM card."""
    return making.per_day(PER_CUSTOMER_BEFORE if begun == BEFORE else PER_DAY)


def usages(making: Making, begun: int, part: int, count: int) -> pa.Table:
    """Return rows of `telephony.usages`, of as many as would be at most."""
    people = making.people
    stream = people.chance.stream("usages", begun, part)
    size = people.size
    member = (size * stream.random(count) ** 1.5).astype(np.int64) * 7_919 % size
    member = member[_subscribes(making, member, max(begun, 0))]
    count = len(member)
    service = weighted(stream, SERVICE_WEIGHTS, count)
    status = _statuses(stream, service)
    lasts = np.isin(status, [STATUSES.index(each) for each in ("completed", "dropped")])
    drawn = MEDIAN_SECONDS[service] * np.exp(0.8 * stream.standard_normal(count))
    at = seconds(stream, begun, count, days_before=DAYS_BEFORE, hours=(7, 23))
    letter = "U" if begun != BEFORE else "B"
    return pa.table(
        {
            "usage_id": join(
                f"{letter}{max(begun, 0):03d}{part:02d}", number(np.arange(count), 7)
            ),
            "member_id": record_ids("member", member),
            "service": choose(SERVICES, service),
            "status": choose(STATUSES, status),
            "other_end": either(
                service < PEOPLE, _other_ends(making, stream, count), ""
            ),
            "started_at": moment(at),
            "seconds": number(np.where(lasts, drawn, 0).astype(np.int64)),
        }
    )


def _subscribes(making: Making, index: Integers, on_day: int) -> Flags:
    first = making.presence.first_day["member"][index]
    chosen = making.people.chance.happens(index, "subscriber", SUBSCRIBER_PCT / 100)
    flags: Flags = (first >= 0) & (first <= on_day) & chosen
    return flags


def _statuses(stream: np.random.Generator, service: Integers) -> Integers:
    """Draw how uses end: calls in all ways, messages and sessions in two."""
    weights = np.zeros((len(SERVICES), len(STATUSES)))
    weights[:, STATUSES.index("failed")] = FAILED_PCT
    for call, dropped in DROPPED_PCT.items():
        for ending, share in (OTHER_CALLS | {"dropped": dropped}).items():
            weights[SERVICES.index(call), STATUSES.index(ending)] = share
    weights[:, 0] = 100 - weights.sum(axis=1)
    edges = np.cumsum(weights, axis=1)[service]
    drawn = 100 * stream.random(len(service))
    passed = (drawn[:, np.newaxis] >= edges).sum(axis=1)
    status: Integers = np.minimum(passed, len(STATUSES) - 1)
    return status


def _other_ends(making: Making, stream: np.random.Generator, count: int) -> Column:
    """Return numbers of other customers, so that who calls whom can be seen."""
    people = making.people
    other = stream.integers(0, people.size, count)
    country = choose([city.country_code for city in words.CITIES], people.home(other))
    return mobiles(people.chance, other, country, 2 * stream.integers(0, 2, count))


def plant_usages(making: Making) -> None:
    """Tell of what is planted among uses of the telephone service."""
    making.effects.plant(
        "usage.dropped_pct", DROPPED_PCT, "Share of calls that are cut off, in percent."
    )
