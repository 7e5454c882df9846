with source as (
    select * from {{ source('member', 'families') }}
),

renamed as (
    select
        {{ delivery_columns('member', typed('member', 'families', 'stated_at')) }},

        -- keys
        {{ typed('member', 'families', 'link_id') }} as relationship_record_id,
        'member' as party_source_name,
        {{ typed('member', 'families', 'member_id') }} as party_record_id,
        'member' as related_party_source_name,
        {{ typed('member', 'families', 'relative_id') }} as related_party_record_id,

        -- attributes
        case {{ typed('member', 'families', 'relation') }}
            when '配偶' then 'spouse'
            when '父母' then 'parent'
            when '子女' then 'child'
            when '兄弟姐妹' then 'sibling'
            when '同住' then 'household_member'
            when '亲属' then 'relative'
            when '同事' then 'colleague'
        end as relationship_type_code
    from source
)

select * from renamed
