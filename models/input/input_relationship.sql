with delivered as (
    {{ input_rows('relationship') }}
),

final as (
    select * from delivered
)

select * from final
