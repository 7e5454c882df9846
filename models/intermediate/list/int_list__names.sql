{{ config(**made_whole_with_journal(['list_name_key'])) }}

with delivered as (
    select * from {{ ref('input_list') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

{{ latest_rows('delivered', 'list_name_record_id') }},

firsts as (
    -- A vendor who delivers a name again has not found it again.
    select
        source_name,
        list_name_record_id,
        min(load_id) as first_load_id,
        min(delivered_on) as first_delivered_on
    from delivered
    group by source_name, list_name_record_id
),

listed as (
    select
        delivered_latest.*,
        firsts.first_load_id,
        firsts.first_delivered_on,
        {{ surrogate_key([
            'delivered_latest.source_name',
            'list_code',
            "coalesce(list_version, '_unknown')",
        ]) }} as list_key
    from delivered_latest
    inner join firsts
        on
            delivered_latest.source_name = firsts.source_name
            and delivered_latest.list_name_record_id = firsts.list_name_record_id
),

customers as (
    select
        customer_id,
        min(first_load_id) filter (where not is_external) as first_own_load_id
    from links
    group by customer_id
),

linked as (
    select
        listed.*,
        coalesce(links.customer_id, '_unknown') as customer_id,
        customers.first_own_load_id
    from listed
    left join links
        on
            listed.party_source_name = links.source_name
            and listed.party_record_id = links.source_record_id
    left join customers on links.customer_id = customers.customer_id
),

standings as (
    select
        customer_id,
        count(distinct list_key) as list_count
    from linked
    where customer_id <> '_unknown' and list_code is not null
    group by customer_id
),

final as (
    select
        {{ surrogate_key(['linked.source_name', 'linked.list_name_record_id']) }}
            as list_name_key,
        case when linked.list_code is null then '_unknown' else linked.list_key end
            as list_key,
        linked.source_name,
        linked.list_name_record_id,
        linked.load_id,
        linked.party_source_name,
        linked.party_record_id,
        linked.customer_id,
        coalesce(linked.first_own_load_id < linked.first_load_id, false) as was_known,
        coalesce(standings.list_count > 1, false) as is_on_other_list,
        linked.collected_on,
        linked.first_delivered_on as delivered_on,
        cast(linked.first_delivered_on as timestamp) as delivered_at
    from linked
    left join standings on linked.customer_id = standings.customer_id
)

select * from final
