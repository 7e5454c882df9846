"""What stewards see, decide and get: through the commands and whole nights."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from night_world import Nights, open_company

from pipelines.cli.main import main
from warehouse.clock import SystemClock
from warehouse.company import read_company
from warehouse.contract_files import read_steward_source
from warehouse.errors import ContractError, WrongUseError
from warehouse.receiving import unclaimed, waiting
from warehouse.stewardship.deciding import _refuse_nonsense, decide
from warehouse.stewardship.explaining import explain
from warehouse.stewardship.people import Named
from warehouse.stewardship.restating import moved_records, restate
from warehouse.stewardship.reviewing import review, sample, shared_values

Once = Callable[[str, Callable[[Path], None]], Path]

MEMBERS = "member,name,email,city\n1,Ann Lee,ann@example.com,Berlin\n"
PROFILES = (
    "profile,name,email,city\n"
    "w1,Ann Lee,ann@example.com,Berlin\n"
    "w2,Hanna Smith,hanna@elsewhere.example,Rome\n"
)
BELONG = """
select source_name || ':' || source_record_id, customer_id
from descriptive.bridge_customer_identity
where known_to = timestamp '9999-12-31' order by 1
"""


@pytest.fixture
def shown(once: Once) -> Nights:
    """The corner shop after a first night: two records of Ann, one of Hanna.

    Tests only read it.
    """

    def make(folder: Path) -> None:
        house = open_company(folder, "tiny", "corner")
        house.deliver("2026-01-05", "members.csv", MEMBERS)
        house.deliver("2026-01-05", "profiles.csv", PROFILES)
        house.night()

    return open_company(once("stewardship_shop", make), "tiny", "corner")


@pytest.fixture
def shop(shown: Nights, tmp_path: Path) -> Nights:
    """A copy of that shop, to go on from."""
    return shown.copy(tmp_path / "home")


Say = Callable[..., str]


@pytest.fixture
def say(
    shown: Nights, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> Say:
    """Return a function that runs a command on the shown shop, in this process."""
    for name, value in shown.environment.items():
        monkeypatch.setenv(name, value)

    def said(*arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        captured = capsys.readouterr()
        assert (ended.value.code or 0) == code, captured.err
        return captured.err if code else captured.out

    return said


def customers(house: Nights) -> dict[str, str]:
    """Each record's customer in the release."""
    return dict(house.rows(BELONG))


def test_every_company_has_the_source_of_stewards() -> None:
    """By its own contract, without saying so."""
    names = {table.name for table in read_steward_source().tables}
    assert names == {"decisions", "match_models", "quarantine_decisions"}


def test_a_decision_is_obeyed_and_withdrawn_with_the_ids_of_before(
    shop: Nights,
) -> None:
    """Through its file and two real nights; accounted for both times."""
    before = customers(shop)
    assert before["desk:1"] == before["web:w1"] != before["web:w2"]
    said = shop.done(
        *("identity", "decide", "web:w2", "desk:1", "--must"),
        *("--who", "Al", "--why", "She married"),
    )
    file = Path(said.strip().split()[-1])
    assert file.is_file()
    assert file.parents[1].name == "2026-01-05"
    assert customers(shop) == before
    shop.night()
    after = customers(shop)
    assert set(after.values()) == {before["desk:1"]}
    assert restated(shop) == [2, {"merged": -1}, 1]
    told = explain(shop.settings, shop.company, "desk:1", "web:w2")
    assert told.is_linked
    assert told.verdict == "must"
    assert any("Al decided" in word and "She married" in word for word in told.words)

    shop.done(
        *("identity", "decide", "desk:1", "web:w2", "--withdraw"),
        *("--who", "Al", "--why", "An error"),
    )
    shop.night()
    assert customers(shop) == before
    assert restated(shop) == [1, {"undone": 1}, 2]
    moved = moved_records(shop.settings)
    assert [(row[2], row[4], row[6]) for row in moved] == [
        ("web:w2", before["web:w2"], "undone")
    ]
    assert waiting(shop.settings, shop.company) == []
    assert unclaimed(shop.settings, shop.company) == []


def restated(house: Nights) -> list[object]:
    """Customers before, what changed them, customers now; it adds up."""
    found = restate(house.settings)
    assert found is not None
    assert found.before + found.remade + sum(found.changes.values()) == found.now
    assert found.now == len(set(customers(house).values()))
    return [found.before, {k: v for k, v in found.changes.items() if v}, found.now]


def test_never_takes_apart_what_keys_say_is_one(shop: Nights) -> None:
    """Two records of one e-mail and name, and a steward who knows better."""
    before = customers(shop)
    decided = decide(
        *(shop.settings, "web:w1", "desk:1", "never"),
        who="Al",
        why="Mother and daughter",
        clock=SystemClock(),
    )
    assert "apart" in decided.consequence
    shop.night()
    after = customers(shop)
    assert after["desk:1"] != after["web:w1"]
    assert before["desk:1"] in (after["desk:1"], after["web:w1"])
    told = explain(shop.settings, shop.company, "web:w1", "desk:1")
    assert not told.is_linked
    assert told.verdict == "never"
    assert review(shop.settings, limit=10) == []


def test_who_is_who_is_explained_without_values_of_persons(
    shown: Nights, say: Say
) -> None:
    """Also from customer to customer, and for a program."""
    told = explain(shown.settings, shown.company, "desk:1", "web:w1")
    assert told.is_linked
    text = " ".join(told.words)
    assert "the same e-mail address and the same name" in text
    ids = customers(shown)
    said = say("identity", "explain", ids["desk:1"], ids["web:w2"], "--json")
    found = json.loads(said)
    assert found["is_linked"] is False
    assert {found["left_customer_id"], found["right_customer_id"]} == {
        ids["desk:1"],
        ids["web:w2"],
    }
    for value in ("ann@", "Ann", "Hanna", "Berlin"):
        assert value not in text + said


def test_commands_say_when_there_is_nothing(shown: Nights, say: Say) -> None:
    """Nothing waits, nothing is shared; a sample is drawn of what was scored."""
    assert "Nothing waits" in say("identity", "review")
    assert say("identity", "review", "--json") == ""
    assert "No value" in say("identity", "shared")
    assert shared_values(shown.settings, limit=5) == []
    assert len(sample(shown.settings, limit=5)) <= 1
    assert "customers now" in say("status")
    assert len(say("identity", "changes", "--json").splitlines()) == 3
    assert say("identity", "changes", "--load", "99", "--json") == ""


WHO = ("--who", "A", "--why", "b")
PAIR = ("decide", "desk:1", "web:w2")


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        (("explain", "desk:1", "desk:nobody"), "source:record_id"),
        ((*PAIR, *WHO), "--must"),
        ((*PAIR, "--must", "--never", *WHO), "Give one of"),
        (("decide", "desk:1", "desk:1", "--must", *WHO), "Name two records"),
        ((*PAIR, "--must", "--who", " ", "--why", "b"), "State it"),
        ((*PAIR, "--withdraw", *WHO), "explain"),
    ],
)
def test_wrong_use_is_refused_with_a_mend(
    shown: Nights, say: Say, arguments: tuple[str, ...], mend: str
) -> None:
    """And nothing is written."""
    assert mend in say("identity", *arguments, code=2)
    assert waiting(shown.settings, shown.company) == []


def test_a_person_and_an_organisation_are_never_decided_to_be_one() -> None:
    """Nor never to be: there is nothing to decide."""
    person = Named("a", "1", "c1", "person", "alone", 1.0)
    firm = Named("a", "2", "c2", "organisation", "alone", 1.0)
    for verdict in ("must", "never"):
        with pytest.raises(WrongUseError, match="never one customer"):
            _refuse_nonsense(person, firm, verdict)
    _refuse_nonsense(person, firm, "withdrawn")


def test_nothing_is_decided_before_anything_is_published(tmp_path: Path) -> None:
    """There is nothing to decide on."""
    house = open_company(tmp_path, "tiny")
    with pytest.raises(WrongUseError, match="nothing is published"):
        decide(
            *(house.settings, "desk:1", "desk:2", "must"),
            who="Al",
            why="Because",
            clock=SystemClock(),
        )


def test_a_company_may_not_take_the_name_of_the_source(tmp_path: Path) -> None:
    """Its deliveries and ours would lie in one table."""
    house = open_company(tmp_path, "tiny")
    company = house.settings.companies / "tiny"
    file = company / "sources" / "desk" / "_desk__sources.yml"
    text = file.read_text(encoding="utf-8").replace("name: desk", "name: steward")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match="belongs to the product"):
        read_company(house.settings)


def test_decisions_wait_with_the_data_where_deliveries_lie_elsewhere(
    tmp_path: Path,
) -> None:
    """A company whose landing folder is its own is not written into."""
    house = open_company(tmp_path, "tiny")
    company = house.settings.companies / "tiny"
    with (company / "company.yml").open("a", encoding="utf-8") as stated:
        stated.write("landing: deliveries\n")
    theirs = company / "deliveries" / "2026-01-05" / "members.csv"
    theirs.parent.mkdir(parents=True)
    theirs.write_text(MEMBERS + "2,Bo Ek,bo@example.com,Bonn\n", encoding="utf-8")
    house.night()
    decided = decide(
        *(house.settings, "desk:1", "desk:2", "must"),
        who="Al",
        why="One person",
        clock=SystemClock(),
    )
    assert decided.file.is_relative_to(house.settings.places.landing)
    assert [each.table.name for each in waiting(house.settings, house.company)] == [
        "decisions"
    ]
    assert unclaimed(house.settings, house.company) == []
    house.night()
    assert len(set(customers(house).values())) == 1


def test_a_recall_below_its_floor_holds_the_publication(tmp_path: Path) -> None:
    """Two hundred true pairs that nothing links: exit code 3, the version stays."""
    house = open_company(tmp_path, "tiny", "corner")
    company = house.settings.companies / "corner"
    with (company / "company.yml").open("a", encoding="utf-8") as stated:
        stated.write("truth: truth.parquet\n")
    numbers = range(200)
    members = "".join(f"{n},Mo {n},m{n}@example.com,Ulm\n" for n in numbers)
    profiles = "".join(f"w{n},Who {n},w{n}@else.example,Rome\n" for n in numbers)
    house.deliver("2026-01-05", "members.csv", f"member,name,email,city\n{members}")
    house.deliver("2026-01-05", "profiles.csv", f"profile,name,email,city\n{profiles}")
    write_truth(house)
    held = house.run("night")
    assert held.returncode == 3, held.stderr
    assert "1 checks of level error" in held.stdout + held.stderr
    assert "recall_of_who_is_who_is_not_below_its_floor" in held.stdout + held.stderr
    assert not house.settings.places.current.exists()


def write_truth(house: Nights) -> None:
    """Say that the member and the profile of each number are one."""
    with duckdb.connect() as connection:
        connection.sql(
            "select unnest(['desk', 'web']) as source_name, "
            "unnest([cast(n as varchar), 'w' || n]) as source_record_id, "
            "'p' || n as party_id from range(200) as numbers (n)"
        ).write_parquet(str(house.settings.places.root / "truth.parquet"))
