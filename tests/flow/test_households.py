"""Who lives with whom: a few families and a dormitory through one run of nights.

The Lees move together, then one of them leaves with the child, then a child is born.
Two people at two addresses are taken for one for a day. A child lives with both of its
parents. Ten thousand people share one address.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from night_world import Nights, open_company

Once = Callable[[str, Callable[[Path], None]], Path]

MET, GREETED, MOVED, PARTED, BORN = (f"2026-01-0{day}" for day in range(4, 9))
SETTLED = "2020-01-01 00:00:00"
STUDENTS = 10_000
HEADER = "person,name,born,address,postcode,city,phone,member,changed"
OLD, NEW, FAR = "1 Main Street", "7 New Street", "8 Far Road"


def person(
    number: str, name: str, born: str, address: str, *more: str, since: str = SETTLED
) -> str:
    """Write a person, with a membership number as the only thing more."""
    place = "10115,Berlin" if address else ","
    return ",".join([number, name, born, address, place, "", *(more or ("",)), since])


ANN = ("ann", "Ann Lee", "1980-03-01")
BOB = ("bob", "Robert Lee", "1982-07-11")
CYD = ("cyd", "Cydney Lee", "2015-05-05")
GUS = ("gus", "Gustav Oak", "1970-02-02", "3 Hill Lane")
HAL = ("hal", "Harald Sund", "1965-10-12", "4 Hill Lane")
OTHERS = [
    person("dee", "Deirdre Ek", "1990-01-03", "9 Side Road"),
    person("flo", "Florence Moor", "1991-04-07", "9 Side Road"),
    person("ivy", "Ivy Fir", "1999-09-09", ""),
    person("joy", "Joy Ash", "2012-06-06", "5 Oak Way"),
    person("kay", "Kay Ash", "1984-08-08", "5 Oak Way"),
    person("leo", "Leopold Birch", "1983-03-03", "6 Elm Way"),
    person("max", "Maximilian Pine", "1971-12-01", "4 Hill Lane"),
]
TIES = """tie,person,kind,other,until
1,ivy,child,ann,
2,joy,household_member,leo,
3,s1,spouse,s2,
4,gus,sibling,hal,
5,bob,spouse,ann,
"""


def students() -> list[str]:
    """Write people who have nothing in common but their address."""
    drawn = random.Random(7)  # noqa: S311 - names, not secrets
    letters = "abcdefghiklmnoprstuvw"
    words = [
        "".join(drawn.choices(letters, k=7)).capitalize() for _ in range(2 * STUDENTS)
    ]
    return [
        person(
            f"s{n}",
            f"{words[2 * n]} {words[2 * n + 1]}",
            f"{1990 + n % 15}-{1 + n % 12:02d}-{1 + n % 28:02d}",
            "100 Campus Road",
        )
        for n in range(STUDENTS)
    ]


def deliver(house: Nights) -> None:
    """Lay the five dates."""
    days = {
        MET: [person(*ANN, OLD), *students()],
        GREETED: [*(person(*who) for who in (GUS, HAL)), *OTHERS],
        MOVED: [*(person(*who, "M1") for who in (GUS, HAL))],
        PARTED: [person("hal", "Harald A Sund", *HAL[2:])],
        BORN: [person("kim", "Kimberley Lee", BORN, NEW, since=f"{BORN} 00:00:00")],
    }
    days[GREETED] += [person(*who, OLD) for who in (BOB, CYD)]
    for business_date, movers, address in (
        (MOVED, (ANN, BOB, CYD), NEW),
        (PARTED, (BOB, CYD), FAR),
    ):
        since = f"{business_date} 00:00:00"
        days[business_date] += [person(*who, address, since=since) for who in movers]
    for business_date, rows in days.items():
        content = "\n".join([HEADER, *rows, ""])
        house.deliver(business_date, f"people_{business_date}.csv", content)
    house.deliver(GREETED, "ties.csv", TIES)


@pytest.fixture(scope="session")
def homes(once: Once) -> Nights:
    """One run over all dates; what was known after each is asked by the macro."""

    def make(folder: Path) -> None:
        house = open_company(folder, "homes")
        deliver(house)
        house.night()

    return open_company(once("homes", make), "homes")


AS_OF = """
with known as (
    select max(known_at) as known_at from shared.dim_load where business_date <= ?
),
members as (
    select as_of.*
    from household_as_of(cast(? as timestamp), (select known_at from known)) as as_of
),
names as (
    select customer_id, min(source_record_id) as person
    from descriptive.bridge_customer_identity
    where known_from <= (select known_at from known)
        and known_to > (select known_at from known)
    group by customer_id
)
select members.household_id, names.person, members.member_role, members.formed_by
from members inner join names on members.customer_id = names.customer_id
order by all
"""


def households(homes: Nights, valid_at: str, known_on: str) -> dict[str, set[str]]:
    """Return the members of each household, by its id."""
    found: dict[str, set[str]] = {}
    for household, name, _, _ in homes.rows(AS_OF, [known_on, valid_at]):
        found.setdefault(household, set()).add(name)
    return found


def home_of(homes: Nights, name: str, valid_at: str, known_on: str) -> list[set[str]]:
    """Return the households that a person belongs to, without their ids."""
    found = households(homes, valid_at, known_on).values()
    return sorted((members for members in found if name in members), key=sorted)


def id_of(homes: Nights, name: str, valid_at: str, known_on: str) -> str:
    """Return the id of the only household that a person belongs to."""
    found = households(homes, valid_at, known_on)
    [household] = [key for key, members in found.items() if name in members]
    return household


def test_a_family_that_moves_stays_one_household(homes: Nights) -> None:
    """Its id goes along, and the move is an event."""
    lees = {"ann", "bob", "cyd", "ivy"}
    assert home_of(homes, "ann", GREETED, BORN) == [lees]
    assert home_of(homes, "ann", f"{MOVED} 12:00:00", BORN) == [lees]
    household = id_of(homes, "ann", GREETED, BORN)
    assert household == id_of(homes, "ann", f"{MOVED} 12:00:00", BORN)
    moves = homes.rows(
        "select happened_at::date::varchar from descriptive.fct_household_event "
        "where event_type = 'moved' and household_id = ?",
        [household],
    )
    assert moves == [(MOVED,)]


def test_who_leaves_founds_a_household_and_a_birth_joins_one(homes: Nights) -> None:
    """The id stays with the member longest known; the newborn is a child there."""
    assert home_of(homes, "ann", "2026-02-01", BORN) == [{"ann", "ivy", "kim"}]
    assert home_of(homes, "bob", "2026-02-01", BORN) == [{"bob", "cyd"}]
    stays = id_of(homes, "ann", "2026-02-01", BORN)
    assert stays == id_of(homes, "ann", GREETED, BORN)
    events = homes.rows(
        """
        select event_type, count(*) from descriptive.fct_household_event
        where household_id = ? and event_type in ('split', 'left', 'birth')
            and happened_at >= timestamp '2026-01-01'
        group by event_type order by event_type
        """,
        [stays],
    )
    assert events == [("birth", 1), ("split", 2)]
    children = homes.rows(
        "select children_count, member_count from descriptive.dim_household "
        "where is_current and household_id = ?",
        [stays],
    )
    assert children == [(1, 3)]


def test_a_spouse_was_not_born_into_the_household(homes: Nights) -> None:
    """Bob has lived with Ann since his birth, for all we know; she was a child then."""
    births = homes.rows(
        """
        select happened_at::date::varchar from descriptive.fct_household_event
        where household_id = ? and event_type = 'birth' order by happened_at
        """,
        [id_of(homes, "ann", "2026-02-01", BORN)],
    )
    assert births == [("1999-09-09",), ("2015-05-05",), (BORN,)]


def test_nobody_lives_anywhere_before_being_born(homes: Nights) -> None:
    """Though the first version of a customer opens in 1900."""
    assert home_of(homes, "cyd", "2015-05-04", BORN) == []
    assert home_of(homes, "cyd", "2015-05-06", BORN) == [{"ann", "bob", "cyd", "ivy"}]


def test_what_was_known_then_is_asked_then(homes: Nights) -> None:
    """Of one moment, each date knew its own picture, and still tells it."""
    assert home_of(homes, "ann", "2026-02-01", MET) == [{"ann"}]
    assert home_of(homes, "ann", "2026-02-01", GREETED) == [
        {"ann", "bob", "cyd", "ivy"}
    ]
    assert home_of(homes, "bob", "2026-02-01", MOVED) == [{"ann", "bob", "cyd", "ivy"}]


def test_one_address_of_ten_thousand_is_no_household(homes: Nights) -> None:
    """But two of them who are married are one."""
    found = households(homes, "2026-02-01", BORN).values()
    of_students = [
        members
        for members in found
        if any(n[0] == "s" and n[1:].isdigit() for n in members)
    ]
    assert of_students == [{"s1", "s2"}]


def test_a_child_lives_with_both_parents(homes: Nights) -> None:
    """At its own address, and where it is declared a member."""
    assert home_of(homes, "joy", "2026-02-01", BORN) == [
        {"joy", "kay"},
        {"joy", "leo"},
    ]


def test_unmerging_gives_back_the_household_of_before(homes: Nights) -> None:
    """Ids included; while they were one, a relation with oneself was none."""
    before = households(homes, "2026-02-01", GREETED)
    merged = households(homes, "2026-02-01", MOVED)
    after = households(homes, "2026-02-01", PARTED)

    def of_hill_lane(found: dict[str, set[str]]) -> dict[str, set[str]]:
        return {key: names for key, names in found.items() if names & {"gus", "hal"}}

    assert sorted(map(sorted, of_hill_lane(before).values())) == [
        ["gus"],
        ["hal", "max"],
    ]
    assert len(of_hill_lane(merged)) == 1
    assert of_hill_lane(after) == of_hill_lane(before)


def test_declared_relations_are_published_both_ways(homes: Nights) -> None:
    """Each with what it is from the other side."""
    rows = homes.rows(
        """
        select relationship_record_id, relationship_type_code
        from descriptive.bridge_customer_relationship
        where relationship_record_id in ('1', '4') order by all
        """
    )
    assert rows == [("1", "child"), ("1", "parent"), ("4", "sibling"), ("4", "sibling")]
    roles = homes.rows(
        "select member_role, count(*) from household_as_of(timestamp '2026-02-01', "
        "timestamp '9999-12-30') where formed_by = 'declared' group by all order by all"
    )
    assert roles == [("child", 2), ("head", 1), ("spouse", 1)]
