with delivered as (
    {{ input_rows('service_usage') }}
),

final as (
    select * from delivered
)

select * from final
