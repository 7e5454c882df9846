with delivered as (
    {{ input_rows('list_terms') }}
),

final as (
    select * from delivered
)

select * from final
