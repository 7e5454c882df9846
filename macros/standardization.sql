{# The standard form of a value, null when it is empty or invalid. Each macro decides the
   common case in SQL and hands the rest to a function of `warehouse.standardization`
   (`library_...`, registered by its plugin): a `case` calls it only for the rows that no
   earlier branch took. Both ways give the same; tests hold them to it. Another engine
   gets its own implementations by dispatch. #}

{% macro standard_email(column) -%}
    {{ return(adapter.dispatch('standard_email')(column)) }}
{%- endmacro %}

{% macro standard_phone(column, country_column) -%}
    {{ return(adapter.dispatch('standard_phone')(column, country_column)) }}
{%- endmacro %}

{% macro standard_national_id(column) -%}
    {{ return(adapter.dispatch('standard_national_id')(column)) }}
{%- endmacro %}

{% macro standard_organisation_code(column) -%}
    {{ return(adapter.dispatch('standard_organisation_code')(column)) }}
{%- endmacro %}

{% macro standard_postcode(column, country_column) -%}
    {{ return(adapter.dispatch('standard_postcode')(column, country_column)) }}
{%- endmacro %}

{% macro standard_text(column) -%}
    {{ return(adapter.dispatch('standard_text')(column)) }}
{%- endmacro %}


{# Plain addresses in SQL. At most 64 characters keeps every limit of the standard; a
   mailbox that may stand for nobody, and the reserved top domains, are the library's. #}
{% macro duckdb__standard_email(column) -%}
    case
        when {{ column }} is null or not contains({{ column }}, '@') then null
        when
            length({{ column }}) <= 64
            and regexp_full_match(
                lower({{ column }}),
                '[a-z0-9]+([._+-][a-z0-9]+)*@([a-z0-9]+(-[a-z0-9]+)*[.])+[a-z]{2,24}'
            )
            and not regexp_matches(
                lower({{ column }}),
                '^([an]|no.*|nil|null|n[.]a|na|unknown|do-?not.*|test.*|asdf|qwerty'
                || '|a+|abcd?|x+|0+|1+|123[0-9]*)@'
                || '|[.](arpa|invalid|local|localhost|onion|test)$'
            )
            then lower({{ column }})
        else library_email({{ column }})
    end
{%- endmacro %}


{# Chinese mobiles in SQL, unless their digits look made up. A number without a country is
   read by the company's own. #}
{% macro duckdb__standard_phone(column, country_column) -%}
    {%- set country = "upper(coalesce(" ~ country_column ~ ", '"
        ~ var('company').get('country', '') ~ "'))" -%}
    {%- set digits = "replace(replace(" ~ column ~ ", ' ', ''), '-', '')" -%}
    case
        when {{ column }} is null then null
        when
            {{ country }} = 'CN'
            and regexp_full_match(
                {{ digits }},
                '([+]86)?1([38][0-9]|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])[0-9]{8}'
            )
            and not regexp_matches(
                {{ digits }},
                '00000|11111|22222|33333|44444|55555|66666|77777|88888|99999'
                || '|23456|65432|13800138000|13900139000'
            )
            then '+86' || right({{ digits }}, 11)
        else library_phone({{ column }}, {{ country }})
    end
{%- endmacro %}


{# Resident ids (GB 11643) written without separators in SQL: province, date, check
   digit. Weights of the 17 digits are powers of two modulo 11. #}
{% macro duckdb__standard_national_id(column) -%}
    {%- set weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] -%}
    case
        when {{ column }} is null or length({{ column }}) < 18 then null
        when regexp_full_match({{ column }}, '[0-9]{17}[0-9X]') then
            case
                when
                    regexp_matches(
                        {{ column }},
                        '^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9)'
                    )
                    and substr({{ column }}, 7, 2) in ('19', '20')
                    and try_cast(
                        substr({{ column }}, 7, 4) || '-' || substr({{ column }}, 11, 2)
                        || '-' || substr({{ column }}, 13, 2) as date
                    ) is not null
                    and substr('10X98765432', 1 + (
                        {%- for weight in weights %}
                        {{ weight }} * cast(substr({{ column }}, {{ loop.index }}, 1) as integer)
                        {{- " +" if not loop.last }}
                        {%- endfor %}
                    ) % 11, 1) = substr({{ column }}, 18, 1)
                    and {{ column }} not in ('11010519491231002X', '440524188001010014')
                    then {{ column }}
            end
        else library_national_id({{ column }})
    end
{%- endmacro %}


{# Unified social credit codes (GB 32100) written without separators in SQL. Weights of
   the 17 characters are powers of three modulo 31. #}
{% macro duckdb__standard_organisation_code(column) -%}
    {%- set alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY' -%}
    {%- set weights =
        [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] -%}
    case
        when {{ column }} is null then null
        when
            regexp_full_match(
                {{ column }},
                '[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}'
            )
            then case
                when
                    substr('{{ alphabet }}', 1 + (31 - (
                        {%- for weight in weights %}
                        {{ weight }} * (
                            instr('{{ alphabet }}', substr({{ column }}, {{ loop.index }}, 1))
                            - 1
                        ){{ " +" if not loop.last }}
                        {%- endfor %}
                    ) % 31) % 31, 1) = substr({{ column }}, 18, 1)
                    and substr({{ column }}, 3, 6) <> '000000'
                    then {{ column }}
            end
        else library_organisation_code({{ column }})
    end
{%- endmacro %}


{# Postcodes by the form of their country; elsewhere three to ten letters and digits. A
   code without a country is read by the company's own. #}
{% macro duckdb__standard_postcode(column, country_column) -%}
    {%- set country = "upper(coalesce(" ~ country_column ~ ", '"
        ~ var('company').get('country', '') ~ "'))" -%}
    {%- set plain = "replace(replace(upper(translate(" ~ column
        ~ ", '０１２３４５６７８９－　', '0123456789- ')), ' ', ''), '-', '')" -%}
    {%- set forms = {
        'CN': '[0-8][0-9]{5}', 'IN': '[1-9][0-9]{5}', 'SG': '[0-9]{6}', 'RU': '[0-9]{6}',
        'DE': '[0-9]{5}', 'FR': '[0-9]{5}', 'IT': '[0-9]{5}', 'ES': '[0-9]{5}',
        'KR': '[0-9]{5}', 'MY': '[0-9]{5}', 'AU': '[0-9]{4}', 'CH': '[0-9]{4}',
        'NL': '[0-9]{4}([A-Z]{2})?',
    } -%}
    {%- set spaced = {
        'US': ['([0-9]{5})([0-9]{4})?', 5, '-'], 'JP': ['[0-9]{7}', 3, '-'],
        'CA': ['[A-Z][0-9][A-Z][0-9][A-Z][0-9]', 3, ' '],
        'GB': ['[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}', -3, ' '],
    } -%}
    case
        when {{ column }} is null then null
        when regexp_full_match({{ plain }}, '0+') then null
        {%- for code, form in forms.items() %}
        when {{ country }} = '{{ code }}' then
            case when regexp_full_match({{ plain }}, '{{ form }}') then {{ plain }} end
        {%- endfor %}
        {%- for code, (form, at, mark) in spaced.items() %}
        when {{ country }} = '{{ code }}' then
            case when regexp_full_match({{ plain }}, '{{ form }}') then concat_ws(
                '{{ mark }}',
                left({{ plain }}, {{ at }}),
                nullif(substr({{ plain }}, {{ at + 1 if at > 0 else at }}), '')
            ) end
        {%- endfor %}
        when regexp_full_match({{ plain }}, '[A-Z0-9]{3,10}') then {{ plain }}
    end
{%- endmacro %}


{# Printable ASCII, accented Latin-1 letters and common Han in SQL; every other character
   may need NFKC, which is the library's. #}
{% macro duckdb__standard_text(column) -%}
    case
        when {{ column }} is null then null
        when regexp_full_match({{ column }}, '[ -~一-龥]*')
            then nullif(trim(regexp_replace(lower({{ column }}), ' +', ' ', 'g')), '')
        when regexp_full_match({{ column }}, '[ -~À-ÿ一-龥]*') then nullif(trim(
            regexp_replace(strip_accents(lower({{ column }})), ' +', ' ', 'g')
        ), '')
        else library_text({{ column }})
    end
{%- endmacro %}
