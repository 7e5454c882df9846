"""Why the number of customers is not that of the release before, down to records."""

from datetime import date
from typing import Any

from pydantic import BaseModel

from warehouse.database import attach, session
from warehouse.publication import Release, current_release, releases
from warehouse.publication.reading import open_release
from warehouse.settings import Settings

TYPES = ("new", "merged", "split", "undone", "rule", "erased")

_CHANGES = """
select
    change_type,
    coalesce(sum(customer_count_change) filter (where is_later), 0),
    coalesce(sum(customer_count_change) filter (where not is_later), 0)
from (
    select *, try_cast(load_key as bigint) > $last_load as is_later
    from descriptive.fct_identity_change
) as dated
group by change_type
"""

_PUBLISHED = """
select coalesce(sum(customer_count_change), 0)
from before.descriptive.fct_identity_change
"""

_MOVED = """
with moments as (
    select load_key, business_date, known_at
    from shared.dim_load
    where load_id is not null
),

moved as (
    select
        after.source_name,
        after.source_record_id,
        before.customer_id as previous_customer_id,
        after.customer_id,
        after.match_rule,
        after.known_from
    from descriptive.bridge_customer_identity as after
    left join descriptive.bridge_customer_identity as before
        on after.source_name = before.source_name
        and after.source_record_id = before.source_record_id
        and after.known_from = before.known_to
    where before.customer_id is distinct from after.customer_id
)

select
    moments.load_key,
    moments.business_date,
    moved.source_name || ':' || moved.source_record_id as record,
    moved.previous_customer_id,
    moved.customer_id,
    moved.match_rule,
    coalesce(came.change_type, went.change_type, 'moved') as change_type
from moved
inner join moments on moved.known_from = moments.known_at
left join descriptive.fct_identity_change as came
    on came.load_key = moments.load_key
    and came.customer_id = moved.customer_id
    and came.customer_count_change = 1
left join descriptive.fct_identity_change as went
    on went.load_key = moments.load_key
    and went.customer_id = moved.previous_customer_id
    and went.customer_count_change = -1
where
    ($load is null or moments.load_key = cast($load as varchar))
    and ($date is null or moments.business_date = $date)
    and (
        $load is not null or $date is not null
        or cast(moments.load_key as bigint) > $last_load
    )
order by
    cast(moments.load_key as bigint), moved.customer_id, record
limit $limit
"""

MOVED_COLUMNS = (
    *("load", "business_date", "record", "from_customer", "to_customer"),
    *("rule", "change"),
)


class Restatement(BaseModel):
    """How the customers of the release before became those of today.

    `before + remade + the sum of changes` is `now`.
    """

    since: str | None
    """The release before; none when there was none."""
    before: int
    """Customers that it published."""
    remade: int
    """What making the log of links anew changed of what was published then."""
    changes: dict[str, int]
    """By type of change, how much it changed the number of customers."""
    now: int
    """Customers of the current release."""

    def rows(self) -> list[tuple[str, int]]:
        """Return what there is to show, from then to now."""
        told = [(name, change) for name, change in self.changes.items() if change]
        if self.remade:
            told = [("log of links made anew", self.remade), *told]
        start = f"customers in {self.since}" if self.since else "customers before"
        return [(start, self.before), *told, ("customers now", self.now)]


def restate(settings: Settings) -> Restatement | None:
    """Explain the number of customers of the current release by the one before.

    Returns:
        None when nothing is published.
    """
    current = current_release(settings)
    if current is None:
        return None
    earlier = _earlier(settings, current)
    last_load = earlier[-1].last_load_id if earlier else 0
    with open_release(settings) as connection:
        rows = connection.execute(_CHANGES, {"last_load": last_load}).fetchall()
    published = _published(settings, earlier[-1]) if earlier else 0
    later = {name: int(count) for name, count, _ in rows}
    then = sum(int(count) for _, _, count in rows)
    changes = {name: later.get(name, 0) for name in TYPES}
    return Restatement(
        since=earlier[-1].release if earlier else None,
        before=published,
        remade=then - published,
        changes=changes,
        now=then + sum(changes.values()),
    )


def _earlier(settings: Settings, current: Release) -> list[Release]:
    return [
        each
        for each in releases(settings)
        if each.number < current.number and not each.is_held
    ]


def _published(settings: Settings, release: Release) -> int:
    with session(settings) as connection:
        attach(connection, release.marts, alias="before")
        row = connection.execute(_PUBLISHED).fetchone()
    return int(row[0]) if row else 0


def moved_records(
    settings: Settings,
    *,
    load: int | None = None,
    business_date: date | None = None,
    limit: int = 100,
) -> list[tuple[Any, ...]]:
    """Return the records whose customer changed, `MOVED_COLUMNS` each.

    Args:
        settings: Whose release to read.
        load: Only those that this load moved.
        business_date: Only those of the loads of this date. With neither, those since
            the release before.
        limit: How many at most.

    Raises:
        WrongUseError: Nothing is published yet.
    """
    current = current_release(settings)
    earlier = _earlier(settings, current) if current else []
    with open_release(settings) as connection:
        return connection.execute(
            _MOVED,
            {
                "load": load,
                "date": business_date,
                "last_load": earlier[-1].last_load_id if earlier else 0,
                "limit": limit,
            },
        ).fetchall()
