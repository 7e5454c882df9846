{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_periods(
        'fct_customer_standing', 'month_key', profiled_columns(), profiled_members(),
        levels=['month'], period_start='month_key',
    ),
    post_hook=after_touched_periods(),
) }}
{%- set attributes = profile_attributes() -%}
{%- set of_set = columns_of_set() %}

with standing as (
    select * from {{ ref('fct_customer_standing') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

places as (
    select * from {{ ref('dim_geography') }}
),

members as (
    select *
    from standing
    where not is_deleted and {{ is_of_touched_period('month', 'month_key') }}
),

sets as (
    -- Who is in the same segments is counted once, not once a segment.
    select
        {{ of_set | join(', ') }},
        row_number() over (order by {{ of_set | join(' nulls last, ') }} nulls last)
            as set_number
    from members
    group by {{ of_set | join(', ') }}
),

described as (
    select
        sets.set_number,
        customers.party_kind,
        {%- for name, told in attributes.items() %}
        {{ told[0] }} as of_{{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from members
    inner join sets on {{ is_in_set('members', 'sets') }}
    inner join customers on members.customer_key = customers.customer_key
    inner join places on customers.geography_key = places.geography_key
),

grouped as (
    {%- for name, told in attributes.items() %}
    select
        set_number,
        '{{ name }}' as attribute_name,
        coalesce(of_{{ name }}, '_unknown') as attribute_value,
        count(*) as customer_count
    from described
    where {{ "party_kind = '" ~ told[1] ~ "'" if told[1] else "true" }}
    group by set_number, coalesce(of_{{ name }}, '_unknown')
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

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
