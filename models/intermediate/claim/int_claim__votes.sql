{%- set key, claims = ['customer_id'], 'int_claim__contested' -%}
{%- set reads = [
    {'keys_of': claims},
    {'keys_of': 'int_source__credences', 'via': claims_of_credences(claims, key)},
    {'keys_of': 'int_source__business_date', 'via': claims_that_aged(claims, key)},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with all_contested as (
    select * from {{ ref('int_claim__contested') }}
),

credences as (
    select * from {{ ref('int_source__credences') }}
),

contested as (
    {{ rows_of_touched_keys('all_contested', key) }}
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

choice_counts as (
    select
        customer_id,
        attribute_name,
        count(*) as value_count,
        greatest(max(votes), 0) as leading_votes
    from choices
    group by customer_id, attribute_name
),

scaled as (
    -- Relative to the leading value, so that no exponential overflows; decimals, so that
    -- the sum does not depend on the order of its parts.
    select
        choices.customer_id,
        choices.attribute_name,
        choices.value_code,
        choice_counts.value_count,
        {{ odds('choices.votes - choice_counts.leading_votes') }} as odds,
        greatest(choices.wrong_value_count + 1 - choice_counts.value_count, 0)
        * {{ odds('-choice_counts.leading_votes') }} as silent_odds
    from choices
    inner join choice_counts
        on
            choices.customer_id = choice_counts.customer_id
            and choices.attribute_name = choice_counts.attribute_name
),

summed as (
    -- What nobody contradicts has only the silent beside it.
    select
        *,
        sum(odds) over (partition by customer_id, attribute_name) as claimed_odds
    from scaled
    where value_count > 1
    union all
    select
        *,
        odds as claimed_odds
    from scaled
    where value_count = 1
),

final as (
    select
        contested.attribute_value_key,
        contested.customer_id,
        cast(
            summed.odds / nullif(summed.claimed_odds + summed.silent_odds, 0)
            as decimal(9, 6)
        ) as confidence
    from contested
    inner join summed
        on
            contested.customer_id = summed.customer_id
            and contested.attribute_name = summed.attribute_name
            and contested.value_code = summed.value_code
)

select * from final
