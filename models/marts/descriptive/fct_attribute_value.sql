{%- set key = ['source_key', 'source_record_id'] -%}
{%- set record = ['source_name', 'source_record_id'] -%}
{%- set of_record = ['source_name as source_key', 'source_record_id'] -%}
{%- set reads = [
    {'keys_of': 'int_claim__values', 'columns': of_record},
    {'keys_of': 'int_customer__links', 'columns': of_record},
    {'keys_of': 'int_claim__contested', 'via': records_of_customers()},
    {'keys_of': 'int_claim__votes', 'via': records_of_customers()},
    {
        'keys_of': 'int_source__credences',
        'via': claims_of_credences('int_claim__values', record),
    },
    {
        'keys_of': 'int_source__business_date',
        'via': claims_that_aged('int_claim__values', record),
    },
] -%}
{{ config(**built_by_keys(key, reads)) }}

with claims as (
    select * from {{ ref('int_claim__values') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

contested as (
    select * from {{ ref('int_claim__contested') }}
),

votes as (
    select * from {{ ref('int_claim__votes') }}
),

credences as (
    select * from {{ ref('int_source__credences') }}
),

contracts as (
    select * from {{ ref('int_source__contracts') }}
),

judged as (
    select
        contested.attribute_value_key,
        contested.is_standing,
        contested.is_winner,
        votes.confidence
    from ({{ rows_of_touched_keys('contested', key, record) }}) as contested
    inner join votes
        on contested.attribute_value_key = votes.attribute_value_key
),

final as (
    select
        -- keys
        claims.attribute_value_key,
        coalesce(links.customer_id, '_unknown') as customer_id,
        claims.source_name as source_key,
        claims.source_record_id,
        cast(claims.first_load_id as {{ dbt.type_string() }}) as load_key,
        cast(claims.load_id as {{ dbt.type_string() }}) as last_load_key,
        claims.first_load_row as load_row,

        -- attributes
        claims.attribute_name,
        claims.attribute_group,
        coalesce(claims.personal_class, 'none') as personal_class,
        case when claims.personal_class is null then claims.claimed_value end
            as attribute_value,
        claims.claimed_value,
        claims.value_hash,
        claims.area,
        coalesce(claims.collected_by, contracts.collected_by, '_unknown')
            as collected_by,
        coalesce(claims.collected_where, contracts.collected_where, '_unknown')
            as collected_where,
        coalesce(claims.collected_how, contracts.collected_how, '_unknown')
            as collected_how,
        coalesce(claims.collected_why, contracts.collected_why, '_unknown')
            as collected_why,

        -- flags
        claims.is_valid,
        coalesce(judged.is_standing, links.valid_to = timestamp '9999-12-31', false)
            as is_standing,
        coalesce(judged.is_winner, links.customer_id is not null) as is_winner,

        -- measures
        coalesce(
            judged.confidence,
            cast(
                {{ aged_reliability('credences', 'claims.last_claimed_at') }}
                as decimal(9, 6)
            )
        ) as confidence,

        -- timestamps
        coalesce(claims.collected_at, claims.first_claimed_at) as collected_at,
        claims.first_claimed_at as valid_from,
        claims.last_claimed_at,
        claims.first_known_at,
        claims.last_known_at
    from ({{ rows_of_touched_keys('claims', key, record) }}) as claims
    inner join contracts on claims.source_name = contracts.source_name
    inner join credences
        on
            claims.source_name = credences.source_name
            and claims.attribute_name = credences.attribute_name
    left join links
        on
            claims.source_name = links.source_name
            and claims.source_record_id = links.source_record_id
    left join judged on claims.attribute_value_key = judged.attribute_value_key
)

select * from final
