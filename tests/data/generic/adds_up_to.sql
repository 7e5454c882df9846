{# Fails when the sum of the expression over the model is not that of the other. #}
{% test adds_up_to(model, expression, other, other_expression) %}

with summed as (
    select coalesce(sum({{ expression }}), 0) as total from {{ model }}
),

summed_other as (
    select coalesce(sum({{ other_expression }}), 0) as other_total from {{ other }}
)

select *
from summed
cross join summed_other
where total <> other_total

{% endtest %}
