"""Who is who: what links records, what does not, and which id lives on."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from stat import S_IMODE

import pytest
from identity_world import UNIQUE_SOURCE, IdentityWorld, make_world
from oracle.edges import World
from oracle.identity import customer_id
from oracle.rows import FIRST_LOAD_AT, PartyRow

from warehouse.identity.ids import SAMPLE_KEY, read_key
from warehouse.identity.policy import MAXIMUM_HOLDERS

DAY = date(2026, 1, 1)


@pytest.fixture
def world(tmp_path: Path) -> IdentityWorld:
    """Lay out an empty archive."""
    return make_world(tmp_path)


def stated(
    load_id: int, record: str, *, source: str = "web", **values: object
) -> PartyRow:
    """Return a row that one load states of a record."""
    row = PartyRow(
        load_id=load_id,
        load_row=load_id * 100 + len(record),
        source_name=source,
        source_record_id=record,
        delivered_on=DAY,
        valid_from=FIRST_LOAD_AT + timedelta(days=load_id),
    )
    return replace(row, **values)  # type: ignore[arg-type]


def customers(world: IdentityWorld) -> dict[str, str]:
    """Return the customer of each record, by the id of the record."""
    return {link.record[1]: link.customer_id for link in world.log()}


def identified(world: IdentityWorld, *rows: PartyRow) -> dict[str, str]:
    """Deliver the rows, identify, and return the customer of each record."""
    world.deliver(World(list(rows)))
    world.identify()
    return customers(world)


@pytest.mark.parametrize(
    "shared",
    [
        {"national_id": "11"},
        {"organisation_code": "91"},
        {"member_number": "7"},
        {"email": "a@x.com", "full_name": "li lei"},
    ],
)
def test_records_that_share_a_strong_key_are_one_customer(
    world: IdentityWorld, shared: dict[str, str]
) -> None:
    """Each of the four rules links, and the log names it."""
    linked = identified(world, stated(1, "a", **shared), stated(2, "b", **shared))
    assert linked["a"] == linked["b"]
    rule = "email_and_name" if "email" in shared else next(iter(shared))
    assert [link.match_rule for link in world.log()] == ["alone", rule]


@pytest.mark.parametrize("half", [{"email": "a@x.com"}, {"full_name": "li lei"}])
def test_half_a_key_links_nobody(world: IdentityWorld, half: dict[str, str]) -> None:
    """An e-mail alone is a family's, a name alone is anybody's."""
    linked = identified(world, stated(1, "a", **half), stated(2, "b", **half))
    assert linked["a"] != linked["b"]


def test_a_member_number_is_compared_without_blanks(world: IdentityWorld) -> None:
    """It comes as delivered, and may have been padded."""
    linked = identified(
        world,
        stated(1, "a", member_number="7 "),
        stated(1, "bb", member_number=" 7"),
        stated(1, "ccc", member_number=" "),
        stated(1, "dddd", member_number=" "),
    )
    assert linked["a"] == linked["bb"]
    assert linked["ccc"] != linked["dddd"]


def test_a_person_and_an_organisation_never_merge(world: IdentityWorld) -> None:
    """Whatever they share."""
    shared = {"member_number": "7"}
    linked = identified(
        world,
        stated(1, "a", **shared),
        stated(2, "b", party_kind="organisation", **shared),
    )
    assert linked["a"] != linked["b"]


def test_a_record_that_is_said_to_be_both_stands_alone(world: IdentityWorld) -> None:
    """It would bring persons and organisations together."""
    linked = identified(
        world,
        stated(1, "a", member_number="7"),
        stated(2, "b", member_number="7"),
        stated(3, "b", party_kind="organisation", member_number="7"),
    )
    assert linked["a"] != linked["b"]


def test_a_key_that_too_many_hold_is_no_evidence(world: IdentityWorld) -> None:
    """The counter's own number, on everybody's card; what it linked comes apart."""
    crowd = [
        stated(1, f"r{number:02}", member_number="0", load_row=number)
        for number in range(MAXIMUM_HOLDERS)
    ]
    together = identified(world, *crowd)
    assert len(set(together.values())) == 1
    apart = identified(world, *crowd, stated(2, "one more", member_number="0"))
    assert len(set(apart.values())) == MAXIMUM_HOLDERS + 1


def test_a_key_once_held_stays_evidence(world: IdentityWorld) -> None:
    """A customer who changed the e-mail is recognised by the old one."""
    linked = identified(
        world,
        stated(1, "a", email="old@x.com", full_name="li lei"),
        stated(2, "a", email="new@x.com", full_name="li lei"),
        stated(3, "b", email="old@x.com", full_name="li lei"),
    )
    assert linked["a"] == linked["b"]


def test_a_key_corrected_away_is_evidence_no_more(world: IdentityWorld) -> None:
    """The same moment stated anew: the un-merge restores exactly the ids of before."""
    wrong = stated(2, "b", member_number="7")
    alone = identified(world, stated(1, "a", member_number="7"), replace(wrong))
    assert alone["a"] == alone["b"]
    corrected = replace(wrong, load_id=3, member_number="8")
    apart = identified(world, stated(1, "a", member_number="7"), wrong, corrected)
    assert apart == {
        record: customer_id(("web", record), SAMPLE_KEY) for record in ("a", "b")
    }


def test_a_correction_that_leaves_the_key_out_keeps_it(world: IdentityWorld) -> None:
    """A delta says nothing of the fields it lacks."""
    first = stated(2, "b", member_number="7")
    delta = replace(first, load_id=3, member_number=None, left_out=("member_number",))
    linked = identified(world, stated(1, "a", member_number="7"), first, delta)
    assert linked["a"] == linked["b"]


def test_a_deleted_record_keeps_its_link(world: IdentityWorld) -> None:
    """Its history stays the customer's."""
    linked = identified(
        world,
        stated(1, "a", member_number="7"),
        stated(2, "b", member_number="7"),
        stated(3, "b", is_deleted=True),
        replace(stated(2, "b"), load_id=4, is_deleted=True),
    )
    assert linked["a"] == linked["b"]


def test_twins_of_one_mailbox_are_two_customers(world: IdentityWorld) -> None:
    """The same e-mail and name with other dates of birth; a third without one joins."""
    mailbox = {"email": "family@x.com", "full_name": "wei"}
    linked = identified(
        world,
        stated(1, "a", birth_date=date(1980, 1, 1), **mailbox),
        stated(2, "b", birth_date=date(1980, 1, 2), **mailbox),
        stated(3, "c", **mailbox),
    )
    assert linked["a"] != linked["b"]
    assert linked["c"] == linked["a"]


def test_a_source_that_is_unique_holds_nobody_twice(world: IdentityWorld) -> None:
    """Not even through a record of another source; the first link by name wins."""
    shared = {"member_number": "7"}
    linked = identified(
        world,
        stated(1, "u1", source=UNIQUE_SOURCE, **shared),
        stated(2, "u2", source=UNIQUE_SOURCE, **shared),
        stated(3, "w", source="web", **shared),
    )
    assert linked["u1"] != linked["u2"]
    assert linked["w"] == linked["u1"]


def test_the_older_id_lives_on_when_customers_merge(world: IdentityWorld) -> None:
    """A record between two customers brings them together under the first one's id."""
    rows = [
        stated(1, "a", member_number="7"),
        stated(2, "b", national_id="11"),
        stated(3, "c", member_number="7", national_id="11"),
    ]
    linked = identified(world, *rows)
    assert set(linked.values()) == {customer_id(("web", "a"), SAMPLE_KEY)}
    moved = [link for link in world.log() if link.previous_customer_id]
    assert [(link.load_id, link.record[1]) for link in moved] == [(3, "b")]


def test_work_made_anew_changes_nothing(world: IdentityWorld) -> None:
    """The log follows from the loads, and these are identified."""
    rows = [stated(1, "a", member_number="7"), stated(2, "b", member_number="7")]
    identified(world, *rows)
    before = world.log()
    world.deliver(World(list(reversed(rows))))
    outcome = world.identify()
    assert world.log() == before
    assert (outcome.records_seen, outcome.new, outcome.customers_after) == (0, 0, 1)


def test_an_older_load_that_turns_up_late_makes_the_log_anew(
    world: IdentityWorld,
) -> None:
    """A company mapped one more table: the log is that of a replay of everything."""
    older, newer = stated(1, "a", member_number="7"), stated(2, "b", member_number="7")
    identified(world, newer)
    linked = identified(world, older, newer)
    assert set(linked.values()) == {customer_id(("web", "a"), SAMPLE_KEY)}
    assert [link.load_id for link in world.log()] == [1, 2]


def test_the_outcome_adds_up_and_ids_are_minted_once(world: IdentityWorld) -> None:
    """Two new customers, one merge, and the split that undoes it."""
    wrong = stated(2, "b", member_number="7")
    rows = [
        stated(1, "a", member_number="7"),
        stated(1, "bb", load_row=7),
        wrong,
        replace(wrong, load_id=3, member_number=None),
    ]
    world.deliver(World(list(rows)))
    outcome = world.identify()
    assert (outcome.customers_before, outcome.customers_after) == (0, 3)
    assert outcome.new + outcome.split - outcome.merged == outcome.customers_after
    minted = world.ask("select customer_id from archive.identity.minted")
    assert len(minted) == len(set(minted)) == outcome.customers_after


def test_ids_are_the_keyed_hash_that_python_makes(world: IdentityWorld) -> None:
    """Also of records with marks and letters of any script in their ids."""
    records = ["a|1:b", "李雷", "é" * 100, " "]
    linked = identified(world, *(stated(1, record) for record in records))
    assert linked == {
        record: customer_id(("web", record), SAMPLE_KEY) for record in records
    }


def test_a_sample_has_the_public_key(tmp_path: Path) -> None:
    """So that its ids are the same for everybody."""
    assert read_key(tmp_path, is_sample=True) == SAMPLE_KEY


def test_a_company_makes_its_own_key_once_for_its_owner_alone(tmp_path: Path) -> None:
    """Random, kept, and readable by nobody else."""
    folder = tmp_path / "secrets"
    key = read_key(folder, is_sample=False)
    assert key not in (SAMPLE_KEY, read_key(tmp_path, is_sample=False))
    assert read_key(folder, is_sample=False) == key
    assert [S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]
