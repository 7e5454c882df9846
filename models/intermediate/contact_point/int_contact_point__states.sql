{%- set carried = [
    'party_source_name', 'party_record_id', 'contact_type_code', 'contact_value',
    'contact_value_standard', 'country_code', 'is_preferred',
] -%}
{%- set key = ['source_name', 'contact_point_record_id'] -%}
{%- set reads = [{'loads_of': 'input_contact_point'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with delivered as (
    select * from {{ ref('input_contact_point') }}
),

touched as (
    {{ rows_of_touched_keys('delivered', key) }}
),

filled as (
    select
        source_name,
        contact_point_record_id,
        {%- for column in carried %}
        {{ carry_forward(column, 'history') }} as {{ column }},
        {%- endfor %}
        verified_at,
        status_code,
        status_at,
        load_id,
        load_row,
        delivered_on,
        valid_from,
        is_deleted,
        last_value(is_deleted) over (
            partition by source_name, contact_point_record_id
            order by
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and unbounded following
        ) as is_withdrawn,
        lead(valid_from, 1, timestamp '9999-12-31') over (
            partition by source_name, contact_point_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
        ) as valid_to
    from touched
    window
        history as (
            partition by source_name, contact_point_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    -- Of what was said of one moment, the last word is followed by a later moment.
    select
        *,
        coalesce(
            contact_value_standard, lower(trim(contact_value))
        ) as value_code
    from filled
    where valid_from < valid_to
)

select * from final
