with delivered as (
    {{ input_rows('web_event') }}
),

final as (
    select * from delivered
)

select * from final
