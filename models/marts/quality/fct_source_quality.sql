{%- set figures = [
    'reliability', 'reliability_lower', 'reliability_upper', 'compared_count',
    'agreed_count', 'contradicted_count', 'verified_count', 'failed_count',
    'evidence_amount',
] -%}

with history as (
    select * from {{ ref('int_source__reliability_history') }}
),

claims as (
    select * from {{ ref('fct_attribute_value') }}
),

loads as (
    select * from {{ ref('int_source__loads') }}
),

claimed as (
    select
        loads.known_at,
        claims.source_key as source_name,
        claims.attribute_group,
        count(*) as claim_count,
        count_if(claims.is_winner) as winner_count
    from claims
    inner join loads on claims.load_key = cast(loads.load_id as {{ dbt.type_string() }})
    group by loads.known_at, claims.source_key, claims.attribute_group
),

counted as (
    select
        history.*,
        lag(history.reliability_rank) over (
            partition by history.source_name, history.attribute_group
            order by history.known_at nulls first
        ) as previous_rank,
        claimed.source_name is not null as has_claims,
        sum(coalesce(claimed.claim_count, 0)) over so_far as claim_count,
        sum(coalesce(claimed.winner_count, 0)) over so_far as winner_count
    from history
    left join claimed
        on
            history.source_name = claimed.source_name
            and history.attribute_group = claimed.attribute_group
            and history.known_at = claimed.known_at
    window
        so_far as (
            partition by history.source_name, history.attribute_group
            order by history.known_at nulls first
            rows between unbounded preceding and current row
        )
),

final as (
    select
        -- keys
        {{ surrogate_key(['source_name', 'attribute_group', 'load_id']) }}
            as source_quality_key,
        source_name as source_key,
        attribute_group,
        cast(load_id as {{ dbt.type_string() }}) as load_key,

        -- measures
        cast(claim_count as bigint) as claim_count,
        cast(winner_count as bigint) as winner_count,
        cast(
            round(100.0 * winner_count / nullif(claim_count, 0), 2) as decimal(9, 2)
        ) as winner_pct,
        {{ figures | join(',\n        ') }},
        reliability_rank,
        coalesce(previous_rank - reliability_rank, 0) as rank_gain,

        -- timestamps
        known_at
    from counted
    where
        has_news
        or has_claims
        or (claim_count > 0 and previous_rank <> reliability_rank)
)

select * from final
