with source as (
    select * from {{ source('registration', 'customers') }}
),

renamed as (
    select
        {{ delivery_columns('registration') }},

        -- keys
        {{ typed('registration', 'customers', 'customer_key') }} as source_record_id,

        -- attributes
        'person' as party_kind,
        concat_ws(
            ' ',
            {{ typed('registration', 'customers', 'first_name') }},
            {{ typed('registration', 'customers', 'last_name') }}
        ) as full_name,
        {{ typed('registration', 'customers', 'last_name') }} as family_name,
        {{ typed('registration', 'customers', 'first_name') }} as given_name,
        {{ typed('registration', 'customers', 'prefix') }} as name_title,
        case {{ typed('registration', 'customers', 'gender') }}
            when 'M' then 'male'
            when 'F' then 'female'
            else 'unknown'
        end as sex_code,
        case {{ typed('registration', 'customers', 'marital_status') }}
            when 'M' then 'married'
            when 'S' then 'single'
        end as marital_status_code,
        case {{ typed('registration', 'customers', 'occupation') }}
            when 'Clerical' then 'clerical'
            when 'Management' then 'management'
            when 'Manual' then 'manual'
            when 'Professional' then 'professional'
            when 'Skilled Manual' then 'skilled_manual'
        end as occupation_code,
        case {{ typed('registration', 'customers', 'education_level') }}
            when 'Partial High School' then 'partial_high_school'
            when 'High School' then 'high_school'
            when 'Partial College' then 'partial_college'
            when 'Bachelors' then 'bachelor'
            when 'Graduate Degree' then 'graduate'
        end as education_code,
        {{ typed('registration', 'customers', 'email_address') }} as email,
        'USD' as currency_code,
        'web' as registration_channel_code,

        -- flags
        {{ typed('registration', 'customers', 'home_owner') }} as is_home_owner,

        -- measures
        {{ typed('registration', 'customers', 'annual_income') }}
            as annual_income_amount,
        case
            when annual_income_amount < 15000 then 'under_15k'
            when annual_income_amount < 25000 then '15_24k'
            when annual_income_amount < 35000 then '25_34k'
            when annual_income_amount < 50000 then '35_49k'
            when annual_income_amount < 75000 then '50_74k'
            when annual_income_amount < 100000 then '75_99k'
            when annual_income_amount < 125000 then '100_124k'
            when annual_income_amount < 150000 then '125_149k'
            when annual_income_amount < 175000 then '150_174k'
            when annual_income_amount < 200000 then '175_199k'
            when annual_income_amount < 250000 then '200_249k'
            when annual_income_amount is not null then '250k_plus'
        end as income_band_code,
        {{ typed('registration', 'customers', 'total_children') }} as children_count,

        -- dates
        {{ typed('registration', 'customers', 'birth_date') }} as birth_date
    from source
)

select * from renamed
