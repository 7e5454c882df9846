{# What the page of the business as a whole tells, by the rows it is told of: their fact,
   its key of the day or month, and the metrics. #}
{% macro business_page() -%}
    {{- return({
        'sales': ['fct_sale', 'ordered_date_key', [
            'revenue', 'discount_rate_pct', 'cost', 'margin', 'margin_rate_pct',
            'orders', 'average_order', 'buyers', 'return_rate_pct',
        ]],
        'visits': ['fct_web_session', 'started_date_key', [
            'visits', 'signed_in_visits', 'carts_left_rate_pct',
        ]],
        'contacts': ['fct_service_contact', 'started_date_key', [
            'contacts', 'complaint_contacts', 'answered_rate_pct', 'solved_rate_pct',
        ]],
        'usages': ['fct_service_usage', 'started_date_key', ['usages']],
        'touches': ['fct_campaign_touch', 'touched_date_key', [
            'exposures', 'response_rate_pct',
        ]],
        'answers': ['fct_survey_answer', 'answered_date_key', ['nps', 'csat_pct']],
        'customer_months': ['fct_customer_month', 'month_key', ['retention_pct']],
        'standing': ['fct_customer_standing', 'month_key', [
            'customers_at_month_end', 'prospects_at_month_end', 'active_at_month_end',
            'active_at_month_end_pct', 'lost_at_month_end',
        ]],
    }) -}}
{%- endmacro %}
