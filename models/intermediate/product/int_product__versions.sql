{#- Of a version only its start is told: where one ends, the next begins. -#}
{%- set key = ['source_name', 'product_record_id', 'product_key'] -%}
{%- set told = key + [
    'unit_price_amount', 'unit_cost_amount', 'currency_code', 'valid_from',
] -%}
{{ config(**made_whole_with_journal(key, told)) }}

{%- set attributes = [
    'sku', 'product_name', 'brand', 'department', 'category', 'subcategory',
    'package_size', 'unit_price_amount', 'unit_cost_amount', 'currency_code',
] -%}

with delivered as (
    select * from {{ ref('input_product') }}
),

completed as (
    select
        source_name,
        product_record_id,
        load_id,
        valid_from,
        is_deleted,
        {%- for attribute in attributes %}
        {{ carry_forward(attribute, 'history') }} as {{ attribute }},
        {%- endfor %}
        lead(valid_from, 1, timestamp '9999-12-31') over (
            partition by source_name, product_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
        ) as valid_to
    from delivered
    window
        history as (
            partition by source_name, product_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

stated as (
    -- Of what was said of one moment, the last word is followed by a later moment.
    select
        *,
        {{ surrogate_key(attributes + ['is_deleted']) }} as content_hash
    from completed
    where valid_from < valid_to
),

compared as (
    select
        *,
        lag(content_hash) over (
            partition by source_name, product_record_id order by valid_from nulls first
        ) as content_hash_before
    from stated
),

states as (
    -- A version is a change: what is said again is none, whatever came in first.
    select
        *,
        row_number() over record as version_number,
        lead(valid_from, 1, timestamp '9999-12-31') over record as changed_at
    from compared
    where content_hash is distinct from content_hash_before
    window record as (
        partition by source_name, product_record_id order by valid_from nulls first
    )
),

opened_early as (
    -- Sales from before the first delivery still find their product.
    select
        *,
        case when version_number = 1 then timestamp '1900-01-01' else valid_from end
            as version_from
    from states
),

final as (
    select
        {{ surrogate_key(['source_name', 'product_record_id', 'version_from']) }}
            as product_key,
        {{ surrogate_key(['source_name', 'product_record_id']) }} as product_id,
        source_name,
        product_record_id,
        {{ attributes | join(',\n        ') }},
        is_deleted,
        load_id,
        version_from as valid_from,
        changed_at as valid_to
    from opened_early
)

select * from final
