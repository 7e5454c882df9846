{%- set attributes = ['party_kind'] + party_columns() -%}
{%- set provenance = [
    'source_name', 'source_record_id', 'load_id', 'load_row', 'known_at',
    'delivered_on', 'valid_from', 'is_deleted',
] -%}
{%- set read_by_country = ['mobile_standard', 'phone_standard', 'postcode_standard'] -%}
{%- set others = attributes | reject('in', read_by_country) | list -%}
{%- set columns = others + read_by_country + provenance -%}

with delivered as (
    select * from {{ ref('input_party') }}
),

records_with_gaps as (
    select
        source_name,
        source_record_id
    from delivered
    where left_out is not null or is_deleted
    group by source_name, source_record_id
),

without_gaps as (
    select
        delivered.{{ columns | join(',\n        delivered.') }}
    from delivered
    left join records_with_gaps
        on
            delivered.source_name = records_with_gaps.source_name
            and delivered.source_record_id = records_with_gaps.source_record_id
    where records_with_gaps.source_name is null
),

with_gaps as (
    select delivered.*
    from delivered
    inner join records_with_gaps
        on
            delivered.source_name = records_with_gaps.source_name
            and delivered.source_record_id = records_with_gaps.source_record_id
),

gaps_filled as (
    select
        {%- for attribute in attributes %}
        {{ carry_forward(attribute, 'history') }} as {{ attribute }},
        {%- endfor %}
        {{ provenance | join(',\n        ') }}
    from with_gaps
    window
        history as (
            partition by source_name, source_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
            rows between unbounded preceding and current row
        )
),

gaps_standardized as (
    -- A delta may leave out the country by which its numbers are to be read.
    select
        {{ others | join(',\n        ') }},
        {{ standard_phone('mobile', 'country_code') }} as mobile_standard,
        {{ standard_phone('phone', 'country_code') }} as phone_standard,
        {{ standard_postcode('postcode', 'country_code') }} as postcode_standard,
        {{ provenance | join(',\n        ') }}
    from gaps_filled
),

completed as (
    select * from without_gaps
    union all
    select * from gaps_standardized
),

followed as (
    select
        *,
        lead(valid_from, 1, timestamp '9999-12-31') over (
            partition by source_name, source_record_id
            order by
                valid_from nulls first,
                delivered_on nulls first,
                load_id nulls first,
                load_row nulls first
        ) as valid_to
    from completed
),

final as (
    -- Of what was said of one moment, the last word is followed by a later moment.
    select *
    from followed
    where valid_from < valid_to
)

select * from final
