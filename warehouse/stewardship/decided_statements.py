"""The SQL that estimates what is linked rightly or missed, from decided pairs.

It runs in a session with the archive and the work database attached, after the table
`linked` of `estimate_statements`. `$load` is the load as of which it is counted; a pair
is named with its lesser record on the left.
"""

DECIDED = """
create or replace temp table decided as
with named as (
    select
        least(
            {'s': left_source_name, 'r': left_record_id},
            {'s': right_source_name, 'r': right_record_id}
        ) as one,
        greatest(
            {'s': left_source_name, 'r': left_record_id},
            {'s': right_source_name, 'r': right_record_id}
        ) as other,
        verdict,
        decided_at,
        load_id,
        load_row
    from work.input.input_identity_decision
    where not is_deleted and load_id <= $load
)
select
    one,
    other,
    max_by(verdict, (decided_at, load_id, load_row)) as verdict,
    min(load_id) as first_load
from named
where one <> other
group by one, other
having max_by(verdict, (decided_at, load_id, load_row)) <> 'withdrawn'
"""

FOUND = """
create or replace temp table found as
with one_before as (
    select
        decided.one,
        decided.other,
        max_by(link_change.customer_id, link_change.load_id) as customer_id
    from decided
    inner join archive.identity.link_change
        on decided.one.s = link_change.source_name
        and decided.one.r = link_change.source_record_id
        and link_change.load_id < decided.first_load
    group by decided.one, decided.other
),

other_before as (
    select
        decided.one,
        decided.other,
        max_by(link_change.customer_id, link_change.load_id) as customer_id
    from decided
    inner join archive.identity.link_change
        on decided.other.s = link_change.source_name
        and decided.other.r = link_change.source_record_id
        and link_change.load_id < decided.first_load
    group by decided.one, decided.other
)

select
    one,
    other,
    decided.verdict = 'must' as is_same,
    coalesce(one_before.customer_id = other_before.customer_id, false) as is_linked
from decided
left join one_before using (one, other)
left join other_before using (one, other)
"""
"""What was linked before somebody decided: a night obeys decisions, so afterwards
every decided pair looks right."""

STRATA = """
create or replace temp table stratum as
with in_use as (
    select max_by(model_key, load_id) as model_key
    from archive.identity.model_in_use
    where load_id <= $load
    group by party_kind
),

scored as (
    select
        least(
            {'s': left_source_name, 'r': left_record_id},
            {'s': right_source_name, 'r': right_record_id}
        ) as one,
        greatest(
            {'s': left_source_name, 'r': left_record_id},
            {'s': right_source_name, 'r': right_record_id}
        ) as other,
        max(match_probability) as probability
    from archive.identity.pair
    inner join in_use using (model_key)
    where load_id <= $load
    group by one, other
),

joined as (
    select
        {'s': one.source_name, 'r': one.record_id} as one,
        {'s': other.source_name, 'r': other.record_id} as other,
        true as is_linked
    from linked as one
    inner join linked as other
        on one.customer_id = other.customer_id
        and {'s': one.source_name, 'r': one.record_id}
        < {'s': other.source_name, 'r': other.record_id}
),

pair as (
    select
        one,
        other,
        scored.probability,
        coalesce(found.is_linked, joined.is_linked, false) as is_linked,
        found.is_same
    from scored
    full join joined using (one, other)
    full join found using (one, other)
),

banded as (
    select
        one.s as left_source_name,
        other.s as right_source_name,
        is_linked,
        case
            when probability is null then 0
            when probability < 0.5 then 1
            when probability < 0.9 then 2
            when probability < 0.99 then 3
            when probability < 0.999 then 4
            else 5
        end as band,
        count(*) as pairs,
        count(is_same) as decided,
        count_if(is_same) as same
    from pair
    group by all
)

select
    * exclude (band),
    coalesce(
        last_value(case when decided > 0 then band end ignore nulls) over below,
        first_value(case when decided > 0 then band end ignore nulls) over above
    ) as band
from banded
window
    below as (
        partition by left_source_name, right_source_name, is_linked order by band
        rows between unbounded preceding and current row
    ),
    above as (
        partition by left_source_name, right_source_name, is_linked order by band
        rows between current row and unbounded following
    )
"""
"""Pairs by band of probability, apart for linked and not. A band of which nothing was
decided joins the nearest below it that has decisions, else the nearest above."""

DECIDED_COUNTS = """
with merged as (
    select
        left_source_name,
        right_source_name,
        is_linked,
        sum(pairs) as pairs,
        sum(decided) as decided,
        sum(same) as same,
        sum(same) / nullif(sum(decided), 0) as share,
        (sum(same) + 0.5) / (sum(decided) + 1) as smoothed
    from stratum
    group by left_source_name, right_source_name, is_linked, band
),

spread as (
    select
        *,
        pairs * share as matches,
        pairs * smoothed as smooth_matches,
        pairs * pairs * smoothed * (1 - smoothed) / nullif(decided, 0) as variance
    from merged
),

summed as (
    select
        left_source_name,
        right_source_name,
        sum(decided) as decided,
        sum(same) as same,
        sum(pairs) filter (where is_linked) as linked,
        coalesce(sum(decided) filter (where is_linked), 0) as linked_decided,
        bool_and(decided > 0) filter (where is_linked) as knows_linked,
        coalesce(bool_and(decided > 0) filter (where not is_linked), true)
            as knows_unlinked,
        sum(matches) filter (where is_linked) as hits,
        coalesce(sum(matches) filter (where not is_linked), 0) as missed,
        sum(smooth_matches) filter (where is_linked) as smooth_hits,
        coalesce(sum(smooth_matches) filter (where not is_linked), 0)
            as smooth_missed,
        sum(variance) filter (where is_linked) as hits_variance,
        coalesce(sum(variance) filter (where not is_linked), 0) as missed_variance
    from spread
    group by left_source_name, right_source_name
    having sum(decided) > 0
),

rated as (
    select
        *,
        case when knows_linked then hits / nullif(linked, 0) end as precise,
        smooth_hits / nullif(linked, 0) as smooth_precise,
        case when knows_unlinked and (knows_linked or linked is null)
            then coalesce(hits, 0) / nullif(coalesce(hits, 0) + missed, 0)
        end as recalled,
        coalesce(smooth_hits, 0)
        / nullif(coalesce(smooth_hits, 0) + smooth_missed, 0) as smooth_recalled,
        coalesce(smooth_hits, 0) + smooth_missed as smooth_same
    from summed
)

select
    left_source_name,
    right_source_name,
    'decisions' as basis,
    decided as decided_pair_count,
    coalesce(linked, 0) as linked_pair_count,
    linked_decided as precision_pair_count,
    precise as precision_estimate,
    coalesce(
        smooth_precise * (1 - smooth_precise) * linked * linked
        / nullif(hits_variance, 0),
        linked_decided
    ) as precision_trials,
    same as recall_pair_count,
    recalled as recall_estimate,
    least(
        coalesce(
            smooth_recalled * (1 - smooth_recalled) * smooth_same * smooth_same
            / nullif(
                (1 - smooth_recalled) * (1 - smooth_recalled)
                * coalesce(hits_variance, 0)
                + smooth_recalled * smooth_recalled * missed_variance,
                0
            ),
            same
        ),
        same
    ) as recall_trials
from rated
"""
"""Shares are those of a stratified sample: each band's share, weighted by its pairs.
The effective number of trials is the one that gives a plain sample the same variance,
with the shares of the bands drawn in by half a pair, so that a band in which all
decisions agree is not taken for certain. Of recall the variance is that of a ratio,
linearised."""
