{# Fails for an entity whose [valid_from, valid_to) ranges leave a moment out, or hold
   one twice, between 1900-01-01 and 9999-12-31. #}
{% test versions_are_contiguous(model, entity) %}

with ordered as (
    select
        {{ entity }} as entity,
        valid_from,
        valid_to,
        lag(valid_to, 1, timestamp '1900-01-01') over (
            partition by {{ entity }} order by valid_from nulls first
        ) as previous_valid_to,
        lead(valid_from, 1, timestamp '9999-12-31') over (
            partition by {{ entity }} order by valid_from nulls first
        ) as next_valid_from
    from {{ model }}
)

select *
from ordered
where valid_from is distinct from previous_valid_to
    or valid_to is distinct from next_valid_from
    or valid_from >= valid_to

{% endtest %}
