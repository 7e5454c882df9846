"""What customers and salespeople declare of who is whose: families, roles, referrers.

Family cards are declared among members of one household, whoever of them has moved
since, and by a few kin, relatives and colleagues who live apart. The people of an
organisation and who brought whom are drawn by chance.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa

from warehouse.demo.chance import Integers
from warehouse.demo.columns import Column, choose, day, either, join, moment, number
from warehouse.demo.deliveries import Manner
from warehouse.demo.known import FIRST_DAY, clock
from warehouse.demo.making import Making
from warehouse.demo.population import Population
from warehouse.demo.presence import CHUNK, Presence, record_ids

FAMILY_RELATIONS = ["配偶", "兄弟姐妹", "同住"]
FAMILY_PLACES = (1, 3, 4)
"""Places in the block of those who name their head: spouse, sibling, lodger."""
FAMILY_PCT = 60
KIN_PLACES = (10, 12)
"""Places of those who are parent or child of the one before, who lives elsewhere."""
FURTHER = {14: "亲属", 16: "同事"}
"""Places of those who are a relative or a colleague of the one before them."""
DECISION_ROLES = [
    "decider",
    "buyer",
    "influencer",
    "contact",
    "initiator",
    "user",
    "approver",
    "gatekeeper",
    "legal_representative",
    "",
]
"""Parts in the decisions of an organisation; who has none is on its staff."""
DECIDED_PCT = 80
REFERRED_PCT = 25


def write_relation_files(making: Making, on_day: int) -> None:
    """Write what the sources deliver of relations between customers on a day."""
    desk, date = making.desk, making.desk.date_of(on_day)
    desk.csv(
        "member.families",
        _per_chunk(making.presence, families, on_day),
        name=f"families_{date}.csv",
        on_day=on_day,
        manner=Manner(encoding="gb18030"),
    )
    desk.csv(
        "crm.people",
        _per_chunk(making.presence, people, on_day),
        name=f"people_{date}.csv",
        on_day=on_day,
    )
    desk.csv(
        "web.referrals",
        _per_chunk(making.presence, referrals, on_day),
        name=f"referrals_{date}.csv",
        on_day=on_day,
    )


def _per_chunk(
    presence: Presence, write: Callable[[Presence, Integers, int], pa.Table], day: int
) -> Iterator[pa.Table]:
    size = presence.people.size
    for start in range(0, size, CHUNK):
        index = np.arange(start, min(start + CHUNK, size), dtype=np.int64)
        yield write(presence, index, day)


def families(presence: Presence, index: Integers, on_day: int) -> pa.Table:
    """Return rows of `member.families`, declared when the later of two cards comes."""
    people, first = presence.people, presence.first_day["member"]
    told = np.isin(people.position(index), [*FAMILY_PLACES, *KIN_PLACES, *FURTHER])
    told &= people.chance.happens(index, "family_card", FAMILY_PCT / 100)
    index = index[told]
    other = _relative(people, index)
    told = (first[index] >= 0) & (first[other] >= 0)
    told &= np.maximum(first[index], first[other]) == on_day
    told &= ~people.is_organisation(index) & ~people.is_organisation(other)
    index, other = index[told], other[told]
    return pa.table(
        {
            "link_id": join("F", number(index * 6_700_417 % 1_000_000_007, 10)),
            "member_id": record_ids("member", index),
            "relation": _relation(people, index),
            "relative_id": record_ids("member", other),
            "stated_at": moment(
                clock(presence, "family", index, on_day), suffix="+08:00"
            ),
        }
    )


def _relative(people: Population, index: Integers) -> Integers:
    """Return whom each names: the head of the household, else the one before."""
    shares = np.isin(people.position(index), FAMILY_PLACES)
    other: Integers = np.where(shares, people.head(index), index - 1)
    return other


def _relation(people: Population, index: Integers) -> Column:
    """Return what each is to the other; of kin the elder is the parent."""
    place = people.position(index)
    is_elder = people.birth_day(index) < people.birth_day(_relative(people, index))
    relation = either(is_elder, "父母", "子女")
    places = {**dict(zip(FAMILY_PLACES, FAMILY_RELATIONS, strict=True)), **FURTHER}
    for at, said in places.items():
        relation = either(place == at, said, relation)
    return relation


def people(presence: Presence, index: Integers, on_day: int) -> pa.Table:
    """Return rows of `crm.people`, written down when the organisation comes."""
    population, chance = presence.people, presence.people.chance
    index = index[presence.first_day["crm"][index] == on_day]
    person = chance.below(index, "staff", population.size)
    known = presence.holds("web", person) | presence.holds("member", person)
    index = index[known & ~population.is_organisation(person)]
    person = chance.below(index, "staff", population.size)
    by_web = presence.holds("web", person)
    decides = chance.happens(index, "decides", DECIDED_PCT / 100)
    drawn = chance.below(index, "part_in_decisions", len(DECISION_ROLES) - 1)
    since = FIRST_DAY - chance.below(index, "staff_since", 3_000)
    return pa.table(
        {
            "link_id": join("P", number(index * 7_919 % 10_000_019, 8)),
            "account_number": record_ids("crm", index),
            "person_source": choose(["member", "web"], by_web.astype(np.int64)),
            "person_id": either(
                by_web, record_ids("web", person), record_ids("member", person)
            ),
            "role": choose(
                DECISION_ROLES, np.where(decides, drawn, len(DECISION_ROLES) - 1)
            ),
            "since": day(since, "%d.%m.%Y"),
        }
    )


def referrals(presence: Presence, index: Integers, on_day: int) -> pa.Table:
    """Return rows of `web.referrals`: who of the newcomers was brought by whom."""
    chance, first = presence.people.chance, presence.first_day["web"]
    brought = (first[index] == on_day) & (on_day > 0)
    index = index[brought & chance.happens(index, "referred", REFERRED_PCT / 100)]
    referrer = chance.below(index, "referrer", presence.people.size)
    index = index[(first[referrer] >= 0) & (first[referrer] < on_day)]
    referrer = chance.below(index, "referrer", presence.people.size)
    at = clock(presence, "referral", index, on_day) - 8 * 3600
    return pa.table(
        {
            "referral_id": join("R", number(index * 4_093 % 1_000_000_007, 10)),
            "registration_id": record_ids("web", index),
            "referrer_id": record_ids("web", referrer),
            "referred_at": moment(at),
        }
    )
