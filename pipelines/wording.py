"""Numbers as people say them: sizes, spans of time, ranges of dates."""

from collections.abc import Sequence
from datetime import date, timedelta


def span(dates: Sequence[date]) -> str:
    """Say a range of dates as short as it can be read."""
    if not dates:
        return "-"
    first, last = dates[0], dates[-1]
    if first == last:
        return f"{first}"
    return (
        f"{first} to {last:%m-%d}" if first.year == last.year else f"{first} - {last}"
    )


def lasting(seconds: float) -> str:
    """Say how long something took, in its two largest units."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} m"
    return f"{minutes} m {rest:02} s" if minutes else f"{seconds:.1f} s"


def ago(age: timedelta) -> str:
    """Say how long ago something was."""
    minutes = max(age.total_seconds(), 0) / 60
    if minutes < 90:
        return f"{minutes:.0f} min ago"
    if minutes < 48 * 60:
        return f"{minutes / 60:.0f} hours ago"
    return f"{minutes / 60 / 24:.0f} days ago"


def size(bytes_: int) -> str:
    """Say a number of bytes as people do, in powers of a thousand."""
    value = float(bytes_)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"
