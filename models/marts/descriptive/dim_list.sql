{%- set terms = [
    'list_name', 'vendor_name', 'list_category_code', 'acquisition_code',
    'allowed_purposes', 'currency_code', 'price_amount', 'allowed_uses_count',
    'acquired_on', 'expires_on',
] -%}

with versions as (
    select * from {{ ref('int_list__versions') }}
),

members as (
    select
        list_key,
        source_name,
        list_code,
        list_version,
        {{ terms | join(',\n        ') }}
    from versions
    union all
    select
        '_unknown' as list_key,
        '_unknown' as source_name,
        '_unknown' as list_code,
        '_unknown' as list_version,
        {%- for term in terms %}
        null as {{ term }}{{ "," if not loop.last }}
        {%- endfor %}
),

final as (
    select
        -- keys
        list_key,
        list_code,
        source_name as source_key,

        -- attributes
        list_version,
        list_name,
        vendor_name,
        coalesce(list_category_code, '_unknown') as list_category_code,
        coalesce(acquisition_code, '_unknown') as acquisition_code,
        allowed_purposes,
        currency_code,

        -- measures
        price_amount,
        allowed_uses_count,

        -- dates
        acquired_on,
        expires_on
    from members
)

select * from final
