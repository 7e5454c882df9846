with pairs as (
    select * from {{ ref('fct_match_pair') }}
),

sales as (
    select * from {{ ref('fct_sale') }}
),

sale_counts as (
    select
        customer_id,
        count(*) as sale_line_count
    from sales
    group by customer_id
),

waiting as (
    select
        *,
        coalesce(match_probability, 0.5) as open_probability
    from pairs
    where reason_code is not null and verdict is null and not is_linked
),

staked as (
    select
        waiting.*,
        least(
            coalesce(left_counts.sale_line_count, 0),
            coalesce(right_counts.sale_line_count, 0)
        ) as sale_line_count
    from waiting
    left join sale_counts as left_counts
        on waiting.left_customer_id = left_counts.customer_id
    left join sale_counts as right_counts
        on waiting.right_customer_id = right_counts.customer_id
),

final as (
    select
        -- keys
        match_pair_key,
        left_source_name,
        left_source_record_id,
        right_source_name,
        right_source_record_id,
        load_key,

        -- attributes
        reason_code,
        held_rule,

        -- measures
        match_probability,
        sale_line_count,
        cast(
            4 * open_probability * (1 - open_probability) * (1 + sale_line_count)
            as decimal(18, 6)
        ) as review_value,

        -- timestamps
        known_at
    from staked
)

select * from final
