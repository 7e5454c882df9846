{# The CTEs that make a sale line of what its source delivered, one after the other. They
   are no models of their own: `int_sale__lines` builds only the lines that something
   happened to, and what lies below it must not be made of all. #}

{# What a sale line is made of, as a table built by keys `reads` it. A product's version
   touches its own lines: those that had it, and those of its period. A promotion may be
   stated by lines that found none, so it is looked up in what was delivered. A rate counts
   for the currency of the line and for that of its product. #}
{% macro reads_of_sale_lines() -%}
    {%- set lines = "select built.source_name, built.sale_record_id from {{ this }} as built " -%}
    {{ return([
        {'loads_of': 'input_sale'},
        {'keys_of': 'int_customer__links', 'via': lines ~ "
            inner join changed
                on
                    built.party_source_name = changed.source_name
                    and built.party_record_id = changed.source_record_id
        "},
        {'keys_of': 'int_product__versions', 'via': lines ~ "
            inner join changed
                on
                    built.product_source_name = changed.source_name
                    and built.product_record_id = changed.product_record_id
            left join {{ ref('int_product__versions') }} as versions
                on changed.product_key = versions.product_key
            where
                built.product_key = changed.product_key
                or (
                    built.ordered_at >= versions.valid_from
                    and built.ordered_at < versions.valid_to
                )
        "},
        {'keys_of': 'int_promotion__current', 'via': "
            select
                delivered.source_name,
                delivered.sale_record_id
            from {{ ref('input_sale') }} as delivered
            inner join changed
                on
                    delivered.promotion_source_name = changed.source_name
                    and delivered.promotion_record_id = changed.promotion_record_id
        "},
        {'keys_of': 'int_promotion__placements', 'via': lines ~ "
            inner join changed
                on
                    built.product_source_name = changed.product_source_name
                    and built.product_record_id = changed.product_record_id
                    and built.ordered_on >= changed.valid_from
                    and built.ordered_on < changed.valid_to
            where
                changed.place = 'everywhere'
                or changed.place
                = {{ member_id('built.outlet_source_name', 'built.outlet_record_id') }}
        "},
        {'keys_of': 'int_exchange_rate__days', 'via': lines ~ "
            inner join changed
                on
                    built.currency_code = changed.currency_code
                    and built.ordered_on = changed.calendar_date
            union all
        " ~ lines ~ "
            inner join {{ ref('int_product__versions') }} as versions
                on built.product_key = versions.product_key
            inner join changed
                on
                    versions.currency_code = changed.currency_code
                    and built.ordered_on = changed.calendar_date
        "},
    ]) }}
{%- endmacro %}


{# `latest_sales`: one row per order line as its source last stated it; a deleted one is
   left out. On a return every measure is negative, however the source signs it. `rows`
   are delivered ones, all of each order line, and `said` what tells the last of them:
   only lines said again are put in order, so these wide rows need no order of all. #}
{% macro latest_sales(rows, said) -%}
{%- set measures = [
    'quantity', 'gross_amount', 'discount_amount', 'net_amount', 'tax_amount',
    'cost_amount',
] -%}
said_again as (
    select
        source_name,
        sale_record_id
    from {{ said }}
    group by source_name, sale_record_id
    having count(*) > 1
),

last_words as (
    select
        {{ said }}.*,
        row_number() over (
            partition by {{ said }}.source_name, {{ said }}.sale_record_id
            order by
                {{ said }}.delivered_on desc nulls last,
                {{ said }}.load_id desc nulls last,
                {{ said }}.load_row desc nulls last
        ) as recency
    from {{ said }}
    inner join said_again
        on
            {{ said }}.source_name = said_again.source_name
            and {{ said }}.sale_record_id = said_again.sale_record_id
),

{{ rows }}_latest as (
    select {{ rows }}.*
    from {{ rows }}
    left join last_words
        on
            {{ rows }}.source_name = last_words.source_name
            and {{ rows }}.sale_record_id = last_words.sale_record_id
            and last_words.recency = 1
    where
        not {{ rows }}.is_deleted
        and (
            last_words.load_id is null
            or (
                {{ rows }}.load_id = last_words.load_id
                and {{ rows }}.load_row = last_words.load_row
            )
        )
),

directed_sales as (
    -- Net says it only where gross is not stated: a discount may exceed gross.
    select
        *,
        coalesce(is_return, false)
        or coalesce(quantity < 0, false)
        or coalesce(coalesce(gross_amount, net_amount) < 0, false) as goes_back
    from {{ rows }}_latest
),

latest_sales as (
    -- However the source signs a return, it gives back goods, money, tax and cost.
    select
        source_name,
        sale_record_id,
        -- A line without an order stands for one of its own.
        coalesce(order_number, sale_record_id) as order_number,
        order_line_number,
        load_id,
        party_source_name,
        party_record_id,
        product_source_name,
        product_record_id,
        outlet_source_name,
        outlet_record_id,
        campaign_source_name,
        campaign_record_id,
        promotion_source_name,
        promotion_record_id,
        channel_code,
        currency_code,
        payment_method_code,
        payment_terms_code,
        coupon_code,
        is_return,
        {%- for measure in measures %}
        case when goes_back then -abs({{ measure }}) else {{ measure }} end
            as {{ measure }},
        {%- endfor %}
        ordered_at
    from directed_sales
)
{%- endmacro %}


{# `priced_sales`: the same with customer and product. Where the source states no price or
   cost, those of the product at that moment count, if they are in the currency of the
   sale. Reads `latest_sales`, `links` and `products`. #}
{% macro priced_sales() -%}
matched_sales as (
    -- A price in another currency says nothing of the sale.
    select
        latest_sales.*,
        links.customer_id,
        products.product_key,
        coalesce(latest_sales.currency_code, products.currency_code)
            as known_currency_code,
        case
            when coalesce(latest_sales.currency_code = products.currency_code, true)
                then products.unit_price_amount
        end as unit_price_amount,
        case
            when coalesce(latest_sales.currency_code = products.currency_code, true)
                then products.unit_cost_amount
        end as unit_cost_amount,
        {{ product('latest_sales.quantity', 'products.unit_cost_amount') }}
            as list_cost_amount,
        coalesce(products.currency_code, latest_sales.currency_code)
            as list_currency_code
    from latest_sales
    left join links
        on
            latest_sales.party_source_name = links.source_name
            and latest_sales.party_record_id = links.source_record_id
    left join products
        on
            latest_sales.product_source_name = products.source_name
            and latest_sales.product_record_id = products.product_record_id
            and latest_sales.ordered_at >= products.valid_from
            and latest_sales.ordered_at < products.valid_to
),

full_sales as (
    select
        *,
        coalesce(
            gross_amount,
            net_amount + coalesce(discount_amount, 0),
            {{ product('quantity', 'unit_price_amount') }},
            0
        ) as full_amount,
        coalesce(
            cost_amount, {{ product('quantity', 'unit_cost_amount') }}
        ) as known_cost_amount
    from matched_sales
),

priced_sales as (
    select
        -- keys
        {{ surrogate_key(['source_name', 'sale_record_id']) }} as sale_key,
        source_name,
        sale_record_id,
        order_number,
        order_line_number,
        load_id,
        party_source_name,
        party_record_id,
        coalesce(customer_id, '_unknown') as customer_id,
        coalesce(product_key, '_unknown') as product_key,
        product_source_name,
        product_record_id,
        outlet_source_name,
        outlet_record_id,
        campaign_source_name,
        campaign_record_id,
        promotion_source_name,
        promotion_record_id,

        -- attributes
        coalesce(channel_code, '_unknown') as channel_code,
        coalesce(known_currency_code, {{ company_currency() }}) as currency_code,
        coalesce(list_currency_code, {{ company_currency() }}) as list_currency_code,
        payment_method_code,
        payment_terms_code,
        coupon_code,

        -- flags
        coalesce(is_return, quantity < 0, false) as is_return,

        -- measures
        coalesce(quantity, 0) as quantity,
        cast(full_amount as decimal(18, 4)) as gross_amount,
        cast(
            coalesce(discount_amount, full_amount - net_amount, 0)
            as decimal(18, 4)
        ) as discount_amount,
        cast(
            coalesce(net_amount, full_amount - coalesce(discount_amount, 0))
            as decimal(18, 4)
        ) as net_amount,
        tax_amount,
        cast(known_cost_amount as decimal(18, 4)) as cost_amount,
        list_cost_amount,

        -- dates
        {{ local_date('ordered_at') }} as ordered_on,

        -- timestamps
        ordered_at
    from full_sales
)
{%- endmacro %}


{# `promoted_sales`: the same with the promotion that they were sold under. Reads
   `priced_sales`, `promotions` and `placements`. #}
{% macro promoted_sales() -%}
promoted_sales as (
    -- What the seller states counts; else what ran for the product in this outlet, or
    -- everywhere, on that day.
    select
        priced_sales.*,
        coalesce(
            promotions.promotion_key, here.promotion_key, everywhere.promotion_key,
            '_unknown'
        ) as promotion_key
    from priced_sales
    left join promotions
        on
            priced_sales.promotion_source_name = promotions.source_name
            and priced_sales.promotion_record_id = promotions.promotion_record_id
    left join placements as here
        on
            priced_sales.product_source_name = here.product_source_name
            and priced_sales.product_record_id = here.product_record_id
            and {{ member_id(
                'priced_sales.outlet_source_name', 'priced_sales.outlet_record_id'
            ) }} = here.place
            and priced_sales.ordered_on >= here.valid_from
            and priced_sales.ordered_on < here.valid_to
    left join placements as everywhere
        on
            everywhere.place = 'everywhere'
            and priced_sales.product_source_name = everywhere.product_source_name
            and priced_sales.product_record_id = everywhere.product_record_id
            and priced_sales.ordered_on >= everywhere.valid_from
            and priced_sales.ordered_on < everywhere.valid_to
)
{%- endmacro %}


{# `valued_sales`: the same with what they are worth in the company's currency, at the rate
   of the day. A cost that is known in another currency than the sale's only counts in the
   company's. Reads `promoted_sales` and `rates`. #}
{% macro valued_sales() -%}
rated_sales as (
    select
        promoted_sales.*,
        cast(
            case
                when promoted_sales.currency_code = {{ company_currency() }} then 1
                else rates.exchange_rate
            end as decimal(18, 8)
        ) as exchange_rate,
        case
            when promoted_sales.list_currency_code = {{ company_currency() }} then 1
            else of_list.exchange_rate
        end as list_exchange_rate
    from promoted_sales
    left join rates
        on
            promoted_sales.currency_code = rates.currency_code
            and promoted_sales.ordered_on = rates.calendar_date
    left join rates as of_list
        on
            promoted_sales.list_currency_code = of_list.currency_code
            and promoted_sales.ordered_on = of_list.calendar_date
),

valued_sales as (
    select
        *,
        {{ in_company_currency('discount_amount', 'exchange_rate') }}
            as company_discount_amount,
        {{ in_company_currency('net_amount', 'exchange_rate') }} as company_net_amount,
        {{ in_company_currency('coalesce(tax_amount, 0)', 'exchange_rate') }}
            as company_tax_amount,
        coalesce(
            {{ in_company_currency('cost_amount', 'exchange_rate') }},
            {{ in_company_currency('list_cost_amount', 'list_exchange_rate') }}
        ) as company_cost_amount
    from rated_sales
)
{%- endmacro %}
