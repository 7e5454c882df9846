"""What of the staple goods is on hand in a few outlets, from what was sold there.

So what was on hand before, and what came in, less what was sold, is what is on hand.
Scarce goods come in as they are asked for, and nothing is left in the evening.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from warehouse.demo.chance import Flags, Integers
from warehouse.demo.columns import choose
from warehouse.demo.goods import OPEN_SHOPS, WEB_SHOP, Goods, outlet_codes
from warehouse.demo.known import DAY, FIRST_DAY

BEFORE_DAYS = 61
"""The stores began to count this many days before the first business date."""
STAPLES_SHARE = 10
"""Every tenth product is a staple, the most popular ones."""
SHOPS = np.array([0, 1, 2, OPEN_SHOPS])
"""Shops where stock is counted; the last of them is the web shop."""
SCARCE_EVERY = 5
"""Every fifth staple is scarce."""
SAFETY, AHEAD = 3, 2
"""Units that are kept back, and for how many days like today goods are ordered."""


@dataclass
class Stock:
    """What was sold of staples where their stock is counted.

    Attributes:
        goods: All goods.
        days: Number of business dates.
        sold: Units sold by day, product and outlet.
    """

    goods: Goods
    days: int
    sold: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing sold."""
        shape = (BEFORE_DAYS + self.days, self.staples, len(SHOPS))
        self.sold = np.zeros(shape, np.int64)

    @property
    def staples(self) -> int:
        """Return the number of products whose stock is counted."""
        return self.goods.size // STAPLES_SHARE

    def note(
        self, product: Integers, shop: Integers, at: Integers, quantity: Integers
    ) -> None:
        """Note lines that were sold, at local seconds since 1970."""
        on_day = at // DAY - FIRST_DAY + BEFORE_DAYS
        place = np.minimum(np.searchsorted(SHOPS, shop), len(SHOPS) - 1)
        counted = (SHOPS[place] == shop) & (product < self.staples) & (on_day >= 0)
        where = (on_day[counted], product[counted], place[counted])
        np.add.at(self.sold, where, quantity[counted])

    def is_scarce(self) -> Flags:
        """Return which staples are scarce."""
        flags: Flags = np.arange(self.staples) % SCARCE_EVERY == SCARCE_EVERY - 1
        return flags

    def counts(self, first: int, last: int) -> pa.Table:
        """Return the rows of `stock.counts` of some days, both ends included."""
        on_hand, came_in = self._levels(last + BEFORE_DAYS + 1)
        rows = slice(first + BEFORE_DAYS, last + BEFORE_DAYS + 1)
        shape = on_hand[rows].shape
        days, product, place = (axis.ravel() for axis in np.indices(shape))
        codes = [*outlet_codes(SHOPS[:-1]).to_pylist(), WEB_SHOP]
        dates = (FIRST_DAY + first + days).astype(np.int32)
        return pa.table(
            {
                "product_id": self.goods.codes(product),
                "outlet_id": choose(codes, place),
                "counted_on": pa.array(dates).cast(pa.date32()),
                "on_hand": pa.array(on_hand[rows].ravel(), pa.int32()),
                "came_in": pa.array(came_in[rows].ravel(), pa.int32()),
            }
        )

    def _levels(self, days: int) -> tuple[Integers, Integers]:
        """Return what is on hand at the end of each day, and what came in on it."""
        scarce = self.is_scarce()[:, None]
        on_hand = np.zeros((days, *self.sold.shape[1:]), np.int64)
        came_in = np.zeros_like(on_hand)
        held = on_hand[0] * 0
        for day in range(days):
            sold = self.sold[day]
            asked = np.maximum(sold, 0)
            kept = np.where(scarce, 0, SAFETY)
            target = np.where(scarce, asked, AHEAD * asked + 10 * SAFETY)
            came_in[day] = np.where(held < sold + kept, target - held, 0)
            came_in[day] = np.maximum(came_in[day], 0)
            held = held + came_in[day] - sold
            on_hand[day] = held
        return on_hand, came_in
