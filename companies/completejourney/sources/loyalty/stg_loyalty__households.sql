{%- set described = [
    'age', 'income', 'home_ownership', 'marital_status', 'household_size', 'kids_count',
] -%}
{%- set provenance =
    '_load_id, _row, _known_at, _delivered_on, _is_deleted, _record_hash'
-%}

with demographics as (
    select * from {{ source('loyalty', 'demographics') }}
),

transactions as (
    select * from {{ source('loyalty', 'transactions') }}
),

campaigns as (
    select * from {{ source('loyalty', 'campaigns') }}
),

redemptions as (
    select * from {{ source('loyalty', 'coupon_redemptions') }}
),

sightings as (
    {% for table in ['demographics', 'transactions', 'campaigns', 'redemptions'] -%}
    select
        household_id,
        {{ provenance }},
        {{ "true" if loop.first else "false" }} as is_described
    from {{ table }}
    where not _is_deleted
    {{ "union all" if not loop.last }}
    {% endfor -%}
),

numbered as (
    select
        *,
        row_number() over (
            partition by household_id
            order by _load_id nulls last, _row nulls last
        ) as sighting_number
    from sightings
),

first_sightings as (
    select * from numbered
    where sighting_number = 1 and not is_described
),

source as (
    select
        household_id,
        {{ described | join(', ') }},
        {{ provenance }}
    from demographics
    union all
    select
        household_id,
        {% for column in described -%}
        null as {{ column }},
        {% endfor -%}
        {{ provenance }}
    from first_sightings
),

renamed as (
    select
        {{ delivery_columns('loyalty') }},
        {{ left_out({
            'age_band_code': 'age', 'income_band_code': 'income',
            'is_home_owner': 'home_ownership', 'marital_status_code': 'marital_status',
            'household_size': 'household_size', 'children_count': 'kids_count'
        }) }} as left_out,

        -- keys
        {{ typed('loyalty', 'demographics', 'household_id') }} as source_record_id,

        -- attributes
        'person' as party_kind,
        case {{ typed('loyalty', 'demographics', 'marital_status') }}
            when 'Married' then 'married'
            when 'Unmarried' then 'unmarried'
        end as marital_status_code,
        case {{ typed('loyalty', 'demographics', 'income') }}
            when 'Under 15K' then 'under_15k'
            when '250K+' then '250k_plus'
            else lower(
                replace({{ typed('loyalty', 'demographics', 'income') }}, '-', '_')
            )
        end as income_band_code,
        case {{ typed('loyalty', 'demographics', 'age') }}
            when '65+' then '65_plus'
            else replace({{ typed('loyalty', 'demographics', 'age') }}, '-', '_')
        end as age_band_code,
        'USD' as currency_code,
        'shop' as registration_channel_code,

        -- flags
        case {{ typed('loyalty', 'demographics', 'home_ownership') }}
            when 'Homeowner' then true
            when 'Probable Homeowner' then true
            when 'Renter' then false
            when 'Probable Renter' then false
        end as is_home_owner,

        -- measures
        cast(
            replace({{ typed('loyalty', 'demographics', 'household_size') }}, '+', '')
            as integer
        ) as household_size,
        cast(
            replace({{ typed('loyalty', 'demographics', 'kids_count') }}, '+', '')
            as integer
        ) as children_count
    from source
)

select * from renamed
