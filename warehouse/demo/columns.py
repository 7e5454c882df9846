"""Columns of text, built whole: joined, numbered, chosen, never row by row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Column = Any
"""A pyarrow array or chunked array of text; its stubs are not part of the package."""


def join(*parts: Column | str, separator: str = "") -> Column:
    """Return the parts joined, each a column or one text for all rows."""
    texts = [pa.scalar(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*texts, separator)


def number(values: npt.ArrayLike, width: int = 0) -> Column:
    """Return whole numbers as text, with leading zeros up to the width."""
    text = pc.cast(pa.array(np.asarray(values)), pa.string())
    return pc.utf8_lpad(text, width, "0") if width else text


def money(cents: npt.ArrayLike) -> Column:
    """Return amounts in cents as decimal text, such as `-12.05`."""
    amounts = np.asarray(cents)
    sign = choose(["", "-"], (amounts < 0).astype(np.int64))
    size = np.abs(amounts)
    return join(sign, number(size // 100), ".", number(size % 100, 2))


def choose(words: Sequence[str], ordinals: npt.ArrayLike) -> Column:
    """Return the word of each ordinal."""
    return pa.array(words, pa.string()).take(pa.array(np.asarray(ordinals)))


def either(flags: npt.ArrayLike, yes: Column | str, no: Column | str) -> Column:
    """Return `yes` where the flag is set, `no` elsewhere."""
    return pc.if_else(pa.array(np.asarray(flags)), yes, no)


def moment(
    seconds: npt.ArrayLike, *, suffix: str = "Z", separator: str = "T"
) -> Column:
    """Return epoch seconds (UTC, or local time with its offset as suffix) as text."""
    times = pa.array(np.asarray(seconds, dtype="int64")).cast(pa.timestamp("s"))
    text = pc.cast(times, pa.string())
    return join(pc.replace_substring(text, " ", separator), suffix)


def day(days: npt.ArrayLike, form: str = "%Y-%m-%d") -> Column:
    """Return days since 1970 as text of the given `strftime` form."""
    dates = pa.array(np.asarray(days, dtype="int32")).cast(pa.date32())
    return pc.strftime(dates, form)
