{%- set key = ['source_name', 'outlet_record_id'] -%}
{%- set told = key + ['outlet_key', 'geography_key'] -%}
{{ config(**made_whole_with_journal(key, told)) }}

{%- set attributes = [
    'outlet_name', 'outlet_type_code', 'address_line', 'postcode', 'city', 'region',
    'country_code', 'opened_on', 'closed_on',
] -%}

with delivered as (
    select * from {{ ref('input_outlet') }}
),

completed as (
    select
        source_name,
        outlet_record_id,
        load_id,
        valid_from,
        is_deleted,
        {%- for attribute in attributes %}
        {{ carry_forward(attribute, 'history') }} as {{ attribute }},
        {%- endfor %}
        lead(valid_from, 1, timestamp '9999-12-31') over (
            partition by source_name, outlet_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
        ) as valid_to
    from delivered
    window
        history as (
            partition by source_name, outlet_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    select
        {{ surrogate_key(['source_name', 'outlet_record_id']) }} as outlet_key,
        source_name,
        outlet_record_id,
        {{ attributes | join(',\n        ') }},
        {{ geography_key('country_code', 'postcode', 'region', 'city') }}
            as geography_key,
        is_deleted,
        load_id
    from completed
    where valid_from < valid_to and valid_to = timestamp '9999-12-31'
)

select * from final
