{# The family name by which persons of one address are told apart: as stated, else the
   first character of a Chinese name, or its two for a compound family name, else the
   last word. `name` is a comparable name: folded, without titles. #}
{% macro family_key(family_name, name) -%}
    {%- set compound = [
        '欧阳', '司马', '上官', '诸葛', '司徒', '东方', '皇甫', '尉迟', '公孙',
        '慕容', '令狐', '夏侯', '端木', '独孤', '南宫', '长孙', '宇文', '轩辕',
        '呼延', '澹台', '申屠', '太史', '公冶', '宗政', '濮阳', '淳于', '单于',
    ] -%}
    coalesce(
        lower(nullif(trim({{ family_name }}), '')),
        case
            when substr({{ name }}, 1, 2) in ('{{ compound | join("', '") }}')
                then substr({{ name }}, 1, 2)
            when substr({{ name }}, 1, 1) >= '一' and substr({{ name }}, 1, 1) <= '龥'
                then substr({{ name }}, 1, 1)
            else reverse(split_part(reverse({{ name }}), ' ', 1))
        end
    )
{%- endmacro %}
