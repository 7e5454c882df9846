with link_changes as (
    select * from {{ source('identity', 'link_change') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

final as (
    select
        link_changes.source_name,
        link_changes.source_record_id,
        link_changes.customer_id,
        link_changes.load_id as from_load_id,
        lead(link_changes.load_id, 1, 9223372036854775807) over (
            partition by link_changes.source_name, link_changes.source_record_id
            order by link_changes.load_id nulls first
        ) as to_load_id
    from link_changes
    inner join links
        on
            link_changes.source_name = links.source_name
            and link_changes.source_record_id = links.source_record_id
    where links.was_relinked
)

select * from final
