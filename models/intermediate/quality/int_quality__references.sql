{{ config(materialized='incremental', incremental_strategy='append') }}
{%- set entities = measured_entities() -%}
{%- set members = {
    'party': 'source_record_id', 'product': 'product_record_id',
    'outlet': 'outlet_record_id', 'campaign': 'campaign_record_id',
    'promotion': 'promotion_record_id', 'agent': 'agent_record_id',
} -%}
{%- set columns = input_columns() -%}
{%- set mapped = mapped_columns() -%}
{%- set since = last_load_id() -%}

with
{%- for entity in entities %}
delivered_{{ entity }} as (
    select * from {{ ref('input_' ~ entity) }}
),
{% endfor %}
loads as (
    select * from {{ source('ledger', 'load') }}
),

known as (
    {%- for member, record_id in members.items() %}
    select
        '{{ member }}' as member_type,
        source_name,
        {{ record_id }} as record_id,
        min(load_id) as load_id
    from delivered_{{ member }}
    group by source_name, {{ record_id }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

known_in as (
    select
        known.*,
        loads.batch_id
    from known
    inner join loads on known.load_id = loads.load_id
),

stated as (
    select
        cast(null as {{ dbt.type_bigint() }}) as load_id,
        {%- for name in [
            'source_name', 'entity_name', 'attribute_name', 'member_type',
            'member_source_name', 'record_id',
        ] %}
        cast(null as {{ dbt.type_string() }}) as {{ name }},
        {%- endfor %}
        cast(null as {{ dbt.type_bigint() }}) as row_count
    {%- for entity in entities %}
    {%- for reference in stated_references(
        columns.get(entity, {}), mapped.get(entity, {})
    ) %}
    union all
    select
        load_id,
        source_name,
        '{{ entity }}' as entity_name,
        '{{ reference.record }}' as attribute_name,
        '{{ reference.member }}' as member_type,
        {{ reference.source }} as member_source_name,
        {{ reference.record }} as record_id,
        count(*) as row_count
    from delivered_{{ entity }}
    where load_id > {{ since }} and {{ reference.record }} is not null and not is_deleted
    group by load_id, source_name, {{ reference.source }}, {{ reference.record }}
    {%- endfor %}
    {%- endfor %}
),

final as (
    -- What the same night brings is known by its end, whichever file came first.
    select
        stated.load_id,
        stated.source_name,
        stated.entity_name,
        stated.attribute_name,
        'integrity' as measure_code,
        cast(sum(stated.row_count) as bigint) as rows_checked,
        cast(sum(
            case
                when known_in.batch_id <= loads.batch_id then stated.row_count
                else 0
            end
        ) as bigint) as rows_met
    from stated
    inner join loads on stated.load_id = loads.load_id
    left join known_in
        on
            stated.member_type = known_in.member_type
            and stated.member_source_name = known_in.source_name
            and stated.record_id = known_in.record_id
    group by
        stated.load_id, stated.source_name, stated.entity_name, stated.attribute_name
)

select * from final
