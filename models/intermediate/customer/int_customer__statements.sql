{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__link_history'},
    {'keys_of': 'int_party__state_history', 'via': customers_of_records()},
] -%}
{{ config(**built_by_keys(key, reads)) }}

with state_history as (
    select * from {{ ref('int_party__state_history') }}
),

all_links as (
    select * from {{ ref('int_customer__link_history') }}
),

contracts as (
    select * from {{ ref('int_source__contracts') }}
),

link_history as (
    {{ rows_of_touched_keys('all_links', key) }}
),

linked as (
    -- A state counts for the customer for whom its record was taken at the time.
    select
        link_history.customer_id,
        state_history.source_name,
        state_history.source_record_id,
        state_history.party_kind,
        state_history.registered_at,
        state_history.is_deleted,
        state_history.valid_from,
        state_history.valid_to,
        state_history.known_from as stated_from,
        greatest(state_history.known_from, link_history.known_from) as known_from,
        least(state_history.known_to, link_history.known_to) as known_to
    from state_history
    inner join link_history
        on
            state_history.source_name = link_history.source_name
            and state_history.source_record_id = link_history.source_record_id
            and state_history.known_from < link_history.known_to
            and state_history.known_to > link_history.known_from
),

customers as (
    select
        customer_id,
        count(*) as statement_count
    from linked
    group by customer_id
),

final as (
    -- The number orders what is said of a customer: the later first, then by name. It
    -- breaks the ties of survivorship, so the order of arrival has no part in it.
    select
        linked.customer_id,
        row_number() over (
            partition by linked.customer_id
            order by
                linked.valid_from desc nulls last,
                linked.source_name asc nulls last,
                linked.source_record_id asc nulls last,
                linked.valid_to asc nulls last,
                linked.known_from asc nulls last
        ) as statement_number,
        customers.statement_count,
        linked.source_name,
        linked.source_record_id,
        linked.party_kind,
        linked.registered_at,
        linked.is_deleted,
        coalesce(contracts.source_kind = 'external', false) as is_external,
        linked.valid_from,
        linked.valid_to,
        linked.stated_from,
        linked.known_from,
        linked.known_to
    from linked
    inner join customers on linked.customer_id = customers.customer_id
    left join contracts on linked.source_name = contracts.source_name
)

select * from final
