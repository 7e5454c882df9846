{{ config(materialized='incremental', incremental_strategy='append') }}
{%- set entities = measured_entities() -%}
{%- set columns = input_columns() -%}
{%- set mapped = mapped_columns() -%}
{%- set since = last_load_id() -%}
{%- set policies = quality_policies(columns) -%}

with
{%- for entity in entities %}
delivered_{{ entity }} as (
    select * from {{ ref('input_' ~ entity) }}
),
{% endfor %}
answered as (
    -- The answers to all questions go as one text: a column each would take the engine
    -- longer to plan than to count.
    select
        cast(null as {{ dbt.type_bigint() }}) as load_id,
        cast(null as {{ dbt.type_string() }}) as source_name,
        cast(null as {{ dbt.type_string() }}) as entity_name,
        cast(null as {{ dbt.type_string() }}) as answers
    {%- for entity in entities %}
    {%- for counts in [quality_counts(
        entity, columns.get(entity, {}), mapped.get(entity, {}), policies
    )] if counts %}
    union all
    select
        load_id,
        source_name,
        '{{ entity }}' as entity_name,
        concat_ws(
            ',',
            {%- for count in counts %}
            {{ answer_of(count) }}{{ "," if not loop.last }}
            {%- endfor %}
        ) as answers
    from delivered_{{ entity }}
    where load_id > {{ since }} and not is_deleted
    group by load_id, source_name
    {%- endfor %}
    {%- endfor %}
),

measured as (
    {{ answers_as_rows('answered', ['load_id', 'source_name', 'entity_name']) }}
),

asked_attributes as (
    {{ asked_of_sources(mapped) }}
),

final as (
    select measured.*
    from measured
    inner join asked_attributes
        on
            concat_ws(
                '|', measured.entity_name, measured.source_name, measured.attribute_name
            ) = asked_attributes.asked
    where measured.rows_checked > 0
)

select * from final
