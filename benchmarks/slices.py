"""What the pages of a dashboard ask of each aggregate: a slice, not the whole table.

Each is SQL over `$table`, which is the aggregate, or, for its peer, the same question
asked of the facts (`meta: saves`).
"""

SLICES = {
    "agg_business": "select * from $table where month_key = '2026-01-01'",
    "agg_campaign": """
        select channel_key, sum(exposures) as exposures, sum(response_count) as answers
        from $table group by channel_key""",
    "agg_cohort": """
        select cohort_start, months_since, customer_count, retained_count
        from $table where months_since <= 12""",
    "agg_concentration": "select * from $table where customer_group = 'all'",
    "agg_contribution": """
        select * from $table where time_level = 'quarter' and is_low
        order by due_amount - reached_amount desc, scope_code, metric_code, period_start
        limit 50""",
    "agg_customer_base": """
        select month_key, party_kind, customer_state, sum(customer_count) as customers
        from $table group by month_key, party_kind, customer_state""",
    "agg_experiment": "select * from $table where metric_code = 'purchase'",
    "agg_list_yield": "select * from $table",
    "agg_profile": """
        select * from $table
        where segment_code = 'base' and attribute_name = 'age'
            and month_key in (select max(month_key) from $aggregate)""",
    "agg_rfm": """
        select segment_code, sum(customer_count) as customers, sum(net_amount) as amount
        from $table
        where month_key in (select max(month_key) from $aggregate)
        group by segment_code""",
    "agg_sales": """
        select period_start, place_code, sum(company_net_amount) as revenue
        from $table where time_level = 'month' and place_level = 'region'
        group by period_start, place_code""",
    "agg_satisfaction": """
        select * from $table
        where
            question_code = 'nps' and time_level = 'year' and place_level = 'region'
            and product_level = 'all'""",
    "agg_segment_product": """
        select * from $table where segment_code = 'base' and product_level = 'category'
        """,
    "agg_service": """
        select period_start, reason_code, contact_count
        from $table
        where
            time_level = 'month' and place_level = 'all' and detail_level = 'reason'
        """,
    "agg_share_of_wallet": """
        select * from $table where time_level = 'year' and product_level = 'category'
        """,
    "agg_source_quality": "select * from $table where attribute_name = 'email'",
    "agg_supply_demand": """
        select month_start, sum(demand_quantity) as demand,
            sum(stock_out_day_count) as days_out
        from $table group by month_start""",
}
