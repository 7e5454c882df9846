{# Fails when the model has more or fewer rows than the other: a join lost or doubled. #}
{% test has_as_many_rows_as(model, other) %}

with counted as (
    select count(*) as row_count from {{ model }}
),

counted_other as (
    select count(*) as other_row_count from {{ other }}
)

select *
from counted
cross join counted_other
where row_count <> other_row_count

{% endtest %}
