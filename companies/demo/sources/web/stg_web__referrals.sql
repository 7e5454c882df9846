with source as (
    select * from {{ source('web', 'referrals') }}
),

renamed as (
    select
        {{ delivery_columns('web', typed('web', 'referrals', 'referred_at')) }},

        -- keys
        {{ typed('web', 'referrals', 'referral_id') }} as relationship_record_id,
        'web' as party_source_name,
        {{ typed('web', 'referrals', 'referrer_id') }} as party_record_id,
        'web' as related_party_source_name,
        {{ typed('web', 'referrals', 'registration_id') }} as related_party_record_id,

        -- attributes
        'referrer' as relationship_type_code,

        -- timestamps
        {{ typed('web', 'referrals', 'referred_at') }} as related_from
    from source
)

select * from renamed
