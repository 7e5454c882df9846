"""The oracle tested: each fault, planted in the algorithm, is seen in the log."""

from pathlib import Path

import pytest
from identity_world import UNIQUE_SOURCE, make_world
from oracle.histories import random_history
from oracle.identity import replay

from warehouse.identity import guards, key_statements, link_statements
from warehouse.identity.ids import SAMPLE_KEY


def differs_from_oracle(home: Path) -> bool:
    """Return whether identification disagrees with the oracle on a long history."""
    rows = random_history(5, rows=220, loads=12, records=60)
    world = make_world(home)
    world.deliver(rows)
    world.identify()
    return world.log() != replay(rows, {UNIQUE_SOURCE}, SAMPLE_KEY)


@pytest.mark.parametrize(
    ("module", "statement", "right", "wrong"),
    [
        (link_statements, "ASSERTED", "delivered_on nulls first, load_id", "load_id"),
        (link_statements, "ASSERTED", "not contains(left_out, stated_as)", "true"),
        (link_statements, "ASSERTED", "not is_deleted", "true"),
        (link_statements, "EVIDENCE", "least(until, mixed_from)", "until"),
        (link_statements, "EVIDENCE", "least(until, dead_from)", "until"),
        (key_statements, "RECORDS", "first_load, first_row, source", "source"),
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


def test_a_fault_in_the_guards_is_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Dates of birth that refute nothing."""
    monkeypatch.setattr(guards, "EMAIL_AND_NAME", -2)
    assert differs_from_oracle(tmp_path)


def test_without_a_fault_nothing_is_seen(tmp_path: Path) -> None:
    """Else the faults would prove nothing."""
    assert not differs_from_oracle(tmp_path)
