"""The files about what happened on a day: sales, visits, campaigns."""

from collections.abc import Iterator

import numpy as np

from warehouse.demo import contacts, trade
from warehouse.demo.chance import Integers
from warehouse.demo.deliveries import Manner
from warehouse.demo.making import LATE_EVERY, Making
from warehouse.demo.presence import CHUNK

ABROAD_PCT = 20


def write_event_files(making: Making, day: int) -> None:
    """Write what the sources deliver about the events of a day."""
    _sales(making, day)
    _orders_and_events(making, day)
    _campaigns(making, day)
    _answers_and_consents(making, day)


def _sales(making: Making, day: int) -> None:
    desk = making.desk
    of_till = making.sale_lines * (100 - trade.WEB_PCT) // 100
    total = trade.lines_of_day(of_till, making.days, day)
    abroad = total * ABROAD_PCT // 100
    for group, count in (("china", total - abroad), ("abroad", abroad)):
        is_late = group == "abroad" and day % LATE_EVERY == 1
        is_late &= day + 2 < making.days
        path = desk.csv(
            "till.sales",
            (
                trade.till_sales(making, count=size, on_day=day, group=group, part=part)
                for part, size in trade.chunks(count)
            ),
            name=f"sales_{group}_{desk.date_of(day)}.csv",
            on_day=day,
            folder_day=day + 2 if is_late else day,
            manner=Manner(key="receipt_number", footer_of="net_amount"),
        )
        if group == "china" and day % LATE_EVERY == 2 and day + 1 < making.days:
            name = f"sales_china_{desk.date_of(day)}_resent.csv"
            desk.repeat(path, day=day + 1, name=name)


def _orders_and_events(making: Making, day: int) -> None:
    presence, goods, desk = making.presence, making.goods, making.desk
    of_web = making.sale_lines - making.sale_lines * (100 - trade.WEB_PCT) // 100
    count = trade.lines_of_day(of_web, making.days, day)
    date = desk.date_of(day)
    orders = [
        trade.web_orders(making, count=size, on_day=day, part=part)
        for part, size in trade.chunks(count)
    ]
    desk.parquet("web.orders", orders, name=f"orders_{date}.parquet", day=day)
    events = [
        contacts.web_events(presence, goods, count=size, on_day=day, part=part)
        for part, size in trade.chunks(making.per_day(0.25))
    ]
    desk.parquet("web.events", events, name=f"events_{date}.parquet", day=day)


def _campaigns(making: Making, day: int) -> None:
    presence, desk = making.presence, making.desk
    date = desk.date_of(day)
    desk.csv(
        "campaign.campaigns",
        [contacts.campaigns(presence, on_day=day)],
        name=f"campaigns_{date}.csv",
        on_day=day,
        manner=Manner(delimiter=";"),
    )
    parts = list(trade.chunks(making.per_day(0.06)))
    sent = [
        contacts.exposures(presence, count=size, on_day=day, part=part)
        for part, size in parts
    ]
    answered = [
        contacts.responses(presence, table, on_day=day, part=part)
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


def _answers_and_consents(making: Making, day: int) -> None:
    presence, goods, desk = making.presence, making.goods, making.desk
    date = desk.date_of(day)
    answers = contacts.survey_answers(
        presence, goods, count=making.per_day(0.004), on_day=day
    )
    desk.csv(
        "survey.answers",
        [answers],
        name=f"answers_{date}.csv",
        on_day=day,
        manner=Manner(key="answer_id", delimiter="\t"),
    )
    desk.csv(
        "consent.events",
        (
            contacts.consents(presence, part, on_day=day)
            for part in _speakers(making, day)
        ),
        name=f"events_{date}.csv",
        on_day=day,
        manner=Manner(key="event_id"),
    )


def _speakers(making: Making, day: int) -> Iterator[Integers]:
    """Yield who speaks of consent: most newcomers, and now and then somebody else."""
    presence, chance = making.presence, making.people.chance
    for start in range(0, making.people.size, CHUNK):
        stop = min(start + CHUNK, making.people.size)
        index = np.arange(start, stop, dtype=np.int64)
        is_new = np.zeros(len(index), bool)
        for source in ("web", "member"):
            is_new |= presence.first_day[source][index] == day
        asked = is_new & chance.happens(index, "asked", 0.6)
        yield index[asked | chance.happens(index, f"speaks_{day}", 0.002)]
