{{ config(**made_whole_with_journal(['code'])) }}

with statements as (
    select * from {{ ref('int_consent__latest') }}
),

listed as (
    {{ dictionary('channel') }}
),

final as (
    select code from listed
    union distinct
    select channel_code as code
    from statements
    where channel_code is not null
    union distinct
    select '_unknown' as code
)

select * from final
