{{ config(**made_whole_with_journal(['channel_code'])) }}

with consents as (
    select * from {{ ref('int_consent__ranges') }}
),

final as (
    select distinct channel_code from consents
)

select * from final
