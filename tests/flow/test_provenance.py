"""Who claims what, who is believed, and what a contradiction costs.

Three sources tell of the same people, whom they agree on by e-mail and name. On the
second date two of them give ten people another mobile number than the first does; on
the third they come round. Only the first two ever speak of Kim.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from night_world import Nights, open_company

from warehouse.database import attach
from warehouse.identity.ids import read_key
from warehouse.keyed_hash import value_key
from warehouse.settings import PROJECT_ROOT

Once = Callable[[str, Callable[[Path], None]], Path]

DATES = ("2026-01-05", "2026-01-06", "2026-01-07")
NAMES = ["Ada", "Bea", "Cid", "Dot", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon"]
ALL = "select * from {} order by all"
KIM = "Kim Roe,kim@example.com"
RIGHT, WRONG = 1700, 1800
SECRET = ("@example.com", "+4915123", "ada roe", "kim roe")


def people(first_number: int) -> list[str]:
    """Write ten people, whose mobile numbers start from a number."""
    return [
        f"{n},{name} Roe,{name.lower()}@example.com,+49151234{first_number + 7 * n},Ulm"
        for n, name in enumerate(NAMES, start=1)
    ]


def file(rows: Iterable[str], more: str = "") -> str:
    """Write a delivery; `more` ends the header and each row."""
    asked = ",asker" if more else ""
    lines = [f"id,name,email,mobile,city{asked}", *(f"{row}{more}" for row in rows)]
    return "\n".join(lines) + "\n"


def deliver(house: Nights) -> None:
    """Lay the three dates."""
    kim_desk, kim_shop = f"99,{KIM},+491512341611,Ulm", f"99,{KIM},+491512341622,Ulm"
    for business_date, said in zip(DATES, (0, WRONG, RIGHT), strict=True):
        desk = people(RIGHT) if said else []
        house.deliver(business_date, "desk.csv", file([*desk, kim_desk]))
        others = people(said) if said else []
        house.deliver(business_date, "shop.csv", file([*others, kim_shop]))
        if said:
            house.deliver(business_date, "post.csv", file(others, ",Pat"))


@pytest.fixture(scope="session")
def jury(once: Once) -> Nights:
    """One run over all dates; what is known after each load is kept apart by it."""

    def make(folder: Path) -> None:
        house = open_company(folder, "jury")
        deliver(house)
        house.night()

    return open_company(once("jury", make), "jury")


def after(jury: Nights, business_date: str) -> dict[str, tuple[int, Decimal]]:
    """Return rank and reliability of each source's mobile numbers after a date."""
    rows = jury.rows(
        """
        select
            source_key,
            max_by(reliability_rank, source_quality.known_at),
            max_by(reliability, source_quality.known_at)
        from quality.fct_source_quality as source_quality
        inner join quality.fct_load
            on source_quality.load_key = cast(fct_load.load_id as varchar)
        where attribute_group = 'mobile' and business_date <= cast(? as date)
        group by source_key
        """,
        [business_date],
    )
    return {source: (rank, reliability) for source, rank, reliability in rows}


def share(prior: Mapping[str, float], said: Mapping[str, str], source: str) -> float:
    """Work out how likely a source is right, of one right and a hundred wrong values.

    By Bayes from all that were said, and in products of odds where the models add up
    logarithms.
    """
    odds: dict[str, float] = {}
    for speaker, value in said.items():
        mean = prior[speaker]
        odds[value] = odds.get(value, 1) * 100 * mean / (1 - mean)
    unsaid = 101 - len(odds)
    return odds[said[source]] / (sum(odds.values()) + unsaid)


def test_who_is_contradicted_sinks_by_the_counts_worked_out_by_hand(
    jury: Nights,
) -> None:
    """Ten people and Kim, each as old as its statement, on top of a prior worth 30."""
    prior = {"desk": 0.95, "shop": 0.9, "post": 0.775}
    ten = {"desk": "right", "shop": "wrong", "post": "wrong"}
    kim = {"desk": "one", "shop": "other"}
    a_day = 0.5 ** (1 / 730)
    for source, (_, reliability) in after(jury, DATES[1]).items():
        right = 10 * share(prior, ten, source)
        weight = 10.0
        if source in kim:
            right += a_day * share(prior, kim, source)
            weight += a_day
        expected = (30 * prior[source] + right) / (30 + weight)
        assert float(reliability) == pytest.approx(expected, abs=2e-6), source


def test_who_keeps_being_contradicted_sinks_and_agreement_restores(
    jury: Nights,
) -> None:
    """The desk is first, is overruled by two who agree, and is first again."""
    first, contradicted, restored = (after(jury, each) for each in DATES)
    assert first["desk"][0] < first["shop"][0]
    assert contradicted["shop"][0] < contradicted["post"][0] < contradicted["desk"][0]
    assert restored["desk"][0] < restored["shop"][0] < restored["post"][0]


def test_the_winner_changes_with_the_rank_and_back(jury: Nights) -> None:
    """Nobody says anything new of Kim; whom to believe changes what we know of Kim."""
    asked = (PROJECT_ROOT / "docs" / "provenance.md").read_text("utf-8")
    question = asked.split("## What changed a winner")[1].split("```")[1]
    (kim,) = jury.built(
        "select customer_id from descriptive.dim_customer "
        "where email = 'kim@example.com' and is_current"
    )
    with jury.open() as connection:
        attach(
            connection,
            jury.settings.places.current.resolve() / "restricted.duckdb",
            alias="restricted",
        )
        changes = connection.execute(
            question.removeprefix("sql"), {"customer_id": kim[0]}
        ).fetchall()
    assert [(mobile[-2:], what, by) for _, _, mobile, what, by in changes] == [
        ("11", "a new claim", "desk"),
        ("22", "whom to believe", "shop"),
        ("11", "whom to believe", "desk"),
    ]


def test_a_claim_says_who_when_where_how_and_why(jury: Nights) -> None:
    """The row speaks before the contract; a value said again is the same claim."""
    claims = jury.rows(
        """
        select distinct
            source_key, collected_by, collected_where, collected_how, collected_why
        from descriptive.fct_attribute_value where source_key <> 'shop' order by 1
        """
    )
    assert claims == [
        ("desk", "the counter", "At the counter", "asked at it", "registration"),
        ("post", "Pat", "By post", "read from answers", "registration"),
    ]


def test_what_two_sources_claim_alike_has_one_hash_and_more_confidence(
    jury: Nights,
) -> None:
    """The number that was taken back lost, is still there, and is hardly believed."""
    found = jury.rows(
        """
        select
            is_standing, is_winner, count(*), count(distinct value_hash),
            count(distinct source_key), min(confidence) > 0.9999,
            max(confidence) < 0.0001
        from descriptive.fct_attribute_value
        where attribute_name = 'mobile' and source_record_id <> '99'
        group by all order by 1
        """
    )
    assert found == [
        (False, False, 20, 10, 2, False, True),
        (True, True, 30, 10, 3, True, False),
    ]


def test_marts_hold_no_personal_value(jury: Nights) -> None:
    """Neither table shows one; the restricted file has them under the same keys."""
    with jury.open() as connection:
        for table in ("descriptive.fct_attribute_value", "quality.fct_source_quality"):
            rows = connection.execute(ALL.format(table)).fetchall()
            told = "\n".join(map(str, rows)).lower()
            assert rows and not [each for each in SECRET if each in told]
    with jury.open("restricted") as connection:
        told = str(
            connection.execute(
                "select list(claimed_value) from descriptive.fct_attribute_value"
            ).fetchone()
        ).lower()
    assert all(each in told for each in SECRET)


def test_the_key_is_in_nothing_that_dbt_writes(jury: Nights) -> None:
    """Neither the company's key nor that of values, in target, logs or databases."""
    places = jury.settings.places
    key = read_key(places.secrets, is_sample=True)
    keys = [each for made in (key, value_key(key)) for each in (made, made.hex())]
    sought = [each if isinstance(each, bytes) else each.encode() for each in keys]
    folders = (places.target, places.logs, places.published, places.dagster)
    files = [
        file for folder in folders for file in folder.rglob("*") if file.is_file()
    ] + [places.work, places.archive]
    assert any(b"keyed_hash(" in file.read_bytes() for file in files)
    for file in files:
        content = file.read_bytes()
        assert not [each for each in sought if each in content], file


def test_nights_one_by_one_give_the_same(jury: Nights, tmp_path: Path) -> None:
    """Claims of records that say nothing new are not made again, and are the same."""
    house = open_company(tmp_path, "jury")
    deliver(house)
    for each in (DATES[:2], DATES[2:]):
        house.receive(*each)
        house.build()
    for table in (
        "intermediate.int_claim__values",
        "intermediate.int_claim__votes",
        "intermediate.int_source__reliability",
        "descriptive.fct_attribute_value",
    ):
        query = ALL.format(table)
        assert house.built(query) == jury.built(query), table
