"""The edges at which `make faults` kills are edges of functions that exist."""

import pytest
from faults.edges import BACKING_UP, EDGES, RESTORING

ALL = EDGES | BACKING_UP | RESTORING


@pytest.mark.parametrize("edge", ALL)
def test_every_edge_can_be_armed(edge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that was renamed would else never be killed."""
    monkeypatch.setattr("faults.edges.setattr", lambda *_: None, raising=False)
    ALL[edge]()
