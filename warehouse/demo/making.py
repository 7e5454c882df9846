"""What all deliveries of the demo company are made from."""

from dataclasses import dataclass, field
from functools import cached_property

from warehouse.demo.deliveries import Desk
from warehouse.demo.effects import Effects
from warehouse.demo.goods import Goods
from warehouse.demo.habits import Habits
from warehouse.demo.population import Population
from warehouse.demo.presence import Presence
from warehouse.demo.stock import Stock

LATE_EVERY = 10
"""In each ten days, one file of cards and one of sales come two days late."""


@dataclass(frozen=True)
class Making:
    """A demo company in the making.

    Attributes:
        presence: What each source knows about whom, from when on.
        goods: What is sold.
        desk: Where deliveries are written.
        sale_lines: Sale lines over all days together.
        stock: What is on hand where stock is counted.
        effects: What is planted for analyses to find.
    """

    presence: Presence
    goods: Goods
    desk: Desk
    sale_lines: int
    stock: Stock
    effects: Effects = field(default_factory=Effects)

    @property
    def people(self) -> Population:
        """Return the customers."""
        return self.presence.people

    @cached_property
    def habits(self) -> Habits:
        """Return what customers like to buy."""
        return Habits(self.people, self.goods)

    @property
    def days(self) -> int:
        """Return the number of business dates."""
        return self.presence.days

    def per_day(self, share: float) -> int:
        """Return how many a share of the customers is, at least one."""
        return max(1, round(self.people.size * share))
