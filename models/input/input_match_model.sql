with delivered as (
    {{ input_rows('match_model') }}
),

final as (
    select * from delivered
)

select * from final
