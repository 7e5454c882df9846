"""Birth dates and resident ids of the demo company: as many as people really have."""

import numpy as np
import pytest

from warehouse.demo.chance import Chance, Integers
from warehouse.demo.population import BIRTH_DAYS, FIRST_BIRTH, Population

SEED = 11


def persons(size: int, seed: int = SEED) -> tuple[Population, Integers]:
    """Return a population and its persons with a birth date of their own."""
    people = Population(Chance(seed), size)
    index = np.arange(size)
    own = ~people.is_organisation(index) & (people.twin_of(index) == index)
    return people, index[own]


@pytest.mark.parametrize("size", [6_000, 100_000])
def test_birth_dates_are_as_many_as_chance_would_give(size: int) -> None:
    """Few dates for many people would make strangers alike in every comparison."""
    people, index = persons(size)
    expected = BIRTH_DAYS * (1 - np.exp(-len(index) / BIRTH_DAYS))
    found = len(np.unique(people.birth_day(index)))
    assert found == pytest.approx(expected, rel=0.03)


def test_births_are_even_over_the_years() -> None:
    """Ages from thirteen to eighty-six are equally common."""
    people, index = persons(100_000)
    days = people.birth_day(index) - FIRST_BIRTH
    assert days.min() >= 0
    assert days.max() < BIRTH_DAYS
    share = np.bincount(days * 25 // BIRTH_DAYS, minlength=25) / len(days)
    assert share == pytest.approx(np.full(25, 1 / 25), rel=0.1)


def test_neighbours_in_the_list_are_born_independently() -> None:
    """The date of one customer says nothing about the date of the next."""
    people, index = persons(100_000)
    days = people.birth_day(index)
    for step in (1, 2, 20):
        apart = (days[step:] - days[:-step]) % BIRTH_DAYS
        share = np.bincount(apart * 25 // BIRTH_DAYS, minlength=25) / len(apart)
        assert share == pytest.approx(np.full(25, 1 / 25), rel=0.15), step


def test_another_seed_gives_other_birth_dates() -> None:
    """A model tried on another seed meets dates that it was not trained on."""
    index = np.arange(6_000)
    first, second = (persons(6_000, seed)[0].birth_day(index) for seed in (1, 2))
    assert np.mean(first == second) < 0.01


@pytest.mark.parametrize("start", [0, 5_000_000])
def test_no_two_customers_have_one_day_and_ordinal(start: int) -> None:
    """Two people with one resident id would be one by right."""
    people = Population(Chance(SEED), 10_000_000)
    index = np.arange(start, start + 500_000)
    index = index[people.twin_of(index) == index]
    ordinal = people.id_ordinal(index)
    held = people.birth_day(index) * 1_000 + ordinal // 2
    assert len(np.unique(held)) == len(index)
    assert ordinal.max() < 1_000
