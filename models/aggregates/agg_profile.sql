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

with standing as (
    select * from {{ ref('fct_customer_standing') }}
),

memberships as (
    select * from {{ ref('bridge_customer_segment') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

places as (
    select * from {{ ref('dim_geography') }}
),

looks as (
    select
        *,
        {{ dbt.dateadd('day', 1, 'as_of_date') }} as looked_at
    from standing
    where not is_deleted and {{ is_of_touched_period('month', 'month_key') }}
),

members as (
    select
        looks.month_key,
        looks.customer_key,
        memberships.segment_code
    from looks
    inner join memberships
        on
            looks.customer_id = memberships.customer_id
            and looks.looked_at >= memberships.valid_from
            and looks.looked_at < memberships.valid_to
    union all
    select
        month_key,
        customer_key,
        'base' as segment_code
    from looks
    where not is_prospect
),

described as (
    select
        members.month_key,
        members.segment_code,
        {%- for name, told in profile_attributes().items() %}
        {{ told[0] }} as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from members
    inner join customers on members.customer_key = customers.customer_key
    inner join places on customers.geography_key = places.geography_key
),

counted as (
    {%- for attribute, told in profile_attributes().items() %}
    select
        month_key,
        segment_code,
        '{{ attribute }}' as attribute_name,
        coalesce({{ attribute }}, '_unknown') as attribute_value,
        count(*) as customer_count
    from described
    {%- if told[1] %}
    where kind = '{{ told[1] }}'
    {%- endif %}
    group by month_key, segment_code, coalesce({{ attribute }}, '_unknown')
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
