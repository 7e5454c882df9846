{# Queries for `via` of a table that is built by keys (macros/touched_keys.sql): whom a
   change touches, where `changed` names others. #}

{# The customers whom a changed record was or is taken for; every other link stands in a
   journal of its own. #}
{% macro customers_of_records() -%}
    {{ return(
        "select links.customer_id from {{ ref('int_customer__link_history') }} as links"
        ~ " inner join changed on links.source_name = changed.source_name"
        ~ " and links.source_record_id = changed.source_record_id"
    ) }}
{%- endmacro %}

{# The records that a changed customer has now. #}
{% macro records_of_customers() -%}
    {{ return(
        "select links.source_name, links.source_record_id"
        ~ " from {{ ref('int_customer__links') }} as links"
        ~ " inner join changed on links.customer_id = changed.customer_id"
    ) }}
{%- endmacro %}

{# Changed records, and those that their customers had when the table was built: how many
   a customer has is said of each. #}
{% macro records_beside_changed_ones() -%}
    {{ return(
        "select source_name, source_record_id from changed"
        ~ " union all select built.source_name, built.source_record_id"
        ~ " from {{ this }} as built"
        ~ " inner join changed on built.customer_id = changed.customer_id"
    ) }}
{%- endmacro %}

{# The stretches of known time of a changed customer of whom several things were said. #}
{% macro epochs_of_customers() -%}
    {{ return(
        "select epochs.customer_id, epochs.known_from"
        ~ " from {{ ref('int_customer__epochs') }} as epochs"
        ~ " inner join changed on epochs.customer_id = changed.customer_id"
    ) }}
{%- endmacro %}

{# The customers of whom two sources, whose order has changed, said different things that
   were known then or later. #}
{% macro customers_who_differ() -%}
    {%- set said -%}
    (
        select
            statements.customer_id,
            statements.source_name,
            statements.known_to,
            contested_values.attribute_group,
            contested_values.value_number
        from {% raw %}{{ ref('int_customer__contested_values') }}{% endraw %} as contested_values
        inner join {% raw %}{{ ref('int_customer__statements') }}{% endraw %} as statements
            on
                contested_values.customer_id = statements.customer_id
                and contested_values.statement_number = statements.statement_number
        where contested_values.is_disputed
    )
    {%- endset -%}
    {{ return(
        "select voices.customer_id from changed inner join " ~ said ~ " as voices"
        ~ " on changed.source_name = voices.source_name"
        ~ " and changed.attribute_group = voices.attribute_group"
        ~ " and changed.changed_at < voices.known_to inner join " ~ said ~ " as rivals"
        ~ " on voices.customer_id = rivals.customer_id"
        ~ " and voices.attribute_group = rivals.attribute_group"
        ~ " and voices.value_number <> rivals.value_number"
        ~ " and changed.other_source_name = rivals.source_name"
        ~ " and changed.changed_at < rivals.known_to"
    ) }}
{%- endmacro %}

{# The moments at which a source had a rank that it has no more, or has now and had not:
   from where the changed rank begins to where the next one does. #}
{% macro moments_of_ranks() -%}
    {{ return(
        "select moments.customer_id, moments.known_from from ("
        ~ "select changed.source_name, changed.known_from,"
        ~ " coalesce(min(later.known_from), timestamp '9999-12-31') as known_to"
        ~ " from changed left join {{ ref('int_source__reliability') }} as later"
        ~ " on changed.source_name = later.source_name"
        ~ " and changed.attribute_group = later.attribute_group"
        ~ " and changed.known_from < later.known_from"
        ~ " group by changed.source_name, changed.attribute_group, changed.known_from"
        ~ ") as ranked inner join {{ ref('int_customer__moments') }} as moments"
        ~ " on ranked.source_name = moments.source_name"
        ~ " and ranked.known_from <= moments.known_from"
        ~ " and ranked.known_to > moments.known_from"
    ) }}
{%- endmacro %}

{# The customers of a table, on the first night of another month. #}
{% macro customers_in_a_new_month(table) -%}
    {{ return(
        "select known.customer_id from {{ ref('" ~ table ~ "') }} as known cross join ("
        ~ "select {{ first_of_period('month', 'min(business_date)') }} as month_before,"
        ~ " {{ first_of_period('month', 'max(business_date)') }} as month_now"
        ~ " from changed) as passed where passed.month_before < passed.month_now"
    ) }}
{%- endmacro %}

{# The customers who were minors when the table was built: each day some come of age. #}
{% macro minors_as_built() -%}
    {{ return(
        "select built.customer_id from {{ this }} as built cross join changed"
        ~ " where built.is_minor"
    ) }}
{%- endmacro %}
