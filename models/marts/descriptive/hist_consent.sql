{%- set key = ['consent_id'] -%}
{%- set reads = reads_of_fact(
    'int_consent__history', 'consent_id',
    told_by=['source_name', 'consent_record_id'], has_customer=false,
) -%}
{{ config(**built_by_keys(key, reads)) }}

with statements as (
    select * from {{ ref('int_consent__history') }}
),

touched as (
    {{ rows_of_touched_keys('statements', key, ['consent_key']) }}
),

final as (
    select
        -- keys
        {{ surrogate_key(['consent_key', 'known_from']) }} as consent_history_key,
        consent_key as consent_id,
        party_source_name,
        party_record_id,

        -- attributes
        purpose_code,
        channel_code,
        notice_code,

        -- flags
        is_granted,

        -- timestamps
        consented_at,
        expires_at,
        known_from,
        known_to
    from touched
)

select * from final
