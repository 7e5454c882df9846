{{ config(**made_whole_with_journal(['experiment_assignment_key'])) }}

with delivered as (
    select * from {{ ref('input_experiment_assignment') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by source_name, experiment_assignment_record_id
            order by
                delivered_on desc nulls last,
                load_id desc nulls last,
                load_row desc nulls last
        ) as recency
    from delivered
),

latest as (
    select
        numbered.*,
        coalesce(links.customer_id, '_unknown') as customer_id
    from numbered
    left join links
        on
            numbered.party_source_name = links.source_name
            and numbered.party_record_id = links.source_record_id
    where numbered.recency = 1 and not numbered.is_deleted
),

seen as (
    -- Who got to see two variants, under two records, tells nothing of either.
    select
        *,
        min(variant_code) over (
            partition by source_name, experiment_code, customer_id
        ) as first_variant_code,
        max(variant_code) over (
            partition by source_name, experiment_code, customer_id
        ) as last_variant_code,
        row_number() over (
            partition by source_name, experiment_code, customer_id
            order by
                assigned_at asc nulls last,
                experiment_assignment_record_id asc nulls last
        ) as assignment_number
    from latest
),

final as (
    select
        {{ surrogate_key(['source_name', 'experiment_assignment_record_id']) }}
            as experiment_assignment_key,
        source_name,
        experiment_assignment_record_id,
        load_id,
        party_source_name,
        party_record_id,
        customer_id,
        campaign_source_name,
        campaign_record_id,
        coalesce(experiment_code, '_unknown') as experiment_code,
        coalesce(variant_code, '_unknown') as variant_code,
        coalesce(is_control, false) as is_control,
        customer_id <> '_unknown'
        and experiment_code is not null
        and variant_code is not null
        and first_variant_code = last_variant_code
        and assignment_number = 1 as is_counted,
        planned_share_pct,
        coalesce(assigned_at, valid_from) as assigned_at,
        coalesce(ends_at, timestamp '9999-12-31') as ends_at
    from seen
)

select * from final
