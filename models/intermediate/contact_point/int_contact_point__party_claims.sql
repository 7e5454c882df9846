{%- set types = {
    'email': ('email', 'email_standard'),
    'mobile': ('mobile', 'mobile_standard'),
    'phone': ('phone', 'phone_standard'),
    'fax': ('fax', standard_phone('fax', 'country_code')),
    'postal': ('address_line', 'address_standard'),
} -%}
{%- set key = ['source_name', 'source_record_id'] -%}
{%- set reads = [{'keys_of': 'int_party__state_history'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with state_history as (
    select * from {{ ref('int_party__state_history') }}
),

touched as (
    {{ rows_of_touched_keys('state_history', key) }}
),

states as (
    select *
    from touched
    where known_to = timestamp '9999-12-31'
),

claims as (
    {%- for contact_type, (value, standard) in types.items() %}
    select
        source_name,
        source_record_id,
        '{{ contact_type }}' as contact_type_code,
        {{ value }} as contact_value,
        {{ standard }} as contact_value_standard,
        country_code,
        region,
        postcode_standard is not null or city is not null as has_place,
        load_id,
        valid_from,
        valid_to,
        is_deleted
    from states
    where {{ value }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

final as (
    -- A street without a town reaches nobody.
    select
        source_name,
        source_record_id,
        contact_type_code,
        contact_value,
        coalesce(contact_value_standard, lower(trim(contact_value))) as value_code,
        country_code,
        region,
        contact_value_standard is not null
        and (contact_type_code <> 'postal' or has_place) as is_valid,
        load_id,
        valid_from,
        valid_to,
        is_deleted
    from claims
)

select * from final
