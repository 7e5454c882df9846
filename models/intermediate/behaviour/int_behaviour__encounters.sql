{{ config(materialized='view') }}

with touches as (
    select * from {{ ref('int_campaign_touch__exposures') }}
),

contacts as (
    select * from {{ ref('int_service_contact__latest') }}
),

complaints as (
    select * from {{ ref('int_complaint__current') }}
),

usages as (
    select * from {{ ref('int_service_usage__latest') }}
),

encounters as (
    select
        'exposure' as encounter_type,
        campaign_touch_key as encounter_key,
        customer_id,
        channel_code,
        touched_at as happened_at
    from touches
    where was_exposed
    union all
    select
        'answer' as encounter_type,
        campaign_touch_key as encounter_key,
        customer_id,
        channel_code,
        first_response_at as happened_at
    from touches
    where response_count > 0
    union all
    select
        case when direction_code = 'outbound' then 'call' else 'contact' end
            as encounter_type,
        service_contact_key as encounter_key,
        customer_id,
        channel_code,
        started_at as happened_at
    from contacts
    union all
    select
        'complaint' as encounter_type,
        complaint_key as encounter_key,
        customer_id,
        channel_code,
        raised_at as happened_at
    from complaints
    union all
    select
        'usage' as encounter_type,
        service_usage_key as encounter_key,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as channel_code,
        started_at as happened_at
    from usages
),

final as (
    select
        encounter_type,
        encounter_key,
        customer_id,
        nullif(channel_code, '_unknown') as channel_code,
        happened_at,
        {{ local_date('happened_at') }} as happened_date
    from encounters
    where customer_id <> '_unknown' and happened_at is not null
)

select * from final
