"""The files about service on a day: staff, contacts, tickets, calls, deals."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from warehouse.demo import complaints, deals, service_desk, staff, telephony
from warehouse.demo.complaints import Tickets
from warehouse.demo.making import Making
from warehouse.demo.trade import CHUNK_LINES, chunks
from warehouse.demo.unfolding import BEFORE, beginnings
from warehouse.demo.writing import json_lines_bytes


def write_service_files(making: Making, day: int) -> None:
    """Write what the sources deliver about service on a day."""
    desk, date = making.desk, making.desk.date_of(day)
    desk.csv(
        "staff.agents",
        [staff.agents(making, day)],
        name=f"agents_{date}.csv",
        on_day=day,
    )
    _contacts(making, day)
    desk.csv(
        "call_centre.tickets",
        _tickets(making, day),
        name=f"tickets_{date}.csv",
        on_day=day,
    )
    desk.csv(
        "telephony.usages",
        _usages(making, day),
        name=f"usages_{date}.csv",
        on_day=day,
    )
    desk.csv(
        "sales_desk.steps",
        _deal_steps(making, day),
        name=f"steps_{date}.csv",
        on_day=day,
    )
    service_desk.plant_contacts(making)
    complaints.plant_complaints(making)
    telephony.plant_usages(making)
    deals.plant_deals(making)


def _contacts(making: Making, day: int) -> None:
    desk, date = making.desk, making.desk.date_of(day)
    for ordinal, spoken in enumerate(_bundled(_spoken(making, day))):
        name = f"contacts_{date}{f'_{ordinal}' if ordinal else ''}.jsonl"
        broken = f'{{"contact_id": "BAD{day:03d}", "direction": \n'.encode()
        content = json_lines_bytes(spoken) + (b"" if ordinal else broken)
        desk.content("call_centre.contacts", content, name=name, day=day)
    desk.planted.add(
        "bad_row",
        "call_centre",
        record=f"BAD{day:03d}",
        delivery=f"{date}/call_centre/contacts_{date}.jsonl",
    )


def _begun(day: int) -> list[int]:
    """Return what the delivery of a day opens: the first, all before it as well."""
    return [day] if day else [day, BEFORE]


def _spoken(making: Making, day: int) -> Iterator[pa.Table]:
    """Yield what was said on a day, a file at a time."""
    for begun in _begun(day):
        for part, size in chunks(service_desk.how_many(making, begun)):
            yield service_desk.ordinary_contacts(making, begun, part, size)
        for part, tickets in enumerate(_raised(making, begun)):
            yield service_desk.contacts_of_tickets(making, tickets, begun, part)


def _bundled(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the rows of many tables in few, none of them too large for memory."""
    held: list[pa.Table] = []
    for table in tables:
        if sum(map(len, held)) + len(table) > CHUNK_LINES:
            yield pa.concat_tables(held)
            held = []
        held.append(table)
    yield pa.concat_tables(held)


def _raised(making: Making, begun: int) -> Iterator[Tickets]:
    for part, size in chunks(complaints.how_many(making, begun)):
        yield complaints.draw_tickets(making, begun, part, size)


def _tickets(making: Making, day: int) -> Iterator[pa.Table]:
    for begun in beginnings(day, longest=complaints.LONGEST):
        for tickets in _raised(making, begun):
            yield complaints.tickets_of_day(making, tickets, begun, day)


def _usages(making: Making, day: int) -> Iterator[pa.Table]:
    for begun in _begun(day):
        for part, size in chunks(telephony.how_many(making, begun)):
            yield telephony.usages(making, begun, part, size)


def _deal_steps(making: Making, day: int) -> Iterator[pa.Table]:
    for begun in beginnings(day, longest=deals.LONGEST):
        drawn = deals.draw_deals(making, begun)
        yield deals.steps_of_day(making, drawn, begun, day)
