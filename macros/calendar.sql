{# The first and the last day that the calendar holds. #}
{% macro first_calendar_date() -%} date '1990-01-01' {%- endmacro %}
{% macro last_calendar_date() -%} date '2050-12-31' {%- endmacro %}


{# One row per day, as `calendar_date`, both ends included. #}
{% macro date_series(first_date, last_date) -%}
    {{ return(adapter.dispatch('date_series')(first_date, last_date)) }}
{%- endmacro %}

{% macro default__date_series(first_date, last_date) -%}
    select cast(days.day_at as date) as calendar_date
    from generate_series({{ first_date }}, {{ last_date }}, interval 1 day)
        as days (day_at)
{%- endmacro %}

{% macro spark__date_series(first_date, last_date) -%}
    select explode(sequence({{ first_date }}, {{ last_date }})) as calendar_date
{%- endmacro %}


{# The date in the company's time zone of a UTC timestamp. A source that knows only the
   day states it as midnight UTC: that stays the day it is, west of Greenwich too. #}
{% macro local_date(timestamp) -%}
    {%- set time_zone = var('company').get('time_zone', 'UTC') -%}
    case
        when {{ timestamp }} = cast(cast({{ timestamp }} as date) as timestamp)
            then cast({{ timestamp }} as date)
        else cast({{ in_time_zone(timestamp, time_zone) }} as date)
    end
{%- endmacro %}


{# The UTC timestamp at which a date begins in the company's time zone. #}
{% macro start_of_local_day(date) -%}
    {{ utc_of_local(
        'cast(' ~ date ~ ' as timestamp)', var('company').get('time_zone', 'UTC')
    ) }}
{%- endmacro %}


{# The UTC timestamp at which a date ends in the company's time zone: what is as of a date
   is as of then. A version holds then that is valid up to it. #}
{% macro end_of_local_day(date) -%}
    {{ start_of_local_day('cast(' ~ dbt.dateadd('day', 1, date) ~ ' as date)') }}
{%- endmacro %}


{# What a clock in the time zone shows at a UTC timestamp. #}
{% macro in_time_zone(timestamp, time_zone) -%}
    {{ return(adapter.dispatch('in_time_zone')(timestamp, time_zone)) }}
{%- endmacro %}

{% macro default__in_time_zone(timestamp, time_zone) -%}
    timezone('{{ time_zone }}', timezone('UTC', {{ timestamp }}))
{%- endmacro %}

{% macro spark__in_time_zone(timestamp, time_zone) -%}
    from_utc_timestamp({{ timestamp }}, '{{ time_zone }}')
{%- endmacro %}


{# The key of a date in `dim_date`; `_unknown` for none, and for one that the calendar
   does not hold. #}
{% macro date_key(date) -%}
    case
        when
            {{ date }} >= {{ first_calendar_date() }}
            and {{ date }} <= {{ last_calendar_date() }}
            then cast({{ date }} as {{ dbt.type_string() }})
        else '_unknown'
    end
{%- endmacro %}


{# The day of the ISO week: Monday is 1, Sunday 7. The first day of 1900 was a Monday. #}
{% macro weekday_number(date) -%}
    {{ dbt.datediff("date '1900-01-01'", date, "day") }} % 7 + 1
{%- endmacro %}
