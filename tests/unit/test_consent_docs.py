"""The worked example of `docs/consent.md`, run as it is printed."""

import re
from collections.abc import Iterator

import duckdb
import pytest

from warehouse.publication.definitions import MACROS
from warehouse.settings import PROJECT_ROOT

EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```", re.M | re.S)
WORLD = """
create schema shared;
create schema descriptive;
create table shared.dim_channel as
select code as channel_key, code as channel_code
from (values ('email'), ('phone'), ('_unknown')) as channels (code);
create table descriptive.bridge_customer_identity as
select
    source_name, source_record_id, customer_id,
    known_from::timestamp as known_from, known_to::timestamp as known_to
from (values
    ('web', '17', 'ada', '2026-01-02 02:00', '9999-12-31'),
    ('card', '9', 'somebody', '2026-01-02 02:00', '2026-01-06 02:00'),
    ('card', '9', 'ada', '2026-01-06 02:00', '9999-12-31')
) as links (source_name, source_record_id, customer_id, known_from, known_to);
create table descriptive.hist_consent as
select
    consent_id, party_source_name, party_record_id, purpose_code, channel_code,
    notice_code, is_granted, consented_at::timestamp as consented_at,
    expires_at::timestamp as expires_at, known_from::timestamp as known_from,
    timestamp '9999-12-31' as known_to
from (values
    ('a', 'web', '17', 'marketing', 'email', 'privacy_2', true,
        '2026-01-01 10:00', '2026-02-01 10:00', '2026-01-02 02:00'),
    ('b', 'web', '17', 'research', null, 'research_1', true,
        '2026-01-02 10:00', null, '2026-01-03 02:00'),
    ('c', 'card', '9', 'marketing', 'email', 'privacy_2', false,
        '2026-01-05 10:00', null, '2026-01-08 02:00'),
    ('d', 'web', '17', 'research', 'phone', 'research_1', false,
        '2026-01-08 10:00', null, '2026-01-09 02:00')
) as consents (
    consent_id, party_source_name, party_record_id, purpose_code, channel_code,
    notice_code, is_granted, consented_at, expires_at, known_from
);
"""
ASKED = """
select channel_code, is_granted, consent_id
from consent_as_of(timestamp '2026-01-10', timestamp '2026-01-10')
where customer_id = 'ada' and purpose_code = 'marketing'
"""


@pytest.fixture
def world() -> Iterator[duckdb.DuckDBPyConnection]:
    """What the page tells of, with the macro of a release."""
    with duckdb.connect() as connection:
        connection.execute(WORLD)
        macro = (MACROS / "consent_as_of.sql").read_text(encoding="utf-8")
        connection.execute(macro)
        yield connection


def said(world: duckdb.DuckDBPyConnection, *rows: str) -> list[tuple]:
    """Add words about marketing of record web 17, and ask for what holds."""
    for row in rows:
        world.execute(
            "insert into descriptive.hist_consent by name select "
            "'web' as party_source_name, '17' as party_record_id, "
            f"'marketing' as purpose_code, {row}, timestamp '2026-01-09' as known_from"
        )
    return world.execute(ASKED).fetchall()


def word(key: str, at: str, *, granted: bool, known_to: str = "9999-12-31") -> str:
    """Write a word on e-mail as columns of a select."""
    return (
        f"'{key}' as consent_id, 'email' as channel_code, {granted} as is_granted, "
        f"timestamp '{at}' as consented_at, timestamp '{known_to}' as known_to"
    )


def test_the_page_prints_what_is_answered(world: duckdb.DuckDBPyConnection) -> None:
    """Each query of the page, and below it what it comes to."""
    page = (PROJECT_ROOT / "docs" / "consent.md").read_text(encoding="utf-8")
    examples = EXAMPLE.findall(page)
    assert len(examples) == page.count("```sql") == 5
    for query, printed in examples:
        found = world.execute(query).fetchall()
        lines = [" | ".join(map(str, each)) for each in found]
        assert lines == printed.splitlines(), query


def test_of_two_words_in_one_second_the_withdrawal_counts(
    world: duckdb.DuckDBPyConnection,
) -> None:
    """Whatever their keys are."""
    at = "2026-01-09 10:00"
    rows = (word("y", at, granted=False), word("z", at, granted=True))
    assert said(world, *rows) == [("email", False, "y")]


def test_a_word_that_was_taken_out_since_is_known_no_more(
    world: duckdb.DuckDBPyConnection,
) -> None:
    """Neither a correction nor a deletion leaves what was before it."""
    gone = word("z", "2026-01-09 10:00", granted=True, known_to="2026-01-10")
    assert said(world, gone) == [("email", False, "c")]


def test_what_is_said_on_the_second_holds_from_then(
    world: duckdb.DuckDBPyConnection,
) -> None:
    """Both times count from their start on."""
    rows = (word("z", "2026-01-10", granted=True),)
    assert said(world, *rows) == [("email", True, "z")]
