{%- set key, reads = ['customer_id'], [{'keys_of': 'int_claim__standings'}] -%}
{{ config(**built_by_keys(key, reads)) }}

with standings as (
    select * from {{ ref('int_claim__standings') }}
),

contracts as (
    select * from {{ ref('int_source__contracts') }}
),

moments as (
    {%- for moment in ['known_from', 'known_to'] %}
    select
        customer_id,
        attribute_name,
        {{ moment }} as moment_at
    from ({{ rows_of_touched_keys('standings', key) }}) as standings
    {{ "union" if not loop.last }}
    {%- endfor %}
),

spans as (
    select
        customer_id,
        attribute_name,
        moment_at,
        lead(moment_at) over (
            partition by customer_id, attribute_name order by moment_at nulls first
        ) as next_moment_at
    from moments
),

voices as (
    -- A source has one voice about a customer: what it said last.
    select
        standings.*,
        spans.moment_at,
        spans.next_moment_at,
        {{ vote('contracts.prior_mean', 'standings.wrong_value_count') }} as vote,
        row_number() over (
            partition by
                standings.customer_id, standings.attribute_name,
                spans.moment_at, standings.source_name
            order by
                standings.stated_on desc nulls last,
                standings.source_record_id asc nulls last
        ) as voice_rank
    from spans
    inner join standings
        on
            spans.customer_id = standings.customer_id
            and spans.attribute_name = standings.attribute_name
            and spans.moment_at >= standings.known_from
            and spans.moment_at < standings.known_to
    inner join contracts on standings.source_name = contracts.source_name
),

counted as (
    select
        *,
        count(*) over panel as voice_count,
        count(*) over choice as agreeing_count,
        row_number() over (
            partition by customer_id, attribute_name, moment_at, value_code
            order by source_name nulls first
        ) as choice_rank,
        sum(vote) over choice as value_votes
    from voices
    where voice_rank = 1
    window
        panel as (partition by customer_id, attribute_name, moment_at),
        choice as (partition by customer_id, attribute_name, moment_at, value_code)
),

led as (
    select
        *,
        max(value_votes) over panel as leading_votes
    from counted
    where voice_count > 1
    window panel as (partition by customer_id, attribute_name, moment_at)
),

summed as (
    -- Relative to the leading value: nothing overflows. Decimals: no order matters.
    select
        *,
        {{ odds('value_votes - leading_votes') }} as odds,
        {{ odds('-leading_votes') }} as silent_odds,
        sum(
            case when choice_rank = 1 then {{ odds('value_votes - leading_votes') }} end
        ) over panel as claimed_odds,
        count_if(choice_rank = 1) over panel as value_count
    from led
    window panel as (partition by customer_id, attribute_name, moment_at)
),

final as (
    select
        customer_id,
        source_name,
        attribute_name,
        attribute_group,
        comparison_weight,
        stated_on,
        agreeing_count > 1 as has_agreed,
        agreeing_count < voice_count as was_contradicted,
        cast(
            odds / nullif(
                claimed_odds
                + greatest(wrong_value_count + 1 - value_count, 0) * silent_odds, 0
            ) as decimal(9, 6)
        ) as right_share,
        moment_at as known_from,
        next_moment_at as known_to
    from summed
)

select * from final
