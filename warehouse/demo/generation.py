"""Makes the deliveries of the demo company, day by day, and the truth beside them."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from warehouse.demo import contacts, records, trade
from warehouse.demo.chance import Chance, Flags, Integers
from warehouse.demo.deliveries import Desk
from warehouse.demo.goods import Goods, outlets, products
from warehouse.demo.population import Population
from warehouse.demo.presence import (
    CHUNK,
    Presence,
    record_ids,
    registered_twice,
    take_presence,
)
from warehouse.demo.truth import write_truth
from warehouse.demo.writing import json_lines_bytes, write_sqlite
from warehouse.errors import WrongUseError
from warehouse.settings import Settings

SMALLEST, LARGEST = 1_000, 10_000_000
LONGEST = 365
LINES_PER_CUSTOMER = 20
ABROAD_PCT = 20
LATE_EVERY = 10
"""In each ten days, one file of cards and one of sales come two days late."""

Progress = Callable[[int, int], None]
"""Told how many days are done, and of how many."""


@dataclass(frozen=True)
class DemoSummary:
    """What was made.

    Attributes:
        customers: Number of persons and organisations.
        days: Number of business dates.
        seed: The seed it all follows from.
        party_records: Records about them, in all sources together.
        files: Number of deliveries.
        rows: Rows delivered per table.
        landing: Where the deliveries are.
        truth: Where the truth is.
    """

    customers: int
    days: int
    seed: int
    party_records: int
    files: int
    rows: dict[str, int]
    landing: Path
    truth: Path


@dataclass(frozen=True)
class _Company:
    presence: Presence
    goods: Goods
    desk: Desk
    sale_lines: int

    @property
    def people(self) -> Population:
        return self.presence.people

    @property
    def days(self) -> int:
        return self.presence.days

    def per_day(self, share: float) -> int:
        return max(1, round(self.people.size * share))


def generate(
    settings: Settings,
    *,
    customers: int,
    days: int,
    seed: int,
    lines_per_customer: int = LINES_PER_CUSTOMER,
    on_progress: Progress | None = None,
) -> DemoSummary:
    """Make the deliveries of the demo company, replacing those made before.

    Args:
        settings: Where the data lives.
        customers: How many persons and organisations there are, 1,000 to 10,000,000.
        days: For how many business dates, from 2026-01-01 on.
        seed: What all follows from: the same seed gives the same bytes.
        lines_per_customer: Sale lines for each customer, over all days together.
        on_progress: Told after each day how many are done.

    Raises:
        WrongUseError: The company is another, or a number is out of bounds.
    """
    _check(settings, customers=customers, days=days)
    places = settings.places
    shutil.rmtree(places.landing, ignore_errors=True)
    truth = places.root / "truth"
    shutil.rmtree(truth, ignore_errors=True)
    chance = Chance(seed)
    company = _Company(
        presence=take_presence(Population(chance, customers), days),
        goods=Goods(chance, min(20_000, max(200, customers // 50))),
        desk=Desk(places.landing),
        sale_lines=customers * lines_per_customer,
    )
    _shop_system(company)
    for day in range(days):
        _deliver(company, day)
        if on_progress is not None:
            on_progress(day + 1, days)
    count = write_truth(company.presence, company.desk.planted, truth)
    return DemoSummary(
        customers=customers,
        days=days,
        seed=seed,
        party_records=count,
        files=company.desk.files,
        rows=dict(sorted(company.desk.rows.items())),
        landing=places.landing,
        truth=truth,
    )


def _check(settings: Settings, *, customers: int, days: int) -> None:
    if settings.company != "demo":
        raise WrongUseError(
            f"deliveries are made up for the demo only, not for '{settings.company}'",
            where="CLIENTELE_COMPANY",
            mend="Set CLIENTELE_COMPANY=demo.",
        )
    if not (SMALLEST <= customers <= LARGEST and 1 <= days <= LONGEST):
        raise WrongUseError(
            f"{customers} customers over {days} days cannot be made",
            where="clientele demo",
            mend=f"Ask for {SMALLEST} to {LARGEST} customers and 1 to {LONGEST} days.",
        )


def _shop_system(company: _Company) -> None:
    folder = company.desk.landing / "systems"
    folder.mkdir(parents=True)
    tables = {
        "products": products(company.goods, days=company.days),
        "outlets": outlets(company.people.chance),
    }
    write_sqlite(
        tables,
        folder / "shop.sqlite",
        keys={"products": "product_id", "outlets": "outlet_id"},
    )
    for name, table in tables.items():
        company.desk.rows[f"shop_system.{name}"] += len(table)


def _deliver(company: _Company, day: int) -> None:
    _registrations(company, day)
    _cards(company, day)
    _organisations(company, day)
    _lists(company, day)
    _sales(company, day)
    _orders_and_events(company, day)
    _campaigns(company, day)
    _talks(company, day)


def _parts(chosen: Integers) -> Iterator[Integers]:
    for start in range(0, max(len(chosen), 1), CHUNK):
        yield chosen[start : start + CHUNK]


def _new_and_changed(
    presence: Presence, source: str, day: int
) -> tuple[Integers, Integers]:
    """Return whom a source meets on a day, and of whom it learns a move or a name."""
    first = presence.first_day[source]
    changed: Flags = (presence.moved_day[source] == day) | (
        presence.renamed_day[source] == day
    )
    known = (first >= 0) & (first < day)
    return np.flatnonzero(first == day), np.flatnonzero(known & changed)


def _registrations(company: _Company, day: int) -> None:
    presence, desk = company.presence, company.desk
    date = desk.date_of(day)
    new, changed = _new_and_changed(presence, "web", day)
    is_narrow = day % 3 == 2
    held = np.flatnonzero(presence.first_day["web"] >= 0)
    corrected = held[presence.correction_day(held) == day]
    twice = new[registered_twice(presence.people, new)]

    def made(index: Integers, *, is_second: bool = False) -> pa.Table:
        return records.registrations(
            presence,
            index,
            on_day=day,
            updated_at=records.made_at(presence, "web", index),
            is_second=is_second,
        )

    def changes(index: Integers) -> pa.Table:
        at = records.clock(presence, "web", index, day)
        return records.registrations(presence, index, on_day=day, updated_at=at)

    def rows() -> Iterator[pa.Table]:
        for part in _parts(new):
            yield made(part)
        yield made(twice, is_second=True)
        yield made(corrected)
        if not is_narrow:
            yield changes(changed)

    desk.csv(
        "web.registrations",
        rows(),
        name=f"registrations_{date}.csv",
        on_day=day,
        key="registration_id",
    )
    if is_narrow:
        narrow = [
            "registration_id",
            "full_name",
            "family_name",
            "given_name",
            "address_line",
            "postcode",
            "city",
            "region",
            "updated_at",
        ]
        name = f"registrations_changes_{date}.csv"
        desk.csv(
            "web.registrations",
            [changes(changed).select(narrow)],
            name=name,
            on_day=day,
        )
        desk.planted.add("left_out", "web", delivery=f"{date}/web/{name}")


def _cards(company: _Company, day: int) -> None:
    presence, desk = company.presence, company.desk
    new, changed = _new_and_changed(presence, "member", day)

    def rows() -> Iterator[pa.Table]:
        for part in _parts(new):
            at = records.made_at(presence, "member", part)
            yield records.cards(presence, part, on_day=day, updated_at=at)
        at = records.clock(presence, "member", changed, day)
        yield records.cards(presence, changed, on_day=day, updated_at=at)

    is_late = day % LATE_EVERY == 2 and day + 2 < company.days
    path = desk.csv(
        "member.cards",
        rows(),
        name=f"cards_{desk.date_of(day)}.csv",
        on_day=day,
        folder_day=day + 2 if is_late else day,
        key="card_number",
        encoding="gb18030",
    )
    if day % LATE_EVERY == 1 and day + 1 < company.days:
        desk.repeat(path, day=day + 1, name=f"cards_{desk.date_of(day)}_again.csv")


def _organisations(company: _Company, day: int) -> None:
    presence, desk = company.presence, company.desk
    first = presence.first_day["crm"]
    index = np.flatnonzero((first >= 0) & (first <= day))
    chance = company.people.chance
    leaves = 1 + chance.below(index, "leaves_on", company.days)
    left = chance.happens(index, "leaves", 0.03) & (leaves <= day)
    for number in np.flatnonzero(left & (leaves == day)):
        record = record_ids("crm", index[number : number + 1])[0].as_py()
        desk.planted.add("deleted", "crm", record=record, detail=desk.date_of(day))
    rows = records.organisations(presence, index[~left], on_day=day)
    date = desk.date_of(day)
    desk.excel("crm.organisations", rows, name=f"organisations_{date}.xlsx", day=day)


def _lists(company: _Company, day: int) -> None:
    presence, desk = company.presence, company.desk
    for source, write, delimiter in (
        ("list_alpha", records.alpha_names, ";"),
        ("list_beta", records.beta_names, ","),
    ):
        index = np.flatnonzero(presence.first_day[source] == day)
        if len(index):
            desk.csv(
                f"{source}.names",
                (write(presence, part) for part in _parts(index)),
                name=f"names_{desk.date_of(day)}.csv",
                on_day=day,
                key="entry",
                delimiter=delimiter,
            )


def _sales(company: _Company, day: int) -> None:
    desk = company.desk
    of_till = company.sale_lines * (100 - trade.WEB_PCT) // 100
    total = trade.lines_of_day(of_till, company.days, day)
    abroad = total * ABROAD_PCT // 100
    for group, count in (("china", total - abroad), ("abroad", abroad)):
        is_late = group == "abroad" and day % LATE_EVERY == 1
        is_late &= day + 2 < company.days
        path = desk.csv(
            "till.sales",
            (
                trade.till_sales(
                    company.presence,
                    company.goods,
                    count=size,
                    on_day=day,
                    group=group,
                    part=part,
                )
                for part, size in trade.chunks(count)
            ),
            name=f"sales_{group}_{desk.date_of(day)}.csv",
            on_day=day,
            folder_day=day + 2 if is_late else day,
            key="receipt_number",
            footer_of="net_amount",
        )
        if group == "china" and day % LATE_EVERY == 2 and day + 1 < company.days:
            name = f"sales_china_{desk.date_of(day)}_resent.csv"
            desk.repeat(path, day=day + 1, name=name)


def _orders_and_events(company: _Company, day: int) -> None:
    presence, goods, desk = company.presence, company.goods, company.desk
    of_web = company.sale_lines - company.sale_lines * (100 - trade.WEB_PCT) // 100
    count = trade.lines_of_day(of_web, company.days, day)
    date = desk.date_of(day)
    orders = [
        trade.web_orders(presence, goods, count=size, on_day=day, part=part)
        for part, size in trade.chunks(count)
    ]
    desk.parquet("web.orders", orders, name=f"orders_{date}.parquet", day=day)
    events = [
        contacts.web_events(presence, goods, count=size, on_day=day, part=part)
        for part, size in trade.chunks(company.per_day(0.25))
    ]
    desk.parquet("web.events", events, name=f"events_{date}.parquet", day=day)


def _campaigns(company: _Company, day: int) -> None:
    presence, desk = company.presence, company.desk
    date = desk.date_of(day)
    desk.csv(
        "campaign.campaigns",
        [contacts.campaigns(presence, on_day=day)],
        name=f"campaigns_{date}.csv",
        on_day=day,
        delimiter=";",
    )
    parts = list(trade.chunks(company.per_day(0.06)))
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
        key="exposure_id",
    )
    desk.csv("campaign.responses", answered, name=f"responses_{date}.csv", on_day=day)


def _talks(company: _Company, day: int) -> None:
    presence, goods, desk = company.presence, company.goods, company.desk
    date = desk.date_of(day)
    spoken = contacts.service_contacts(
        presence, goods, count=company.per_day(0.01), on_day=day
    )
    broken = f'{{"contact_id": "BAD{day:03d}", "direction": \n'.encode()
    desk.content(
        "call_centre.contacts",
        json_lines_bytes(spoken) + broken,
        name=f"contacts_{date}.jsonl",
        day=day,
    )
    delivery = f"{date}/call_centre/contacts_{date}.jsonl"
    desk.planted.add(
        "bad_row", "call_centre", record=f"BAD{day:03d}", delivery=delivery
    )
    answers = contacts.survey_answers(
        presence, goods, count=company.per_day(0.004), on_day=day
    )
    desk.csv(
        "survey.answers",
        [answers],
        name=f"answers_{date}.csv",
        on_day=day,
        key="answer_id",
        delimiter="\t",
    )
    desk.csv(
        "consent.events",
        (
            contacts.consents(presence, part, on_day=day)
            for part in _speakers(company, day)
        ),
        name=f"events_{date}.csv",
        on_day=day,
        key="event_id",
    )


def _speakers(company: _Company, day: int) -> Iterator[Integers]:
    """Yield who speaks of consent: most newcomers, and now and then somebody else."""
    presence, chance = company.presence, company.people.chance
    for start in range(0, company.people.size, CHUNK):
        stop = min(start + CHUNK, company.people.size)
        index = np.arange(start, stop, dtype=np.int64)
        is_new = np.zeros(len(index), bool)
        for source in ("web", "member"):
            is_new |= presence.first_day[source][index] == day
        asked = is_new & chance.happens(index, "asked", 0.6)
        yield index[asked | chance.happens(index, f"speaks_{day}", 0.002)]
