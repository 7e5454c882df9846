{%- set groups = party_attributes() -%}

with contested_states as (
    select * from {{ ref('int_customer__contested_states') }}
),

moments as (
    select
        customer_id,
        valid_from
    from contested_states
    group by customer_id, valid_from
),

holding as (
    select
        contested_states.*,
        moments.valid_from as moment_at
    from moments
    inner join contested_states
        on
            moments.customer_id = contested_states.customer_id
            and moments.valid_from >= contested_states.valid_from
            and moments.valid_from < contested_states.valid_to
),

living as (
    select
        customer_id,
        moment_at,
        bool_or(not is_deleted) as has_living,
        bool_and(is_external) as is_prospect
    from holding
    group by customer_id, moment_at
),

candidates as (
    -- A deleted record says nothing while another lives; when all are deleted, their
    -- last values stay. Who was once our own is no prospect again.
    select
        holding.*,
        not living.has_living as is_customer_deleted,
        living.is_prospect
    from holding
    inner join living
        on
            holding.customer_id = living.customer_id
            and holding.moment_at = living.moment_at
    where holding.is_deleted <> living.has_living
),

winners as (
    select
        customer_id,
        moment_at,
        {%- for group in groups %}
        min({{ group }}_place) filter (where has_{{ group }}) as {{ group }}_winner,
        {%- endfor %}
        bool_or(is_prospect) as is_prospect
    from candidates
    group by customer_id, moment_at
),

final as (
    select
        candidates.customer_id,
        candidates.moment_at as valid_from,
        max(candidates.party_kind) as party_kind,
        {%- for group, content in groups.items() %}
        {%- for column in group_columns(content) %}
        max(candidates.{{ column }}) filter (
            where candidates.{{ group }}_place = winners.{{ group }}_winner
        ) as {{ column }},
        {%- endfor %}
        {%- endfor %}
        bool_or(winners.is_prospect) as is_prospect,
        bool_or(candidates.is_customer_deleted) as is_deleted
    from candidates
    inner join winners
        on
            candidates.customer_id = winners.customer_id
            and candidates.moment_at = winners.moment_at
    group by candidates.customer_id, candidates.moment_at
)

select * from final
