{%- set collected = [
    'collected_at', 'collected_by', 'collected_where', 'collected_how', 'collected_why',
] -%}
{%- set claim = [
    'source_name', 'source_record_id', 'attribute_name', 'attribute_group',
    'value_code',
] -%}
{%- set told_with_country = forms_by_country('known_country_code') -%}
{%- set first_told = ['claimed_value', 'area'] + collected -%}
{%- set key = ['source_name', 'source_record_id'] -%}
{%- set reads = [{'loads_of': 'input_party'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with delivered as (
    select * from {{ ref('input_party') }}
),

loads as (
    select * from {{ source('ledger', 'load') }}
),

said as (
    -- A record that says something new has all its claims made again.
    {{ rows_of_touched_keys('delivered', key) }}
),

touched as (
    select distinct
        source_name,
        source_record_id
    from said
),

placed as (
    {{ rows_of_records('said', 'touched', 'loads') }}
),

told as (
    select
        *,
        {%- for form, reading in told_with_country.items() %}
        case when country_code is null then {{ reading }} else {{ form }} end
            as {{ form }}_read
        {{- "," if not loop.last }}
        {%- endfor %}
    from placed
    where not is_deleted and not is_said_again
),

stated as (
    {%- for claimed in claimed_attributes() %}
    {%- set is_read = claimed.standard in told_with_country %}
    {%- set attribute = dict(claimed, standard=claimed.standard ~ '_read') if is_read
        else claimed %}
    select
        source_name,
        source_record_id,
        '{{ attribute.name }}' as attribute_name,
        '{{ attribute.group }}' as attribute_group,
        {{ comparable(attribute, 'told') }} as value_code,
        {{ claim_class(attribute, 'known_party_kind') }} as personal_class,
        {{ attribute.standard or attribute.name }} is not null as is_valid,
        cast({{ attribute.name }} as {{ dbt.type_string() }}) as claimed_value,
        {{ claim_area(attribute) }} as area,
        {{ collected | join(',\n        ') }},
        place,
        statement_count,
        load_id as first_load_id,
        load_row as first_load_row,
        load_id,
        known_at as first_known_at,
        known_at as last_known_at,
        valid_from as first_claimed_at,
        valid_from as last_claimed_at
    from told
    where {{ attribute.name }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

claims as (
    -- Of a record with one row every claim stands alone already.
    select *
    from stated
    where statement_count = 1
    union all
    select
        {{ claim | join(',\n        ') }},
        max(personal_class) as personal_class,
        bool_or(is_valid) as is_valid,
        {%- for column in first_told %}
        min_by({{ column }}, case when {{ column }} is not null then place end)
            as {{ column }},
        {%- endfor %}
        min(place) as place,
        max(statement_count) as statement_count,
        min(first_load_id) as first_load_id,
        min_by(first_load_row, first_load_id * 1000000000 + first_load_row)
            as first_load_row,
        max(load_id) as load_id,
        min(first_known_at) as first_known_at,
        max(last_known_at) as last_known_at,
        min(first_claimed_at) as first_claimed_at,
        max(last_claimed_at) as last_claimed_at
    from stated
    where statement_count > 1
    group by {{ claim | join(', ') }}
),

final as (
    select
        *,
        case when personal_class is not null then {{ keyed_hash('value_code') }} end
            as value_hash,
        {{ surrogate_key(claim[:3] + ['coalesce(value_hash, value_code)']) }}
            as attribute_value_key
    from claims
)

select * from final
