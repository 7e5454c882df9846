{# Rectangles of valid and known time: rows with `valid_from`, `valid_to`, `known_from`
   and `known_to`, half-open. Each macro yields common table expressions whose names
   begin with that of the rows they read.

   Cuts the rows at every moment at which the knowledge of their group changes: in
   `..._in_slabs` the rows of one group and `slab_from` are known over the same range. #}
{% macro known_slabs(rows, group) -%}
{{ rows }}_turns as (
    select
        {{ group }},
        known_from as turned_at
    from {{ rows }}
    union distinct
    select
        {{ group }},
        known_to as turned_at
    from {{ rows }}
),

{{ rows }}_slabs as (
    select
        {{ group }},
        turned_at as slab_from,
        lead(turned_at) over (
            partition by {{ group }} order by turned_at nulls first
        ) as slab_to
    from {{ rows }}_turns
),

{{ rows }}_in_slabs as (
    select
        {{ rows }}.*,
        {{ rows }}_slabs.slab_from,
        {{ rows }}_slabs.slab_to
    from {{ rows }}
    inner join {{ rows }}_slabs
        on
            {{ rows }}.{{ group }} = {{ rows }}_slabs.{{ group }}
            and {{ rows }}.known_from <= {{ rows }}_slabs.slab_from
            and {{ rows }}.known_to > {{ rows }}_slabs.slab_from
)
{%- endmacro %}


{# How many of the rows of `known_slabs` hold at one moment of valid time, at most: the
   column `most_at_once` of `..._peaks`, per group and `slab_from`. #}
{% macro most_at_once(rows, group) -%}
{{ rows }}_steps as (
    select
        {{ group }},
        slab_from,
        valid_from as step_at,
        1 as step
    from {{ rows }}_in_slabs
    union all
    select
        {{ group }},
        slab_from,
        valid_to as step_at,
        -1 as step
    from {{ rows }}_in_slabs
),

{{ rows }}_net_steps as (
    select
        {{ group }},
        slab_from,
        step_at,
        sum(step) as step
    from {{ rows }}_steps
    group by {{ group }}, slab_from, step_at
),

{{ rows }}_levels as (
    select
        {{ group }},
        slab_from,
        sum(step) over (
            partition by {{ group }}, slab_from
            order by step_at nulls first
            rows between unbounded preceding and current row
        ) as row_level
    from {{ rows }}_net_steps
),

{{ rows }}_peaks as (
    select
        {{ group }},
        slab_from,
        cast(max(row_level) as integer) as most_at_once
    from {{ rows }}_levels
    group by {{ group }}, slab_from
)
{%- endmacro %}


{# Cuts the rows of `known_slabs` at every moment at which their group changes in valid
   time: the rows of `..._in_cells` of one group either share a whole rectangle, now
   their own, or no moment of it. #}
{% macro valid_cells(rows, group, columns) -%}
{{ rows }}_moments as (
    select
        {{ group }},
        slab_from,
        valid_from as moment
    from {{ rows }}_in_slabs
    union distinct
    select
        {{ group }},
        slab_from,
        valid_to as moment
    from {{ rows }}_in_slabs
),

{{ rows }}_cells as (
    select
        {{ group }},
        slab_from,
        moment as cell_from,
        lead(moment) over (
            partition by {{ group }}, slab_from order by moment nulls first
        ) as cell_to
    from {{ rows }}_moments
),

{{ rows }}_in_cells as (
    select
        {{ rows }}_in_slabs.{{ group }},
        {%- for column in columns %}
        {{ rows }}_in_slabs.{{ column }},
        {%- endfor %}
        {{ rows }}_cells.cell_from as valid_from,
        {{ rows }}_cells.cell_to as valid_to,
        {{ rows }}_in_slabs.slab_from as known_from,
        {{ rows }}_in_slabs.slab_to as known_to
    from {{ rows }}_in_slabs
    inner join {{ rows }}_cells
        on
            {{ rows }}_in_slabs.{{ group }} = {{ rows }}_cells.{{ group }}
            and {{ rows }}_in_slabs.slab_from = {{ rows }}_cells.slab_from
            and {{ rows }}_in_slabs.valid_from <= {{ rows }}_cells.cell_from
            and {{ rows }}_in_slabs.valid_to > {{ rows }}_cells.cell_from
)
{%- endmacro %}


{# Joins rectangles that touch and say the same: in valid time where they are known over
   the same range, then in known time where they hold over the same range. The rows of
   one set of values must not overlap. Only the rows of an entity can touch each other,
   and what has one row is left alone, for most have. Yields `..._joined`. #}
{% macro joined_rectangles(rows, entity, values) -%}
{{ rows }}_counts as (
    select
        {{ entity }},
        count(*) as row_count
    from {{ rows }}
    group by {{ entity }}
),

{{ rows }}_counted as (
    select
        {{ rows }}.*,
        {{ rows }}_counts.row_count
    from {{ rows }}
    inner join {{ rows }}_counts
        on {{ rows }}.{{ entity }} = {{ rows }}_counts.{{ entity }}
),

{{ rows }}_many as (
    select *
    from {{ rows }}_counted
    where row_count > 1
),

{{ _joined(rows ~ '_many', rows ~ '_along', values, 'valid', 'known') }},

{{ _joined(rows ~ '_along', rows ~ '_across', values, 'known', 'valid') }},

{{ rows }}_joined as (
    select
        {{ values | join(',\n        ') }},
        valid_from,
        valid_to,
        known_from,
        known_to
    from {{ rows }}_across
    union all
    select
        {{ values | join(',\n        ') }},
        valid_from,
        valid_to,
        known_from,
        known_to
    from {{ rows }}_counted
    where row_count = 1
)
{%- endmacro %}

{% macro _joined(rows, result, values, axis, other) -%}
{%- set together = values + [other ~ '_from', other ~ '_to'] -%}
{%- set first_day = "timestamp '1900-01-01'" -%}
{{ rows }}_runs as (
    -- Of a run without gaps the end, less what all up to it lasts, stays the same.
    select
        {{ (together + [axis ~ '_from', axis ~ '_to']) | join(',\n        ') }},
        {{ dbt.datediff(first_day, axis ~ '_to', 'microsecond') }}
        - sum({{ dbt.datediff(axis ~ '_from', axis ~ '_to', 'microsecond') }}) over (
            partition by {{ together | join(', ') }}
            order by {{ axis }}_from nulls first
            rows between unbounded preceding and current row
        ) as run_number
    from {{ rows }}
),

{{ result }} as (
    select
        {{ together | join(',\n        ') }},
        min({{ axis }}_from) as {{ axis }}_from,
        max({{ axis }}_to) as {{ axis }}_to
    from {{ rows }}_runs
    group by {{ together | join(', ') }}, run_number
)
{%- endmacro %}


{# The part that two rectangles share, as four columns; they overlap where
   `rectangles_overlap` says so. #}
{% macro shared_rectangle(left, right) -%}
        greatest({{ left }}.valid_from, {{ right }}.valid_from) as valid_from,
        least({{ left }}.valid_to, {{ right }}.valid_to) as valid_to,
        greatest({{ left }}.known_from, {{ right }}.known_from) as known_from,
        least({{ left }}.known_to, {{ right }}.known_to) as known_to
{%- endmacro %}

{% macro rectangles_overlap(left, right) -%}
            {{ left }}.valid_from < {{ right }}.valid_to
            and {{ left }}.valid_to > {{ right }}.valid_from
            and {{ left }}.known_from < {{ right }}.known_to
            and {{ left }}.known_to > {{ right }}.known_from
{%- endmacro %}
