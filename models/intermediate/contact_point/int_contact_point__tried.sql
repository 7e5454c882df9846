with reports as (
    select * from {{ ref('int_contact_point__reports') }}
),

claims as (
    select * from {{ ref('int_contact_point__claims') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

channels as (
    select * from {{ ref('contact_point_channel') }}
),

holders as (
    select
        contact_point_key,
        customer_id,
        contact_type_code,
        value_code,
        {{ contact_family('contact_type_code') }} as contact_family,
        min_by(party_source_name, concat_ws('|', party_source_name, party_record_id))
            as party_source_name,
        min_by(party_record_id, concat_ws('|', party_source_name, party_record_id))
            as party_record_id
    from claims
    group by contact_point_key, customer_id, contact_type_code, value_code
),

reported as (
    select
        reports.*,
        links.customer_id
    from reports
    left join links
        on
            reports.party_source_name = links.source_name
            and reports.party_record_id = links.source_record_id
),

typed as (
    select
        reported.*,
        coalesce(reported.contact_type_code, channels.contact_type_code) as tried_type
    from reported
    left join channels
        on
            reported.contact_type_code is null
            and reported.channel_code = channels.channel_code
    where reported.value_code is null
),

by_value as (
    -- Named with its party, a point is that party's; alone, it is of all who claim it.
    select
        reported.report_key,
        holders.contact_point_key,
        holders.customer_id,
        coalesce(reported.party_source_name, holders.party_source_name)
            as party_source_name,
        coalesce(reported.party_record_id, holders.party_record_id) as party_record_id
    from reported
    inner join holders
        on
            {{ contact_family('reported.contact_type_code') }} = holders.contact_family
            and reported.value_code = holders.value_code
    where
        reported.party_record_id is null
        or reported.customer_id = holders.customer_id
),

by_record as (
    -- Where the record had two numbers at that moment, nobody knows which was tried.
    select
        typed.report_key,
        min(claims.contact_point_key) as contact_point_key,
        min(claims.customer_id) as customer_id,
        min(typed.party_source_name) as party_source_name,
        min(typed.party_record_id) as party_record_id
    from typed
    inner join claims
        on
            typed.party_source_name = claims.party_source_name
            and typed.party_record_id = claims.party_record_id
            and typed.tried_type = claims.contact_type_code
            and typed.happened_at >= claims.valid_from
            and typed.happened_at < claims.valid_to
    group by typed.report_key
    having count(distinct claims.contact_point_key) = 1
),

found as (
    select * from by_value
    union all
    select * from by_record
),

final as (
    select
        {{ surrogate_key(['reported.report_key', 'found.contact_point_key']) }}
            as contact_point_event_key,
        coalesce(found.contact_point_key, '_unknown') as contact_point_key,
        coalesce(found.customer_id, reported.customer_id, '_unknown') as customer_id,
        reported.told_by,
        reported.source_name,
        coalesce(found.party_source_name, reported.party_source_name)
            as party_source_name,
        coalesce(found.party_record_id, reported.party_record_id) as party_record_id,
        reported.contact_type_code,
        reported.event_type,
        reported.load_id,
        reported.happened_at
    from reported
    left join found on reported.report_key = found.report_key
    where found.report_key is not null or reported.told_by = 'contact_point'
)

select * from final
