{# Who is followed over the web: a browser or app, else who is signed in, else a visit as the
   tracker counts it. Never null. #}
{% macro visitor_id() -%}
    coalesce(
            'visitor ' || visitor_code,
            'record ' || party_source_name || ' ' || party_record_id,
            'session ' || session_code,
            'event ' || web_event_record_id
        )
{%- endmacro %}


{# What the events of visitors are made of, as a table built by keys `reads` it. An event
   that is stated anew may have been another visitor's before. #}
{% macro reads_of_visitors() -%}
    {{ return([
        {'loads_of': 'input_web_event', 'via': "
            select source_name, {{ visitor_id() }} as visitor_id from changed
            union all
            select built.source_name, built.visitor_id
            from {{ this }} as built
            inner join changed
                on built.web_event_key = {{ surrogate_key([
                    'changed.source_name', 'changed.web_event_record_id'
                ]) }}
        "},
        {'keys_of': 'int_customer__links', 'via': "
            select built.source_name, built.visitor_id
            from {{ this }} as built
            inner join changed
                on
                    built.party_source_name = changed.source_name
                    and built.party_record_id = changed.source_record_id
        "},
    ]) }}
{%- endmacro %}


{# What their visits are made of: what is left in a cart has a price. #}
{% macro reads_of_visits() -%}
    {{ return([
        {'keys_of': 'int_web_event__visits'},
        {'keys_of': 'int_product__versions', 'via': "
            select event.source_name, event.visitor_id
            from {{ ref('int_web_event__visits') }} as event
            inner join changed
                on
                    event.product_source_name = changed.source_name
                    and event.product_record_id = changed.product_record_id
            where event.event_type_code in ('cart_add', 'cart_remove')
        "},
    ]) }}
{%- endmacro %}


{# All rows of the records of which a row is a touched visitor's: the last of them says
   whose the record is. It is looked up in the input itself, for a CTE that is read twice
   would be kept whole. #}
{% macro rows_of_touched_visitors(rows) -%}
    {%- if is_built_by_key() -%}
    select *
    from {{ rows }}
    where (source_name, web_event_record_id) in (
        select
            followed.source_name,
            followed.web_event_record_id
        from (
            select
                source_name,
                web_event_record_id,
                {{ visitor_id() }} as visitor_id
            from {{ ref('input_web_event') }}
        ) as followed
        inner join {{ touched_now(this) }} as touched_key
            on
                followed.source_name = touched_key.source_name
                and followed.visitor_id = touched_key.visitor_id
    )
    {%- else -%}
    select * from {{ rows }}
    {%- endif -%}
{%- endmacro %}
