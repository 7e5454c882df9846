{{ config(materialized='view') }}

with customers as (
    select * from {{ ref('dim_customer') }}
),

identities as (
    select * from {{ ref('bridge_customer_identity') }}
),

sources as (
    select * from {{ ref('dim_source') }}
),

known_by as (
    select
        identities.customer_id,
        count(distinct identities.source_name) as source_count,
        count(*) as record_count
    from identities
    inner join sources on identities.source_name = sources.source_name
    where
        identities.known_to = timestamp '9999-12-31'
        and sources.source_kind = 'internal'
    group by identities.customer_id
),

final as (
    select
        customers.customer_id,
        customers.party_kind,
        known_by.source_count,
        known_by.record_count,
        customers.first_seen_at
    from customers
    inner join known_by on customers.customer_id = known_by.customer_id
    where customers.is_current and not customers.is_deleted
)

select * from final
