"""A company whose deliveries come in any order: late, missing at first, or twice.

Every way of delivering is there: whole lists, deltas with a clock and without, events
in windows that overlap; and in each, a later delivery corrects, takes back or says
again what an earlier one said.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from unittest.mock import patch

from hypothesis import strategies as st
from night_world import Nights, open_company

from pipelines import resources
from warehouse.clock import SteppingClock

MEMBERS = "member,name,email,city\n"
ANN = "1,Ann Lee,ann@example.com,Berlin\n"
BO = "2,Bo Ek,bo@example.com,Bonn\n"
CY = "3,Cy Poe,cy@example.com,Ulm\n"
GUS = "4,Gus Orr,gus@example.com,Kiel\n"
EVA = "5,Eva Dal,eva@example.com,Bonn\n"
EVA_AGAIN = "6,Eva Dal,eva@example.com,Ulm\n"
"""One person with two cards: who was said last of is believed."""
SALES = "receipt,line,member,sold_at,quantity,amount\n"
R1 = "r1,1,1,2026-01-05 10:00:00,1,12.50\n"
R2 = "r2,1,4,2026-01-05 11:00:00,2,5.00\n"
R3 = "r3,1,3,2026-01-06 09:00:00,1,7.00\n"
R4 = "r4,1,2,2026-01-06 12:00:00,1,20.00\n"
R5 = "r5,1,3,2026-01-07 12:30:00,1,8.00\n"
R6 = "r6,1,2,2026-01-08 12:00:00,3,9.99\n"
CORRECTED = R2.replace("5.00", "50.00")
PROFILES = "profile,name,email,city\n"
PARTIES = "party,kind,name,born,email,mobile,address,postcode,city,member,changed\n"
HEAD = (
    "p1,person,Robert Oak,1952-03-04,robert@oak.example,+491512345001,"
    "11 Oak Street,10115,Berlin,M1,2025-06-01 00:00:00\n"
)
WIFE = (
    "p2,person,Rosa Oak,1954-05-06,rosa@oak.example,+491512345008,"
    "11 Oak Street,10115,Berlin,M2,2025-06-01 00:00:00\n"
)
FIRM = (
    "f1,organisation,Dunmore Instruments GmbH,,office@dunmore.example,+493012345015,"
    "218 Dunmore Road,10115,Berlin,F1,2025-06-01 00:00:00\n"
)
MOVED = WIFE.replace("11 Oak Street", "9 Elm Road").replace("2025-06-01", "2026-01-06")
MISSPELT = HEAD.replace("Robert", "Rupert")
"""Says of the same moment something else, until it is taken back."""
TICKETS = "ticket,member,reason,handler,raised_at,answered_at,closed_at,changed_at\n"
RAISED = "t1,1,price,s1,2026-01-05 09:00:00,,,2026-01-05 09:00:00\n"
ANSWERED = (
    "t1,1,price,s1,2026-01-05 09:00:00,2026-01-06 10:00:00,,2026-01-06 10:00:00\n"
)
CLOSED = (
    "ticket,member,handler,raised_at,answered_at,closed_at,changed_at\n"
    "t1,1,s2,2026-01-05 09:00:00,2026-01-06 10:00:00,2026-01-07 11:00:00,"
    "2026-01-07 11:00:00\n"
)
ORDERS = "line,source,record,article,quantity,tried_at\n"
O1 = "o1,registry,p1,a1,1,2026-01-05 14:00:00\n"
O2 = "o2,registry,p2,a2,2,2026-01-05 15:00:00\n"
O3 = "o3,registry,f1,a1,10,2026-01-06 16:00:00\n"
O4 = "o4,web,w1,a2,1,2026-01-07 17:00:00\n"
CALLS = "call,member,article,outcome,tried_at\n"
K1 = "k1,1,a1,solved,2026-01-05 15:00:00\n"
K2 = "k2,2,a1,open,2026-01-06 15:00:00\n"
K3 = "k3,3,a2,solved,2026-01-07 15:00:00\n"
REPORTS = "report,source,record,email,status,tried_at\n"
V1 = "v1,desk,1,ann@example.com,verified,2026-01-05\n"
V2 = "v2,desk,2,bo@example.com,bounced,2026-01-06\n"
V3 = "v3,registry,p1,robert@oak.example,answered,2026-01-07\n"
LETTERS = "letter,deal,member,step,written_at\n"
L1 = "l1,d1,1,inquiry,2026-01-05 08:00:00\n"
L2 = "l2,d1,1,offer,2026-01-06 08:00:00\n"
L3 = "l3,d1,1,acceptance,2026-01-08 08:00:00\n"

DELIVERIES = {
    "2026-01-05": {
        "members.csv": MEMBERS + ANN + CY,
        "sales.csv": SALES + R1 + R2,
        "profiles.csv": PROFILES
        + "w1,Dee Fox,dee@example.com,Rome\n"
        + "w2,Bo Ek,bo@elsewhere.example,Bonn\n",
        "parties.csv": PARTIES + HEAD + WIFE + FIRM,
        "ties.csv": "tie,party,kind,other\ns1,p1,spouse,p2\n",
        "goods.csv": "article,name,price\na1,Pen,2.50\na2,Ink,7.00\n",
        "orders.csv": ORDERS + O1 + O2,
        "calls.csv": CALLS + K1,
        "reports.csv": REPORTS + V1,
        "staff.csv": "agent,team\ns1,North\ns2,South\n",
        "tickets.csv": TICKETS + RAISED,
        "letters.csv": LETTERS + L1,
        "uses.csv": "use,member,address,started_at\n"
        "u1,1,cy@example.com,2026-01-05 07:00:00\n",
    },
    "2026-01-06": {
        "members.csv": MEMBERS + ANN + BO + GUS + EVA,
        "sales.csv": SALES + CORRECTED + R3 + R4,
        "profiles.csv": "profile,name\nw1,Dee Fox Hall\n",
        "parties.csv": PARTIES + MISSPELT + MOVED,
        "goods.csv": "article,name,price\na2,Ink,8.00\n",
        "orders.csv": ORDERS + O1 + O2.replace(",2,2026", ",3,2026") + O3,
        "calls.csv": CALLS + K1 + K2,
        "reports.csv": REPORTS + V1 + V2,
        "tickets.csv": TICKETS + RAISED + ANSWERED,
        "letters.csv": LETTERS + L1 + L2,
    },
    "2026-01-07": {
        "members.csv": MEMBERS
        + ANN.replace("Berlin", "Potsdam")
        + BO
        + CY
        + GUS
        + EVA
        + EVA_AGAIN,
        "sales.csv": SALES + R2 + R4 + R5,
        "profiles.csv": "profile,email,city\n"
        "w1,dee@example.com,\n"
        "w2,bo@example.com,Bonn\n",
        "parties.csv": PARTIES + HEAD + MOVED,
        "ties.csv": "tie,party,kind,other\ns1,p1,spouse,p2\ne1,p1,employee,f1\n",
        "goods.csv": "article,name,price\na2,Ink,7.00\na3,Pad,4.00\n",
        "calls.csv": CALLS + K2.replace("open", "solved") + K3,
        "tickets.csv": CLOSED,
        "staff.csv": "agent,team\ns2,East\n",
    },
    "2026-01-08": {
        "members.csv": MEMBERS + ANN + BO + GUS + EVA + EVA_AGAIN,
        "sales.csv": SALES + R5 + R6,
        "orders.csv": ORDERS + O1 + O3 + O4,
        "calls.csv": CALLS + K2 + K3,
        "reports.csv": REPORTS + V2.replace("bounced", "verified") + V3,
        "letters.csv": LETTERS + L2 + L3,
        "uses.csv": "use,member,address,started_at\n"
        "u1,1,cy@example.com,2026-01-05 07:00:00\n"
        "u2,4,ann@example.com,2026-01-08 07:00:00\n",
    },
}
WRITTEN = datetime(2026, 1, 31, tzinfo=UTC).timestamp()
CLOCKS = (
    datetime(2030, 6, 1),
    datetime(2020, 6, 1),
    datetime(2026, 3, 29, 0, 59, 58),
    datetime(2026, 10, 25, 0, 59, 58),
)
"""Years ahead, set back before any delivery, and amid the hours that summer time skips
and repeats."""


@dataclass(frozen=True)
class Delivered:
    """One delivery of one date; `again` tells that it came before, under what name."""

    on: str
    name: str
    again: int = 0

    def lay(self, house: Nights) -> None:
        """Lay it where it waits; again under another name, or with another time."""
        stem = self.name.removesuffix(".csv")
        name = f"{stem}-again.csv" if self.again == 1 else self.name
        file = house.deliver(self.on, name, DELIVERIES[self.on][self.name])
        os.utime(file, (WRITTEN, WRITTEN + self.again))


Batch = Sequence[Delivered]
ALL = [Delivered(on, name) for on, names in DELIVERIES.items() for name in names]
FIRST, SECOND, THIRD, FOURTH = DELIVERIES
FROM_THE_MIDDLE = [
    each for on in (THIRD, FIRST, FOURTH, SECOND) for each in ALL if each.on == on
]
"""The second date comes after those around it, of which two say the same."""


@dataclass(frozen=True)
class Order:
    """How the deliveries came.

    Attributes:
        batches: What was received together, and then what, until all is there.
        first_night: After which batch there was a whole night before the last, which
            ends with one; below zero, after none.
    """

    batches: tuple[Batch, ...]
    first_night: int

    def __str__(self) -> str:
        """Tell what came when; a star for each time that it had come before."""
        told = [
            ", ".join(
                f"{each.on[5:]}/{each.name.removesuffix('.csv')}{'*' * each.again}"
                for each in batch
            )
            for batch in self.batches
        ]
        return "; ".join(
            f"{batch} (night)" if number == self.first_night else batch
            for number, batch in enumerate(told)
        )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Draw an order; the simplest of them begins in the middle, and has some twice."""
    order = draw(st.permutations(FROM_THE_MIDDLE))
    again = draw(st.lists(st.sampled_from(ALL), min_size=2, max_size=8, unique=True))
    size = -(-len(order) // draw(st.integers(2, 5)))
    batches = [list(order[at : at + size]) for at in range(0, len(order), size)]
    for number, each in enumerate(again):
        came = next(n for n, batch in enumerate(batches) if each in batch)
        later = draw(st.integers(came, len(batches) - 1))
        batches[later].append(Delivered(each.on, each.name, 1 + number % 2))
    night = draw(st.integers(-1, len(batches) - 2))
    return Order(tuple(map(tuple, batches)), night)


def open_orders(folder: Path) -> Nights:
    """Open the company in a folder that may already hold it."""
    return open_company(folder, "tiny", "corner", "reached", "round", "orders")


def deliver(house: Nights, batch: Iterable[Delivered]) -> None:
    """Lay some deliveries where they wait."""
    for each in batch:
        each.lay(house)


def undisturbed(folder: Path) -> Path:
    """Run the night of all deliveries as they should come; return its release."""
    house = open_orders(folder)
    deliver(house, ALL)
    return house.night().folder


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let whatever is opened meanwhile read a clock that was set to a moment."""
    clock = SteppingClock(moment)
    with patch.object(resources, "_open_clock", lambda _: clock):
        yield


def play(folder: Path, order: Order) -> Path:
    """Receive what came as it came, by a clock that jumps each time.

    Returns:
        The release of the last night.
    """
    house = open_orders(folder)
    *earlier, last = order.batches
    clocks = cycle(CLOCKS)
    for number, batch in enumerate(earlier):
        deliver(house, batch)
        with clock_at(next(clocks)):
            if number == order.first_night:
                house.night()
            else:
                house.receive()
    deliver(house, last)
    with clock_at(next(clocks)):
        return house.night().folder
