with claims as (
    select * from {{ ref('int_claim__values') }}
),

links as (
    select * from {{ ref('int_customer__links') }}
),

states as (
    select * from {{ ref('int_party__states') }}
),

versions as (
    select * from {{ ref('int_customer__versions') }}
),

standing_states as (
    select *
    from states
    where valid_to = timestamp '9999-12-31' and not is_deleted
),

golden_records as (
    select *
    from versions
    where valid_to = timestamp '9999-12-31'
),

final as (
    -- Who has one record that spoke once is what that record said.
    select
        claims.attribute_value_key,
        links.customer_id,
        claims.source_name,
        claims.attribute_name,
        claims.attribute_group,
        claims.value_code,
        claims.last_claimed_at,
        coalesce(
            case claims.attribute_name
                {%- for attribute in claimed_attributes() %}
                when '{{ attribute.name }}'
                    then {{ comparable(attribute, 'standing_states') }}
                {%- endfor %}
            end = claims.value_code, false
        ) as is_standing,
        coalesce(
            case claims.attribute_name
                {%- for attribute in claimed_attributes() %}
                when '{{ attribute.name }}'
                    then {{ comparable(attribute, 'golden_records') }}
                {%- endfor %}
            end = claims.value_code, false
        ) as is_winner
    from claims
    inner join links
        on
            claims.source_name = links.source_name
            and claims.source_record_id = links.source_record_id
    left join standing_states
        on
            claims.source_name = standing_states.source_name
            and claims.source_record_id = standing_states.source_record_id
    left join golden_records on links.customer_id = golden_records.customer_id
    where links.record_count > 1 or claims.statement_count > 1
)

select * from final
