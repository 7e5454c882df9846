{%- set columns = [
    'seniority', 'customer_id', 'birth_date', 'dwelling_key', 'locality_key',
    'phone_key', 'mobile_key', 'postcode_standard', 'family_text', 'geography_key',
] -%}

with customer_history as (
    select * from {{ ref('int_customer__history') }}
),

first_knowns as (
    select
        customer_id,
        min(known_from) as first_known_at
    from customer_history
    group by customer_id
),

seniorities as (
    -- Who has been known longer; nothing that is learnt later changes the order.
    select
        customer_id,
        row_number() over (
            order by first_known_at nulls first, customer_id nulls first
        ) as seniority
    from first_knowns
),

comparable as (
    select
        customer_history.*,
        seniorities.seniority,
        {{ address_key('customer_history.address_standard') }} as home_address,
        {{ person_key('customer_history.name_standard') }} as comparable_name
    from customer_history
    inner join seniorities on customer_history.customer_id = seniorities.customer_id
    where
        customer_history.party_kind = 'person'
        and not customer_history.is_deleted
),

persons as (
    -- An address whose postcode is not known stands beside those of its city.
    select
        seniority,
        customer_id,
        birth_date,
        case
            when
                home_address is not null
                and coalesce(postcode_standard, city) is not null
                then
                    {{ surrogate_key([
                        'home_address',
                        'postcode_standard',
                        'case when postcode_standard is null then city end',
                        'country_code',
                    ]) }}
        end as dwelling_key,
        case
            when home_address is not null and city is not null
                then {{ surrogate_key(['home_address', 'city', 'country_code']) }}
        end as locality_key,
        {% for number in ['phone', 'mobile'] -%}
        case
            when {{ number }}_standard is not null and postcode_standard is not null
                then
                    {{ surrogate_key([
                        "'" ~ number ~ "'", number ~ '_standard', 'postcode_standard',
                    ]) }}
        end as {{ number }}_key,
        {% endfor -%}
        postcode_standard,
        {{ family_key('family_name', 'comparable_name') }} as family_text,
        geography_key,
        valid_from,
        valid_to,
        known_from,
        known_to
    from comparable
),

{{ joined_rectangles('persons', 'seniority', columns) }},

families as (
    -- A name is read in letters once, however many bear it.
    select
        family_text,
        {{ person_latin('family_text') }} as family_key
    from persons_joined
    where family_text is not null
    group by family_text
),

final as (
    select
        {% for column in columns if column != 'family_text' -%}
        persons_joined.{{ column }},
        {% endfor -%}
        families.family_key,
        persons_joined.valid_from,
        persons_joined.valid_to,
        persons_joined.known_from,
        persons_joined.known_to
    from persons_joined
    left join families on persons_joined.family_text = families.family_text
)

select * from final
