{# How a table is built upon what it was, within one transaction: by what its model is
   configured with (macros/touched_keys.sql), or by rows that are appended. A table's shape
   is that of its model when it was made, for changed models make all of them anew. #}

{# A table by keys. What touched keys were is dropped, and what they are is appended; where
   nothing was touched, the model is not asked at all. #}
{% macro build_touched_keys(target, by) -%}
    {%- set key = by.key | join(', ') -%}
    {% call statement("touched", fetch_result=true) -%}
        create or replace temporary table {{ touched_now(target) }} as
        select
            {{ key }}{{ ", cast(min(" ~ by.onward ~ ") as timestamp) as onward_from"
                if by.onward }}
        from ({{ _touched_of(target, by) }}) as touched
        group by {{ key }}
    {%- endcall %}
    {%- set is_touched = load_result("touched").table.columns[0].values()[0] -%}
    {% call statement("main") -%}
        {%- if is_touched %}
        {%- if by.is_compared or by.tells or by.is_kept or by.onward %}
        create or replace temporary table {{ before_now(target) }} as
        {{ _rows_told(target, by) }};
        {%- endif %}
        {%- if by.is_compared %}
        {{ _put_what_differs(target, by) }};
        {%- else %}
        {{ drop_touched(target, by) }};
        {{ appended(target, compiled_code) }};
        {{ go_on(target, _changed_of(target, by), by.key + by.tells) }};
        {%- endif %}
        drop table if exists {{ before_now(target) }};
        {%- endif %}
        {{ note_reads(target, by.reads) }};
        drop table {{ touched_now(target) }}
    {%- endcall %}
    {{ say_it_stands() if not is_touched }}
{%- endmacro %}

{# Of a table that is compared, only keys whose rows differ from what they were are put in
   their place, and told of. #}
{% macro _put_what_differs(target, by) -%}
    {%- set differing = _aside(target, '__differing') -%}
    create or replace temporary table {{ made_now(target) }} as
    select * from {{ target }} where false;
    {{ appended(made_now(target), compiled_code) }};
    create or replace temporary table {{ differing }} as
    {{ _difference("select * from " ~ made_now(target),
        "select * from " ~ before_now(target)) }};
    create or replace temporary table {{ touched_now(target) }} as
    select distinct {{ by.key | join(', ') }} from {{ differing }};
    {{ drop_touched(target, by) }};
    insert into {{ target }}
    select * from {{ made_now(target) }}
    where {{ default__has_touched_key(target, by.key | join(', ')) }};
    {{ go_on(target, "select * from " ~ differing, by.key + by.tells) }};
    drop table {{ made_now(target) }};
    drop table {{ differing }}
{%- endmacro %}

{# What touched keys were, of a table that is built onward from a moment on, is taken away. #}
{% macro drop_touched(target, by) -%}
    delete from {{ target }} where {{
        lasts_onward(target, by.key) if by.onward else has_touched_key(target, by.key)
    }}
{%- endmacro %}

{% macro _touched_of(target, by) -%}
    {%- set news = news_of_reads().is_new -%}
    {%- set selects = ["select * from " ~ target ~ " where false"] if not news else [] -%}
    {%- for read in by.reads if name_of_read(read) in news -%}
        {%- set columns = (read.get('columns') or by.key) | join(', ') -%}
        {%- do selects.append(
            "select * from (with changed as ("
            ~ changed_since(read, news[name_of_read(read)]) ~ ") "
            ~ (render(read.via) if read.via else "select " ~ columns ~ " from changed")
            ~ ") as touched (" ~ by.key | join(', ') ~ ")"
        ) -%}
    {%- endfor -%}
    {{ return(selects | join(' union all ')) }}
{%- endmacro %}

{# What the journal tells of: the touched keys, or their rows as they were and are. #}
{% macro _changed_of(target, by) -%}
    {%- set before = "select * from " ~ before_now(target) -%}
    {%- if by.tells -%}
    {{ _rows_told(target, by) }} union all {{ before }}
    {%- else -%}
    select * from {{ touched_now(target) }}
    {%- endif -%}
{%- endmacro %}

{% macro _rows_told(target, by) -%}
    {%- if by.onward -%}
    select built.*, onward_from
    from {{ target }} as built
    inner join {{ touched_now(target) }} as touched_key
        using ({{ by.key | join(', ') }})
    where onward_from >= built.valid_from and onward_from < built.valid_to
    {%- else -%}
    {%- set is_whole = by.is_compared or by.is_kept -%}
    select {{ '*' if is_whole else (by.key + by.tells) | join(', ') }}
    from {{ target }}
    where {{ has_touched_key(target, by.key) }}
    {%- endif -%}
{%- endmacro %}

{# Whether a row has a touched key. An engine that knows rows by their place reads the key
   alone of all of them. #}
{% macro has_touched_key(target, key) -%}
    {{ return(adapter.dispatch('has_touched_key')(target, key | join(', '))) }}
{%- endmacro %}

{% macro default__has_touched_key(target, key) -%}
    ({{ key }}) in (select {{ key }} from {{ touched_now(target) }})
{%- endmacro %}

{% macro duckdb__has_touched_key(target, key) -%}
    rowid in (
        select rowid from {{ target }} where {{ default__has_touched_key(target, key) }}
    )
{%- endmacro %}

{# Whether a row of a touched key lasts beyond the moment from which it is built. #}
{% macro lasts_onward(target, key) -%}
    {{ return(adapter.dispatch('lasts_onward')(target, key)) }}
{%- endmacro %}

{% macro default__lasts_onward(target, key) -%}
    exists (
        select 1 from {{ touched_now(target) }} as touched_key
        where
            {%- for column in key %}
            {{ target }}.{{ column }} = touched_key.{{ column }} and
            {%- endfor %}
            {{ target }}.valid_to > touched_key.onward_from
    )
{%- endmacro %}

{% macro duckdb__lasts_onward(target, key) -%}
    rowid in (
        select built.rowid from {{ target }} as built
        inner join {{ touched_now(target) }} as touched_key using ({{ key | join(', ') }})
        where built.valid_to > touched_key.onward_from
    )
{%- endmacro %}

{% macro _difference(one, other) -%}
    ({{ one }} except {{ other }}) union all ({{ other }} except {{ one }})
{%- endmacro %}


{# A table that is made whole, and keeps a journal. Where it is what it was, it stands. #}
{% macro build_compared(target, by) -%}
    {%- set told = "select " ~ by.told | join(', ') ~ " from " -%}
    {% call statement("main") -%}
        create or replace temporary table {{ made_now(target) }} as (
            {{ get_select_subquery(compiled_code) if config.get("contract").enforced
                else compiled_code }}
        )
    {%- endcall %}
    {% call statement("touched", fetch_result=true) -%}
        create or replace temporary table {{ touched_now(target) }} as
        select distinct {{ by.key | join(', ') }}
        from ({{ _difference(told ~ made_now(target), told ~ target) }}) as changed
    {%- endcall %}
    {%- set is_touched = load_result("touched").table.columns[0].values()[0] -%}
    {% call statement() -%}
        {%- if is_touched or by.told != ['*'] %}
        {{ replaced_table(target, "select * from " ~ made_now(target)) }}
        {{ go_on(target, "select * from " ~ touched_now(target), by.key) }};
        {%- endif %}
        drop table {{ made_now(target) }};
        drop table {{ touched_now(target) }}
    {%- endcall %}
    {{ say_it_stands() if not is_touched and by.told == ['*'] }}
{%- endmacro %}


{# A table to which rows are appended, those of the same key dropped before. #}
{% macro build_onto(target) -%}
    {%- set key = config.get("unique_key") -%}
    {% call statement("main") -%}
        {%- if not key %}
        {{ appended(target, compiled_code) }}
        {%- else %}
        {%- set columns = key if key is string else key | join(', ') %}
        create or replace temporary table {{ made_now(target) }} as (
            {{ compiled_code }}
        );
        delete from {{ target }} where ({{ columns }}) in (
            select {{ columns }} from {{ made_now(target) }}
        );
        {{ appended(target, "select * from " ~ made_now(target)) }};
        drop table {{ made_now(target) }}
        {%- endif %}
    {%- endcall %}
{%- endmacro %}


{# Says of a table that its build has written nothing in it, and no hook of its own either:
   what was checked of it need not be checked again (pipelines/standing.py). #}
{% macro say_it_stands() -%}
    {%- if not (pre_hooks or post_hooks) -%}
        {{ store_raw_result("main", message="STANDS", code=none, rows_affected=none) }}
    {%- endif -%}
{%- endmacro %}


{# What a build keeps aside while it lasts: the touched keys, what a table was, and what it
   is to be. #}
{% macro touched_now(table) %}{{ return(_aside(table, '__now')) }}{% endmacro %}
{% macro before_now(table) %}{{ return(_aside(table, '__before')) }}{% endmacro %}
{% macro made_now(table) %}{{ return(_aside(table, '__made')) }}{% endmacro %}

{% macro _aside(table, ending) -%}
    {{ return(api.Relation.create(identifier=table.identifier ~ ending)) }}
{%- endmacro %}
