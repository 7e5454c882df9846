with contested as (
    select * from {{ ref('int_claim__contested') }}
),

credences as (
    select * from {{ ref('int_source__credences') }}
),

aged as (
    -- A claim that its record took back speaks for nothing; one that is old says less,
    -- until it says no more than chance does.
    select
        contested.*,
        credences.wrong_value_count,
        case
            when contested.is_standing
                then {{ aged_reliability('credences', 'contested.last_claimed_at') }}
        end as chance_right
    from contested
    inner join credences
        on
            contested.source_name = credences.source_name
            and contested.attribute_name = credences.attribute_name
),

voices as (
    select
        customer_id,
        attribute_name,
        value_code,
        source_name,
        max(wrong_value_count) as wrong_value_count,
        coalesce(max({{ vote('chance_right', 'wrong_value_count') }}), 0) as vote
    from aged
    group by customer_id, attribute_name, value_code, source_name
),

choices as (
    select
        customer_id,
        attribute_name,
        value_code,
        max(wrong_value_count) as wrong_value_count,
        sum(vote) as votes
    from voices
    group by customer_id, attribute_name, value_code
),

led as (
    select
        *,
        greatest(max(votes) over choice, 0) as leading_votes,
        count(*) over choice as value_count
    from choices
    window choice as (partition by customer_id, attribute_name)
),

scaled as (
    -- Relative to the leading value, so that no exponential overflows; decimals, so that
    -- the sum does not depend on the order of its parts.
    select
        *,
        {{ odds('votes - leading_votes') }} as odds,
        {{ odds('-leading_votes') }} as silent_odds
    from led
),

final as (
    select
        customer_id,
        attribute_name,
        value_code,
        cast(
            odds / nullif(
                sum(odds) over (partition by customer_id, attribute_name)
                + greatest(wrong_value_count + 1 - value_count, 0) * silent_odds, 0
            ) as decimal(9, 6)
        ) as confidence
    from scaled
)

select * from final
