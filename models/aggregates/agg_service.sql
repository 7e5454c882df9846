{%- set codes = ['postcode_place_code', 'city_place_code', 'region_place_code'] -%}
{%- set way = ['channel_key', 'reason_code', 'direction_code'] -%}
{%- set reads = [
    'customer_id', 'is_complaint', 'is_suggestion', 'was_answered', 'duration_seconds',
] -%}
{#- Levels of detail and of places, and by what contacts of a place are told apart. #}
{%- set cuts = [
    ('contact', 'postcode', 'way_number'), ('contact', 'city', 'way_number'),
    ('contact', 'region', 'way_number'), ('contact', 'all', 'way_number'),
    ('reason', 'all', 'reason_code'),
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
        ['geography_key'] + way + reads,
        members={'dim_geography': ['geography_key'] + codes},
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
        {{ codes | join(',
        ') }},
        'all' as all_place_code,
        contacts.channel_key,
        coalesce(contacts.reason_code, '_unknown') as reason_code,
        coalesce(contacts.direction_code, '_unknown') as direction_code,
        contacts.{{ reads | join(',
        contacts.') }}
    from contacts
    inner join places on contacts.geography_key = places.geography_key
    where {{ is_of_touched_period('year', 'contacts.started_date_key') }}
),

ways as (
    select
        {{ way | join(', ') }},
        row_number() over (order by {{ way | join(' nulls last, ') }} nulls last)
            as way_number
    from named
    group by {{ way | join(', ') }}
),

numbered as (
    -- A number is cheaper to group by than three texts, sixteen times.
    select
        named.*,
        ways.way_number
    from named
    inner join ways
        on
            named.channel_key = ways.channel_key
            and named.reason_code = ways.reason_code
            and named.direction_code = ways.direction_code
),

-- Medians and distinct customers do not add up: each level is asked of the contacts.
final as (
    {%- for period in ['day', 'month', 'quarter', 'year'] %}
    {%- set period_loop = loop %}
    {%- for detail, place, apart in cuts %}
    select
        -- keys
        '{{ period }}' as time_level,
        {{ first_of_period(period, 'calendar_date') }} as period_start,
        '{{ place }}' as place_level,
        {{ place }}_place_code as place_code,
        '{{ detail }}' as detail_level,
        {%- for column in way %}
        {{ "any_value(" ~ column ~ ")" if column == 'reason_code' or detail == 'contact'
            else "'all'" }} as {{ column }},
        {%- endfor %}

        -- measures
        {%- for column, name in metrics.items() %}
        {{ metric(name) }} as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from numbered
    where {{ in_touched_period(period, 'calendar_date') }}
    group by
        {{ first_of_period(period, 'calendar_date') }}, {{ place }}_place_code,
        {{ apart }}
    {{ "union all" if not (loop.last and period_loop.last) }}
    {%- endfor %}
    {%- endfor %}
)

select * from final
