{# What some aggregates lean on, where to say so is too long for the model: the hook that
   each runs before its build. #}

{# What is to be done about a customer follows from how active it is now. #}
{% macro before_contribution() -%}
    {{ return(before_touched_periods(
        'fct_target', 'period_start',
        [
            'time_level', 'metric_code', 'target_scope', 'scope_code',
            'company_target_amount', 'passed_day_count', 'day_count', 'reached_amount',
            'latest.activity_state_code',
        ],
        more='left join (select customer_id, max_by(activity_state_code, as_of_date) '
            ~ 'as activity_state_code from {{ ref(\'fct_customer_standing\') }} '
            ~ 'where customer_id in (select scope_code from {{ ref(\'fct_target\') }}) '
            ~ 'group by customer_id) as latest on built.scope_code = latest.customer_id',
        levels=['day'],
    )) }}
{%- endmacro %}


{# What is said of a product counts in its category, and by region. #}
{% macro before_satisfaction() -%}
    {{ return(before_touched_periods(
        'fct_survey_answer', 'answered_date_key',
        ['survey_code', 'question_code', 'answer_score', 'geography_key'],
        members={
            'dim_product': ['product_key', 'category', 'product_id'],
            'dim_geography': ['geography_key', 'region_place_code'],
        },
        levels=['month', 'quarter', 'year'],
    )) }}
{%- endmacro %}


{# What is known of a source counts from the month in which it was learnt. #}
{% macro before_source_quality() -%}
    {{ return(before_touched_periods(
        'fct_attribute_value', 'dim_load.business_date',
        [
            'source_key', 'attribute_name', 'attribute_group', 'is_valid', 'is_winner',
            'source_record_id',
        ],
        members={
            'dim_load': ['load_key'],
            'dim_source': ['source_key', 'cost_per_record_amount', 'currency_code'],
        },
        beside=[{
            'fact': 'fct_source_quality',
            'date_key': 'dim_load.business_date',
            'columns': ['source_key', 'attribute_group', 'reliability', 'known_at'],
            'members': {'dim_load': ['load_key']},
            'is_onward': true,
        }],
        levels=['month'], period_start='month_key',
    )) }}
{%- endmacro %}


{# Of sales, only those to customers who told what they buy elsewhere. #}
{% macro before_share_of_wallet() -%}
    {{ return(before_touched_periods(
        'fct_competitor_purchase', 'purchased_date_key',
        ['customer_id', 'product_category', 'company_purchase_amount'],
        beside=[{
            'fact': 'fct_sale',
            'date_key': 'ordered_date_key',
            'columns': ['customer_id', 'company_net_amount'],
            'members': {'dim_product': ['product_key', 'category']},
            'more': 'where built.customer_id in (select customer_id from '
                ~ '{{ ref(\'fct_competitor_purchase\') }})',
        }],
        levels=['month', 'quarter', 'year'],
    )) }}
{%- endmacro %}


{# Who came into a state, less who left it, in each month: a balance that runs on, so a
   month that differs touches all from it on. The moves are kept until the build, which
   would else ask for them a second time. #}
{% macro before_customer_base(grain) -%}
    {%- set kept -%}
create or replace table {{ '{{' }} moves_now(this) {{ '}}' }} as
{{ '{{' }} customer_moves(
    ref('dim_customer'), ref('dim_customer_behaviour'), ref('dim_geography'),
    {{ grain | tojson }}
) {{ '}}' }};
    {%- endset -%}
    {%- set moves -%}
inner join {{ '{{' }} moves_now(this) {{ '}}' }} as moves
    on built.calendar_date = moves.month_start
    {%- endset -%}
    {%- set reached -%}
inner join (
    select max(business_date) as business_date from {{ '{{' }} ref('dim_load') {{ '}}' }}
) as reached
    on built.calendar_date <= reached.business_date and built.day_number = 1
    {%- endset -%}
    {%- set columns = ['moves.customer_change'] -%}
    {%- for column in grain -%}{%- do columns.append('moves.' ~ column) -%}{%- endfor -%}
    {{ return(kept ~ before_touched_periods(
        'dim_date', 'calendar_date', columns, more=moves, is_onward=true,
        beside=[{
            'fact': 'dim_date',
            'date_key': 'calendar_date',
            'columns': ['date_key'],
            'more': reached,
            'is_onward': true,
        }],
        levels=['month'], period_start='month_key',
    )) }}
{%- endmacro %}


{# The hook that goes with it: notes what it was built from, and drops the moves. #}
{% macro after_customer_base() -%}
    {{ return(after_touched_periods() ~ "; drop table {{ moves_now(this) }}") }}
{%- endmacro %}


{# Where the moves are kept while the aggregate is built. #}
{% macro moves_now(aggregate) -%}
    {{ return(_days(aggregate, '__moves')) }}
{%- endmacro %}


{# Rows of a month and state: how many customers came into it less how many left. The
   balance of all months up to one is how many are in it at its end. #}
{% macro customer_moves(customers, behaviours, places, grain) -%}
    with activities as (
        select
            customer_id,
            activity_state_code,
            activity_state_since_date,
            min(valid_from) as valid_from,
            max(valid_to) as valid_to
        from {{ behaviours }}
        group by customer_id, activity_state_code, activity_state_since_date
    ),

    stays as (
        -- A customer counts from the month in which it was first seen.
        select
            places.region_place_code,
            customers.party_kind,
            case
                when customers.is_deleted then 'deleted'
                when customers.is_prospect then 'prospect'
                else 'customer'
            end as customer_state,
            activities.activity_state_code,
            greatest(
                customers.valid_from, customers.first_seen_at, activities.valid_from
            ) as stay_from,
            least(customers.valid_to, activities.valid_to) as stay_to
        from {{ customers }} as customers
        inner join {{ places }} as places
            on customers.geography_key = places.geography_key
        inner join activities
            on
                customers.customer_id = activities.customer_id
                and activities.valid_from < customers.valid_to
                and activities.valid_to > customers.valid_from
                and activities.valid_to > customers.first_seen_at
        where
            customers.customer_id <> '_unknown'
            and customers.first_seen_at < customers.valid_to
    ),

    changes as (
        {%- for moment, change in [('stay_from', 1), ('stay_to', -1)] %}
        select
            greatest(
                cast({{ dbt.date_trunc('month', local_date(moment)) }} as date),
                {{ first_calendar_date() }}
            ) as month_start,
            {{ grain | join(', ') }},
            {{ change }} as customer_change
        from stays
        where stay_from < stay_to and {{ moment }} < timestamp '9999-12-31'
        {{ "union all" if not loop.last }}
        {%- endfor %}
    )

    select
        month_start,
        {{ grain | join(', ') }},
        cast(sum(customer_change) as bigint) as customer_change
    from changes
    group by month_start, {{ grain | join(', ') }}
{%- endmacro %}
