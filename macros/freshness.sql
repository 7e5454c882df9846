{# The groups of attributes of a party, each with the columns that a source is mapped to;
   a group without one is left out. `mapped` is what `mapped_columns` gives of the party. #}
{% macro mapped_groups(mapped) -%}
    {%- set groups = {} -%}
    {%- for group, content in party_attributes().items() -%}
        {%- set names = [] -%}
        {%- for name in content.columns if sources_of(mapped, name) -%}
            {%- do names.append(name) -%}
        {%- endfor -%}
        {%- if names -%}{%- do groups.update({group: names}) -%}{%- endif -%}
    {%- endfor -%}
    {{- return(groups) -}}
{%- endmacro %}


{# When records whose last statement leaves something out last stated each attribute, as
   known at the end of a night: common table expressions, of which `last_stated` has a row
   per record of the source `told_by` and night, and a column `<attribute>_on` for each.
   What a delta leaves out keeps its value and is as old as the statement that had it; a
   deletion states nothing. `standing` has the statements that stand at the end of the
   nights, with `left_out` and the last load of the night. #}
{% macro when_last_stated(delivered, standing, groups) -%}
with_gaps as (
    select
        night_load_id,
        source_name,
        source_record_id
    from {{ standing }}
    where left_out is not null
),

records_with_gaps as (
    select
        source_name,
        source_record_id
    from with_gaps
    group by source_name, source_record_id
),

placed as (
    {{ rows_of_records(delivered, 'records_with_gaps') }}
),

last_stated as (
    select
        with_gaps.night_load_id,
        with_gaps.source_name as told_by,
        with_gaps.source_record_id
        {%- for names in groups.values() %}
        {%- for name in names %},
        max_by(
            {{ day_stated('placed', 'placed') }},
            case when {{ is_stated(name) }} then placed.place end
        ) as {{ name }}_on
        {%- endfor %}
        {%- endfor %}
    from with_gaps
    inner join placed
        on
            with_gaps.source_name = placed.source_name
            and with_gaps.source_record_id = placed.source_record_id
            and with_gaps.night_load_id >= placed.load_id
    group by
        with_gaps.night_load_id, with_gaps.source_name, with_gaps.source_record_id
)
{%- endmacro %}


{# The day from which the values of a statement age: when they were collected, where the
   row says so, else since when they hold. #}
{% macro day_stated(delivered, state) -%}
    cast(coalesce({{ delivered }}.collected_at, {{ state }}.valid_from) as date)
{%- endmacro %}
