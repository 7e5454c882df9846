"""A company in which customers are merged and un-merged: who they are, what they do.

Families at their addresses, firms, members of a desk and profiles of a web shop; with
orders, calls, reports of addresses and relations.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from night_world import Nights, open_company

from warehouse.clock import SystemClock
from warehouse.stewardship.deciding import Verdict, decide

DATES = tuple(f"2026-01-{day:02}" for day in range(5, 11))
FAMILIES = ("Lee", "Oak", "Sund", "Moor", "Birch", "Pine", "Fir", "Ash")
GIVEN = (
    *("Ann", "Robert", "Cydney", "Gustav", "Harald", "Deirdre", "Florence", "Ivo"),
    *("Joy", "Katharina", "Leopold", "Maximilian", "Nora", "Otto", "Paula", "Quentin"),
    *("Rosa", "Sven", "Thekla", "Ulrich", "Vera", "Wolfram", "Xenia", "Yvonne"),
)
FIRMS = ("Bridgewater", "Copperfield", "Dunmore", "Eastgate", "Fernhill", "Greystone")
PARTIES = "party,kind,name,born,email,mobile,address,postcode,city,member,changed\n"
SINCE = "2025-06-01 00:00:00"


@dataclass(frozen=True)
class Party:
    """What the registry says of a party."""

    number: str
    kind: str
    name: str
    born: str
    email: str
    mobile: str
    address: str
    member: str

    @property
    def row(self) -> str:
        """Write it as of the one moment since which everything is so."""
        said = (self.number, self.kind, self.name, self.born, self.email, self.mobile)
        return ",".join((*said, self.address, "10115", "Berlin", self.member, SINCE))

    def corrected(self, **said: str) -> "Party":
        """Return the party with other words on the same moment."""
        return replace(self, **said)


def persons() -> list[Party]:
    """Three to a family, each with what is nobody else's."""
    return [
        Party(
            number=f"p{n:02}",
            kind="person",
            name=f"{given} {FAMILIES[n // 3]}",
            born=f"{1950 + 2 * n}-{1 + n % 12:02}-{1 + n % 28:02}",
            email=f"{given.lower()}@{FAMILIES[n // 3].lower()}.example",
            mobile=f"+4915123{4500 + 7 * n}",
            address=f"{11 + n // 3} {FAMILIES[n // 3]} Street",
            member=f"M{100 + n}",
        )
        for n, given in enumerate(GIVEN)
    ]


def firms() -> list[Party]:
    """Firms that nothing connects."""
    return [
        Party(
            number=f"f{n:02}",
            kind="organisation",
            name=f"{name} Instruments GmbH",
            born="",
            email=f"office@{name.lower()}.example",
            mobile="",
            address=f"{200 + 9 * n} {name} Road",
            member=f"F{100 + n}",
        )
        for n, name in enumerate(FIRMS)
    ]


def bridges() -> list[Party]:
    """Persons of whom no more than the name is known, so far."""
    return [
        Party(f"b{n}", "person", name, "", "", "", "", "")
        for n, name in enumerate(("Zoe Unger", "Zeno Vogt"))
    ]


def alikes() -> list[Party]:
    """Two who are one by their likeness; and two, of whom one is written otherwise."""
    one = Party(
        number="a0",
        kind="person",
        name="Wendelin Fuchs",
        born="1961-05-17",
        email="",
        mobile="+491512399001",
        address="77 Pear Street",
        member="",
    )
    other = one.corrected(
        number="l0", name="Leander Holz", born="1973-11-03", mobile="+491512399002"
    )
    foreign = other.corrected(number="l1", name="L\u0435\u0430nder Holz")
    return [one, one.corrected(number="a1"), other, foreign]


def people(parties: Iterable[Party]) -> str:
    """Write a delivery of the registry."""
    return PARTIES + "".join(f"{party.row}\n" for party in parties)


def open_round(folder: Path) -> Nights:
    """Open the company in a folder that may already hold it."""
    return open_company(folder, "tiny", "corner", "reached", "round")


def deliver_all(house: Nights) -> None:
    """Lay everybody and what everybody does; the last date, so that no day passes."""
    first, everybody = DATES[0], [*persons(), *firms()]
    house.deliver(first, "parties.csv", people([*everybody, *bridges(), *alikes()]))
    house.deliver(first, "ties.csv", _ties())
    members = [party for party in persons() if party.number[-1] in "05"]
    house.deliver(
        first,
        "members.csv",
        "member,name,email,city\n"
        + "".join(f"{p.number},{p.name},{p.email},Berlin\n" for p in members)
        + "9,Ada Solo,ada@solo.example,Ulm\n",
    )
    house.deliver(
        first,
        "profiles.csv",
        "profile,name,email,city\n"
        + "".join(f"w{p.number},{p.name},{p.email},Bonn\n" for p in persons()[::3]),
    )
    goods = "article,name,price\na1,Pen,2.50\na2,Ink,7.00\n"
    house.deliver(first, "goods.csv", goods)
    house.deliver(DATES[-1], "goods_later.csv", goods + "a3,Pad,4.00\n")
    house.deliver(first, "orders.csv", _orders(everybody))
    house.deliver(
        first,
        "calls.csv",
        "call,member,article,outcome,tried_at\n"
        + "".join(
            f"k{p.number},{p.number},a1,solved,2026-01-03 15:00:00\n" for p in members
        ),
    )
    house.deliver(first, "reports.csv", _reports(everybody))


def _orders(everybody: Sequence[Party]) -> str:
    lines = [
        f"o{number}-{n},registry,{party.number},a{1 + (n + number) % 2},{1 + n},"
        f"2026-01-0{1 + n} 1{number % 10}:00:00\n"
        for number, party in enumerate(everybody)
        for n in range(1 + number % 3)
    ]
    own = "".join(
        f"w{party.number},web,w{party.number},a2,1,2025-12-01 09:00:00\n"
        for party in persons()[::3]
    )
    return "line,source,record,article,quantity,tried_at\n" + "".join(lines) + own


def _reports(everybody: Sequence[Party]) -> str:
    statuses = ("verified", "bounced", "answered", "returned")
    return "report,source,record,email,status,tried_at\n" + "".join(
        f"r{n},registry,{party.number},{party.email},{statuses[n % 4]},2026-01-02\n"
        for n, party in enumerate(everybody)
    )


def _ties() -> str:
    ties = ["tie,party,kind,other"]
    for n in range(0, len(GIVEN), 3):
        ties.append(f"s{n},p{n:02},spouse,p{n + 1:02}")
        ties.append(f"c{n},p{n + 2:02},child,p{n:02}")
        ties.append(f"e{n},p{n:02},employee,f{n // 3 % len(FIRMS):02}")
    return "\n".join([*ties, ""])


@dataclass(frozen=True)
class Trip:
    """What one night merges and the next takes apart again, drawn by chance.

    Attributes:
        withdrawn: Pairs of records that a steward joins, and no longer.
        never: A pair that a steward joins, and then never.
        wrong: What the registry says of whom, that makes them somebody else too.
        right: What it said before, said again.
    """

    withdrawn: list[tuple[str, str]]
    never: tuple[str, str]
    wrong: list[Party]
    right: list[Party]

    @property
    def expected(self) -> int:
        """How many customers fewer there are between: a bridge takes two away."""
        return len(self.withdrawn) + 1 + 2 * len(bridges()) + 2

    def merge(self, house: Nights, date: str) -> None:
        """Lay what merges."""
        for pair in (*self.withdrawn, self.never):
            say(house, pair, "must")
        house.deliver(date, f"parties_{date}.csv", people(self.wrong))

    def undo(self, house: Nights, date: str) -> None:
        """Lay what takes it all back."""
        for pair in self.withdrawn:
            say(house, pair, "withdrawn")
        say(house, self.never, "never")
        house.deliver(date, f"parties_{date}.csv", people(self.right))


def draw(seed: int) -> Trip:
    """Draw who is merged with whom; nobody twice."""
    chance = random.Random(seed)  # noqa: S311 - a choice, not a secret
    who, companies = persons(), firms()
    chance.shuffle(who)
    chance.shuffle(companies)
    named = [f"registry:{party.number}" for party in who]
    firm, other = (f"registry:{party.number}" for party in companies[:2])
    bridged = [
        bridge.corrected(name=one.name, email=one.email, member=another.member)
        for bridge, one, another in zip(bridges(), who[6:8], who[8:10], strict=True)
    ]
    alike = who[10].corrected(member=who[11].member)
    same = replace(who[13], number=who[12].number)
    return Trip(
        withdrawn=[(named[0], named[1]), (named[2], named[3]), (firm, other)],
        never=(named[4], named[5]),
        wrong=[*bridged, alike, same],
        right=[*bridges(), who[10], who[12]],
    )


def say(house: Nights, pair: tuple[str, str], verdict: Verdict) -> None:
    """Let a steward decide."""
    decide(
        *(house.settings, *pair, verdict),
        who="Al",
        why="By chance",
        clock=SystemClock(),
    )
