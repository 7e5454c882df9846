{%- set key = ['customer_id', 'known_from'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__moments'},
    {'keys_of': 'int_source__reliability', 'via': moments_of_ranks()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with all_moments as (
    select * from {{ ref('int_customer__moments') }}
),

contested_values as (
    select * from {{ ref('int_customer__contested_values') }}
),

reliability as (
    select * from {{ ref('int_source__reliability') }}
),

moments as (
    {{ rows_of_touched_keys('all_moments', key) }}
),

disputes as (
    select
        moments.customer_id,
        moments.known_from,
        moments.valid_from,
        moments.statement_number,
        moments.source_name,
        contested_values.attribute_group,
        contested_values.value_number,
        contested_values.is_counted,
        contested_values.place
    from moments
    inner join contested_values
        on
            moments.customer_id = contested_values.customer_id
            and moments.statement_number = contested_values.statement_number
    where contested_values.is_disputed
),

agreements as (
    select
        customer_id,
        known_from,
        valid_from,
        attribute_group,
        value_number,
        count(*) as record_count
    from disputes
    where is_counted
    group by customer_id, known_from, valid_from, attribute_group, value_number
),

counted as (
    select
        disputes.*,
        replace(
            replace(
                disputes.place,
                '{{ agreement_mark() }}',
                {{ sortable('999999 - coalesce(agreements.record_count, 0)') }}
            ),
            '{{ rank_mark() }}',
            {{ sortable('coalesce(reliability.reliability_rank, 999)') }}
        ) as final_place
    from disputes
    left join agreements
        on
            disputes.customer_id = agreements.customer_id
            and disputes.known_from = agreements.known_from
            and disputes.valid_from = agreements.valid_from
            and disputes.attribute_group = agreements.attribute_group
            and disputes.value_number = agreements.value_number
    left join reliability
        on
            disputes.source_name = reliability.source_name
            and disputes.attribute_group = reliability.attribute_group
            and disputes.known_from >= reliability.known_from
            and disputes.known_from < reliability.known_to
),

final as (
    -- Where nobody says anything else there is nothing to decide.
    select
        customer_id,
        attribute_group,
        min_by(value_number, final_place) as value_number,
        valid_from,
        known_from
    from counted
    group by customer_id, attribute_group, valid_from, known_from
)

select * from final
