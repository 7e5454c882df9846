{%- set of_loads = ['values', 'rows', 'references'] -%}
{%- set of_nights = ['freshness', 'verification', 'redundancy'] -%}
{%- set measured = ['source_name', 'entity_name', 'attribute_name', 'measure_code'] -%}
{%- set imported = {
    'codes': 'int_source__codes', 'dictionary_codes': 'dim_dictionary_code',
    'estimates': 'fct_match_quality', 'definitions': 'quality_measure',
} -%}
{%- for name in of_loads + of_nights %}
{%- do imported.update({'all_' ~ name: 'int_quality__' ~ name}) -%}
{%- endfor %}

with
{%- for name, model in imported.items() %}
{{ name }} as (
    select * from {{ ref(model) }}
),
{% endfor %}
loads as (
    select * from {{ source('ledger', 'load') }}
),

pooled as (
    {{ pooled_match_quality('estimates') }}
),

by_load as (
    {%- for name in of_loads %}
    select load_id, {{ measured | join(', ') }}, rows_checked, rows_met
    from all_{{ name }}
    union all
    {%- endfor %}
    -- A code is valid when its dictionary knows it.
    select
        codes.load_id,
        codes.source_name,
        codes.entity_name,
        codes.column_name as attribute_name,
        'validity' as measure_code,
        codes.row_count as rows_checked,
        case when dictionary_codes.code is null then 0 else codes.row_count end
            as rows_met
    from codes
    left join dictionary_codes
        on
            codes.dictionary_name = dictionary_codes.dictionary_name
            and codes.code = dictionary_codes.code
),

counted as (
    select
        loads.business_date as measured_on,
        '_unknown' as night_load_key,
        by_load.{{ measured | join(', by_load.') }},
        cast(sum(by_load.rows_checked) as bigint) as rows_checked,
        cast(sum(by_load.rows_met) as bigint) as rows_met
    from by_load
    inner join loads on by_load.load_id = loads.load_id
    group by loads.business_date, by_load.{{ measured | join(', by_load.') }}
    {%- for name in of_nights %}
    union all
    select
        measured_on,
        {{ load_key('load_id') }} as night_load_key,
        {{ measured | join(', ') }},
        rows_checked,
        rows_met
    from all_{{ name }}
    {%- endfor %}
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'counted.source_name', 'counted.entity_name', 'counted.attribute_name',
            'counted.measure_code', 'counted.measured_on',
        ]) }} as quality_measure_key,
        counted.source_name as source_key,
        {{ date_key('counted.measured_on') }} as measured_date_key,

        -- attributes
        counted.entity_name,
        counted.attribute_name,
        counted.measure_code,
        definitions.measured_of,

        -- flags
        pooled.load_key is not null as is_estimated,

        -- measures
        counted.rows_checked,
        counted.rows_met,
        {%- for name, (precision, recall) in {
            'measure_pct': ['estimate', 'estimate'],
            'lower_pct': ['upper', 'lower'],
            'upper_pct': ['lower', 'upper'],
        }.items() %}
        cast(round({{ not_redundant_pct(
            'coalesce(pooled.precision_' ~ precision ~ ', 1)',
            'coalesce(pooled.recall_' ~ recall ~ ', 1)',
        ) }}, 4) as decimal(9, 4)) as {{ name }},
        {%- endfor %}

        -- dates
        counted.measured_on
    from counted
    inner join definitions on counted.measure_code = definitions.measure_code
    left join pooled
        on
            counted.night_load_key = pooled.load_key
            and counted.source_name = pooled.source_name
            and counted.measure_code = pooled.measure_code
)

select * from final
