"""Makes the deliveries of the demo company, day by day, and the truth beside them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from warehouse.demo.chance import Chance
from warehouse.demo.deliveries import Desk
from warehouse.demo.event_files import write_event_files
from warehouse.demo.feedback import write_feedback_files
from warehouse.demo.goods import Goods, outlets, products
from warehouse.demo.making import Making
from warehouse.demo.market import write_market_files
from warehouse.demo.opening import write_opening_files
from warehouse.demo.party_files import write_party_files
from warehouse.demo.planning import write_planning_files
from warehouse.demo.population import Population
from warehouse.demo.presence import take_presence
from warehouse.demo.promotions import write_promotion_files
from warehouse.demo.reach_files import write_reach_files
from warehouse.demo.relations import write_relation_files
from warehouse.demo.service_files import write_service_files
from warehouse.demo.stock import Stock
from warehouse.demo.stock_files import write_stock_files
from warehouse.demo.treasury import write_treasury_files
from warehouse.demo.trials import write_trial_files
from warehouse.demo.truth import write_truth
from warehouse.demo.writing import write_sqlite
from warehouse.errors import WrongUseError
from warehouse.settings import Settings

SMALLEST, LARGEST = 1_000, 10_000_000
LONGEST = 365
LINES_PER_CUSTOMER = 20

Progress = Callable[[int, int], None]
"""Told how many days are done, and of how many."""


@dataclass(frozen=True)
class DemoSummary:
    """What was made.

    Attributes:
        customers: Number of persons and organisations.
        days: Number of business dates.
        seed: The seed it all follows from.
        party_records: Records about them, in all sources together.
        files: Number of deliveries.
        rows: Rows delivered per table.
        landing: Where the deliveries are.
        truth: Where the truth is.
    """

    customers: int
    days: int
    seed: int
    party_records: int
    files: int
    rows: dict[str, int]
    landing: Path
    truth: Path


def generate(
    settings: Settings,
    *,
    customers: int,
    days: int,
    seed: int,
    lines_per_customer: int = LINES_PER_CUSTOMER,
    on_progress: Progress | None = None,
) -> DemoSummary:
    """Make the deliveries of the demo company, replacing those made before.

    Args:
        settings: Where the data lives.
        customers: How many persons and organisations there are, 1,000 to 10,000,000.
        days: For how many business dates, from 2026-01-01 on.
        seed: What all follows from: the same seed gives the same bytes.
        lines_per_customer: Sale lines for each customer, half of them before that date.
        on_progress: Told after each day how many are done.

    Raises:
        WrongUseError: The company is another, or a number is out of bounds.
    """
    _check(settings, customers=customers, days=days)
    places = settings.places
    shutil.rmtree(places.landing, ignore_errors=True)
    truth = places.root / "truth"
    shutil.rmtree(truth, ignore_errors=True)
    chance = Chance(seed)
    goods = Goods(chance, min(20_000, max(200, customers // 50)), days)
    making = Making(
        presence=take_presence(Population(chance, customers), days),
        goods=goods,
        desk=Desk(places.landing),
        sale_lines=customers * lines_per_customer,
        stock=Stock(goods, days),
    )
    making = _opened(making)
    for day in range(days):
        _write_day(making, day)
        if on_progress is not None:
            on_progress(day + 1, days)
    count = write_truth(making, truth)
    return DemoSummary(
        customers=customers,
        days=days,
        seed=seed,
        party_records=count,
        files=making.desk.files,
        rows=dict(sorted(making.desk.rows.items())),
        landing=places.landing,
        truth=truth,
    )


def _opened(making: Making) -> Making:
    """Write what there was before the first day; leave the other lines to the days."""
    _shop_system(making)
    opening_lines = write_opening_files(making)
    return replace(making, sale_lines=max(making.sale_lines - opening_lines, 0))


def _write_day(making: Making, day: int) -> None:
    write_party_files(making, day)
    write_event_files(making, day)
    write_reach_files(making, day)
    write_feedback_files(making, day)
    write_relation_files(making, day)
    write_treasury_files(making, day)
    write_planning_files(making, day)
    write_service_files(making, day)
    write_trial_files(making, day)
    write_promotion_files(making, day)
    write_stock_files(making, day)
    write_market_files(making, day)


def _check(settings: Settings, *, customers: int, days: int) -> None:
    if settings.company != "demo":
        raise WrongUseError(
            f"deliveries are made up for the demo only, not for '{settings.company}'",
            where="CLIENTELE_COMPANY",
            mend="Set CLIENTELE_COMPANY=demo.",
        )
    if not (SMALLEST <= customers <= LARGEST and 1 <= days <= LONGEST):
        raise WrongUseError(
            f"{customers} customers over {days} days cannot be made",
            where="clientele demo",
            mend=f"Ask for {SMALLEST} to {LARGEST} customers and 1 to {LONGEST} days.",
        )


def _shop_system(making: Making) -> None:
    folder = making.desk.landing / "systems"
    folder.mkdir(parents=True)
    tables = {
        "products": products(making.goods),
        "outlets": outlets(making.people.chance),
    }
    write_sqlite(
        tables,
        folder / "shop.sqlite",
        keys={"products": "product_id, updated_at", "outlets": "outlet_id"},
    )
    for name, table in tables.items():
        making.desk.rows[f"shop_system.{name}"] += len(table)
