{# The tables that are delivered whole each time, as `source.table`, in order. Empty while
   dbt parses. #}
{% macro snapshot_tables() -%}
    {%- set tables = [] -%}
    {%- if execute -%}
        {%- for node in graph.get('sources', {}).values() -%}
            {%- if node.config.meta.get('contract', {}).get('delivery') == 'full' -%}
                {%- do tables.append(node.source_name ~ '.' ~ node.name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(tables | sort) -}}
{%- endmacro %}


{# Whether a row of a snapshot says the same as the row before it in the window. Raw keeps
   of a snapshot what is new; but one that came before an earlier one was new when it
   came. `loads` is the ledger, joined by left join. #}
{% macro is_said_again(delivered, loads, window) -%}
    coalesce(
        concat_ws('.', {{ loads }}.source_name, {{ loads }}.table_name) in (
            '_none'{% for table in snapshot_tables() %}, '{{ table }}'{% endfor %}
        )
        and {{ delivered }}.record_hash = lag({{ delivered }}.record_hash) over {{ window }}
        and {{ delivered }}.is_deleted = lag({{ delivered }}.is_deleted) over {{ window }},
        false
    )
{%- endmacro %}


{# The rows of each record that had come in by each load that speaks of it; `epochs` has a
   row per record and such load. `loads` is the ledger. #}
{% macro heard_rows(delivered, epochs, loads) -%}
    select
        {{ delivered }}.source_name,
        {{ delivered }}.source_record_id,
        {{ delivered }}.load_id,
        {{ delivered }}.load_row,
        {{ delivered }}.delivered_on,
        {{ delivered }}.valid_from,
        {{ epochs }}.load_id as heard_by_load_id,
        {{ epochs }}.known_from,
        {{ epochs }}.known_to,
        {{ epochs }}.has_gaps,
        {{ is_said_again(delivered, loads, 'words') }} as is_said_again
    from {{ epochs }}
    inner join {{ delivered }}
        on
            {{ epochs }}.source_name = {{ delivered }}.source_name
            and {{ epochs }}.source_record_id = {{ delivered }}.source_record_id
            and {{ epochs }}.load_id >= {{ delivered }}.load_id
    left join {{ loads }} on {{ delivered }}.load_id = {{ loads }}.load_id
    window
        words as (
            partition by
                {{ epochs }}.source_name, {{ epochs }}.source_record_id,
                {{ epochs }}.load_id
            order by
                {{ delivered }}.valid_from nulls first,
                {{ delivered }}.delivered_on nulls first,
                {{ delivered }}.load_id nulls first,
                {{ delivered }}.load_row nulls first
        )
{%- endmacro %}
