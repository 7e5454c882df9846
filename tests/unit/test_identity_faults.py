"""The oracle tested: each fault, planted in the algorithm, is seen in the log."""

from pathlib import Path

import pytest
from identity_world import UNIQUE_SOURCE, make_world
from oracle.histories import random_world
from oracle.identity import replay

from warehouse.identity import (
    joining,
    link_statements,
    pair_statements,
    profile_statements,
    record_statements,
)
from warehouse.identity import (
    replay as replaying,
)
from warehouse.identity.ids import SAMPLE_KEY
from warehouse.identity.near_dates import is_slip
from warehouse.identity.policy import SIMILAR

WORLDS = (
    {"seed": 5, "rows": 220, "loads": 12, "records": 60},
    {"seed": 2, "rows": 60, "loads": 4, "records": 14},
    {"seed": 6, "rows": 60, "loads": 4, "records": 14},
)
"""A long one, one in which dates of birth refute, one with a must of a source."""


def differs_from_oracle(home: Path) -> bool:
    """Return whether identification disagrees with the oracle on some history."""
    return any(_differs(home / f"{number}", **WORLDS[number]) for number in range(3))


def _differs(home: Path, *, seed: int, rows: int, loads: int, records: int) -> bool:
    world = random_world(seed, rows=rows, loads=loads, records=records)
    identified = make_world(home)
    identified.deliver(world)
    identified.identify()
    expected = replay(world, {UNIQUE_SOURCE}, SAMPLE_KEY)
    return (identified.log(), identified.held()) != expected


@pytest.mark.parametrize(
    ("module", "statement", "right", "wrong"),
    [
        (link_statements, "ASSERTED", "delivered_on, load_id, load_row", "load_id"),
        (link_statements, "ASSERTED", "not contains(left_out, stated_as)", "true"),
        (link_statements, "EVIDENCE", "least(until, mixed_from)", "until"),
        (link_statements, "EVIDENCE", "least(until, dead_from)", "until"),
        (record_statements, "RECORDS", "first_place, source", "source"),
        (record_statements, "STATING", "not is_deleted", "true"),
        (profile_statements, "SPANS", "said.valid_from <= asked.valid_from", "true"),
        (profile_statements, "SPANS", "said.load_id <= asked.since", "true"),
        (profile_statements, "CUT", "least(until, mixed_from)", "until"),
        (profile_statements, "CUT", "email_standard_dead > cut_at", "true"),
        (pair_statements, "ALIKE", "other.until, model_period.until", "other.until"),
    ],
)
def test_a_fault_in_the_evidence_is_seen(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    module: object,
    statement: str,
    right: str,
    wrong: str,
) -> None:
    """Corrections, deltas, deletions, shared keys, mixed records, founders."""
    sql = getattr(module, statement)
    assert right in sql
    monkeypatch.setattr(module, statement, sql.replace(right, wrong))
    assert differs_from_oracle(tmp_path)


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        (joining, "DATED", {SIMILAR: is_slip}),
        (joining, "MUST", -2),
        (replaying, "oversized", lambda _, links: links.left < 0),
    ],
)
def test_a_fault_in_the_guards_is_seen(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    module: object,
    name: str,
    wrong: object,
) -> None:
    """Dates of birth that refute nothing, clusters of any size, bridges that hold."""
    monkeypatch.setattr(module, name, wrong)
    assert differs_from_oracle(tmp_path)


def test_without_a_fault_nothing_is_seen(tmp_path: Path) -> None:
    """Else the faults would prove nothing."""
    assert not differs_from_oracle(tmp_path)
