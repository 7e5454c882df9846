"""Dates of birth that one slip of the hand makes of each other."""

from datetime import date

BEGIN = date(1970, 1, 1).toordinal()


def is_slip(one: int, other: int) -> bool:
    """Return whether two dates may be one, mistyped.

    They may where one digit differs, two neighbouring digits are exchanged, or day and
    month are. It is what the model of matching weighs as nearly the same date, so a
    guard that refused it would contradict what has been weighed already.

    Args:
        one: A date, in days since 1970-01-01.
        other: The other one.
    """
    left, right = (date.fromordinal(BEGIN + day) for day in (one, other))
    if left == right or left == _exchanged(right):
        return True
    texts = left.isoformat(), right.isoformat()
    places = [at for at, (a, b) in enumerate(zip(*texts, strict=True)) if a != b]
    first, last = places[0], places[-1]
    if first == last:
        return True
    ends = [text[first : last + 1] for text in texts]
    return last == first + 1 and ends[0] == ends[1][::-1]


def _exchanged(day: date) -> date | None:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else None
