with repeats as (
    select * from {{ ref('int_contact__repeats') }}
),

list_names as (
    select * from {{ ref('fct_list_name') }}
),

lists as (
    select * from {{ ref('dim_list') }}
),

registrations as (
    select * from {{ ref('fct_registration') }}
),

policies as (
    {{ policy(
        'duplicate_cost_policy', ['cost_code', 'channel_code'],
        ['cost_code', 'unit_cost_amount'],
    ) }}
),

own_records as (
    select
        *,
        row_number() over so_far as record_rank,
        first_value(source_key) over so_far as first_source_key
    from registrations
    where not is_external and customer_id <> '_unknown'
    window
        so_far as (
            partition by customer_id
            order by registered_at nulls last, registration_key nulls last
        )
),

names as (
    select
        list_names.*,
        lists.currency_code,
        cast(
            lists.price_amount
            / nullif(count(*) over (partition by list_names.list_key), 0)
            as decimal(18, 4)
        ) as price_per_name
    from list_names
    inner join lists on list_names.list_key = lists.list_key
),

duplicates as (
    select
        cost_code,
        source_name as source_key,
        earlier_source_name as other_source_key,
        {{ local_date('contacted_at') }} as happened_on,
        {{ company_currency() }} as currency_code,
        unit_cost_amount
    from repeats
    union all
    select
        'list_name_held' as cost_code,
        names.source_key,
        coalesce(own_records.source_key, '_unknown') as other_source_key,
        try_cast(names.delivered_date_key as date) as happened_on,
        coalesce(names.currency_code, {{ company_currency() }}) as currency_code,
        names.price_per_name as unit_cost_amount
    from names
    left join own_records
        on names.customer_id = own_records.customer_id and own_records.record_rank = 1
    where names.was_known
    union all
    select
        policies.cost_code,
        own_records.source_key,
        own_records.first_source_key as other_source_key,
        try_cast(own_records.registered_date_key as date) as happened_on,
        {{ company_currency() }} as currency_code,
        policies.unit_cost_amount
    from own_records
    inner join policies on policies.cost_code = 'double_count'
    where own_records.record_rank > 1
),

dated as (
    select
        *,
        cast({{ dbt.date_trunc('month', 'happened_on') }} as date) as month_start
    from duplicates
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'cost_code', 'source_key', 'other_source_key', 'currency_code',
            'month_start',
        ]) }} as duplicate_cost_key,
        source_key,
        other_source_key,
        {{ date_key('month_start') }} as month_date_key,

        -- attributes
        cost_code,
        case when cost_code = 'double_count' then 'avoided' else 'spent' end
            as cost_basis,
        currency_code,

        -- measures
        count(*) as duplicate_count,
        cast(round(avg(unit_cost_amount), 4) as decimal(18, 4)) as unit_cost_amount,
        cast(sum(unit_cost_amount) as decimal(18, 4)) as cost_amount,

        -- dates
        month_start
    from dated
    group by cost_code, source_key, other_source_key, currency_code, month_start
)

select * from final
