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


{# An event by one number, which is short where its record id is long. #}
{% macro event_number() -%}
    load_id * 1000000000 + load_row
{%- endmacro %}


{# `visited`: of each event by its number the place among those of its visitor, the number
   of the event that signs its visitor in, and the record of the one that opened its visit.
   Only what tells the order is put in order: whole events would outgrow memory. Reads
   `rules`; `rows` are events with `visitor_id`. #}
{% macro visited(rows) -%}
ordered as (
    select
        source_name,
        visitor_id,
        web_event_record_id,
        {{ event_number() }} as event_number,
        case when party_record_id is not null then {{ event_number() }} end
            as person_number,
        coalesce(occurred_at, valid_from) as happened_at
    from {{ rows }}
),

followed as (
    -- Whoever signed in last is still there; before that, who comes to sign in.
    select
        web_event_record_id,
        event_number,
        happened_at,
        first_value(event_number) over so_far as visitor_number,
        row_number() over so_far as visitor_event_number,
        lag(happened_at) over so_far as previous_at,
        coalesce(
            {{ last_known('person_number', 'so_far') }},
            {{ next_known('person_number', 'from_here') }}
        ) as sign_in_number
    from ordered
    window
        {%- for window, until in [
            ('so_far', 'unbounded preceding and current row'),
            ('from_here', 'current row and unbounded following'),
        ] %}
        {{ window }} as (
            partition by source_name, visitor_id
            order by happened_at nulls first, web_event_record_id nulls first
            rows between {{ until }}
        ){{ "," if not loop.last }}
        {%- endfor %}
),

parted as (
    select
        followed.*,
        case
            when
                followed.previous_at is null
                or {{ dbt.datediff(
                    'followed.previous_at', 'followed.happened_at', 'second'
                ) }} > 60 * rules.rule_value
                then followed.web_event_record_id
        end as opening_record_id
    from followed
    inner join rules on rules.rule_code = 'idle_minutes'
),

visited as (
    select
        event_number,
        visitor_event_number,
        sign_in_number,
        {{ last_known('opening_record_id', 'so_far') }} as session_record_id
    from parted
    window
        so_far as (
            partition by visitor_number
            order by visitor_event_number nulls first
            rows between unbounded preceding and current row
        )
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
