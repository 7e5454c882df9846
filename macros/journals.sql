{# The journal of a table, and what others read of it. Three tables lie beside it: which
   keys each build touched, its last build, and up to where it has read what it is made of
   (macros/touched_keys.sql). #}
{% macro journal(table) %}{{ return(_beside(table, '__touched')) }}{% endmacro %}
{% macro head(table) %}{{ return(_beside(table, '__head')) }}{% endmacro %}
{% macro noted(table) %}{{ return(_beside(table, '__noted')) }}{% endmacro %}

{% macro _beside(table, ending) -%}
    {{ return(api.Relation.create(
        database=table.database, schema='intermediate',
        identifier=table.identifier ~ ending
    )) }}
{%- endmacro %}


{# How many builds a journal tells of: who has read none of them is built whole. #}
{% macro builds_kept() %}{{ return(30) }}{% endmacro %}


{# What the model at hand finds in what it reads: whether all of it `goes_on` from where it
   was read, and those reads of which anything `is_new`, each with the last build or load
   that was read. It is asked once a build, and answers until the build is over. #}
{% macro news_of_reads() -%}
    {%- set found = graph.setdefault('news of ' ~ invocation_id, {}) -%}
    {%- if model.unique_id not in found -%}
        {%- do found.update({model.unique_id: _asked_of_reads()}) -%}
    {%- endif -%}
    {{ return(found[model.unique_id]) }}
{%- endmacro %}

{% macro _asked_of_reads() -%}
    {%- if not (is_incremental() and load_relation(noted(this))) -%}
        {{ return({'goes_on': false, 'is_new': {}}) }}
    {%- endif -%}
    {%- set read_until = {} -%}
    {%- set lost = [] -%}
    {%- for row in run_query(
        "select head.table_name, noted.build_number, head.build_number > noted.build_number,"
        ~ " head.origin = noted.origin and (head.origin = ''"
        ~ " or noted.build_number >= head.build_number - " ~ builds_kept() ~ ")"
        ~ " from (" ~ heads_of(config.get('meta').journal.reads) ~ ") as head left join "
        ~ noted(this) ~ " as noted on head.table_name = noted.table_name"
    ).rows -%}
        {%- if not row[3] -%}{%- do lost.append(row[0]) -%}{%- endif -%}
        {%- if row[2] -%}{%- do read_until.update({row[0]: row[1]}) -%}{%- endif -%}
    {%- endfor -%}
    {{ return({'goes_on': not lost, 'is_new': read_until}) }}
{%- endmacro %}


{# How far what a table reads has come: the last build of each journal, and of each input
   its last load, which has no origin. #}
{% macro heads_of(reads) -%}
    {%- set heads = [] -%}
    {%- for read in reads -%}
        {%- set name = name_of_read(read) -%}
        {%- do heads.append(
            "select '" ~ name ~ "' as table_name, " ~ (
                "'' as origin, coalesce(max(load_id), 0) as build_number from "
                ~ table_of_read(read)
                if 'loads_of' in read
                else "origin, build_number from " ~ head(table_of_read(read))
            )
        ) -%}
    {%- endfor -%}
    {{ return(heads | unique | join(' union all ')) }}
{%- endmacro %}

{% macro name_of_read(read) -%}
    {{ return(read.get('loads_of') or read.get('keys_of')) }}
{%- endmacro %}

{% macro table_of_read(read) -%}
    {%- set name = name_of_read(read) -%}
    {{ return(source(read.source, name) if 'source' in read else ref(name)) }}
{%- endmacro %}

{# Notes how far all that a table reads was read. #}
{% macro note_reads(table, reads) -%}
    create or replace table {{ noted(table) }} as {{ heads_of(reads) }}
{%- endmacro %}


{# What came to an input table, or was touched in a table with a journal, since it was read.
   The bound is a number in the query, so that older loads are not even read. #}
{% macro changed_since(read, number) -%}
    {%- set table = table_of_read(read) -%}
    {%- if 'loads_of' in read -%}
    select * from {{ table }} where load_id > {{ number }}
    {%- else -%}
    select * from {{ journal(table) }} where build_number > {{ number }}
    {%- endif -%}
{%- endmacro %}


{# A journal begins anew: no build before it can be told from it. #}
{% macro begin_journal(table, columns) -%}
    create or replace table {{ head(table) }} as
    select cast(uuid() as {{ dbt.type_string() }}) as origin, 1 as build_number;
    create or replace table {{ journal(table) }} as
    select {{ columns | join(', ') }}, 1 as build_number from {{ table }} where false
{%- endmacro %}

{# A journal goes on, where anything was touched; else it stands as it was. #}
{% macro go_on(table, touched, columns) -%}
    insert into {{ journal(table) }}
    select touched.*, head.build_number + 1
    from (
        select distinct {{ columns | join(', ') }} from ({{ touched }}) as told
    ) as touched
    cross join {{ head(table) }} as head;
    update {{ head(table) }} set build_number = build_number + 1
    where build_number < (select max(build_number) from {{ journal(table) }});
    delete from {{ journal(table) }} where build_number <= (
        select build_number - {{ builds_kept() }} from {{ head(table) }}
    )
{%- endmacro %}
