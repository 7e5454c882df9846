"""Deliveries late, missing at first, twice and overlapping, through whole nights."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from faults.night_orders import assert_same_picture
from hypothesis import Phase, given, settings
from orders_world import Order, orders, undisturbed
from pictures import picture

Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def expected(once: Once) -> dict[str, str]:
    """The picture that one undisturbed night gives."""

    def make(folder: Path) -> None:
        found = picture(undisturbed(folder), in_any_order=True)
        (folder / "picture.json").write_text(json.dumps(found), encoding="utf-8")

    file = once("orders_undisturbed", make) / "picture.json"
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    assert len(found) >= 80
    return found


@given(order=orders())
@settings(max_examples=1, deadline=None, derandomize=True, phases=[Phase.generate])
def test_any_order_publishes_the_same_picture(
    tmp_path_factory: pytest.TempPathFactory, expected: dict[str, str], order: Order
) -> None:
    """The simplest order begins in the middle; `make faults` tries many more."""
    assert_same_picture(tmp_path_factory.mktemp("order"), order, expected)
