{# Whose habits are distilled anew: of whom something was sold, met or said, whose products
   or outlets are others than they were, and who waited so long that the state of activity
   turned. `built` is int_behaviour__states as it was. #}
{% macro reads_of_habits() -%}
    {%- set of_lines = "select lines.customer_id from {{ ref('int_sale__lines') }} as lines "
        ~ "inner join changed on lines." -%}
    {%- set reads = [
        {'keys_of': 'int_customer__history'},
        {
            'keys_of': 'int_product__price_bands',
            'via': of_lines ~ "product_key = changed.product_key"
                ~ " where lines.customer_id <> '_unknown'",
        },
        {
            'keys_of': 'int_outlet__current',
            'via': of_lines ~ "outlet_source_name = changed.source_name"
                ~ " and lines.outlet_record_id = changed.outlet_record_id"
                ~ " where lines.customer_id <> '_unknown'",
        },
        {'keys_of': 'int_source__business_date', 'via': "
            select built.customer_id
            from {{ this }} as built
            inner join {{ ref('int_behaviour__cycles') }} as cycles
                on built.customer_id = cycles.customer_id
            where
                built.activity_state_code <> {{ activity_state(
                    'cycles.business_date',
                    'built.first_purchase_date',
                    'built.last_purchase_date',
                ) }}
                and exists (select 1 from changed)
        "},
    ] -%}
    {%- for event in [
        'int_sale__lines', 'int_campaign_touch__exposures', 'int_complaint__current',
        'int_service_contact__latest', 'int_service_usage__latest',
    ] -%}
        {%- do reads.append({
            'keys_of': event,
            'via': "select customer_id from changed where customer_id <> '_unknown'",
        }) -%}
    {%- endfor -%}
    {{ return(reads) }}
{%- endmacro %}


{# What the months of a customer are made of: its habits, its versions, and the month that
   it is now, for a new one gives each customer a row. #}
{% macro reads_of_customer_months() -%}
    {{ return([
        {'keys_of': 'int_behaviour__states'},
        {'keys_of': 'int_customer__version_keys'},
        {'keys_of': 'int_source__business_date', 'via': customers_in_a_new_month(
            'int_customer_month__sums'
        )},
    ]) }}
{%- endmacro %}
