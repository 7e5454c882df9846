with statements as (
    select * from {{ ref('int_consent__latest') }}
),

listed as (
    {{ dictionary('channel') }}
),

channels as (
    select code from listed
    union
    select channel_code as code
    from statements
    where channel_code is not null
    union
    select '_unknown' as code
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
    from statements
    where channel_code is not null
    union all
    select
        statements.consent_key,
        statements.customer_id,
        statements.purpose_code,
        channels.code as channel_code,
        statements.is_granted,
        statements.consented_at,
        statements.expires_at
    from statements
    cross join channels
    where statements.channel_code is null
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
    where customer_id <> '_unknown' and purpose_code is not null
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
