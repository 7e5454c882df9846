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
   per record of the source `told_by` and night, and a column `<attribute>_on` for each;
   and `standing_with_gaps` what stands of them at the end of each of the `nights`.
   What a delta leaves out keeps its value and is as old as the statement that had it; a
   deletion states nothing. `standing` has statements with `left_out`, and since when and
   until when each was known to stand. #}
{% macro when_last_stated(delivered, standing, nights, groups) -%}
standing_with_gaps as (
    select
        {{ standing }}.*,
        {{ nights }}.load_id as night_load_id
    from {{ nights }}
    inner join {{ standing }}
        on
            {{ nights }}.known_at >= {{ standing }}.known_from
            and {{ nights }}.known_at < {{ standing }}.known_to
    where {{ standing }}.left_out is not null
),

with_gaps as (
    select
        night_load_id,
        source_name,
        source_record_id
    from standing_with_gaps
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


{# Per night the day of each group of attributes before which its half-life began: what was
   said before it is older, as `<group>_since`. `half_lives` has what
   `half_lives_of_groups` gives. #}
{% macro eldest_days(nights, half_lives, groups) -%}
    select
        {{ nights }}.*
        {%- for group in groups %},
        cast(
            {{ dbt.dateadd(
                'day', '-' ~ half_lives ~ '.' ~ group ~ '_days', nights ~ '.measured_on'
            ) }}
            as date
        ) as {{ group }}_since
        {%- endfor %}
    from {{ nights }}
    cross join {{ half_lives }}
{%- endmacro %}


{# How many statements hold a value of each attribute, as `<attribute>_count`, and the day
   they stated it, as `<attribute>_on`. Statements that leave nothing out are counted once,
   by day and by when they were known to stand, however many nights that is; the others
   come one by one, for the night `night_load_id`, as their values are of several days. #}
{% macro counts_by_day(standing, with_gaps, last_stated, groups) -%}
    select
        cast(null as {{ dbt.type_bigint() }}) as night_load_id,
        source_name,
        known_from,
        known_to
        {%- for names in groups.values() %}
        {%- for name in names %},
        count({{ name }}) as {{ name }}_count,
        stated_on as {{ name }}_on
        {%- endfor %}
        {%- endfor %}
    from {{ standing }}
    where left_out is null
    group by source_name, stated_on, known_from, known_to
    union all
    select
        {{ with_gaps }}.night_load_id,
        {{ with_gaps }}.source_name,
        {{ with_gaps }}.known_from,
        {{ with_gaps }}.known_to
        {%- for names in groups.values() %}
        {%- for name in names %},
        case when {{ name }} is not null then 1 else 0 end as {{ name }}_count,
        coalesce({{ name }}_on, stated_on) as {{ name }}_on
        {%- endfor %}
        {%- endfor %}
    from {{ with_gaps }}
    left join {{ last_stated }}
        on
            {{ with_gaps }}.night_load_id = {{ last_stated }}.night_load_id
            and {{ with_gaps }}.source_name = {{ last_stated }}.told_by
            and {{ with_gaps }}.source_record_id = {{ last_stated }}.source_record_id
{%- endmacro %}


{# The day from which the values of a statement age: when they were collected, where the
   row says so, else since when they hold. #}
{% macro day_stated(delivered, state) -%}
    cast(coalesce({{ delivered }}.collected_at, {{ state }}.valid_from) as date)
{%- endmacro %}
