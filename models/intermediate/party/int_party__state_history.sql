{%- set attributes = ['party_kind'] + party_columns() -%}
{%- set provenance = [
    'source_name', 'source_record_id', 'load_id', 'load_row', 'known_at',
    'delivered_on', 'is_deleted',
] -%}
{%- set read_by_country = ['mobile_standard', 'phone_standard', 'postcode_standard'] -%}
{%- set others = attributes | reject('in', read_by_country) | list -%}
{%- set columns = others + read_by_country + provenance -%}
{%- set ranges = ['valid_from', 'valid_to', 'known_from', 'known_to'] -%}
{%- set key = ['source_name', 'source_record_id'] -%}
{%- set reads = [{'loads_of': 'input_party'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with parties as (
    select * from {{ ref('input_party') }}
),

all_known_rows as (
    select * from {{ ref('int_party__known_rows') }}
),

delivered as (
    {{ rows_of_touched_keys('parties', key) }}
),

known_rows as (
    {{ rows_of_touched_keys('all_known_rows', key) }}
),

without_gaps as (
    select
        delivered.{{ columns | join(',\n        delivered.') }},
        known_rows.{{ ranges | join(',\n        known_rows.') }}
    from known_rows
    inner join delivered
        on
            known_rows.source_name = delivered.source_name
            and known_rows.source_record_id = delivered.source_record_id
            and known_rows.load_id = delivered.load_id
            and known_rows.load_row = delivered.load_row
    where known_rows.filled_by_load_id is null
),

fillings as (
    select
        source_name,
        source_record_id,
        filled_by_load_id
    from known_rows
    where filled_by_load_id is not null
    group by source_name, source_record_id, filled_by_load_id
),

with_gaps as (
    select
        delivered.*,
        fillings.filled_by_load_id
    from fillings
    inner join delivered
        on
            fillings.source_name = delivered.source_name
            and fillings.source_record_id = delivered.source_record_id
            and fillings.filled_by_load_id >= delivered.load_id
),

gaps_filled as (
    select
        {%- for attribute in attributes %}
        {{ carry_forward(attribute, 'history') }} as {{ attribute }},
        {%- endfor %}
        {{ provenance | join(',\n        ') }},
        filled_by_load_id
    from with_gaps
    window
        history as (
            partition by source_name, source_record_id, filled_by_load_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

gaps_standardized as (
    -- A delta may leave out the country by which its numbers are to be read.
    select
        gaps_filled.{{ others | join(',\n        gaps_filled.') }},
        {{ standard_phone('mobile', 'country_code') }} as mobile_standard,
        {{ standard_phone('phone', 'country_code') }} as phone_standard,
        {{ standard_postcode('postcode', 'country_code') }} as postcode_standard,
        gaps_filled.{{ provenance | join(',\n        gaps_filled.') }},
        known_rows.{{ ranges | join(',\n        known_rows.') }}
    from known_rows
    inner join gaps_filled
        on
            known_rows.source_name = gaps_filled.source_name
            and known_rows.source_record_id = gaps_filled.source_record_id
            and known_rows.load_id = gaps_filled.load_id
            and known_rows.load_row = gaps_filled.load_row
            and known_rows.filled_by_load_id = gaps_filled.filled_by_load_id
),

final as (
    select * from without_gaps
    union all
    select * from gaps_standardized
)

select * from final
