{# How bridge_customer_segment is built onward: of each customer from the first month on in
   which it stands otherwise than it did. What a customer was in when that month began, goes
   on from where it began. #}

{# How customers stood in the months that are built, and in the one before them. #}
{% macro standing_onward(standing) -%}
    (
        select {{ standing }}.*
        from {{ standing }}
        inner join {{ touched_now(this) }} as touched_key
            on
                {{ standing }}.customer_id = touched_key.customer_id
                and {{ standing }}.month_key
                >= cast(cast({{ dbt.dateadd('month', -1, 'touched_key.onward_from') }}
                    as date) as {{ dbt.type_string() }})
    ) as {{ standing }}
{%- endmacro %}

{# What lasted until then, as a join. #}
{% macro with_kept_memberships(ranges, segments) -%}
    left join {{ before_now(this) }} as kept
        on
            {{ ranges }}.customer_id = kept.customer_id
            and {{ segments }}.segment_key = kept.segment_key
            and {{ ranges }}.valid_from = kept.onward_from
{%- endmacro %}
