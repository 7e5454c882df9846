{%- set columns = [
    'seniority', 'customer_id', 'birth_date', 'dwelling_key', 'locality_key',
    'phone_key', 'mobile_key', 'postcode_standard', 'family_text', 'geography_key',
] -%}
{%- set key = ['customer_id'] -%}
{%- set reads = [
    {'keys_of': 'int_customer__history'},
    {'keys_of': 'int_household__seniorities'},
] -%}
{{ config(**built_by_keys(key, reads, is_compared=true, tells=['home_key'])) }}

with customer_history as (
    select * from {{ ref('int_customer__history') }}
),

seniorities as (
    select * from {{ ref('int_household__seniorities') }}
),

touched as (
    {{ rows_of_touched_keys('customer_history', key) }}
),

comparable as (
    select
        touched.*,
        seniorities.seniority,
        {{ address_key('touched.address_standard') }} as home_address,
        {{ person_key('touched.name_standard') }} as comparable_name
    from touched
    inner join seniorities on touched.customer_id = seniorities.customer_id
    where touched.party_kind = 'person' and not touched.is_deleted
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
        coalesce(persons_joined.dwelling_key, persons_joined.customer_id) as home_key,
        persons_joined.valid_from,
        persons_joined.valid_to,
        persons_joined.known_from,
        persons_joined.known_to
    from persons_joined
    left join families on persons_joined.family_text = families.family_text
)

select * from final
