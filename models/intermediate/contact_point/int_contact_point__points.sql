{%- set key = ['customer_id'] -%}
{%- set reads = [{'keys_of': 'int_contact_point__claims'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with claims as (
    select * from {{ ref('int_contact_point__claims') }}
),

calling_codes as (
    select * from {{ ref('calling_code') }}
),

mail_hosts as (
    select * from {{ ref('mail_host') }}
),

policy as (
    select * from {{ ref('contact_point_policy') }}
),

touched as (
    {{ rows_of_touched_keys('claims', key) }}
),

claimants as (
    -- A record that repeats what it said claims nothing anew.
    select
        contact_point_key,
        source_name,
        party_source_name,
        party_record_id,
        min(valid_from) as claimed_at
    from touched
    group by contact_point_key, source_name, party_source_name, party_record_id
),

claimed as (
    select
        contact_point_key,
        count(distinct source_name) as source_count,
        min_by(party_source_name, concat_ws('|', party_source_name, party_record_id))
            as first_source_name,
        min_by(party_record_id, concat_ws('|', party_source_name, party_record_id))
            as first_record_id,
        min(claimed_at) as first_claimed_at,
        max(claimed_at) as last_claimed_at
    from claimants
    group by contact_point_key
),

points as (
    select
        contact_point_key,
        customer_id,
        contact_type_code,
        value_code,
        min(value_hash) as value_hash,
        min(contact_value) as contact_value,
        min(country_code) as country_code,
        min(region) as region,
        count(distinct case when is_held then source_name end) as holding_source_count,
        bool_or(is_valid) as is_valid,
        bool_or(is_held) as is_held,
        bool_or(is_held and is_preferred) as is_preferred,
        min(load_id) as load_id
    from touched
    group by contact_point_key, customer_id, contact_type_code, value_code
),

final as (
    select
        points.*,
        claimed.source_count,
        claimed.first_source_name,
        claimed.first_record_id,
        claimed.first_claimed_at,
        claimed.last_claimed_at,
        policy.attribute_group,
        policy.channel_code,
        case
            when points.contact_type_code = 'email'
                then coalesce(mail_hosts.host_class, 'own_mail')
            when points.contact_type_code = 'postal' then 'address'
            else points.contact_type_code || '_number'
        end as value_class,
        case
            when points.contact_type_code = 'email' then null
            when points.contact_type_code = 'postal' then points.country_code
            else coalesce(
                one_digit.country_code,
                two_digits.country_code,
                three_digits.country_code
            )
        end as area_country_code,
        case when points.contact_type_code = 'postal' then points.region end
            as area_region
    from points
    inner join claimed on points.contact_point_key = claimed.contact_point_key
    inner join policy on points.contact_type_code = policy.contact_type_code
    left join mail_hosts
        on
            points.contact_type_code = 'email'
            and split_part(points.value_code, '@', 2) = mail_hosts.mail_host
    left join calling_codes as one_digit
        on substr(points.value_code, 1, 2) = '+' || one_digit.calling_code
    left join calling_codes as two_digits
        on substr(points.value_code, 1, 3) = '+' || two_digits.calling_code
    left join calling_codes as three_digits
        on substr(points.value_code, 1, 4) = '+' || three_digits.calling_code
)

select * from final
