{# The key of a place in `dim_geography`: its postcode within the country; where that is
   not known, its city and region. `_unknown` when nothing is known. #}
{% macro geography_key(country_code, postcode, region, city) -%}
    case
        when
            {{ country_code }} is null
            and {{ postcode }} is null
            and {{ region }} is null
            and {{ city }} is null
            then '_unknown'
        when {{ postcode }} is not null
            then {{ surrogate_key([country_code, postcode]) }}
        else {{ surrogate_key([country_code, region, city]) }}
    end
{%- endmacro %}
