"""The files of the stores: what they count each evening."""

import numpy as np

from warehouse.demo.making import Making
from warehouse.demo.stock import BEFORE_DAYS


def write_stock_files(making: Making, day: int) -> None:
    """Write the counts of a day, after its sales; first those of days before too."""
    stock = making.stock
    first = -BEFORE_DAYS if day == 0 else day
    making.desk.parquet(
        "stock.counts",
        [stock.counts(first, day)],
        name=f"counts_{making.desk.date_of(day)}.parquet",
        day=day,
    )
    if day == 0:
        making.effects.plant(
            "supply.scarce_products",
            making.goods.codes(np.flatnonzero(stock.is_scarce())).to_pylist(),
            "Staples that end every day with nothing on hand, unless some come back.",
        )
