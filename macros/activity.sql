{# The state of activity of a customer on a day, a code of dictionary `activity_state`.
   `cycles` is int_behaviour__cycles: how many days without a purchase the customer's own
   purchase cycle allows before each state. #}
{% macro activity_state(date, first_purchase, last_purchase, cycles='cycles') -%}
    {%- set silence = dbt.datediff(last_purchase, date, 'day') -%}
    case
        when {{ last_purchase }} is null then 'none'
        when {{ silence }} > {{ cycles }}.lost_days then 'lost'
        when {{ silence }} > {{ cycles }}.inactive_days then 'inactive'
        when {{ silence }} > {{ cycles }}.at_risk_days then 'at_risk'
        when
            {{ dbt.datediff(first_purchase, date, 'day') }} <= {{ cycles }}.at_risk_days
            then 'new'
        else 'active'
    end
{%- endmacro %}
