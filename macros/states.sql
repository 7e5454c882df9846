{# What a source says of a thing over time, as common table expressions whose names begin
   with that of the delivered rows they read.

   The last word on each record, by business date, load and row; what was deleted is left
   out: `..._latest`. For events, which are said once and now and then corrected. #}
{% macro latest_rows(rows, record_id) -%}
{{ rows }}_numbered as (
    select
        *,
        row_number() over (
            partition by source_name, {{ record_id }}
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from {{ rows }}
),

{{ rows }}_latest as (
    select *
    from {{ rows }}_numbered
    where recency = 1 and not is_deleted
)
{%- endmacro %}


{# Every state of each record, half-open from `valid_from` to `valid_to`, with the values
   that a delta left out carried forward: `..._states`. Of what was said of one moment the
   last word counts. For things that last: products, outlets, campaigns. #}
{% macro carried_states(rows, record_id, attributes) -%}
{{ rows }}_completed as (
    select
        source_name,
        {{ record_id }},
        load_id,
        valid_from,
        is_deleted,
        {%- for attribute in attributes %}
        {{ carry_forward(attribute, 'history') }} as {{ attribute }},
        {%- endfor %}
        lead(valid_from, 1, timestamp '9999-12-31') over (
            partition by source_name, {{ record_id }}
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
        ) as valid_to
    from {{ rows }}
    window
        history as (
            partition by source_name, {{ record_id }}
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

{{ rows }}_states as (
    select *
    from {{ rows }}_completed
    where valid_from < valid_to
)
{%- endmacro %}
