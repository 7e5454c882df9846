"""The edges at which `make faults` kills are edges of functions that exist."""

import pytest
from faults.edges import EDGES


@pytest.mark.parametrize("edge", EDGES)
def test_every_edge_can_be_armed(edge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that was renamed would else never be killed."""
    monkeypatch.setattr("faults.edges.setattr", lambda *_: None, raising=False)
    EDGES[edge]()
