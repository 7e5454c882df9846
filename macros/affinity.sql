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
   triple once; numbers are compared much faster than texts) and `policy`. All baskets
   together are the market `whole`. Sets grow in it alone: what all baskets hold too seldom
   for a market, its own do as well; so in each basket those are left out that are too seldom
   for every market that it lies in, and only what is left is counted market by market. The
   last CTE, `item_sets`, has `market`, `set_size`, `item_1` to `item_6` in rising order,
   `basket_count` and `total_basket_count`. A share that is exactly the least one is
   enough: it is compared as a product of decimals. #}
{% macro item_sets(whole, greatest=6) -%}
market_sizes as (
    select
        market,
        count(distinct basket_id) as total_basket_count
    from market_baskets
    group by market
    union all
    select
        {{ whole }} as market,
        count(distinct basket_id) as total_basket_count
    from market_baskets
),

thresholds as (
    select
        market_sizes.market,
        market_sizes.total_basket_count,
        cast(ceil(greatest(
            policy.minimum_support * market_sizes.total_basket_count,
            policy.minimum_basket_count
        )) as integer) as least_count
    from market_sizes
    cross join policy
),

held_1 as (
    -- A basket that lies in two markets is one basket of the whole.
    select
        market_baskets.basket_id,
        market_baskets.item_id as item_1,
        min(thresholds.least_count) as least_count
    from market_baskets
    inner join thresholds on market_baskets.market = thresholds.market
    group by market_baskets.basket_id, market_baskets.item_id
),

{% for size in range(1, greatest + 1) -%}
{%- if size > 1 -%}
held_{{ size }} as (
    select
        one.*,
        other.item_{{ size - 1 }} as item_{{ size }}
    from often_held_{{ size - 1 }} as one
    inner join often_held_{{ size - 1 }} as other
        on
            one.basket_id = other.basket_id
            {%- for place in range(1, size - 1) %}
            and one.item_{{ place }} = other.item_{{ place }}
            {%- endfor %}
            and one.item_{{ size - 1 }} < other.item_{{ size - 1 }}
    cross join policy
    where policy.maximum_set_size >= {{ size }}
),

{% endif -%}
known_{{ size }} as (
    select
        {{ item_columns(size) }},
        count(*) as basket_count
    from held_{{ size }}
    group by {{ item_columns(size) }}
    having count(*) >= min(least_count)
),

often_held_{{ size }} as (
    select held_{{ size }}.*
    from held_{{ size }}
    inner join known_{{ size }}
        on
            {%- for place in range(1, size + 1) %}
            {{ 'and ' if not loop.first -}}
            held_{{ size }}.item_{{ place }} = known_{{ size }}.item_{{ place }}
            {%- endfor %}
    where known_{{ size }}.basket_count >= held_{{ size }}.least_count
),

{% if size > 1 -%}
held_in_markets_{{ size }} as (
    -- A market has a basket's set where it has all items of it.
    select
        market_baskets.market,
        often_held_{{ size }}.basket_id,
        {{ item_columns(size, 'often_held_' ~ size) }}
    from often_held_{{ size }}
    inner join market_baskets
        on often_held_{{ size }}.basket_id = market_baskets.basket_id
    where market_baskets.item_id in ({{ item_columns(size, 'often_held_' ~ size) }})
    group by
        market_baskets.market, often_held_{{ size }}.basket_id,
        {{ item_columns(size, 'often_held_' ~ size) }}
    having count(*) = {{ size }}
),

{% endif -%}
counted_{{ size }} as (
    select
        market,
        {{ item_columns(size) if size > 1 else 'item_id as item_1' }},
        count(*) as basket_count
    from {{ 'held_in_markets_' ~ size if size > 1 else 'market_baskets' }}
    group by market, {{ item_columns(size) if size > 1 else 'item_id' }}
    union all
    select
        {{ whole }} as market,
        {{ item_columns(size) }},
        basket_count
    from known_{{ size }}
),

{% endfor -%}
item_sets as (
    {%- for size in range(1, greatest + 1) %}
    select
        thresholds.market,
        {{ size }} as set_size,
        {%- for place in range(1, greatest + 1) %}
        {{ 'item_' ~ place if place <= size else 'null' }} as item_{{ place }},
        {%- endfor %}
        counted_{{ size }}.basket_count,
        thresholds.total_basket_count
    from counted_{{ size }}
    inner join thresholds on counted_{{ size }}.market = thresholds.market
    where counted_{{ size }}.basket_count >= thresholds.least_count
    {{ "union all" if not loop.last }}
    {%- endfor %}
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
