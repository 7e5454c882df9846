"""The queries that learn what is usual of a table from the profiles of its loads.

Each works on business dates in order of arrival, so what is usual of a date is learned
from what had arrived before it and from nothing else. A window of dates bounds the
work, however long the history is.
"""

HISTORY_DATES = 84
"""How many dates before a date tell what is usual: twelve weeks."""
SCANNED_DATES = 2 * HISTORY_DATES
FEWEST_DATES = 14
"""Fewer dates before are no history: nothing is judged."""
WEEKDAY_DATES = 8
"""From so many dates of the same weekday on, these tell the usual volume of a date."""
FEWEST_ROWS = 50
"""A mix of fewer rows is not judged."""

DATES = """
with let_in as (
    select source_name, table_name, business_date, sha256
    from ledger.load
    where status = 'refused' and reason_code in $let_in
),

taken as (
    select
        *,
        load_id in $loads as is_tonight,
        is_tonight and row(source_name, table_name, business_date, sha256) in (
            select row(source_name, table_name, business_date, sha256) from let_in
        ) as is_let_in,
        source_name || '.' || table_name as name
    from ledger.load
    where
        status = 'loaded'
        and load_id <= list_max($loads)
        and not starts_with(delivered_name, '_mended/')
),

by_date as (
    select
        name,
        business_date,
        min(load_id) as first_load_id,
        sum(rows_delivered) as row_count,
        bool_or(is_tonight) as is_tonight,
        bool_or(is_let_in) as is_let_in,
        list(load_id) as load_ids
    from taken
    group by name, business_date
),

dates as (
    select *
    from by_date
    where name in (select name from by_date where is_tonight)
    qualify
        row_number() over (partition by name order by first_load_id desc) <= $scanned
)
"""
"""Shared by all that follow: one row per table and business date. `is_let_in` has a
date of which a delivery was refused for its volume, and came in by a person's word."""

VOLUMES = """
, centred as (
    select
        *,
        ln(greatest(row_count, 0.5)) as size,
        median(ln(greatest(row_count, 0.5))) over by_arrival as usual_size,
        count(*) over by_arrival as date_count,
        median(ln(greatest(row_count, 0.5))) over by_weekday as weekday_size,
        count(*) over by_weekday as weekday_count
    from dates
    window
        by_arrival as (
            partition by name order by first_load_id
            rows between $history preceding and 1 preceding
        ),
        by_weekday as (
            partition by name, isodow(business_date) order by first_load_id
            rows between $weekdays preceding and 1 preceding
        )
),

strayed as (
    select
        *,
        weekday_count >= $weekday_dates as is_by_weekday,
        if(is_by_weekday, weekday_size, usual_size) as centre,
        if(date_count >= 3, size - centre, null) as stray
    from centred
),

scaled as (
    select
        *,
        1.4826 * median(abs(stray)) over by_arrival as scale,
        count(stray) over by_arrival as stray_count,
        list_sort(
            list(stray) filter (stray is not null) over by_arrival
        ) as strays,
        list_sort(list(stray) filter (is_by_weekday) over by_arrival) as weekday_strays
    from strayed
    window by_arrival as (
        partition by name order by first_load_id
        rows between $history preceding and 1 preceding
    )
)

select
    name,
    business_date,
    row_count,
    is_let_in,
    date_count,
    centre,
    stray,
    scale,
    stray_count,
    least(if(is_by_weekday, weekday_strays, strays)[2], 0) as second_least,
    greatest(if(is_by_weekday, weekday_strays, strays)[-2], 0) as second_most
from scaled
where is_tonight and date_count >= $fewest
order by name, first_load_id
"""
"""How far a date's volume strays from the median of those before, and how far these
strayed from theirs; in logarithms, so that half is as far as double."""

COUNTS = """
, counts as (
    select
        dates.name,
        dates.business_date,
        dates.first_load_id,
        dates.is_tonight,
        profile.column_name,
        profile.category,
        cast(sum(profile.row_count) as double) as rows
    from dates, unnest(dates.load_ids) as loads (load_id)
    inner join ledger.load_profile as profile using (load_id)
    group by all
)
"""

BLANKS = """
, blanks as (
    select
        name,
        business_date,
        first_load_id,
        is_tonight,
        column_name,
        sum(rows) as rows,
        coalesce(sum(rows) filter (category = ''), 0) as blank_rows
    from counts
    group by all
),

learned as (
    select
        *,
        count(*) over by_arrival as date_count,
        sum(rows) over by_arrival as past_rows,
        sum(blank_rows) over by_arrival as past_blank_rows,
        sum(blank_rows * blank_rows / rows) over by_arrival as past_squares,
        sum(rows * rows) over by_arrival as past_square_rows
    from blanks
    window by_arrival as (
        partition by name, column_name order by first_load_id
        rows between $history preceding and 1 preceding
    )
)

select * exclude (first_load_id, is_tonight)
from learned
where is_tonight and date_count >= $fewest
order by name, column_name, first_load_id
"""
"""Blank rows of each column and date, and the moments of the dates before."""

MIXES = """
, told as (
    select *, sum(rows) over (
        partition by name, column_name, first_load_id
    ) as told_rows
    from counts
    where category not in ('', '_given')
    qualify told_rows >= $fewest_rows
),

grid as (
    select days.*, categories.category
    from (
        select distinct
            name, column_name, business_date, first_load_id, is_tonight, told_rows
        from told
    ) as days
    inner join (
        select distinct name, column_name, category from told
    ) as categories using (name, column_name)
),

learned as (
    select
        grid.*,
        coalesce(told.rows, 0) as rows,
        coalesce(sum(told.rows) over by_arrival, 0) as past_rows,
        count(*) over by_arrival as date_count
    from grid
    left join told using (name, column_name, first_load_id, category)
    window by_arrival as (
        partition by grid.name, grid.column_name, grid.category
        order by grid.first_load_id
        rows between $history preceding and 1 preceding
    )
),

shares as (
    select
        *,
        count(*) over by_date as category_count,
        sum(past_rows) over by_date as past_told_rows,
        (rows + 0.5) / (told_rows + 0.5 * category_count) as share,
        (past_rows + 0.5) / (past_told_rows + 0.5 * category_count) as past_share
    from learned
    where rows + past_rows > 0
    window by_date as (partition by name, column_name, first_load_id)
),

indexed as (
    select
        name,
        column_name,
        business_date,
        first_load_id,
        is_tonight,
        any_value(date_count) as date_count,
        any_value(told_rows) as rows,
        any_value(past_told_rows) as past_rows,
        any_value(category_count) as category_count,
        coalesce(sum(past_rows) filter (category = '_many'), 0) = 0 as was_few,
        sum((share - past_share) * ln(share / past_share)) as stability_index,
        stability_index / (
            greatest(any_value(category_count) - 1, 1)
            * (1 / any_value(told_rows) + 1 / any_value(past_told_rows))
        ) as times_expected
    from shares
    where date_count > 0
    group by all
),

ranked as (
    select
        *,
        list_sort(
            list(stability_index) filter (date_count > 3) over by_arrival
        ) as indices,
        avg(times_expected) filter (date_count > 3) over by_arrival as design_effect
    from indexed
    window by_arrival as (
        partition by name, column_name order by first_load_id
        rows between $history preceding and 1 preceding
    )
)

select * exclude (first_load_id, is_tonight, indices), indices[-2] as second_strangest
from ranked
where is_tonight and was_few and date_count >= $fewest
order by name, column_name, first_load_id
"""
"""The population stability index of each column and date against the dates before, and
of these how often the index was what chance makes of single rows, and their second
highest; half a row is added to each share, so that none is nil. A text that had too
many values to count on a date before, as a number of a customer has, has no mix."""
