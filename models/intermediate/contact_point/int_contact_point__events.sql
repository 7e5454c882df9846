with tried as (
    select * from {{ ref('int_contact_point__tried') }}
),

claims as (
    select * from {{ ref('int_contact_point__claims') }}
),

policy as (
    select * from {{ ref('contact_point_policy') }}
),

claimants as (
    select
        contact_point_key,
        contact_type_code,
        source_name,
        party_source_name,
        party_record_id,
        min(load_id) as load_id
    from claims
    group by
        contact_point_key,
        contact_type_code,
        source_name,
        party_source_name,
        party_record_id
),

final as (
    -- Nobody could hold a report against a claim before both were known.
    select
        {{ surrogate_key([
            'tried.contact_point_event_key',
            'claimants.source_name',
            'claimants.party_source_name',
            'claimants.party_record_id',
        ]) }} as claim_event_key,
        tried.contact_point_key,
        tried.customer_id,
        claimants.source_name,
        claimants.party_source_name,
        claimants.party_record_id as source_record_id,
        policy.attribute_group,
        claimants.contact_type_code,
        tried.event_type,
        tried.source_name as reporting_source_name,
        tried.told_by,
        greatest(tried.load_id, claimants.load_id) as load_id,
        tried.happened_at
    from tried
    inner join claimants on tried.contact_point_key = claimants.contact_point_key
    inner join policy on claimants.contact_type_code = policy.contact_type_code
)

select * from final
