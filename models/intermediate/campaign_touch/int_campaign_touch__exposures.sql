{%- set columns = [
    'campaign_touch_key', 'source_name', 'campaign_touch_record_id', 'load_id',
    'party_source_name', 'party_record_id', 'customer_id', 'person_code',
    'campaign_source_name', 'campaign_record_id', 'touch_type_code', 'channel_code',
    'touched_at', 'happened_at', 'window_from', 'window_to',
] -%}
{%- set key = ['person_code'] -%}
{%- set tells = ['campaign_touch_key', 'customer_id'] -%}
{%- set reads = [{'keys_of': 'int_campaign_touch__latest'}] -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=tells)) }}

with touches as (
    select * from {{ ref('int_campaign_touch__latest') }}
),

people as (
    {{ rows_of_touched_keys('touches', key) }}
),

exposures as (
    select *
    from people
    where touch_type_code = 'exposure'
),

responses as (
    select *
    from people
    where touch_type_code = 'response'
),

chances as (
    select
        responses.campaign_touch_key,
        responses.touched_at as responded_at,
        responses.response_type_code,
        responses.coupon_code,
        exposures.campaign_touch_key as exposure_key,
        responses.happened_at >= exposures.window_from
        and responses.happened_at < exposures.window_to as is_in_window,
        row_number() over (
            partition by responses.campaign_touch_key
            order by
                case
                    when exposures.channel_code = responses.channel_code then 0 else 1
                end asc nulls last,
                exposures.touched_at desc nulls last,
                exposures.campaign_touch_key asc nulls last
        ) as chance_rank
    from responses
    inner join exposures
        on
            responses.person_code = exposures.person_code
            and responses.campaign_source_name = exposures.campaign_source_name
            and responses.campaign_record_id = exposures.campaign_record_id
    where
        responses.party_record_id is not null
        and coalesce(exposures.touched_at <= responses.touched_at, true)
),

given as (
    select
        *,
        row_number() over (
            partition by exposure_key
            order by responded_at asc nulls last, campaign_touch_key asc nulls last
        ) as response_rank
    from chances
    where chance_rank = 1
),

answered as (
    select
        exposure_key,
        count(*) as response_count,
        count(*) filter (where is_in_window) as response_in_window_count,
        max(response_type_code) filter (where response_rank = 1) as response_type_code,
        max(coupon_code) filter (where response_rank = 1) as coupon_code,
        min(responded_at) as first_response_at
    from given
    group by exposure_key
),

unprompted as (
    select responses.*
    from responses
    left join given on responses.campaign_touch_key = given.campaign_touch_key
    where given.campaign_touch_key is null
),

final as (
    select
        exposures.{{ columns | join(',\n        exposures.') }},
        answered.response_type_code,
        coalesce(answered.coupon_code, exposures.coupon_code) as coupon_code,
        true as was_exposed,
        exposures.was_permitted,
        coalesce(answered.response_count, 0) as response_count,
        coalesce(answered.response_in_window_count, 0) as response_in_window_count,
        answered.first_response_at
    from exposures
    left join answered on exposures.campaign_touch_key = answered.exposure_key
    union all
    select
        {{ columns | join(',\n        ') }},
        response_type_code,
        coupon_code,
        false as was_exposed,
        cast(null as boolean) as was_permitted,
        1 as response_count,
        0 as response_in_window_count,
        touched_at as first_response_at
    from unprompted
)

select * from final
