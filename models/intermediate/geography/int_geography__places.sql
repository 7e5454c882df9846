with customer_versions as (
    select * from {{ ref('int_customer__versions') }}
),

outlets as (
    select * from {{ ref('int_outlet__current') }}
),

addresses as (
    select
        geography_key,
        country_code,
        postcode_standard as postcode,
        region,
        city
    from customer_versions
    where geography_key <> '_unknown'
    union all
    select
        geography_key,
        country_code,
        postcode,
        region,
        city
    from outlets
    where geography_key <> '_unknown'
),

spellings as (
    select
        geography_key,
        country_code,
        postcode,
        region,
        city,
        count(*) as address_count
    from addresses
    group by geography_key, country_code, postcode, region, city
),

ranked as (
    -- A postcode lies where most of its addresses say; the name decides a tie.
    select
        *,
        row_number() over (
            partition by geography_key
            order by
                case when city is null then 1 else 0 end asc nulls last,
                address_count desc nulls last,
                region asc nulls last,
                city asc nulls last
        ) as spelling_rank
    from spellings
),

final as (
    select
        geography_key,
        coalesce(country_code, '_unknown') as country_code,
        coalesce(postcode, '_unknown') as postcode,
        coalesce(region, '_unknown') as region,
        coalesce(city, '_unknown') as city
    from ranked
    where spelling_rank = 1
)

select * from final
