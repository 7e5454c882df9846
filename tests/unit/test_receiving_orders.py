"""Deliveries in random orders, some twice, some missing: the picture is the same."""

import random

import pytest
from faults.orders import MODES, assert_any_order
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize("mode", MODES)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=3, deadline=None, derandomize=True)
def test_any_order_gives_the_same_picture(mode: str, chance: random.Random) -> None:
    """`make faults` tries many more."""
    assert_any_order(chance, mode)
