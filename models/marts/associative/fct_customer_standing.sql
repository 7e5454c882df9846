{%- set key, reads = ['customer_id', 'month_key'], reads_of_standing() -%}
{%- set is_by_key = is_built_by_key() -%}
{{ config(**built_by_keys(key, reads, is_kept=true)) }}

{%- set scores = {
    'recency': 'last_purchase_date',
    'frequency': 'order_count',
    'monetary': 'net_amount',
} -%}

with positions as (
    select * from {{ ref('int_segment__positions') }}
),

cycles as (
    select * from {{ ref('int_behaviour__cycles') }}
),

business as (
    select * from {{ ref('int_source__business_date') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

touched as (
    {{ rows_of_touched_keys('positions', key) }}
),
{{ places_of_all_buyers('touched', scores, is_by_key) }},

placed as (
    -- Plain equalities, or the joins below compare every row with every place.
    select
        positions.*,
        least(
            cast({{ dbt.last_day('positions.month_start', 'month') }} as date),
            business.business_date
        ) as as_of_date,
        case when last_purchase_date is not null and not is_deleted then month_start end
            as scored_month
    from touched as positions
    cross join business
),

standing as (
    select
        placed.*,
        {{ activity_state(
            'placed.as_of_date',
            'placed.first_purchase_date',
            'placed.last_purchase_date',
        ) }} as activity_state_code,
        {%- for score in scores %}
        {{ place_of_buyer(score ~ '_score', score, is_by_key) }} as {{ score }}_score,
        {%- endfor %}
        cast(
            floor((
                {{ place_of_buyer('frequency_score', 'frequency', is_by_key) }}
                + {{ place_of_buyer('monetary_score', 'monetary', is_by_key) }} + 1
            ) / 2) as integer
        ) as value_score,
        {{ place_of_buyer('share_above_pct', 'monetary', is_by_key) }} as share_above_pct,
        {{ dbt.datediff(
            'placed.first_purchase_date', 'placed.as_of_date', 'day'
        ) }} as days_since_first,
        {{ dbt.datediff(
            'placed.last_purchase_date', 'placed.as_of_date', 'day'
        ) }} as days_since_last
    from placed
    inner join cycles on placed.customer_id = cycles.customer_id
    {{ with_places_of_buyers('placed', scores, is_by_key) }}
),

final as (
    select
        -- keys
        standing.customer_id,
        standing.customer_key,
        standing.month_key,
        customers.geography_key,

        -- attributes
        standing.activity_state_code,
        {{ segment_of('rfm') }} as rfm_segment_code,
        {{ segment_of('life_cycle') }} as life_cycle_segment_code,
        {{ segment_of('value') }} as value_segment_code,
        {{ own_segments_of() }} as own_segment_codes,

        -- flags
        standing.is_prospect,
        standing.is_deleted,

        -- measures
        standing.recency_score,
        standing.frequency_score,
        standing.monetary_score,
        standing.value_score,
        standing.share_above_pct,
        standing.order_count,
        standing.net_amount,
        standing.margin_amount,
        cast(standing.days_since_first as integer) as days_since_first,
        cast(standing.days_since_last as integer) as days_since_last,

        -- dates
        standing.first_purchase_date,
        standing.last_purchase_date,
        standing.as_of_date
    from standing
    inner join customers on standing.customer_key = customers.customer_key
)

select * from final
