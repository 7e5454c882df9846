{# Comparable names and addresses: what two ways of writing one thing have in common. The
   argument is text that `standard_text` has folded. As with the standard forms, SQL
   decides the common case and the library the rest; both give the same. #}

{% macro person_key(column) -%}
    {{ return(adapter.dispatch('person_key')(column)) }}
{%- endmacro %}

{% macro organisation_key(column, legal_forms) -%}
    {{ return(adapter.dispatch('organisation_key')(column, legal_forms)) }}
{%- endmacro %}

{% macro person_latin(column) -%}
    {{ return(adapter.dispatch('person_latin')(column)) }}
{%- endmacro %}

{% macro organisation_latin(column) -%}
    {{ return(adapter.dispatch('organisation_latin')(column)) }}
{%- endmacro %}

{% macro address_key(column) -%}
    {{ return(adapter.dispatch('address_key')(column)) }}
{%- endmacro %}

{% macro has_mixed_scripts(column) -%}
    {{ return(adapter.dispatch('has_mixed_scripts')(column)) }}
{%- endmacro %}

{% macro in_one_text(column) -%}
    {{ return(adapter.dispatch('in_one_text')(column)) }}
{%- endmacro %}


{# Latin words without a title, and two to four Chinese characters without one. #}
{% macro duckdb__person_key(column) -%}
    {%- set titles = 'mr|mrs|ms|miss|mx|mister|dr|doctor|prof|rev|professor|sir|madam'
        ~ '|dame|mme|mlle|monsieur|madame|herr|frau|esq|phd' -%}
    {%- set endings = '先生|女士|小姐|太太|夫人|同志|老师|教授|博士|医生|律师|经理|主任'
        ~ '|阁下|老板|様|老師|醫生|律師|經理|閣下|老闆' -%}
    case
        when {{ column }} is null then null
        when
            regexp_full_match({{ column }}, '[a-z]+( [a-z]+)*')
            and not regexp_matches(
                {{ column }}, '^({{ titles }}) | ({{ titles }})$'
            )
            then {{ column }}
        when
            regexp_full_match({{ column }}, '[一-龥]{2,4}')
            and not regexp_matches({{ column }}, '.({{ endings }})$')
            then library_simplified({{ column }})
        else library_person_key({{ column }})
    end
{%- endmacro %}


{# Legal forms are a dictionary, so the library takes them as an argument. #}
{% macro duckdb__organisation_key(column, legal_forms) -%}
    library_organisation_key({{ column }}, {{ legal_forms }})
{%- endmacro %}


{# One or two Latin words, unless `lv` or `lyu` may stand for an umlaut; and Chinese names
   of a surname that is one character. #}
{% macro duckdb__person_latin(column) -%}
    {%- set compounds %}
        '欧阳', '司马', '上官', '诸葛', '司徒', '东方', '夏侯', '皇甫', '尉迟',
        '公孙', '慕容', '令狐', '宇文', '长孙', '轩辕', '司空', '端木', '独孤',
        '南宫', '万俟', '闻人', '赫连', '澹台', '公冶', '宗政', '濮阳', '淳于',
        '单于', '太叔', '申屠', '公羊', '钟离', '鲜于', '闾丘', '司寇', '子车',
        '西门', '百里', '呼延', '东郭', '拓跋', '纳兰'
    {%- endset -%}
    case
        when {{ column }} is null then null
        when
            regexp_full_match({{ column }}, '[a-z]+( [a-z]+)?')
            and not regexp_matches({{ column }}, '[ln](v|yu)')
            then concat_ws(
                ' ',
                nullif(least(
                    split_part({{ column }}, ' ', 1), split_part({{ column }}, ' ', 2)
                ), ''),
                greatest(
                    split_part({{ column }}, ' ', 1), split_part({{ column }}, ' ', 2)
                )
            )
        when
            regexp_full_match({{ column }}, '[一-龥]{2,4}')
            and left({{ column }}, 2) not in ({{ compounds }})
            then array_to_string(list_sort([
                library_surname_reading(left({{ column }}, 1)),
                library_given_reading(substr({{ column }}, 2))
            ]), ' ')
        else library_person_latin({{ column }})
    end
{%- endmacro %}


{% macro duckdb__organisation_latin(column) -%}
    library_organisation_latin({{ column }})
{%- endmacro %}


{# Characters, letters and digits without a number that is written in characters. #}
{% macro duckdb__address_key(column) -%}
    case
        when {{ column }} is null then null
        when
            regexp_full_match({{ column }}, '[0-9a-z]*[一-龥][0-9a-z一-龥]*')
            and not regexp_matches(
                {{ column }}, '[零〇一二三四五六七八九十百][号號室楼樓层層栋棟幢单單弄座]'
            )
            then library_simplified({{ column }})
        else library_address_key({{ column }})
    end
{%- endmacro %}


{# Latin letters beside those of an alphabet that looks like it; and katakana that all
   look like Chinese characters, beside these. False for null. #}
{% macro duckdb__has_mixed_scripts(column) -%}
    {%- set kana = 'エカタトニハロ' -%}
    case
        when {{ column }} is null then false
        when regexp_full_match({{ column }}, '[ -~一-龥]*') then false
        when regexp_matches({{ column }}, '\p{Latin}') then regexp_matches(
            {{ column }}, '[\p{Greek}\p{Cyrillic}\p{Armenian}\p{Cherokee}\p{Coptic}]'
        )
        else regexp_full_match({{ column }}, '[ 一-龥{{ kana }}]*')
            and regexp_matches({{ column }}, '[{{ kana }}]')
            and regexp_matches({{ column }}, '[一-龥]')
    end
{%- endmacro %}


{# The values of a group in one text, a line each, sorted. #}
{% macro duckdb__in_one_text(column) -%}
    string_agg({{ column }}, chr(10) order by {{ column }} asc nulls last)
{%- endmacro %}
