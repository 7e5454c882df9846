{%- set key = ['customer_id'] -%}
{%- set reads = reads_of_consent_ranges() -%}
{{ config(**built_by_keys(key, reads)) }}

with statements as (
    select * from {{ ref('int_consent__latest') }}
),

channels as (
    select * from {{ ref('int_consent__channels') }}
),

known as (
    select *
    from statements
    where customer_id <> '_unknown' and purpose_code is not null
),

touched as (
    {{ rows_of_touched_keys('known', key) }}
),

said as (
    -- Who names no channel speaks of all, and of what goes out on none that is known.
    select
        consent_key,
        customer_id,
        purpose_code,
        channel_code,
        is_granted,
        consented_at,
        expires_at
    from touched
    where channel_code is not null
    union all
    select
        touched.consent_key,
        touched.customer_id,
        touched.purpose_code,
        channels.code as channel_code,
        touched.is_granted,
        touched.consented_at,
        touched.expires_at
    from touched
    cross join channels
    where touched.channel_code is null
),

followed as (
    -- Of two words in one second the withdrawal counts.
    select
        *,
        lead(consented_at, 1, timestamp '9999-12-31') over (
            partition by customer_id, purpose_code, channel_code
            order by
                consented_at nulls first,
                is_granted desc nulls first,
                consent_key nulls first
        ) as next_consented_at
    from said
),

final as (
    select
        consent_key,
        customer_id,
        purpose_code,
        channel_code,
        is_granted,
        consented_at as valid_from,
        least(
            next_consented_at, coalesce(expires_at, timestamp '9999-12-31')
        ) as valid_to
    from followed
    where
        consented_at < next_consented_at
        and consented_at < coalesce(expires_at, timestamp '9999-12-31')
)

select * from final
