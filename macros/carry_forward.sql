{# The value of a column that a delta may leave out: its own where it was delivered, be
   it empty, else that of the row before in the window. A deletion says nothing of
   values, so it keeps them. Reads `is_deleted` and `left_out`. #}
{% macro carry_forward(column, window) -%}
    {{ return(adapter.dispatch('carry_forward')(column, window)) }}
{%- endmacro %}

{% macro default__carry_forward(column, window) -%}
    (
        last_value(
            case when {{ is_stated(column) }} then {'stated': {{ column }}} end
            ignore nulls
        ) over {{ window }}
    ).stated
{%- endmacro %}

{% macro spark__carry_forward(column, window) -%}
    (
        last_value(
            case
                when {{ is_stated(column) }} then named_struct('stated', {{ column }})
            end,
            true
        ) over {{ window }}
    ).stated
{%- endmacro %}


{# True where the row says something of the column. A standard form is stated with the
   column that it is derived from: only that one is named where a delta left it out. #}
{% macro is_stated(column) -%}
    {%- set derived_from = {
        'name_standard': 'full_name', 'address_standard': 'address_line',
    }.get(column, column | replace('_standard', '')) -%}
    not is_deleted and coalesce(left_out, '') not like '%,{{ derived_from }},%'
{%- endmacro %}


{# The last value of the expression that is not null, up to this row of the window. #}
{% macro last_known(expression, window) -%}
    {{ return(adapter.dispatch('last_known')(expression, window)) }}
{%- endmacro %}

{% macro default__last_known(expression, window) -%}
    last_value({{ expression }} ignore nulls) over {{ window }}
{%- endmacro %}

{% macro spark__last_known(expression, window) -%}
    last_value({{ expression }}, true) over {{ window }}
{%- endmacro %}


{# The next value of the expression that is not null, from this row of the window on. The
   window orders the rows as that of `last_known` does, so that both sort them once. #}
{% macro next_known(expression, window) -%}
    {{ return(adapter.dispatch('next_known')(expression, window)) }}
{%- endmacro %}

{% macro default__next_known(expression, window) -%}
    first_value({{ expression }} ignore nulls) over {{ window }}
{%- endmacro %}

{% macro spark__next_known(expression, window) -%}
    first_value({{ expression }}, true) over {{ window }}
{%- endmacro %}
