{%- set flags = ['is_prospect', 'is_deleted'] -%}
{%- set attributes = ['party_kind'] + party_columns() + flags -%}

with states as (
    select * from {{ ref('int_party__states') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

resolved_states as (
    select * from {{ ref('int_customer__resolved_states') }}
),

candidates as (
    select
        links.customer_id,
        states.valid_from,
        states.party_kind,
        {%- for column in party_columns() %}
        states.{{ column }},
        {%- endfor %}
        links.is_external as is_prospect,
        states.is_deleted
    from states
    inner join links
        on
            states.source_name = links.source_name
            and states.source_record_id = links.source_record_id
    where links.record_count = 1
    union all
    select
        customer_id,
        valid_from,
        {{ attributes | join(',\n        ') }}
    from resolved_states
),

moment_counts as (
    select
        customer_id,
        count(*) as moment_count,
        min(least(valid_from, coalesce(registered_at, valid_from))) as first_seen_at
    from candidates
    group by customer_id
),

hashed as (
    select
        candidates.customer_id,
        candidates.valid_from,
        {{ surrogate_key(attributes) }} as attribute_hash
    from candidates
    inner join moment_counts on candidates.customer_id = moment_counts.customer_id
    where moment_counts.moment_count > 1
),

compared as (
    select
        *,
        lag(attribute_hash) over (
            partition by customer_id order by valid_from nulls first
        ) as previous_hash
    from hashed
),

ranges as (
    select
        customer_id,
        valid_from,
        lag(valid_from) over history is null as is_first,
        lead(valid_from, 1, timestamp '9999-12-31') over history as valid_to
    from compared
    where attribute_hash is distinct from previous_hash
    window history as (partition by customer_id order by valid_from nulls first)
),

versions as (
    -- The first version opens at the beginning of time, so that what happened before we
    -- knew of the customer still finds it.
    select
        candidates.*,
        moment_counts.first_seen_at,
        case
            when moment_counts.moment_count = 1 or ranges.is_first
                then timestamp '1900-01-01'
            else candidates.valid_from
        end as version_from,
        coalesce(ranges.valid_to, timestamp '9999-12-31') as version_to
    from candidates
    inner join moment_counts on candidates.customer_id = moment_counts.customer_id
    left join ranges
        on
            candidates.customer_id = ranges.customer_id
            and candidates.valid_from = ranges.valid_from
    where moment_counts.moment_count = 1 or ranges.customer_id is not null
),

final as (
    select
        {{ surrogate_key(['customer_id', 'version_from']) }} as customer_key,
        customer_id,
        {{ attributes | join(',\n        ') }},
        {{ geography_key('country_code', 'postcode_standard', 'region', 'city') }}
            as geography_key,
        first_seen_at,
        version_from as valid_from,
        version_to as valid_to
    from versions
)

select * from final
