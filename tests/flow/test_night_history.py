"""However its deliveries came, a company's tables say the same.

The corner shop, run night by night, in one run, and from nothing; in another order, see
`test_night_orders`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from corner_shop import (
    DELIVERIES,
    deliver,
    made_at_once,
    made_corrected,
    open_corner,
)
from night_world import Nights

from warehouse.database import literal

Once = Callable[[str, Callable[[Path], None]], Path]

DATES = list(DELIVERIES)


@pytest.fixture(scope="session")
def by_night(once: Once) -> Nights:
    """A night for each date."""

    def make(folder: Path) -> None:
        house = open_corner(folder)
        for each in DATES:
            deliver(house, [each])
            house.night()

    return open_corner(once("corner_by_night", make))


@pytest.fixture(scope="session")
def at_once(once: Once) -> Nights:
    """One run over all dates."""
    return made_at_once(once)


@pytest.fixture(scope="session")
def corrected(once: Once) -> Nights:
    """All dates, and then the late file."""
    return made_corrected(once)


VERSIONS = """
    select city, full_name, valid_from, valid_to, is_deleted
    from descriptive.dim_customer
    where email = {} order by valid_from
"""
ALWAYS, FOREVER = "1900-01-01", "9999-12-31"


def versions(house: Nights, email: str) -> list[tuple[str | None, str, str, str, bool]]:
    """The versions of a customer: city, name, from, to, whether it is deleted."""
    return [
        (city, name, start.date().isoformat(), end.date().isoformat(), is_deleted)
        for city, name, start, end, is_deleted in house.built(
            VERSIONS.format(literal(email))
        )
    ]


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Name the tables whose rows differ."""
    return sorted(name for name in one | other if one.get(name) != other.get(name))


def test_one_run_over_many_dates_gives_what_its_nights_give(
    by_night: Nights, at_once: Nights
) -> None:
    """Every published table is equal, row for row, known time with it."""
    one_run = at_once.digests()
    assert len(one_run) >= 20
    assert differing(by_night.digests(), one_run) == []


def test_the_work_database_may_be_deleted(corrected: Nights, tmp_path: Path) -> None:
    """What nights added one to the other, the archive gives again from nothing."""
    rebuilt = corrected.copy(tmp_path / "home")
    rebuilt.settings.places.work.unlink()
    rebuilt.check_and_release(rebuilt.build())
    assert differing(rebuilt.digests(), corrected.digests()) == []


def test_a_sale_finds_its_customer_who_comes_later(at_once: Nights) -> None:
    """Receipt r2 came a day before member 4 did."""
    [(name, at_load)] = at_once.built(
        """
        select customer.full_name, sale.customer_id_at_load
        from behavioural.fct_sale as sale
        inner join descriptive.dim_customer as customer using (customer_key)
        where sale.order_number = 'r2'
        """
    )
    assert (name, at_load) == ("Gus Orr", "_unknown")


def test_a_sale_tells_who_its_customer_was_then_and_is_now(at_once: Nights) -> None:
    """Member 2 was a customer apart until the web shop learned the same address."""
    [(known_now, known_then, survivor, gone)] = at_once.built(
        """
        select
            sale.customer_id, sale.customer_id_at_load,
            change.other_customer_id, change.customer_id
        from behavioural.fct_sale as sale
        cross join descriptive.fct_identity_change as change
        where sale.order_number = 'r4' and change.change_type = 'merged'
        """
    )
    assert (known_now, known_then) == (survivor, gone)
    assert known_now != known_then


def test_a_delta_keeps_what_it_leaves_out_and_clears_what_is_empty(
    at_once: Nights,
) -> None:
    """The second delta has no city, the third an empty one and no name."""
    assert versions(at_once, "dee@example.com") == [
        ("Rome", "Dee Fox", ALWAYS, "2026-01-06", False),
        ("Rome", "Dee Fox Hall", "2026-01-06", "2026-01-07", False),
        (None, "Dee Fox Hall", "2026-01-07", FOREVER, False),
    ]


def test_a_late_file_corrects_history_in_the_middle(corrected: Nights) -> None:
    """What was said of later days stays."""
    assert versions(corrected, "dee@example.com") == [
        ("Rome", "Dee Fox", ALWAYS, "2026-01-06", False),
        ("Paris", "Dee Fox Hall", "2026-01-06", "2026-01-07", False),
        (None, "Dee Fox Hall", "2026-01-07", FOREVER, False),
    ]


def test_a_member_gone_from_the_list_is_deleted_and_keeps_the_events(
    at_once: Nights,
) -> None:
    """Of the sales of member 3 one lies before the deletion, one after it."""
    assert versions(at_once, "cy@example.com") == [
        ("Ulm", "Cy Poe", ALWAYS, "2026-01-06", False),
        ("Ulm", "Cy Poe", "2026-01-06", FOREVER, True),
    ]
    assert at_once.built(
        """
        select sale.order_number, customer.is_deleted
        from behavioural.fct_sale as sale
        inner join descriptive.dim_customer as customer using (customer_key)
        where customer.email = 'cy@example.com' order by sale.order_number
        """
    ) == [("r3", False), ("r5", True)]
