{# Fails for rows that lack a value in one of the columns: one query for all of them. #}
{% test has_no_nulls_in(model, columns) %}

select
    {{ columns | join(',\n    ') }}
from {{ model }}
where
    {{ columns | join(' is null\n    or ') }} is null

{% endtest %}
