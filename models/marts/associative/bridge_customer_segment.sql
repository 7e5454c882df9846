{%- set is_onward = is_built_by_key() -%}
{%- set reads = [
    {'keys_of': 'fct_customer_standing', 'columns': ['customer_id', 'month_key']},
] -%}
{{ config(**built_by_keys(['customer_id'], reads, onward='month_key')) }}
{%- set own_segments = segments() | selectattr('scheme', 'equalto', 'company') | list -%}
{%- set schemes = {
    'rfm': 'rfm_segment_code',
    'life_cycle': 'life_cycle_segment_code',
    'value': 'value_segment_code',
} -%}
{%- set columns = ['rfm', 'life_cycle', 'value'] -%}
{%- for segment in own_segments -%}
    {%- do columns.append('own_' ~ loop.index) -%}
{%- endfor -%}

with standing as (
    select * from {{ ref('fct_customer_standing') }}
),

segments as (
    select * from {{ ref('dim_segment') }}
),

looks as (
    select
        customer_id,
        {{ dbt.dateadd('day', 1, 'as_of_date') }} as changed_at,
        {%- for scheme, code in schemes.items() %}
        {{ code }} as {{ scheme }},
        {%- endfor %}
        {%- for segment in own_segments %}
        case
            when own_segment_codes like '%,{{ segment.code }},%'
                then '{{ segment.code }}'
        end as own_{{ loop.index }},
        {%- endfor %}
        length(own_segment_codes) - length(replace(own_segment_codes, ',', '')) - 1
            as own_count
    from {{ standing_onward('standing') if is_onward else 'standing' }}
),

compared as (
    select
        *,
        {%- for column in columns + ['own_count'] %}
        lag({{ column }}) over looks_before as {{ column }}_before
        {{- "," if not loop.last }}
        {%- endfor %}
    from looks
    window looks_before as (
        partition by customer_id order by changed_at nulls first
    )
),

changes as (
    {%- for column in columns %}
    {%- set is_own = column.startswith('own_') %}
    select
        customer_id,
        changed_at,
        '{{ column }}' as column_name,
        {{ column }} as segment_code,
        {{ 'own_count' if is_own else '1' }} as segment_count
    from compared
    where
        {{ column }} is distinct from {{ column }}_before
        {%- if is_own %}
        or ({{ column }} is not null and own_count <> own_count_before)
        {%- endif %}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

ranges as (
    select
        customer_id,
        segment_code,
        cast(1 / nullif(segment_count, 0) as decimal(9, 8)) as weight,
        cast(changed_at as timestamp) as valid_from,
        cast(
            lead(changed_at, 1, date '9999-12-31') over (
                partition by customer_id, column_name
                order by changed_at nulls first
            ) as timestamp
        ) as valid_to
    from changes
),

final as (
    select
        -- keys
        segments.segment_key,
        ranges.customer_id,

        -- attributes
        segments.scheme_code,
        segments.segment_code,

        -- flags
        ranges.valid_to = timestamp '9999-12-31' as is_current,

        -- measures
        ranges.weight,

        -- timestamps
        {{ "coalesce(kept.valid_from, ranges.valid_from)" if is_onward
            else "ranges.valid_from" }} as valid_from,
        ranges.valid_to
    from ranges
    inner join segments on ranges.segment_code = segments.segment_code
    {{ with_kept_memberships('ranges', 'segments') if is_onward }}
)

select * from final
