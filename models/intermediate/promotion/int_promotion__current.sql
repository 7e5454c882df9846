{%- set key = ['source_name', 'promotion_record_id'] -%}
{%- set told = key + ['promotion_key'] -%}
{{ config(**made_whole_with_journal(key, told)) }}

{%- set conditions = [
    'promotion_code', 'promotion_name', 'promotion_type_code', 'display_code',
    'mailer_code', 'discount_pct',
] -%}
{%- set placement = [
    'product_source_name', 'product_record_id', 'outlet_source_name',
    'outlet_record_id', 'starts_on', 'ends_on',
] -%}

with promotions as (
    select * from {{ ref('input_promotion') }}
),

{{ carried_states('promotions', 'promotion_record_id', conditions + placement) }},

final as (
    select
        {{ surrogate_key(['source_name', 'promotion_record_id']) }}
            as promotion_coverage_key,
        {{ surrogate_key(['source_name'] + conditions) }} as promotion_key,
        source_name,
        promotion_record_id,
        {{ (conditions + placement) | join(',\n        ') }},
        load_id
    from promotions_states
    where valid_to = timestamp '9999-12-31' and not is_deleted
)

select * from final
