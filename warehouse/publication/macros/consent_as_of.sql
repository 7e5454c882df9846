-- What each customer's word on each purpose and channel was at a moment, as far as the
-- warehouse knew at another: the last one said, while it had not ended by itself. Who was
-- whom is taken as known then, too. Who names no channel speaks of all; of two words in
-- one second the withdrawal counts.
create macro main.consent_as_of(valid_at, known_at) as table
with statements as (
    select
        bridge_customer_identity.customer_id,
        hist_consent.*
    from descriptive.hist_consent
    inner join descriptive.bridge_customer_identity
        on
            hist_consent.party_source_name = bridge_customer_identity.source_name
            and hist_consent.party_record_id
            = bridge_customer_identity.source_record_id
            and bridge_customer_identity.known_from <= known_at
            and bridge_customer_identity.known_to > known_at
    where
        hist_consent.purpose_code is not null
        and hist_consent.consented_at <= valid_at
        and hist_consent.known_from <= known_at
        and hist_consent.known_to > known_at
),

said as (
    select
        statements.* exclude (channel_code),
        coalesce(statements.channel_code, dim_channel.channel_code) as channel_code
    from statements
    left join shared.dim_channel
        on
            statements.channel_code is null
            and dim_channel.channel_key <> '_unknown'
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, purpose_code, channel_code
            order by
                consented_at desc nulls last,
                is_granted asc nulls last,
                consent_id desc nulls last
        ) as recency
    from said
)

select
    customer_id,
    purpose_code,
    channel_code,
    notice_code,
    is_granted,
    consented_at,
    expires_at,
    consent_id
from ranked
where recency = 1 and (expires_at is null or expires_at > valid_at);
