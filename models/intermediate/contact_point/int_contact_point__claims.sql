with party_claims as (
    select * from {{ ref('int_contact_point__party_claims') }}
),

states as (
    select * from {{ ref('int_contact_point__states') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

claims as (
    select
        source_name,
        source_name as party_source_name,
        source_record_id as party_record_id,
        contact_type_code as claim_record_id,
        contact_type_code,
        contact_value,
        value_code,
        country_code,
        region,
        is_valid,
        false as is_preferred,
        load_id,
        valid_from,
        valid_to,
        is_deleted
    from party_claims
    union all
    -- A report is no claim: a mail house does not say where somebody lives.
    select
        source_name,
        party_source_name,
        party_record_id,
        contact_point_record_id as claim_record_id,
        contact_type_code,
        contact_value,
        value_code,
        country_code,
        null as region,
        contact_value_standard is not null as is_valid,
        coalesce(is_preferred, false) as is_preferred,
        load_id,
        valid_from,
        valid_to,
        is_deleted
    from states
    where
        status_code is null
        and value_code is not null
        and party_record_id is not null
),

hashes as (
    -- A value is hashed once, however many claim it.
    select
        value_code,
        {{ keyed_hash('value_code') }} as value_hash
    from claims
    group by value_code
),

final as (
    select
        {{ surrogate_key([
            'links.customer_id',
            'claims.contact_type_code',
            'hashes.value_hash',
        ]) }} as contact_point_key,
        links.customer_id,
        claims.source_name,
        claims.party_source_name,
        claims.party_record_id,
        claims.claim_record_id,
        claims.contact_type_code,
        claims.contact_value,
        claims.value_code,
        hashes.value_hash,
        claims.country_code,
        claims.region,
        claims.is_valid,
        claims.valid_to = timestamp '9999-12-31' and not claims.is_deleted as is_held,
        claims.is_preferred,
        claims.load_id,
        claims.valid_from,
        claims.valid_to
    from claims
    inner join hashes on claims.value_code = hashes.value_code
    inner join links
        on
            claims.party_source_name = links.source_name
            and claims.party_record_id = links.source_record_id
)

select * from final
