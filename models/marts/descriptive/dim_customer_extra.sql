{{ config(contract={'enforced': false}) }}
{%- set attributes = var('extra_attributes', []) -%}

with customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

final as (
    select
        -- keys
        customer_key as customer_extra_key,
        customer_id
        {%- if attributes %},

        -- attributes
        {%- endif %}
        {%- for attribute in attributes %}
        {{ extra_attribute('extra_attributes', attribute) }} as {{ attribute.name }}
        {{- "," if not loop.last }}
        {%- endfor %}
    from customer_versions
    where extra_attributes is not null
    union all
    select
        '_unknown' as customer_extra_key,
        '_unknown' as customer_id
        {%- for attribute in attributes %},
        cast(null as {{ attribute.data_type }}) as {{ attribute.name }}
        {%- endfor %}
)

select * from final
