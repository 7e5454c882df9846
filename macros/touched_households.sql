{# What tells a table of households that is built by keys which of its keys a change
   concerns: the text of queries for its `reads`, rendered by its hook. #}

{# Of anchors that were merged otherwise: the homes that have them. #}
{% macro homes_of_changed_anchors() -%}
{{ return("
    select homes.home_key
    from changed
    inner join {{ ref('int_household__homes') }} as homes
        on changed.anchor = homes.anchor
") }}
{%- endmacro %}


{# Of those who are sheltered otherwise, and of birth dates: the persons. #}
{% macro customers_of_changed_seniorities() -%}
{{ return("
    select seniorities.customer_id
    from changed
    inner join {{ ref('int_household__seniorities') }} as seniorities
        on changed.seniority = seniorities.seniority
") }}
{%- endmacro %}

{% macro customers_of_changed_birth_dates() -%}
{{ return("
    select residences.customer_id
    from changed
    inner join {{ ref('int_household__residences') }} as residences
        on changed.birth_date = residences.birth_date
") }}
{%- endmacro %}


{# Of those who live elsewhere: they, and whose household is named after them. #}
{% macro customers_of_changed_stays() -%}
{{ return("
    select customer_id from changed
    union all
    select stays.customer_id
    from changed
    inner join {{ ref('int_household__seniorities') }} as seniorities
        on changed.customer_id = seniorities.customer_id
    inner join {{ ref('int_household__stays') }} as stays
        on seniorities.seniority = stays.anchor
") }}
{%- endmacro %}


{# Of persons: the households that they belong to, or did. #}
{% macro households_of_changed_customers() -%}
{{ return("
    select members.household_id
    from changed
    inner join {{ ref('int_household__members') }} as members
        on changed.customer_id = members.customer_id
") }}
{%- endmacro %}


{# Of households: they, and those in which one of their members lives now or lived. #}
{% macro households_near_changed_ones() -%}
{{ return("
    select household_id from changed
    union all
    select elsewhere.household_id
    from changed
    inner join {{ ref('int_household__stretches') }} as stretches
        on changed.household_id = stretches.household_id
    inner join {{ ref('int_household__stretches') }} as elsewhere
        on stretches.customer_id = elsewhere.customer_id
") }}
{%- endmacro %}
