{# How a fact builds anew only the rows that something happened to. Beside each fact lies
   what it was built from: the states of its members (int_fact__members), in a table that
   changes in the transaction in which the fact does. So a night that is killed leaves
   both as they were, and the next finds the same to do; no clock and no load is asked. #}

{# The rows of an event that are to be built: on a first build all; later those that the
   fact lacks or holds of another load, those of which a compared column changed, and
   those that point at a member whose state is not the one the fact was built from.
   `members` are types of int_fact__members at whose `<type>_source_name` and
   `<type>_record_id` the event points, besides its party record and customer; `compared`
   maps columns of the fact to expressions of the event. #}
{% macro touched_rows(
    event, key, members, compared={}, party=['party_source_name', 'party_record_id']
) -%}
    {%- set states = ref('int_fact__members') -%}
    {%- set is_noted = is_incremental() and load_relation(seen_members(this)) -%}
    {%- if not is_noted -%}
    select * from {{ event }}
    {%- else -%}
    {%- set seen = seen_members(this) -%}
    {%- set ids = {
        'record': member_id(event ~ '.' ~ party[0], event ~ '.' ~ party[1]),
        'customer': event ~ '.customer_id',
    } -%}
    {%- for type in members -%}
        {%- do ids.update({type: member_id(
            event ~ '.' ~ type ~ '_source_name', event ~ '.' ~ type ~ '_record_id'
        )}) -%}
    {%- endfor -%}
    select {{ event }}.*
    from {{ event }}
    left join {{ this }} as built on {{ event }}.{{ key }} = built.{{ key }}
    {%- for member_type, member_id in ids.items() %}
    left join (
        select member_id
        from (
            (select * from {{ states }} except select * from {{ seen }})
            union all
            (select * from {{ seen }} except select * from {{ states }})
        ) as changed
        where member_type = '{{ member_type }}'
        group by member_id
    ) as touched_{{ member_type }}
        on {{ member_id }} = touched_{{ member_type }}.member_id
    {%- endfor %}
    where
        built.{{ key }} is null
        or built.load_key <> cast({{ event }}.load_id as {{ dbt.type_string() }})
        {%- for column, expression in compared.items() %}
        or built.{{ column }} is distinct from {{ expression }}
        {%- endfor %}
        {%- for member_type in ids %}
        or touched_{{ member_type }}.member_id is not null
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}


{# The hook that a fact runs in the transaction of its build: drops the rows that its
   event no longer has, and notes from which states of its members it was built. #}
{% macro after_touched(event, key) -%}
    {{ return(
        "{{ drop_gone(this, ref('" ~ event ~ "'), '" ~ key ~ "') }};"
        ~ "{{ note_members(this, ref('int_fact__members')) }}"
    ) }}
{%- endmacro %}

{% macro drop_gone(fact, event, key) -%}
    delete from {{ fact }} as built
    where not exists (
        select 1 from {{ event }} as event where event.{{ key }} = built.{{ key }}
    )
{%- endmacro %}

{% macro note_members(fact, states) -%}
    create or replace table {{ seen_members(fact) }} as select * from {{ states }}
{%- endmacro %}


{# The rows of a fact without a customer that are to be built: on a first build all, later
   those that the fact lacks, or of which a column of `compared` is not what it was. #}
{% macro changed_rows(rows, key, compared) -%}
    {%- if not is_incremental() -%}
    select * from {{ rows }}
    {%- else -%}
    select {{ rows }}.*
    from {{ rows }}
    left join {{ this }} as built on {{ rows }}.{{ key }} = built.{{ key }}
    where
        built.{{ key }} is null
        {%- for column in compared %}
        or built.{{ column }} <> {{ rows }}.{{ column }}
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}


{# The hook that such a fact runs in the transaction of its build: drops the rows that its
   event no longer has. #}
{% macro after_changed(event, key) -%}
    {{ return("{{ drop_gone(this, ref('" ~ event ~ "'), '" ~ key ~ "') }}") }}
{%- endmacro %}


{# Where it is noted from which states of its members a fact was built. #}
{% macro seen_members(fact) -%}
    {{ return(api.Relation.create(
        database=fact.database, schema='intermediate', identifier=fact.identifier ~ '__seen'
    )) }}
{%- endmacro %}


{# The id of a member within its type: its source and record. #}
{% macro member_id(source_name, record_id) -%}
    {{ source_name }} || '|' || {{ record_id }}
{%- endmacro %}
