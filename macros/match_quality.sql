{# What estimates of who is who say of each source and night: precision and recall of the
   links within it, and of those between it and all others, each pair of sources weighed
   by its links. Where it is known who is who, that alone speaks. `estimates` has the
   columns of `fct_match_quality`. #}
{% macro pooled_match_quality(estimates) -%}
    {%- set figures = [] -%}
    {%- for measure in ['precision', 'recall'] -%}
        {%- for end in ['estimate', 'lower', 'upper'] -%}
            {%- do figures.append(measure ~ '_' ~ end) -%}
        {%- endfor -%}
    {%- endfor -%}
    select
        load_key,
        source_name,
        measure_code,
        {%- for figure in figures %}
        cast(sum(linked_pair_count * {{ figure }}) as double)
        / nullif(cast(sum(linked_pair_count) as double), 0) as {{ figure }}
        {{- "," if not loop.last }}
        {%- endfor %}
    from (
        {%- for side in ['left', 'right'] %}
        select
            load_key,
            {{ side }}_source_name as source_name,
            case
                when left_source_name = right_source_name then 'redundancy_within'
                else 'redundancy_between'
            end as measure_code,
            basis,
            bool_or(basis = 'truth') over (partition by load_key) as has_truth,
            linked_pair_count,
            {{ figures | join(',\n            ') }}
        from {{ estimates }}
        {%- if side == 'right' %}
        where left_source_name <> right_source_name
        {%- else %}
        union all
        {%- endif %}
        {%- endfor %}
    ) as judged
    where
        (basis = 'truth' or not has_truth)
        {%- for figure in figures %}
        and {{ figure }} is not null
        {%- endfor %}
    group by load_key, source_name, measure_code
{%- endmacro %}


{# The share of rows that are not redundant, in percent, when of the links that were found
   so much is right, and what is right is so much of what there is. Reads `rows_checked`
   and `rows_met`. #}
{% macro not_redundant_pct(precision, recall) -%}
    100 - 100 * least(
        (rows_checked - rows_met) * {{ precision }} / nullif({{ recall }}, 0),
        rows_checked
    ) / nullif(rows_checked, 0)
{%- endmacro %}
