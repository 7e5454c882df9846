{%- set attributes = [
    'list_code', 'list_version', 'list_name', 'vendor_name', 'list_category_code',
    'acquisition_code', 'allowed_purposes', 'currency_code', 'price_amount',
    'allowed_uses_count', 'acquired_on', 'expires_on',
] -%}

with terms as (
    select * from {{ ref('input_list_terms') }}
),

names as (
    select * from {{ ref('input_list') }}
),

contracts as (
    select * from {{ ref('int_source__contracts') }}
),

{{ carried_states('terms', 'list_terms_record_id', attributes) }},

standing_terms as (
    select *
    from terms_states
    where valid_to = timestamp '9999-12-31' and not is_deleted
),

named as (
    select
        source_name,
        list_code,
        coalesce(list_version, '_unknown') as list_version,
        min(delivered_on) as first_delivered_on
    from names
    where list_code is not null
    group by source_name, list_code, coalesce(list_version, '_unknown')
),

listed as (
    select
        source_name,
        list_code,
        list_version
    from named
    union distinct
    select
        source_name,
        list_code,
        coalesce(list_version, '_unknown') as list_version
    from standing_terms
),

final as (
    -- A vendor of one list states its terms in the contract, one of many in rows.
    select
        {{ surrogate_key([
            'listed.source_name', 'listed.list_code', 'listed.list_version',
        ]) }} as list_key,
        listed.source_name,
        listed.list_code,
        listed.list_version,
        standing_terms.list_name,
        case
            when standing_terms.list_code is null then contracts.vendor_name
            else standing_terms.vendor_name
        end as vendor_name,
        {%- for attribute in attributes[4:] if attribute != 'acquired_on' %}
        case
            when standing_terms.list_code is null then contracts.{{ attribute }}
            else standing_terms.{{ attribute }}
        end as {{ attribute }},
        {%- endfor %}
        coalesce(standing_terms.acquired_on, named.first_delivered_on) as acquired_on
    from listed
    left join standing_terms
        on
            listed.source_name = standing_terms.source_name
            and listed.list_code = standing_terms.list_code
            and listed.list_version = coalesce(standing_terms.list_version, '_unknown')
    left join named
        on
            listed.source_name = named.source_name
            and listed.list_code = named.list_code
            and listed.list_version = named.list_version
    left join contracts on listed.source_name = contracts.source_name
)

select * from final
