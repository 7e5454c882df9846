{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_behaviour__states'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with sale_lines as (
    select * from {{ ref('int_sale__lines') }}
),

products as (
    select * from {{ ref('int_product__price_bands') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

moments as (
    select * from {{ ref('int_behaviour__moments') }}
),

cycles as (
    select * from {{ ref('int_behaviour__cycles') }}
),

touched_lines as (
    {{ rows_of_touched_keys('sale_lines', key) }}
),

{{ habit_lines('touched_lines') }},

touched_moments as (
    {{ rows_of_touched_keys('moments', key) }}
),

category_days as (
    select
        customer_id,
        category,
        ordered_date
    from habit_lines
    where not is_return and category is not null
    group by customer_id, category, ordered_date
),

counted as (
    select
        *,
        row_number() over history as day_count,
        lead(ordered_date, 1, date '9999-12-30') over history as next_date
    from category_days
    window
        history as (
            partition by customer_id, category order by ordered_date nulls last
        )
),

lapses as (
    -- From the first morning on which the category was given up to that of the day on
    -- which it is bought again.
    select
        counted.customer_id,
        cast(
            {{ dbt.dateadd('day', 'cycles.inactive_days + 1', 'counted.ordered_date') }}
            as date
        ) as lapsed_from,
        counted.next_date as lapsed_until,
        {{ ranked_value(
            'counted.day_count', 'counted.ordered_date', 'counted.category'
        ) }} as ranked_category
    from counted
    inner join cycles on counted.customer_id = cycles.customer_id
),

final as (
    select
        moments.customer_id,
        moments.from_date,
        {{ value_of_ranked('max(lapses.ranked_category)') }} as former_category
    from touched_moments as moments
    inner join lapses
        on
            moments.customer_id = lapses.customer_id
            and moments.from_date >= lapses.lapsed_from
            and moments.from_date <= lapses.lapsed_until
    group by moments.customer_id, moments.from_date
)

select * from final
