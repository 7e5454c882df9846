with touches as (
    select * from {{ ref('int_campaign_touch__exposures') }}
),

contacts as (
    select * from {{ ref('int_service_contact__latest') }}
),

policies as (
    {{ policy(
        'duplicate_cost_policy',
        ['cost_code', 'channel_code'],
        ['cost_code', 'channel_code', 'unit_cost_amount', 'within_days'],
    ) }}
),

mailings as (
    select * from policies
    where cost_code = 'double_mailing'
),

channels as (
    select * from policies
    where cost_code = 'double_contact'
),

touched as (
    select
        'campaign_touch' as contact_type,
        campaign_touch_key as contact_key,
        party_source_name as source_name,
        party_record_id as record_id,
        channel_code,
        touched_at as contacted_at,
        first_value(party_source_name) over so_far as earlier_source_name,
        first_value(party_record_id) over so_far as earlier_record_id,
        0 as days_since
    from touches
    where
        was_exposed
        and customer_id <> '_unknown'
        and campaign_record_id is not null
    window
        so_far as (
            partition by
                customer_id, campaign_source_name, campaign_record_id, channel_code
            order by happened_at nulls last, campaign_touch_key nulls last
        )
),

called as (
    select
        'service_contact' as contact_type,
        service_contact_key as contact_key,
        party_source_name as source_name,
        party_record_id as record_id,
        channel_code,
        started_at as contacted_at,
        lag(party_source_name) over so_far as earlier_source_name,
        lag(party_record_id) over so_far as earlier_record_id,
        {{ dbt.datediff('lag(started_at) over so_far', 'started_at', 'day') }}
            as days_since
    from contacts
    where direction_code = 'outbound' and customer_id <> '_unknown'
    window
        so_far as (
            partition by customer_id, reason_code
            order by started_at nulls last, service_contact_key nulls last
        )
),

repeated as (
    select * from touched
    where source_name <> earlier_source_name or record_id <> earlier_record_id
    union all
    select * from called
    where source_name <> earlier_source_name or record_id <> earlier_record_id
),

final as (
    select
        repeated.contact_key,
        coalesce(mailings.cost_code, 'double_contact') as cost_code,
        repeated.source_name,
        repeated.earlier_source_name,
        repeated.contacted_at,
        coalesce(
            mailings.unit_cost_amount,
            channels.unit_cost_amount,
            general.unit_cost_amount
        ) as unit_cost_amount
    from repeated
    left join mailings
        on
            repeated.channel_code = mailings.channel_code
            and repeated.contact_type = 'campaign_touch'
    left join channels on repeated.channel_code = channels.channel_code
    left join channels as general on general.channel_code = '_unknown'
    where
        repeated.days_since <= coalesce(channels.within_days, general.within_days)
)

select * from final
