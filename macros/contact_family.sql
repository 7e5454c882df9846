{# What a type of contact point is compared as: a number is the same number, whether a
   source calls it mobile, telephone or fax. #}
{% macro contact_family(contact_type_code) -%}
    case
        when {{ contact_type_code }} in ('mobile', 'phone', 'fax') then 'number'
        else {{ contact_type_code }}
    end
{%- endmacro %}
