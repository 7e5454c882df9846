{# The columns of the items of a set, `item_1` to the given number, of a relation. #}
{% macro item_columns(size, relation='') -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- for place in range(1, size + 1) -%}
    {{ prefix }}item_{{ place }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{# The CTEs that find the sets of items that many baskets hold (Apriori, level by level):
   a set is looked for only in baskets that hold it without its last item, and only if
   they do so often enough. Reads `market_baskets` (`market`, `basket_id`, `item_id`, each
   triple once; numbers are compared much faster than texts) and `policy`; the last CTE,
   `item_sets`, has `market`, `set_size`, `item_1` to `item_6` in rising order,
   `basket_count` and `total_basket_count`. A share that is exactly the least one is
   enough: it is compared as a product of decimals. #}
{% macro item_sets(greatest=6) -%}
market_sizes as (
    select
        market,
        count(distinct basket_id) as total_basket_count
    from market_baskets
    group by market
),

thresholds as (
    select
        market_sizes.market,
        market_sizes.total_basket_count,
        policy.maximum_set_size,
        greatest(
            policy.minimum_support * market_sizes.total_basket_count,
            policy.minimum_basket_count
        ) as least_count
    from market_sizes
    cross join policy
),

held_1 as (
    select
        market_baskets.market,
        market_baskets.basket_id,
        thresholds.maximum_set_size,
        thresholds.least_count,
        market_baskets.item_id as item_1
    from market_baskets
    inner join thresholds on market_baskets.market = thresholds.market
),

{% for size in range(1, greatest + 1) -%}
{%- if size > 1 -%}
held_{{ size }} as (
    select
        shorter.*,
        further.item_1 as item_{{ size }}
    from frequent_holdings_{{ size - 1 }} as shorter
    inner join frequent_holdings_1 as further
        on
            shorter.market = further.market
            and shorter.basket_id = further.basket_id
            and shorter.item_{{ size - 1 }} < further.item_1
    where shorter.maximum_set_size >= {{ size }}
),

{% endif -%}
frequent_{{ size }} as (
    select
        market,
        {{ item_columns(size) }},
        count(*) as basket_count
    from held_{{ size }}
    group by market, {{ item_columns(size) }}
    having count(*) >= max(least_count)
),

{% if size < greatest -%}
frequent_holdings_{{ size }} as (
    select held_{{ size }}.*
    from held_{{ size }}
    inner join frequent_{{ size }}
        on
            held_{{ size }}.market = frequent_{{ size }}.market
            {%- for place in range(1, size + 1) %}
            and held_{{ size }}.item_{{ place }} = frequent_{{ size }}.item_{{ place }}
            {%- endfor %}
),

{% endif -%}
{%- endfor -%}
frequent_sets as (
    {%- for size in range(1, greatest + 1) %}
    select
        market,
        {{ size }} as set_size,
        {%- for place in range(1, greatest + 1) %}
        {{ 'item_' ~ place if place <= size else 'null' }} as item_{{ place }},
        {%- endfor %}
        basket_count
    from frequent_{{ size }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

item_sets as (
    select
        frequent_sets.*,
        thresholds.total_basket_count
    from frequent_sets
    inner join thresholds on frequent_sets.market = thresholds.market
)
{%- endmacro %}


{# The CTEs that make rules of the sets: each item of a set of two or more is once the
   consequent, and the others its antecedent. Reads `item_sets` and `policy`; the last
   CTE, `rules`, has `market`, `set_size`, `consequent_item`, `antecedent_1` to
   `antecedent_5`, and the four counts that all measures follow from. #}
{% macro association_rules(greatest=6) -%}
{%- set items = [] -%}
{%- for place in range(1, greatest + 1) %}{% do items.append('item_' ~ place) %}{% endfor -%}
keyed_sets as (
    select
        *,
        concat_ws('|', {{ items | join(', ') }}) as set_code
    from item_sets
),

splits as (
    {%- for place in range(1, greatest + 1) %}
    {%- set others = items | reject('equalto', 'item_' ~ place) | list %}
    select
        market,
        set_size,
        total_basket_count,
        basket_count,
        item_{{ place }} as consequent_item,
        {%- for other in others %}
        {{ other }} as antecedent_{{ loop.index }},
        {%- endfor %}
        concat_ws('|', {{ others | join(', ') }}) as antecedent_code
    from keyed_sets
    where set_size >= {{ [place, 2] | max }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

rules as (
    select
        splits.*,
        antecedents.basket_count as antecedent_basket_count,
        consequents.basket_count as consequent_basket_count
    from splits
    inner join keyed_sets as antecedents
        on
            splits.market = antecedents.market
            and splits.antecedent_code = antecedents.set_code
    inner join keyed_sets as consequents
        on
            splits.market = consequents.market
            and splits.consequent_item = consequents.item_1
            and consequents.set_size = 1
    cross join policy
    where
        splits.basket_count
        >= policy.minimum_confidence * antecedents.basket_count
)
{%- endmacro %}
