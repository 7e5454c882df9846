{%- set key, events = ['customer_id'], {
    'touches': 'int_campaign_touch__exposures',
    'contacts': 'int_service_contact__latest',
    'complaints': 'int_complaint__current',
    'usages': 'int_service_usage__latest',
} -%}
{%- set reads = reads_of_known_customers(events.values() | list) -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=['encounter_type'])) }}

with {% for rows, event in events.items() -%}
{{ rows }} as (
    select * from {{ ref(event) }}
),

touched_{{ rows }} as (
    {{ rows_of_touched_keys(rows, key) }}
),

{% endfor -%}
encounters as (
    select
        'exposure' as encounter_type,
        customer_id,
        channel_code,
        touched_at as happened_at
    from touched_touches
    where was_exposed
    union all
    select
        'answer' as encounter_type,
        customer_id,
        channel_code,
        first_response_at as happened_at
    from touched_touches
    where response_count > 0
    union all
    select
        case when direction_code = 'outbound' then 'call' else 'contact' end
            as encounter_type,
        customer_id,
        channel_code,
        started_at as happened_at
    from touched_contacts
    union all
    select
        'complaint' as encounter_type,
        customer_id,
        channel_code,
        raised_at as happened_at
    from touched_complaints
    union all
    select
        'usage' as encounter_type,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as channel_code,
        started_at as happened_at
    from touched_usages
),

known as (
    select
        customer_id,
        encounter_type,
        nullif(channel_code, '_unknown') as channel_code,
        {{ local_date('happened_at') }} as happened_date
    from encounters
    where customer_id <> '_unknown' and happened_at is not null
),

final as (
    select
        customer_id,
        encounter_type,
        channel_code,
        happened_date,
        cast(count(*) as integer) as encounter_count
    from known
    group by customer_id, encounter_type, channel_code, happened_date
)

select * from final
