{# Fails for rows where the condition is false or unknown. #}
{% test holds_for_every_row(model, condition) %}

select *
from {{ model }}
where not coalesce({{ condition }}, false)

{% endtest %}
