"""What waits for a person, the most valuable first, from the last release."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from warehouse.publication.reading import open_release
from warehouse.settings import Settings
from warehouse.stewardship.wording import REASONS

_QUEUE = """
select
    left_source_name || ':' || left_source_record_id,
    right_source_name || ':' || right_source_record_id,
    reason_code,
    match_probability,
    review_value,
    known_at
from quality.fct_identity_review
where $reason is null or reason_code = $reason
order by review_value desc, match_probability desc nulls last, match_pair_key
limit $limit
"""

_SAMPLE = """
with banded as (
    select
        *,
        case
            when match_probability < 0.5 then 1
            when match_probability < 0.9 then 2
            when match_probability < 0.99 then 3
            when match_probability < 0.999 then 4
            else 5
        end as band
    from descriptive.fct_match_pair
    where verdict is null and match_probability is not null
),

drawn as (
    select
        *,
        row_number() over (
            partition by left_source_name, right_source_name, is_linked, band
            order by match_pair_key
        ) as turn
    from banded
)

select
    left_source_name || ':' || left_source_record_id,
    right_source_name || ':' || right_source_record_id,
    null,
    match_probability,
    null,
    known_at
from drawn
order by turn, left_source_name, right_source_name, band, is_linked
limit $limit
"""
"""The hash of a pair has nothing to do with it, so its order is as good as chance, and
the same each time."""

_COUNTS = """
select reason_code, count(*)
from quality.fct_identity_review
group by reason_code
order by count(*) desc, reason_code
"""

_SHARED = """
select attribute_name, value_hash, holder_count, known_at
from quality.fct_shared_value
order by holder_count desc, attribute_name, value_hash
limit $limit
"""

DRAWN = "Drawn by chance from all scored pairs, to estimate how often they are right."


@dataclass(frozen=True)
class Question:
    """A pair of records that waits for a person.

    Attributes:
        left: One record.
        right: The other.
        reason_code: Why a link is held back; none for a pair that was drawn.
        reason: The same in plain words.
        probability: What the model gave, if one scored the pair.
        value: What a decision is worth.
        known_at: Since when it waits, naive UTC.
    """

    left: str
    right: str
    reason_code: str | None
    reason: str
    probability: Decimal | None
    value: Decimal | None
    known_at: datetime | None


def review(
    settings: Settings, *, limit: int, reason_code: str | None = None
) -> list[Question]:
    """Return the pairs that wait for a person, the most valuable first.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    return _questions(settings, _QUEUE, {"limit": limit, "reason": reason_code})


def sample(settings: Settings, *, limit: int) -> list[Question]:
    """Draw pairs nobody decided, evenly from each pair of sources and probability.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    return _questions(settings, _SAMPLE, {"limit": limit})


def _questions(
    settings: Settings, query: str, parameters: dict[str, int | str | None]
) -> list[Question]:
    with open_release(settings) as connection:
        rows = connection.execute(query, parameters).fetchall()
    return [
        Question(left, right, code, REASONS[code] if code else DRAWN, *rest)
        for left, right, code, *rest in rows
    ]


def count_open(settings: Settings) -> list[tuple[str, int]]:
    """Return how many pairs wait, by reason code.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    with open_release(settings) as connection:
        return connection.execute(_COUNTS).fetchall()


def shared_values(
    settings: Settings, *, limit: int
) -> list[tuple[str, str, int, datetime]]:
    """Return the values that are no evidence: attribute, hash, records, since when.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    with open_release(settings) as connection:
        return connection.execute(_SHARED, {"limit": limit}).fetchall()
