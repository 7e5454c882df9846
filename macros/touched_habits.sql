{# Whose habits are distilled anew: of whom something was sold or answered, whose products
   or outlets are others than they were, whose purchase cycle or psychography is another,
   and who waited so long that the state of activity turned. `built` is
   int_behaviour__states as it was. #}
{% macro reads_of_habits() -%}
    {%- set of_lines = "select lines.customer_id from {{ ref('int_sale__lines') }} as lines "
        ~ "inner join changed on lines." -%}
    {{ return([
        {'keys_of': 'int_customer__history', 'via': "
            select changed.customer_id
            from (select distinct customer_id from changed) as changed
            left join {{ ref('int_behaviour__cycles') }} as cycles
                on changed.customer_id = cycles.customer_id
            left join {{ this }} as built
                on changed.customer_id = built.customer_id
            where
                cycles.purchase_cycle_days is distinct from built.purchase_cycle_days
                or cycles.customer_id is distinct from built.customer_id
        "},
        {'keys_of': 'int_customer__psychographics'},
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
        {
            'keys_of': 'int_behaviour__encounters',
            'via': "select customer_id from changed where encounter_type = 'answer'",
        },
        {'keys_of': 'int_sale__lines', 'via': _known_customers()},
    ]) }}
{%- endmacro %}


{# What happened to customers, by journals that tell of whom. #}
{% macro reads_of_known_customers(journals) -%}
    {%- set reads = [] -%}
    {%- for journal in journals -%}
        {%- do reads.append({'keys_of': journal, 'via': _known_customers()}) -%}
    {%- endfor -%}
    {{ return(reads) }}
{%- endmacro %}

{% macro _known_customers() -%}
    select customer_id from changed where customer_id <> '_unknown'
{%- endmacro %}


{# What a customer did and met each day: its habits, and encounters of any type. #}
{% macro reads_of_days() -%}
    {{ return([
        {'keys_of': 'int_behaviour__states'},
        {'keys_of': 'int_behaviour__encounters'},
    ]) }}
{%- endmacro %}


{# What the months of a customer are made of: what it did and met each day, its
   versions, and the month that it is now, for a new one gives each customer a row. #}
{% macro reads_of_customer_months() -%}
    {{ return([
        {'keys_of': 'int_behaviour__days'},
        {'keys_of': 'int_customer__version_keys'},
        {'keys_of': 'int_source__business_date', 'via': customers_in_a_new_month(
            'int_customer_month__sums'
        )},
    ]) }}
{%- endmacro %}
