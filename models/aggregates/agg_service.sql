{%- set codes = [
    'postcode_place_code', 'city_place_code', 'region_place_code', 'all_place_code',
] -%}
{%- set reads = [
    'channel_key', 'reason_code', 'direction_code', 'customer_id', 'is_complaint',
    'is_suggestion', 'was_answered', 'duration_seconds',
] -%}
{%- set metrics = {
    'contact_count': 'contacts',
    'complaint_count': 'complaint_contacts',
    'suggestion_count': 'suggestion_contacts',
    'answered_count': 'contacts_answered',
    'unanswered_count': 'contacts_unanswered',
    'answered_pct': 'answered_rate_pct',
    'customer_count': 'customers_served',
    'duration_seconds': 'handling_total_seconds',
    'median_duration_seconds': 'handling_seconds',
} -%}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=before_touched_periods(
        'fct_service_contact',
        'started_date_key',
        ['geography_key'] + reads,
        members={'dim_geography': ['geography_key'] + codes[:3]},
    ),
    post_hook=after_touched_periods(),
) }}

with contacts as (
    select * from {{ ref('fct_service_contact') }}
),

places as (
    select * from {{ ref('dim_geography') }}
),

named as (
    select
        contacts.service_contact_key,
        {{ date_of_key('contacts.started_date_key') }} as calendar_date,
        places.postcode_place_code,
        places.city_place_code,
        places.region_place_code,
        'all' as all_place_code,
        contacts.channel_key,
        coalesce(contacts.reason_code, '_unknown') as reason_code,
        coalesce(contacts.direction_code, '_unknown') as direction_code,
        contacts.customer_id,
        contacts.is_complaint,
        contacts.is_suggestion,
        contacts.was_answered,
        contacts.duration_seconds
    from contacts
    inner join places on contacts.geography_key = places.geography_key
    where {{ is_of_touched_period('year', 'contacts.started_date_key') }}
),

-- Medians and distinct customers do not add up: each level is asked of the contacts.
by_level as (
    {%- for period in ['day', 'month', 'quarter', 'year'] %}
    {%- set period_loop = loop %}
    {%- for code in codes %}
    select
        '{{ period }}' as time_level,
        {{ first_of_period(period, 'calendar_date') }} as period_start,
        '{{ code | replace('_place_code', '') }}' as place_level,
        {{ code }} as place_code,
        channel_key,
        reason_code,
        direction_code,
        {%- for column, name in metrics.items() %}
        {{ metric(name) }} as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from named
    where {{ in_touched_period(period, 'calendar_date') }}
    group by
        {{ first_of_period(period, 'calendar_date') }}, {{ code }}, channel_key,
        reason_code, direction_code
    {{ "union all" if not (loop.last and period_loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

final as (
    select
        -- keys
        time_level,
        period_start,
        place_level,
        place_code,
        channel_key,
        reason_code,
        direction_code,

        -- measures
        {{ metrics | join(',\n        ') }}
    from by_level
)

select * from final
