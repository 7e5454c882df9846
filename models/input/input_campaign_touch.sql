with delivered as (
    {{ input_rows('campaign_touch') }}
),

final as (
    select * from delivered
)

select * from final
