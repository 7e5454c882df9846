{# How a table builds anew only the keys that something happened to. Beside the table lies
   a journal of the keys that its builds touched, and up to which build it has read the
   journals of others (macros/journals.sql); both change in the transaction in which the
   table does. So a night that is killed finds the same to do again, and no clock is asked.
   What is configured here is done by macros/building.sql.

   `reads` says what a table is made of, each a mapping:
   - `loads_of`: an input table, or one of a `source`, of which new loads are read;
   - `keys_of`: a table with a journal, of which touched keys are read;
   - `columns`: what of its rows tells the touched keys of this table, under the names of
     its own key; when not given, the key itself;
   - `via`: in place of `columns`, a query that tells them from `changed`: of `loads_of`
     the new rows, of `keys_of` the touched keys. It may read the table as it was, `this`.
   A table that is built whole, and one that reads such a one, begins a journal of another
   origin: whoever read the one before is built whole too. #}

{# What a model that is built by keys is configured with. Where it `is_compared`, only keys
   whose rows are not what they were count as touched: so what was built for nothing is
   not built again further on. `tells` are columns, never null, that the journal tells
   besides the key, of the rows before the build and after it: so who was the customer of
   a row is known, too. Of a table that `is_compared`, they are told of the rows alone that
   are new, gone or changed: a key may hold many. What rows were that are kept (`is_kept`),
   the model may read as `before_now(this)`. `onward` makes a table of stretches of time
   from a moment on: of each key from the least value of that column, which its reads tell
   too. What ended before it stays; what lasted until then is kept. #}
{% macro built_by_keys(
    key, reads, is_compared=false, tells=[], is_kept=false, onward=none
) -%}
    {#- What is read is made before: dbt is to know of it when it parses the model. #}
    {%- for read in reads if not execute -%}
        {%- do table_of_read(read) -%}
    {%- endfor -%}
    {{ return(_with_journal({
        'key': key, 'reads': reads, 'is_compared': is_compared, 'tells': tells,
        'is_kept': is_kept, 'onward': onward,
    })) }}
{%- endmacro %}

{# What a model is configured with that is made whole, but whose journal says what has
   changed: in any column, or in those that its readers take of it. #}
{% macro made_whole_with_journal(key, told=['*']) -%}
    {{ return(_with_journal({'key': key, 'told': told})) }}
{%- endmacro %}

{% macro _with_journal(kept) -%}
    {{ return({
        'materialized': 'incremental',
        'incremental_strategy': 'append',
        'on_schema_change': 'fail',
        'meta': {'journal': kept},
    }) }}
{%- endmacro %}


{# The rows that a build by keys is made of: those of touched keys, or all. `columns` are
   those of the rows that hold the key. #}
{% macro rows_of_touched_keys(rows, key, columns=none) -%}
    {%- if not is_built_by_key() -%}
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


{# The whole rows of a wide table whose key is among a `few`, of those that meet a condition;
   `rows` is its import. An engine that knows rows by their place reads of all the others,
   in a build by keys, the key and what the condition asks alone. #}
{% macro whole_rows_of(rows, table, few, key, condition) -%}
    {{ return(adapter.dispatch('whole_rows_of')(rows, table, few, key, condition)) }}
{%- endmacro %}

{% macro default__whole_rows_of(rows, table, few, key, condition) -%}
    select * from {{ rows }} where {{ _is_among(few, key) }} and {{ condition }}
{%- endmacro %}

{% macro duckdb__whole_rows_of(rows, table, few, key, condition) -%}
    {%- if not is_built_by_key() -%}
    {{ default__whole_rows_of(rows, table, few, key, condition) }}
    {%- else -%}
    select * from {{ ref(table) }} where rowid in (
        select rowid from {{ ref(table) }}
        where {{ _is_among(few, key) }} and {{ condition }}
    )
    {%- endif -%}
{%- endmacro %}

{% macro _is_among(few, key) -%}
    ({{ key | join(', ') }}) in (select {{ key | join(', ') }} from {{ few }})
{%- endmacro %}


{# Whether the model at hand can be built by keys: it was built before, and each journal
   that it reads goes on from where it was read. #}
{% macro is_built_by_key() -%}
    {{ return(execute and news_of_reads().goes_on) }}
{%- endmacro %}
