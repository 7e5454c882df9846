{# Fails for an entity and a moment of known time at which its [valid_from, valid_to)
   ranges, as known then, leave a moment out, or hold one twice, between 1900-01-01 and
   9999-12-31. An entity may be known of at some times only. #}
{% test versions_are_contiguous_when_known(model, entity) %}

with epochs as (
    select
        {{ entity }} as entity,
        known_from as known_at
    from {{ model }}
    group by {{ entity }}, known_from
),

ordered as (
    select
        epochs.entity,
        epochs.known_at,
        versions.valid_from,
        versions.valid_to,
        lag(versions.valid_to, 1, timestamp '1900-01-01') over (
            partition by epochs.entity, epochs.known_at
            order by versions.valid_from nulls first
        ) as previous_valid_to,
        lead(versions.valid_from, 1, timestamp '9999-12-31') over (
            partition by epochs.entity, epochs.known_at
            order by versions.valid_from nulls first
        ) as next_valid_from
    from epochs
    inner join {{ model }} as versions
        on
            epochs.entity = versions.{{ entity }}
            and epochs.known_at >= versions.known_from
            and epochs.known_at < versions.known_to
)

select *
from ordered
where valid_from is distinct from previous_valid_to
    or valid_to is distinct from next_valid_from
    or valid_from >= valid_to

{% endtest %}
