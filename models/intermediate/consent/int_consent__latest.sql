with statements as (
    select * from {{ ref('int_consent__history') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

final as (
    select
        statements.*,
        coalesce(links.customer_id, '_unknown') as customer_id
    from statements
    left join links
        on
            statements.party_source_name = links.source_name
            and statements.party_record_id = links.source_record_id
    where statements.known_to = timestamp '9999-12-31'
)

select * from final
