with claims as (
    select * from {{ ref('int_contact_point__claims') }}
),

beliefs as (
    select * from {{ ref('int_contact_point__beliefs') }}
),

policy as (
    select * from {{ ref('contact_point_policy') }}
),

final as (
    -- A fax that fails says nothing of the telephone beside it.
    select
        claims.party_source_name as source_name,
        claims.party_record_id as source_record_id,
        policy.attribute_group,
        bool_or(beliefs.is_refuted) as is_refuted,
        bool_or(beliefs.is_proven) as is_proven
    from claims
    inner join beliefs on claims.contact_point_key = beliefs.contact_point_key
    inner join policy on claims.contact_type_code = policy.contact_type_code
    where
        claims.is_held
        and claims.contact_type_code <> 'fax'
        and claims.source_name = claims.party_source_name
    group by
        claims.party_source_name, claims.party_record_id, policy.attribute_group
)

select * from final
