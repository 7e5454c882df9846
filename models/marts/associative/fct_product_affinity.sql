with product_sets as (
    select * from {{ ref('fct_product_set') }}
),

products as (
    select * from {{ ref('dim_product') }}
),

policy as (
    select * from {{ ref('affinity_policy') }}
),

item_sets as (
    select
        place_code as market,
        product_count as set_size,
        {%- for place in range(1, 7) %}
        product_{{ place }}_id as item_{{ place }},
        {%- endfor %}
        basket_count,
        total_basket_count
    from product_sets
),

{{ association_rules() }},

counted as (
    select
        *,
        cast(basket_count as double) as both_count,
        cast(antecedent_basket_count as double) as before_count,
        cast(consequent_basket_count as double) as after_count,
        cast(total_basket_count as double) as all_count
    from rules
),

measured as (
    -- Chi-square with Yates' correction, which does not overrate what is rare.
    select
        *,
        both_count / nullif(all_count, 0) as support,
        both_count / nullif(before_count, 0) as confidence,
        both_count * all_count / nullif(before_count * after_count, 0) as lift,
        both_count / nullif(all_count, 0)
        - before_count * after_count / nullif(all_count * all_count, 0) as leverage,
        all_count
        * power(
            greatest(
                abs(both_count * all_count - before_count * after_count)
                - all_count / 2,
                0
            ),
            2
        )
        / nullif(
            before_count * after_count
            * (all_count - before_count) * (all_count - after_count),
            0
        ) as chi_square
    from counted
),

current_products as (
    select
        product_id,
        product_key
    from products
    where is_current
),

final as (
    select
        -- keys
        {{ surrogate_key(['measured.market', 'antecedent_code', 'consequent_item']) }}
            as product_affinity_key,
        case when measured.market = 'all' then 'all' else 'region' end as place_level,
        measured.market as place_code,
        {%- for place in range(1, 6) %}
        measured.antecedent_{{ place }} as antecedent_{{ place }}_product_id,
        {%- endfor %}
        measured.consequent_item as consequent_product_id,
        coalesce(current_products.product_key, '_unknown') as consequent_product_key,

        -- attributes
        cast(measured.set_size - 1 as integer) as antecedent_product_count,

        -- flags
        measured.lift > 1
        and coalesce(measured.chi_square >= policy.minimum_chi_square, false)
            as is_significant,

        -- measures
        measured.basket_count,
        measured.antecedent_basket_count,
        measured.consequent_basket_count,
        measured.total_basket_count,
        cast(round(measured.support, 8) as decimal(9, 8)) as support,
        cast(round(measured.confidence, 8) as decimal(9, 8)) as confidence,
        cast(round(measured.lift, 4) as decimal(18, 4)) as lift,
        cast(round(measured.leverage, 8) as decimal(9, 8)) as leverage,
        cast(round(measured.chi_square, 4) as decimal(18, 4)) as chi_square
    from measured
    left join current_products
        on measured.consequent_item = current_products.product_id
    cross join policy
)

select * from final
