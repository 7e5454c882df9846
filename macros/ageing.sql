{# What is said loses weight with its age, and an age grows every night for everything. So
   it is counted in whole steps from the day of the saying: one row in ninety, and not
   every row, is another one the next day. #}

{# The days of a step. #}
{% macro ageing_days() %}{{ return(90) }}{% endmacro %}

{# The age in whole steps, in days, that something of a day has on another. #}
{% macro whole_age(since, until) -%}
    {%- set days -%}
    greatest({{ dbt.datediff('cast(' ~ since ~ ' as date)', until, 'day') }}, 0)
    {%- endset -%}
    ({{ days }} - {{ days }} % {{ ageing_days() }})
{%- endmacro %}

{# The last day up to another on which it was a whole number of steps old. #}
{% macro last_step(since, until) -%}
    cast({{ dbt.dateadd('day', whole_age(since, until), since) }} as date)
{%- endmacro %}

{# For `via` of a table that is built by keys: the claims of a table that are a step older
   than when this one was built. `changed` has the business dates since. #}
{% macro claims_that_aged(claims, key) -%}
    {%- set age = "{{ whole_age('claims.last_claimed_at', 'passed." -%}
    {{ return(
        "select " ~ key | join(', ') ~ " from {{ ref('" ~ claims ~ "') }} as claims"
        ~ " cross join (select min(business_date) as date_before,"
        ~ " max(business_date) as date_now from changed) as passed"
        ~ " where " ~ age ~ "date_before') }} <> " ~ age ~ "date_now') }}"
    ) }}
{%- endmacro %}

{# The claims of a table whose source is now believed otherwise in what they say. #}
{% macro claims_of_credences(claims, key) -%}
    {{ return(
        "select " ~ key | join(', ') ~ " from {{ ref('" ~ claims ~ "') }} as claims"
        ~ " inner join changed using (source_name, attribute_name)"
    ) }}
{%- endmacro %}

{# The customers whose contact points are to be seen anew: a step has passed since, or
   one of them has come due. #}
{% macro customers_to_see_anew() -%}
    {{ return(
        "select built.customer_id from {{ this }} as built cross join ("
        ~ "select max(business_date) as business_date from changed) as passed where "
        ~ "{{ dbt.dateadd('day', ageing_days(), 'built.as_of_date') }}"
        ~ " <= passed.business_date or (built.is_held and built.is_valid"
        ~ " and not built.is_due_for_renewal"
        ~ " and built.renewal_due_on <= passed.business_date)"
    ) }}
{%- endmacro %}
