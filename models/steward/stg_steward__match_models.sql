with source as (
    select * from {{ source('steward', 'match_models') }}
),

renamed as (
    select
        {{ delivery_columns('steward') }},

        -- keys
        {{ typed('steward', 'match_models', 'model_key') }} as model_key,

        -- attributes
        {{ typed('steward', 'match_models', 'party_kind') }} as party_kind,
        {{ typed('steward', 'match_models', 'content') }} as content
    from source
)

select * from renamed
