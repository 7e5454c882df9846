{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['source_name', 'source_record_id'],
) }}
{%- set collected = [
    'collected_by', 'collected_where', 'collected_how', 'collected_why',
] -%}

with delivered as (
    select * from {{ ref('input_party') }}
),

touched as (
    -- A record that says something new has all its claims made again.
    select
        source_name,
        source_record_id
    from delivered
    where load_id > {{ last_load_id() }}
    group by source_name, source_record_id
),

placed as (
    select
        delivered.*,
        row_number() over (
            partition by delivered.source_name, delivered.source_record_id
            order by
                delivered.valid_from nulls first,
                delivered.delivered_on nulls first,
                delivered.load_id nulls first,
                delivered.load_row nulls first
        ) as place,
        count(*) over (
            partition by delivered.source_name, delivered.source_record_id
        ) as statement_count
    from delivered
    inner join touched
        on
            delivered.source_name = touched.source_name
            and delivered.source_record_id = touched.source_record_id
    where not delivered.is_deleted
),

stated as (
    {%- for attribute in claimed_attributes() %}
    select
        source_name,
        source_record_id,
        '{{ attribute.name }}' as attribute_name,
        '{{ attribute.group }}' as attribute_group,
        {{ comparable(attribute, 'placed') }} as value_code,
        {{ claim_class(attribute, 'party_kind') }} as personal_class,
        {{ attribute.standard or attribute.name }} is not null as is_valid,
        cast({{ attribute.name }} as {{ dbt.type_string() }}) as claimed_value,
        {{ claim_area(attribute) }} as area,
        place,
        statement_count,
        load_id,
        load_row,
        known_at,
        valid_from
    from placed
    where {{ attribute.name }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

claims as (
    -- Of a record with one row every claim stands alone already.
    select
        source_name,
        source_record_id,
        attribute_name,
        attribute_group,
        value_code,
        personal_class,
        is_valid,
        claimed_value,
        area,
        place,
        statement_count,
        load_id as first_load_id,
        load_row as first_load_row,
        load_id,
        known_at as first_known_at,
        known_at as last_known_at,
        valid_from as first_claimed_at,
        valid_from as last_claimed_at
    from stated
    where statement_count = 1
    union all
    select
        source_name,
        source_record_id,
        attribute_name,
        attribute_group,
        value_code,
        max(personal_class) as personal_class,
        bool_or(is_valid) as is_valid,
        min_by(claimed_value, place) as claimed_value,
        min_by(area, place) as area,
        min(place) as place,
        max(statement_count) as statement_count,
        min(load_id) as first_load_id,
        min_by(load_row, load_id) as first_load_row,
        max(load_id) as load_id,
        min(known_at) as first_known_at,
        max(known_at) as last_known_at,
        min(valid_from) as first_claimed_at,
        max(valid_from) as last_claimed_at
    from stated
    where statement_count > 1
    group by
        source_name, source_record_id, attribute_name, attribute_group, value_code
),

told as (
    select
        source_name,
        source_record_id,
        place,
        collected_at,
        {{ collected | join(',\n        ') }}
    from placed
    where coalesce(
        cast(collected_at as {{ dbt.type_string() }}), {{ collected | join(', ') }}
    ) is not null
),

hashed as (
    select
        *,
        case when personal_class is not null then {{ keyed_hash('value_code') }} end
            as value_hash
    from claims
),

final as (
    select
        {{ surrogate_key([
            'hashed.source_name', 'hashed.source_record_id', 'hashed.attribute_name',
            'coalesce(hashed.value_hash, hashed.value_code)',
        ]) }} as attribute_value_key,
        hashed.*,
        coalesce(told.collected_at, hashed.first_claimed_at) as collected_at,
        told.{{ collected | join(',\n        told.') }}
    from hashed
    left join told
        on
            hashed.source_name = told.source_name
            and hashed.source_record_id = told.source_record_id
            and hashed.place = told.place
)

select * from final
