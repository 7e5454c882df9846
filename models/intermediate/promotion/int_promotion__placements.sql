{{ config(**made_whole_with_journal([
    'product_source_name', 'product_record_id', 'place', 'valid_from', 'valid_to',
])) }}

with promotions as (
    select * from {{ ref('int_promotion__current') }}
),

placed as (
    select
        product_source_name,
        product_record_id,
        coalesce(
            {{ member_id('outlet_source_name', 'outlet_record_id') }}, 'everywhere'
        ) as place,
        promotion_key,
        coalesce(starts_on, date '1900-01-01') as valid_from,
        coalesce(
            {{ dbt.dateadd('day', 1, 'ends_on') }}, timestamp '9999-12-31'
        ) as valid_to
    from promotions
    where product_record_id is not null
),

bounds as (
    select
        product_source_name,
        product_record_id,
        place,
        cast(valid_from as date) as valid_from
    from placed
    union distinct
    select
        product_source_name,
        product_record_id,
        place,
        cast(valid_to as date) as valid_from
    from placed
),

segments as (
    select
        *,
        lead(valid_from) over (
            partition by product_source_name, product_record_id, place
            order by valid_from nulls first
        ) as valid_to
    from bounds
),

covered as (
    -- Of two promotions at once the one that began later counts.
    select
        segments.*,
        placed.promotion_key,
        row_number() over (
            partition by
                segments.product_source_name, segments.product_record_id,
                segments.place, segments.valid_from
            order by
                placed.valid_from desc nulls last, placed.promotion_key asc nulls last
        ) as rank_of_segment
    from segments
    inner join placed
        on
            segments.product_source_name = placed.product_source_name
            and segments.product_record_id = placed.product_record_id
            and segments.place = placed.place
            and segments.valid_from >= placed.valid_from
            and segments.valid_from < placed.valid_to
),

final as (
    select
        product_source_name,
        product_record_id,
        place,
        promotion_key,
        valid_from,
        valid_to
    from covered
    where rank_of_segment = 1 and valid_to is not null
)

select * from final
