{# CTEs that end in `measure_parts`: per night, source and measure how many of the hundred
   points of the source it costs. Reads the CTEs `measures` (fct_quality_measure),
   `weights` (quality_measure), `rules` (grade_policy), `expected` (expected_attribute: what
   else is empty may well be) and `results` (fct_check_result). Each measure has its weight's share of the points; a part of
   those is its worst attribute's, the rest is shared by all of its attributes alike. #}
{% macro measure_parts() -%}
{%- set item = [
    'measures.source_key', 'measures.entity_name', 'measures.attribute_name',
    'measures.measure_code',
] -%}
nights as (
    select measured_on as night_on from measures
    union
    select business_date as night_on from results
),

lately as (
    -- A night that delivers three rows does not undo what a month of rows has shown.
    select
        measures.*,
        weights.weight,
        sum(measures.rows_checked) over a_month as month_rows_checked,
        sum(measures.rows_met) over a_month as month_rows_met,
        lead(measures.measured_on) over so_far as next_on
    from measures
    inner join weights on measures.measure_code = weights.measure_code
    left join expected
        on
            measures.entity_name = expected.entity_name
            and measures.attribute_name = expected.attribute_name
    where
        measures.rows_checked > 0
        and weights.weight > 0
        and (
            measures.measure_code <> 'completeness'
            or measures.attribute_name = '_all'
            or coalesce(expected.is_expected, false)
        )
    window
        so_far as (
            partition by {{ item | join(', ') }}
            order by measures.measured_on nulls last
        ),
        a_month as (
            partition by {{ item | join(', ') }}
            order by measures.measured_on nulls last
            range between interval 29 days preceding and current row
        )
),

standing as (
    -- What a night brings nothing new of stands as it was last measured.
    select
        nights.night_on,
        lately.*,
        case
            when lately.measured_of = 'standing' then lately.measure_pct
            else
                cast(
                    100.0 * lately.month_rows_met / nullif(lately.month_rows_checked, 0)
                    as decimal(18, 6)
                )
        end as pct
    from nights
    inner join lately
        on
            nights.night_on >= lately.measured_on
            and (nights.night_on < lately.next_on or lately.next_on is null)
    inner join rules
        on
            rules.rule_code = 'least_rows'
            and rules.rule_value <= case
                when lately.measured_of = 'standing' then lately.rows_checked
                else lately.month_rows_checked
            end
),

ranked_measures as (
    select
        *,
        count(*) over (
            partition by night_on, source_key, measure_code
        ) as attribute_count,
        row_number() over (
            partition by night_on, source_key, measure_code
            order by
                pct asc nulls last,
                entity_name asc nulls last,
                attribute_name asc nulls last
        ) as cost_rank
    from standing
),

sized_measures as (
    -- A part of the points goes to the worst attribute, the rest to all alike.
    select
        ranked_measures.*,
        cast(
            ranked_measures.weight * (
                case when ranked_measures.cost_rank = 1 then rules.rule_value else 0 end
                + (100 - rules.rule_value) / nullif(ranked_measures.attribute_count, 0)
            ) / 100 as decimal(20, 10)
        ) as share
    from ranked_measures
    inner join rules on rules.rule_code = 'worst_attribute_share_pct'
),

weighed_measures as (
    select
        *,
        share / nullif(
            sum(share) over (partition by night_on, source_key), 0
        ) as share_of_all,
        share / nullif(
            sum(share) over (partition by night_on, source_key, measure_code), 0
        ) as share_of_measure
    from sized_measures
),

measure_parts as (
    select
        night_on,
        source_key,
        measure_code,
        max(entity_name) filter (where cost_rank = 1) as worst_entity_name,
        max(attribute_name) filter (where cost_rank = 1) as worst_attribute_name,
        min(pct) as worst_pct,
        count(*) as part_count,
        sum(month_rows_checked) as rows_checked,
        sum(cast(pct * share_of_measure as decimal(18, 6))) as part_pct,
        sum(cast((100 - pct) * share_of_all as decimal(18, 6))) as points_lost,
        max(cast((100 - pct) * share_of_all as decimal(18, 6))) as worst_points_lost
    from weighed_measures
    group by night_on, source_key, measure_code
)
{%- endmacro %}


{# CTEs that end in `check_parts`: per business date and what was checked, a source at the
   doors or a table at the gate, how many of its hundred points its checks cost. Reads
   the CTEs `results` (fct_check_result) and `rules` (grade_policy). #}
{% macro check_parts() -%}
subjects as (
    select
        *,
        checked_at = max(checked_at) over (
            partition by business_date, stage, table_name
        ) as is_latest,
        case when stage = 'door' then 'source' else 'table' end as subject_type,
        case
            when stage = 'door'
                then substring(split_part(table_name, '.', 1), length('raw_') + 1)
            else table_name
        end as subject_name,
        coalesce(
            cast(100.0 * rows_failed / nullif(rows_checked, 0) as decimal(9, 4)), 0
        ) as failed_pct
    from results
    where table_name like '%.%' and (stage <> 'door' or table_name like 'raw%')
),

costed as (
    select
        subjects.*,
        cast(
            case
                when subjects.is_passed then 0
                else
                    least(
                        100,
                        flat.rule_value + subjects.failed_pct * by_row.rule_value
                    )
            end as decimal(18, 6)
        ) as points_lost
    from subjects
    inner join rules as flat on flat.rule_code = subjects.severity || '_points'
    inner join rules as by_row
        on by_row.rule_code = subjects.severity || '_points_per_pct'
    where subjects.is_latest
),

ranked_checks as (
    select
        *,
        row_number() over (
            partition by business_date, subject_type, subject_name
            order by
                points_lost desc nulls last,
                is_passed asc nulls last,
                check_name asc nulls last,
                check_result_key asc nulls last
        ) as cost_rank
    from costed
),

check_parts as (
    select
        business_date,
        subject_type,
        subject_name,
        max(stage) filter (where cost_rank = 1) as worst_stage,
        max(severity) filter (where cost_rank = 1) as worst_severity,
        max(check_name) filter (where cost_rank = 1) as worst_check_name,
        max(column_name) filter (where cost_rank = 1) as worst_column_name,
        max(next_step) filter (where cost_rank = 1) as worst_next_step,
        100 - max(failed_pct) filter (where cost_rank = 1) as worst_pct,
        count(*) as part_count,
        sum(coalesce(rows_checked, 0)) as rows_checked,
        count_if(not is_passed and severity = 'error') as failed_error_count,
        count_if(not is_passed and severity = 'warning') as failed_warning_count,
        least(100, sum(points_lost)) as points_lost,
        max(points_lost) as worst_points_lost
    from ranked_checks
    group by business_date, subject_type, subject_name
)
{%- endmacro %}


{# CTEs that end in `shared_parts`: those of sources and of tables, night by night, with
   how many of the hundred points of the whole the subject is. Reads the CTEs of the two
   macros above, and `rules`. #}
{% macro graded_parts() -%}
judged as (
    -- Of nights that ran together, the doors and the gate of the last judge all.
    select
        nights.night_on,
        min(check_parts.business_date) as judged_on
    from nights
    inner join check_parts on nights.night_on <= check_parts.business_date
    group by nights.night_on
),

measured_sources as (
    select
        night_on,
        source_key
    from measure_parts
    group by night_on, source_key
),

parts as (
    select
        night_on,
        'source' as subject_type,
        source_key as subject_name,
        'measure' as part_type,
        measure_code as part_code,
        worst_entity_name,
        worst_attribute_name,
        null as worst_stage,
        null as worst_severity,
        null as worst_next_step,
        part_count,
        rows_checked,
        0 as failed_error_count,
        0 as failed_warning_count,
        part_pct,
        worst_pct,
        points_lost,
        worst_points_lost
    from measure_parts
    union all
    select
        judged.night_on,
        check_parts.subject_type,
        check_parts.subject_name,
        'check' as part_type,
        check_parts.worst_check_name as part_code,
        null as worst_entity_name,
        check_parts.worst_column_name as worst_attribute_name,
        check_parts.worst_stage,
        check_parts.worst_severity,
        check_parts.worst_next_step,
        check_parts.part_count,
        check_parts.rows_checked,
        check_parts.failed_error_count,
        check_parts.failed_warning_count,
        100 - check_parts.points_lost as part_pct,
        check_parts.worst_pct,
        check_parts.points_lost,
        check_parts.worst_points_lost
    from judged
    inner join check_parts on judged.judged_on = check_parts.business_date
    left join measured_sources
        on
            judged.night_on = measured_sources.night_on
            and check_parts.subject_name = measured_sources.source_key
    -- A source of which nothing is measured is graded only for what it did wrong.
    where
        check_parts.subject_type = 'table'
        or measured_sources.source_key is not null
        or (check_parts.points_lost > 0 and judged.night_on = judged.judged_on)
),

sized as (
    select
        *,
        case when part_type = 'measure' then rows_checked else 0 end as values_checked,
        case when subject_type = 'table' then 1 else 0 end as table_count
    from parts
),

summed as (
    select
        *,
        sum(values_checked) over (partition by night_on) as night_values,
        sum(values_checked) over (partition by night_on, subject_type, subject_name)
            as subject_values,
        sum(table_count) over (partition by night_on) as night_tables
    from sized
),

shared_parts as (
    -- Sources count by the values they brought, tables alike.
    select
        summed.*,
        case
            when summed.subject_type = 'table' then 1.0 / nullif(summed.night_tables, 0)
            -- In a night that brought no values its sources have no part in the whole.
            else coalesce(
                1.0 * summed.subject_values / nullif(summed.night_values, 0), 0
            )
        end * case
            when summed.night_tables = 0 or summed.night_values = 0 then 100
            when summed.subject_type = 'table' then rules.rule_value
            else 100 - rules.rule_value
        end as whole_share_pct
    from summed
    inner join rules on rules.rule_code = 'tables_share_pct'
)
{%- endmacro %}
