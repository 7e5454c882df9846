with moments as (
    select * from {{ ref('int_customer__moments') }}
),

contested_values as (
    select * from {{ ref('int_customer__contested_values') }}
),

reliability as (
    select * from {{ ref('int_source__reliability') }}
),

claims as (
    select
        moments.customer_id,
        moments.known_from,
        moments.known_to,
        moments.valid_from,
        moments.statement_number,
        moments.source_name,
        moments.source_record_id,
        moments.registered_at,
        contested_values.attribute_group,
        contested_values.value_hash,
        contested_values.is_counted,
        contested_values.place
    from moments
    inner join contested_values
        on
            moments.customer_id = contested_values.customer_id
            and moments.statement_number = contested_values.statement_number
),

agreements as (
    select
        customer_id,
        known_from,
        valid_from,
        attribute_group,
        value_hash,
        count(*) as record_count
    from claims
    where is_counted
    group by customer_id, known_from, valid_from, attribute_group, value_hash
),

counted as (
    select
        claims.*,
        replace(
            replace(
                claims.place,
                '{{ agreement_mark() }}',
                {{ sortable('999999 - coalesce(agreements.record_count, 0)') }}
            ),
            '{{ rank_mark() }}',
            {{ sortable('coalesce(reliability.reliability_rank, 999)') }}
        ) as final_place
    from claims
    left join agreements
        on
            claims.customer_id = agreements.customer_id
            and claims.known_from = agreements.known_from
            and claims.valid_from = agreements.valid_from
            and claims.attribute_group = agreements.attribute_group
            and claims.value_hash = agreements.value_hash
    left join reliability
        on
            claims.source_name = reliability.source_name
            and claims.attribute_group = reliability.attribute_group
            and claims.known_from >= reliability.known_from
            and claims.known_from < reliability.known_to
),

final as (
    select
        customer_id,
        attribute_group,
        min_by(statement_number, final_place) as statement_number,
        min_by(source_name, final_place) as source_name,
        min_by(source_record_id, final_place) as source_record_id,
        min_by(value_hash, final_place) as value_hash,
        min_by(registered_at, final_place) as registered_at,
        valid_from,
        known_from,
        max(known_to) as known_to
    from counted
    group by customer_id, attribute_group, valid_from, known_from
)

select * from final
