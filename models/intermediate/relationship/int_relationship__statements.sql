{%- set columns = [
    'party_source_name', 'party_record_id', 'related_party_source_name',
    'related_party_record_id', 'relationship_type_code', 'role_code', 'related_from',
    'related_to',
] -%}

with delivered as (
    select * from {{ ref('input_relationship') }}
),

filled as (
    select
        source_name,
        relationship_record_id,
        load_id,
        load_row,
        known_at,
        valid_from,
        is_deleted,
        {% for column in columns -%}
        {{ carry_forward(column, 'history') }} as {{ column }},
        {% endfor -%}
        row_number() over (
            partition by source_name, relationship_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
        ) as state_number
    from delivered
    window
        history as (
            partition by source_name, relationship_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

arrivals as (
    -- What comes late about an earlier moment does not undo what is known already.
    select
        *,
        max(state_number) over (
            partition by source_name, relationship_record_id
            order by load_id nulls first, load_row nulls first
            rows between unbounded preceding and current row
        ) as known_state_number
    from filled
),

news as (
    select
        *,
        row_number() over (
            partition by source_name, relationship_record_id, load_id
            order by state_number desc nulls last
        ) as recency
    from arrivals
    where state_number = known_state_number
),

known as (
    select
        *,
        lead(known_at, 1, timestamp '9999-12-31') over (
            partition by source_name, relationship_record_id
            order by load_id nulls first
        ) as known_to
    from news
    where recency = 1
),

ranges as (
    select
        source_name,
        relationship_record_id,
        party_source_name,
        party_record_id,
        related_party_source_name,
        related_party_record_id,
        relationship_type_code,
        role_code,
        coalesce(related_from, timestamp '1900-01-01') as valid_from,
        least(
            coalesce(related_to, timestamp '9999-12-31'),
            case when is_deleted then valid_from else timestamp '9999-12-31' end
        ) as valid_to,
        known_at as known_from,
        known_to
    from known
),

final as (
    select *
    from ranges
    where valid_from < valid_to and known_from < known_to
)

select * from final
