{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__links', 'via': customers_of_changed_records()},
    {'keys_of': 'int_contact_point__party_claims', 'via': customers_of_changed_records()},
    {'keys_of': 'int_contact_point__states', 'via': customers_of_changed_points()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with party_claims as (
    select * from {{ ref('int_contact_point__party_claims') }}
),

states as (
    select * from {{ ref('int_contact_point__states') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

touched as (
    {{ rows_of_touched_keys('links', key) }}
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

linked as (
    select
        claims.*,
        touched.customer_id
    from claims
    inner join touched
        on
            claims.party_source_name = touched.source_name
            and claims.party_record_id = touched.source_record_id
),

hashes as (
    -- A value is hashed once, however many claim it.
    select
        value_code,
        {{ keyed_hash('value_code') }} as value_hash
    from linked
    group by value_code
),

final as (
    select
        {{ surrogate_key([
            'linked.customer_id', 'linked.contact_type_code', 'hashes.value_hash',
        ]) }} as contact_point_key,
        linked.customer_id,
        linked.source_name,
        linked.party_source_name,
        linked.party_record_id,
        linked.claim_record_id,
        linked.contact_type_code,
        linked.contact_value,
        linked.value_code,
        hashes.value_hash,
        linked.country_code,
        linked.region,
        linked.is_valid,
        linked.valid_to = timestamp '9999-12-31' and not linked.is_deleted as is_held,
        linked.is_preferred,
        linked.load_id,
        linked.valid_from,
        linked.valid_to
    from linked
    inner join hashes on linked.value_code = hashes.value_code
)

select * from final
