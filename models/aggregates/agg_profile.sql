{%- set key, sides = ['month_key'], profile_sides() -%}
{%- set of_set = columns_of_set() + ['is_deleted'] -%}
{{ config(**built_by_keys(key, reads_of_profiles())) }}

with standing as (
    select * from {{ ref('fct_customer_standing') }}
),

standing_again as (
    -- What two read would be kept aside, of every month.
    select * from {{ ref('fct_customer_standing') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

places as (
    select * from {{ ref('dim_geography') }}
),

described as (
    -- Numbers are joined and counted in the place of many texts.
    select
        customers.*,
        places.region_place_code,
        {%- for side, columns in sides.items() %}
        {{ hash_of_row(columns) }} as {{ side }}_number{{ "," if not loop.last }}
        {%- endfor %}
    from customers
    inner join places on customers.geography_key = places.geography_key
),

members as (
    -- Who is in the same segments is counted once, not once a segment.
    select
        {{ hash_of_row(of_set) }} as set_number,
        customer_key
    from ({{ rows_of_touched_keys('standing', key) }}) as touched
),

sets as (
    select
        {{ of_set | join(', ') }},
        {{ hash_of_row(of_set) }} as set_number
    from standing_again
    where not is_deleted
    group by {{ of_set | join(', ') }}
),

{{ profiles_of_sets(sides) }},

counted as (
    {%- for segment in profiled_segments() %}
    select
        sets.month_key,
        {{ segment }} as segment_code,
        grouped.attribute_name,
        grouped.attribute_value,
        cast(sum(grouped.customer_count) as bigint) as customer_count
    from grouped
    inner join sets on grouped.set_number = sets.set_number
    where {{ segment }} is not null
    group by
        sets.month_key, {{ segment }}, grouped.attribute_name, grouped.attribute_value
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

shares as (
    select
        *,
        100 * customer_count / nullif(sum(customer_count) over (
            partition by month_key, segment_code, attribute_name
        ), 0) as pct
    from counted
),

compared as (
    select
        *,
        max(case when segment_code = 'base' then pct else 0 end) over (
            partition by month_key, attribute_name, attribute_value
        ) as base_pct
    from shares
),

final as (
    select
        -- keys
        month_key,
        segment_code,
        attribute_name,
        attribute_value,

        -- measures
        customer_count,
        cast(pct as decimal(9, 4)) as customer_pct,
        cast(base_pct as decimal(9, 4)) as base_pct,
        cast(100 * pct / nullif(base_pct, 0) as decimal(18, 2)) as index_to_base
    from compared
)

select * from final
