{# How a table builds anew only the keys that something happened to. Beside the table lies
   a journal of the keys that each of its builds touched, and up to which build it has
   read the journals of others; both change in the transaction in which the table does.
   So a night that is killed finds the same to do again, and no clock is asked.

   `reads` says what a table is made of, each a mapping:
   - `loads_of`: an input table, of which new loads are read;
   - `keys_of`: a table with a journal, of which touched keys are read;
   - `columns`: what of its rows tells the touched keys of this table, under the names of
     its own key; when not given, the key itself;
   - `via`: in place of `columns`, a query that tells them from `changed`: of `loads_of`
     the new rows, of `keys_of` the touched keys. It may read the table as it was, `this`.
   A table that is built whole, and one that reads such a one, begins a journal of another
   origin: whoever read the one before is built whole too. #}

{# What a model that is built by keys is configured with; and one that is made whole, but
   whose journal says what has changed. #}
{% macro built_by_keys(key, reads, is_compared=false, tells=[]) -%}
    {{ return(_appended(
        before_touched_keys(key, reads, is_compared, tells),
        after_touched_keys(key, reads, is_compared, tells)
    )) }}
{%- endmacro %}

{% macro made_whole_with_journal(key, told=['*']) -%}
    {{ return(_appended(before_journal(told), after_journal(key, told))) }}
{%- endmacro %}

{% macro _appended(before, after) -%}
    {{ return({
        'materialized': 'incremental',
        'incremental_strategy': 'append',
        'on_schema_change': 'fail',
        'pre_hook': before,
        'post_hook': after,
    }) }}
{%- endmacro %}


{# The hook before the build: finds the touched keys and drops their rows. Where the table
   `is_compared`, they are kept aside until it is built. `tells` are columns, never null,
   that the journal tells besides the key, of the rows before the build and after it: so
   who was the customer of a row is known, too. Of a table that `is_compared`, they are told
   of the rows alone that are new, gone or changed: a key may hold many. #}
{% macro before_touched_keys(key, reads, is_compared=false, tells=[]) -%}
    {%- set selects = [] -%}
    {%- for read in reads -%}
        {%- do selects.append(_touched_by(key, read)) -%}
    {%- endfor -%}
    {{ return(
        "{% if is_built_by_key(" ~ _journals(reads) ~ ") %}"
        ~ "create or replace table {{ touched_now(this) }} as select distinct "
        ~ key | join(', ') ~ " from (" ~ selects | join(' union all ') ~ ") as touched; "
        ~ ("{{ keep_keys(this, " ~ key | tojson ~ ") }}; " if is_compared else "")
        ~ ("create or replace table {{ told_now(this) }} as " ~ _told_of_keys(key, tells)
            ~ "; " if tells and not is_compared else "")
        ~ "{{ drop_keys(this, touched_now(this), " ~ key | tojson ~ ") }}"
        ~ "{% else %}{{ empty_table(this) }}{% endif %}"
    ) }}
{%- endmacro %}

{% macro _journals(reads) -%}
    {{ return(reads | map(attribute='keys_of') | select('string') | list | tojson) }}
{%- endmacro %}

{% macro _touched_by(key, read) -%}
    {%- set table = read.get('loads_of') or read.get('keys_of') -%}
    {%- set new = "{{ new_loads(this, '" ~ table ~ "', ref('" ~ table ~ "')) }}"
        if 'loads_of' in read
        else "{{ new_keys(this, '" ~ table ~ "', ref('" ~ table ~ "')) }}" -%}
    {%- set columns = (read.get('columns') or key) | join(', ') -%}
    {{ return(
        "select * from (with changed as (" ~ new ~ ") "
        ~ read.get('via', 'select ' ~ columns ~ ' from changed') ~ ") as touched"
    ) }}
{%- endmacro %}


{# The hook after the build: notes what was touched, and what was read. Where the table
   `is_compared`, only keys whose rows are not what they were count as touched: so what
   was built for nothing is not built again further on. #}
{% macro after_touched_keys(key, reads, is_compared=false, tells=[]) -%}
    {%- set notes = [] -%}
    {%- for read in reads -%}
        {%- set table = read.get('loads_of') or read.get('keys_of') -%}
        {%- set kind = 'note_loads' if 'loads_of' in read else 'note_journal' -%}
        {%- do notes.append(
            "{{ " ~ kind ~ "('" ~ table ~ "', ref('" ~ table ~ "')) }}"
        ) -%}
    {%- endfor -%}
    {{ return(
        "{% if is_built_by_key(" ~ _journals(reads) ~ ") %}"
        ~ ("{{ leave_changed_keys(this, " ~ key | tojson ~ ", " ~ tells | tojson ~ ") }}; "
            if is_compared else "")
        ~ ("create or replace table {{ touched_now(this) }} as "
            ~ _told_of_keys(key, tells) ~ " union " ~ _told_before(key)
            ~ "; drop table {{ told_now(this) }}; " if tells and not is_compared else "")
        ~ "{{ go_on(this, touched_now(this), " ~ (key + tells) | tojson ~ ") }}"
        ~ "{% else %}{{ begin_journal(this, " ~ (key + tells) | tojson ~ ") }}{% endif %};"
        ~ "create or replace table {{ noted(this) }} as "
        ~ notes | unique | join(' union all ')
    ) }}
{%- endmacro %}

{% macro _told_of_keys(key, tells) -%}
    {{ return(
        "select distinct " ~ (key + tells) | join(', ') ~ " from {{ this }}"
        ~ " inner join {{ touched_now(this) }} as touched_key using ("
        ~ key | join(', ') ~ ")"
    ) }}
{%- endmacro %}

{% macro _told_before(key) -%}
    {{ return(
        "select told.* from {{ told_now(this) }} as told"
        ~ " inner join {{ touched_now(this) }} as touched_key using ("
        ~ key | join(', ') ~ ")"
    ) }}
{%- endmacro %}


{# The hooks of a table that is made whole, but whose journal says what has changed: in any
   column, or in those that its readers take of it. #}
{% macro before_journal(told=['*']) -%}
    {{ return(
        "{% if is_incremental() %}create or replace table {{ before_now(this) }} as "
        ~ "select " ~ told | join(', ') ~ " from {{ this }}; {{ empty_table(this) }}"
        ~ "{% endif %}"
    ) }}
{%- endmacro %}

{% macro after_journal(key, told=['*']) -%}
    {%- set columns = key | join(', ') -%}
    {%- set now = "select " ~ told | join(', ') ~ " from {{ this }}" -%}
    {%- set before = "select * from {{ before_now(this) }}" -%}
    {{ return(
        "{% if is_incremental() and load_relation(head(this)) %}"
        ~ "create or replace table {{ touched_now(this) }} as select distinct " ~ columns
        ~ " from ((" ~ now ~ " except " ~ before ~ ")"
        ~ " union all (" ~ before ~ " except " ~ now ~ ")"
        ~ ") as changed; {{ go_on(this, touched_now(this), " ~ key | tojson ~ ") }}"
        ~ "{% else %}{{ begin_journal(this, " ~ key | tojson ~ ") }}{% endif %}"
        ~ "; drop table if exists {{ before_now(this) }}"
    ) }}
{%- endmacro %}


{# The rows that a build by keys is made of: those of touched keys, or all. `columns` are
   those of the rows that hold the key. #}
{% macro rows_of_touched_keys(rows, key, reads, columns=none) -%}
    {%- if not is_built_by_key(reads | map(attribute='keys_of') | select('string') | list) -%}
    select * from {{ rows }}
    {%- else -%}
    select {{ rows }}.*
    from {{ rows }}
    inner join {{ touched_now(this) }} as touched_key
        on
            {%- for column in key %}
            {{ rows }}.{{ (columns or key)[loop.index0] }} = touched_key.{{ column }}
            {{- " and" if not loop.last }}
            {%- endfor %}
    {%- endif -%}
{%- endmacro %}


{# Whether a table can be built by keys: it was built before, and each journal that it reads
   goes on from where it was read. `journals` are names of models. #}
{% macro is_built_by_key(journals) -%}
    {%- if not (execute and is_incremental() and load_relation(noted(this))) -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set heads = [] -%}
    {%- for journal in journals | unique -%}
        {%- set read = ref(journal) -%}
        {%- if not load_relation(head(read)) -%}
            {{ return(false) }}
        {%- endif -%}
        {%- do heads.append(note_journal(journal, read)) -%}
    {%- endfor -%}
    {%- if not heads -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set found = run_query(
        "select count(*) from " ~ noted(this) ~ " as noted inner join ("
        ~ heads | join(" union all ") ~ ") as head on noted.table_name = head.table_name"
        ~ " and noted.origin = head.origin where noted.build_number"
        ~ " >= head.build_number - " ~ builds_kept()
    ) -%}
    {{ return(found.columns[0].values()[0] == heads | length) }}
{%- endmacro %}


{# What came to an input table, or was touched in a table with a journal, since it was read.
   The bound of loads is a number in the query, so that older ones are not even read. #}
{% macro new_loads(table, name, read) -%}
    {%- set found = run_query(
        "select build_number from " ~ noted(table) ~ " where table_name = '" ~ name ~ "'"
    ) -%}
    select * from {{ read }} where load_id > {{ found.columns[0].values()[0] }}
{%- endmacro %}

{% macro new_keys(table, name, read) -%}
    select *
    from {{ journal(read) }}
    where build_number > (
        select build_number from {{ noted(table) }} where table_name = '{{ name }}'
    )
{%- endmacro %}


{# The rows of keys, or all rows of a table, are taken away. #}
{% macro drop_keys(table, keys, key) -%}
    delete from {{ table }} where
    {% if key | length > 1 %}({{ key | join(', ') }}){% else %}{{ key[0] }}{% endif %} in (
        select {{ key | join(', ') }} from {{ keys }}
    )
{%- endmacro %}

{% macro keep_keys(table, key) -%}
    create or replace table {{ before_now(table) }} as {{ _rows_of_keys(table, key) }}
{%- endmacro %}

{% macro leave_changed_keys(table, key, tells) -%}
    create or replace table {{ touched_now(table) }} as
    select distinct {{ (key + tells) | join(', ') }}
    from (
        ({{ _rows_of_keys(table, key) }} except select * from {{ before_now(table) }})
        union all
        (select * from {{ before_now(table) }} except {{ _rows_of_keys(table, key) }})
    ) as changed;
    drop table {{ before_now(table) }}
{%- endmacro %}

{% macro _rows_of_keys(table, key) -%}
    select built.*
    from {{ table }} as built
    inner join {{ touched_now(table) }} as touched_key
        on
            {%- for column in key %}
            built.{{ column }} = touched_key.{{ column }}{{ " and" if not loop.last }}
            {%- endfor %}
{%- endmacro %}

{% macro empty_table(table) -%}
    {%- if is_incremental() -%} delete from {{ table }} {%- endif -%}
{%- endmacro %}


{# A journal begins anew: no build before it can be told from it. #}
{% macro begin_journal(table, key) -%}
    create or replace table {{ head(table) }} as
    select cast(uuid() as {{ dbt.type_string() }}) as origin, 1 as build_number;
    create or replace table {{ journal(table) }} as
    select {{ key | join(', ') }}, 1 as build_number from {{ table }} where false
{%- endmacro %}

{% macro go_on(table, touched, key) -%}
    insert into {{ journal(table) }}
    select {{ key | join(', ') }}, head.build_number + 1
    from {{ touched }} cross join {{ head(table) }} as head;
    update {{ head(table) }} set build_number = build_number + 1;
    delete from {{ journal(table) }} where build_number <= (
        select build_number - {{ builds_kept() }} from {{ head(table) }}
    );
    drop table {{ touched }}
{%- endmacro %}

{% macro note_loads(name, read) -%}
    select
        '{{ name }}' as table_name, '' as origin, coalesce(max(load_id), 0) as build_number
    from {{ read }}
{%- endmacro %}

{% macro note_journal(name, read) -%}
    select '{{ name }}' as table_name, origin, build_number from {{ head(read) }}
{%- endmacro %}


{# How many builds a journal tells of: who has read none of them is built whole. #}
{% macro builds_kept() %}{{ return(30) }}{% endmacro %}


{# Where it is noted which keys each build touched, the last build, what was read, which
   keys a build touches, and what a table was before it. #}
{% macro journal(table) %}{{ return(_beside(table, '__touched')) }}{% endmacro %}
{% macro head(table) %}{{ return(_beside(table, '__head')) }}{% endmacro %}
{% macro noted(table) %}{{ return(_beside(table, '__noted')) }}{% endmacro %}
{% macro touched_now(table) %}{{ return(_beside(table, '__now')) }}{% endmacro %}
{% macro told_now(table) %}{{ return(_beside(table, '__told')) }}{% endmacro %}
{% macro before_now(table) %}{{ return(_beside(table, '__before')) }}{% endmacro %}

{% macro _beside(table, ending) -%}
    {{ return(api.Relation.create(
        database=table.database, schema='intermediate',
        identifier=table.identifier ~ ending
    )) }}
{%- endmacro %}
