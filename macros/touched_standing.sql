{# Whose purchases, positions and standing are built anew, and of which months. What is past
   is closed: it changes for customers of whom something new is known. Time alone touches
   the running month, and whoever it brings a version or a sale that was dated ahead. #}

{% macro reads_of_purchases() -%}
    {{ return([
        {'keys_of': 'int_customer__history'},
        {'keys_of': 'int_source__business_date', 'via': "
            select customer_id
            from {{ ref('int_sale__lines') }}
            where
                customer_id <> '_unknown'
                and ordered_on > (select min(business_date) from changed)
            union all
            select customer_id
            from {{ ref('int_customer__versions') }}
            where
                {{ local_date('first_seen_at') }}
                > (select min(business_date) from changed)
        "},
    ] + reads_of_known_customers(['int_sale__lines'])) }}
{%- endmacro %}


{# A new month gives each customer a row, and takes the oldest away. #}
{% macro reads_of_positions() -%}
    {{ return([
        {'keys_of': 'int_segment__purchases'},
        {'keys_of': 'int_customer__history'},
        {'keys_of': 'int_source__business_date', 'via': "
            select customer_id
            from {{ ref('int_customer__versions') }}
            where
                {{ local_date('valid_from') }} > (select min(business_date) from changed)
                or (
                    {{ local_date('valid_to') }}
                    > (select min(business_date) from changed)
                    and valid_to < timestamp '9999-12-31'
                )
            union all
        " ~ customers_in_a_new_month('int_segment__purchases')},
    ]) }}
{%- endmacro %}


{# A place among the buyers of a month follows from all of them: where one counts that did
   not, or counts otherwise, the whole month is touched. How many days ago something was is
   another each night, but only in the running month. #}
{% macro reads_of_standing() -%}
    {%- set scored = "customer_id, month_key, order_count, net_amount, last_purchase_date"
        -%}
    {%- set of_changed = " where last_purchase_date is not null and not is_deleted"
        ~ " and customer_id in (select customer_id from changed)" -%}
    {%- set now = "select " ~ scored ~ " from {{ ref('int_segment__positions') }}"
        ~ of_changed -%}
    {%- set before = "select " ~ scored ~ " from {{ this }}" ~ of_changed -%}
    {%- set both -%}
        select customer_id, month_key from {{ "{{ ref('int_segment__positions') }}" }}
        where {0}
        union all
        select customer_id, month_key from {{ "{{ this }}" }} where {0}
    {%- endset -%}
    {{ return([
        {
            'keys_of': 'int_segment__positions',
            'via': both.replace('{0}', 'customer_id in (select customer_id from changed)')
                ~ " union all " ~ both.replace(
                    '{0}',
                    "month_key in (select month_key from (("
                    ~ now ~ " except " ~ before ~ ") union all ("
                    ~ before ~ " except " ~ now ~ ")) as rescored)"
                ),
        },
        {
            'keys_of': 'int_source__business_date',
            'via': both.replace(
                '{0}',
                "month_key >= (select cast({{ first_of_period('month', "
                ~ "'min(business_date)') }} as {{ dbt.type_string() }}) from changed)"
            ),
        },
    ]) }}
{%- endmacro %}
