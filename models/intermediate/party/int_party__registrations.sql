{%- set key = ['source_name', 'source_record_id'] -%}
{%- set reads = [
    {'keys_of': 'int_party__state_history'},
    {'keys_of': 'int_customer__links'},
] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with states as (
    select * from {{ ref('int_party__states') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

records as (
    select
        source_name,
        source_record_id,
        min(load_id) as load_id,
        min(valid_from) as first_valid_from,
        max_by(registered_at, valid_from) filter (where registered_at is not null)
            as registered_at,
        max_by(registration_channel_code, valid_from) filter (
            where registration_channel_code is not null
        ) as channel_code
    from ({{ rows_of_touched_keys('states', key) }}) as states
    group by source_name, source_record_id
),

final as (
    select
        {{ surrogate_key(['records.source_name', 'records.source_record_id']) }}
            as registration_key,
        records.source_name,
        records.source_record_id,
        records.load_id,
        records.channel_code,
        coalesce(links.customer_id, '_unknown') as customer_id,
        coalesce(links.is_external, false) as is_external,
        coalesce(records.registered_at, records.first_valid_from) as registered_at
    from records
    left join links
        on
            records.source_name = links.source_name
            and records.source_record_id = links.source_record_id
)

select * from final
