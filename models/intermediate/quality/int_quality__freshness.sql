{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='measured_on',
) }}
{%- set mapped = mapped_columns().get('party', {}) -%}
{%- set groups = mapped_groups(mapped) -%}

with loads as (
    select * from {{ source('ledger', 'load') }}
),

state_history as (
    select * from {{ ref('int_party__state_history') }}
),

delivered as (
    select * from {{ ref('input_party') }}
),

policies as (
    select * from {{ ref('reliability_policy') }}
),

half_lives as (
    {{ half_lives_of_groups('policies') }}
),

nights as (
    {{ nights_since(last_load_id()) }}
),

limits as (
    {{ eldest_days('nights', 'half_lives', groups) }}
),

standing as (
    select
        state_history.*,
        delivered.left_out,
        {{ day_stated('delivered', 'state_history') }} as stated_on
    from state_history
    inner join delivered
        on
            state_history.source_name = delivered.source_name
            and state_history.source_record_id = delivered.source_record_id
            and state_history.load_id = delivered.load_id
            and state_history.load_row = delivered.load_row
    where
        state_history.valid_to = timestamp '9999-12-31'
        and not state_history.is_deleted
),

{{ when_last_stated('delivered', 'standing', 'nights', groups) }},

stated as (
    {{ counts_by_day('standing', 'standing_with_gaps', 'last_stated', groups) }}
),

answered as (
    select
        limits.measured_on,
        limits.load_id,
        stated.source_name,
        concat_ws(
            ',',
            {%- for group, names in groups.items() %}
            {%- for name in names %}
            {{ answer_as_text(
                name, 'freshness', 'sum(' ~ name ~ '_count)',
                'sum(case when ' ~ name ~ '_on >= ' ~ group ~ '_since then ' ~ name
                    ~ '_count else 0 end)',
            ) }},
            {%- endfor %}
            {%- endfor %}
            null
        ) as answers
    from limits
    inner join stated
        on
            limits.known_at >= stated.known_from
            and limits.known_at < stated.known_to
            and coalesce(stated.night_load_id, limits.load_id) = limits.load_id
    group by limits.measured_on, limits.load_id, stated.source_name
),

measured as (
    {{ answers_as_rows('answered', ['measured_on', 'load_id', 'source_name']) }}
),

asked_attributes as (
    {{ asked_of_sources({'party': mapped}) }}
),

final as (
    select
        measured.*,
        'party' as entity_name
    from measured
    inner join asked_attributes
        on
            concat_ws('|', 'party', measured.source_name, measured.attribute_name)
            = asked_attributes.asked
    where measured.rows_checked > 0
)

select * from final
