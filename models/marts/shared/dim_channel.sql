with channels as (
    {{ dictionary('channel') }}
),

final as (
    select
        code as channel_key,
        code as channel_code,
        label_en,
        label_zh
    from channels
    union all
    select
        '_unknown' as channel_key,
        '_unknown' as channel_code,
        'Unknown' as label_en,
        '未知' as label_zh
)

select * from final
