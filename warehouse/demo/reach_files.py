"""The files about campaigns, consent, visits to the web shop, and social media."""

from collections.abc import Iterator

import numpy as np

from warehouse.demo import reach, social, trade, visits
from warehouse.demo.chance import Integers
from warehouse.demo.deliveries import Manner
from warehouse.demo.making import Making
from warehouse.demo.presence import CHUNK
from warehouse.demo.writing import json_lines_bytes

SHARE_EXPOSED, SHARE_VISITING = 0.15, 0.5
SHARE_SOCIAL, SHARE_POSTING = 0.05, 0.01
"""Messages, web events, interactions and posts a day, for each customer."""


def write_reach_files(making: Making, day: int) -> None:
    """Write what the sources deliver about reaching customers on a day."""
    reach.plant_reach(making.effects)
    visits.plant_visits(making.effects)
    _campaigns(making, day)
    _consents(making, day)
    _visits(making, day)
    _social(making, day)


def _campaigns(making: Making, day: int) -> None:
    presence, desk = making.presence, making.desk
    date = desk.date_of(day)
    desk.csv(
        "campaign.campaigns",
        [reach.campaigns(presence, on_day=day)],
        name=f"campaigns_{date}.csv",
        on_day=day,
        manner=Manner(delimiter=";"),
    )
    sent = [
        reach.exposures(presence, count=size, on_day=day, part=part)
        for part, size in trade.chunks(making.per_day(SHARE_EXPOSED))
    ]
    answered = [
        reach.responses(presence, table, on_day=day, part=part)
        for part, table in enumerate(sent)
    ]
    desk.csv(
        "campaign.exposures",
        sent,
        name=f"exposures_{date}.csv",
        on_day=day,
        manner=Manner(key="exposure_id"),
    )
    desk.csv("campaign.responses", answered, name=f"responses_{date}.csv", on_day=day)


def _consents(making: Making, day: int) -> None:
    desk = making.desk
    desk.csv(
        "consent.events",
        (
            reach.consents(making.presence, index, on_day=day)
            for index in _customers(making)
        ),
        name=f"events_{desk.date_of(day)}.csv",
        on_day=day,
        manner=Manner(key="event_id"),
    )


def _customers(making: Making) -> Iterator[Integers]:
    size = making.people.size
    for start in range(0, size, CHUNK):
        yield np.arange(start, min(start + CHUNK, size), dtype=np.int64)


def _visits(making: Making, day: int) -> None:
    presence, goods, desk = making.presence, making.goods, making.desk
    events = [
        visits.web_events(presence, goods, count=size, on_day=day, part=part)
        for part, size in trade.chunks(making.per_day(SHARE_VISITING))
    ]
    name = f"events_{desk.date_of(day)}.parquet"
    desk.parquet("web.events", events, name=name, day=day)


def _social(making: Making, day: int) -> None:
    presence, goods, desk = making.presence, making.goods, making.desk
    date = desk.date_of(day)
    desk.csv(
        "social.interactions",
        (
            social.interactions(presence, goods, count=size, on_day=day, part=part)
            for part, size in trade.chunks(making.per_day(SHARE_SOCIAL))
        ),
        name=f"interactions_{date}.csv",
        on_day=day,
        manner=Manner(key="interaction_id"),
    )
    posted = social.posts(
        presence, goods, count=making.per_day(SHARE_POSTING), on_day=day
    )
    desk.content(
        "social.posts", json_lines_bytes(posted), name=f"posts_{date}.jsonl", day=day
    )
