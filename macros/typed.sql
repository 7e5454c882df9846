{# The typed value of one raw column, as the contract of its table declares it: null for an
   empty text, else trimmed and read by its formats, number format, booleans and time
   zone; timestamps are whole-second UTC. The doors of receiving render `typed_value` too,
   so what they admit is never null here. #}
{% macro typed(source_name, table_name, column_name) -%}
    {%- if not execute -%}
        null
    {%- else -%}
        {%- set found = [] -%}
        {%- for node in graph.sources.values()
            if node.source_name == source_name and node.name == table_name -%}
            {%- for column in node.columns.values() if column.name == column_name -%}
                {%- do found.append(column) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if not found -%}
            {{ exceptions.raise_compiler_error(
                "no contract has the column " ~ source_name ~ "." ~ table_name ~ "."
                ~ column_name
            ) }}
        {%- endif -%}
        {%- set meta = (found[0].config or {}).get('meta') or found[0].meta or {} -%}
        {%- set contract = dict(meta.get('contract') or {}, data_type=found[0].data_type) -%}
        {{ typed_value(column_name, contract) }}
    {%- endif -%}
{%- endmacro %}


{# The expression that types a text. `contract` is a column's contract as a dict; fields
   that it lacks have the defaults of `ColumnContract`. #}
{% macro typed_value(text, contract) -%}
    {%- set data_type = contract.get('data_type') or 'varchar' -%}
    {%- if data_type == 'varchar' -%}
        nullif(trim({{ text }}), '')
    {%- elif data_type == 'boolean' -%}
        {{ typed_boolean(text, contract) }}
    {%- elif data_type in ('date', 'timestamp') -%}
        {{ typed_time(text, contract, data_type) }}
    {%- else -%}
        {{ typed_number(text, contract, data_type) }}
    {%- endif -%}
{%- endmacro %}


{# True and false as the source writes them; null for anything else. #}
{% macro typed_boolean(text, contract) -%}
    case
        when trim({{ text }}) in ({{ text_list(contract.get('true_values', ['true', '1', 'Y'])) }}) then true
        when trim({{ text }}) in ({{ text_list(contract.get('false_values', ['false', '0', 'N'])) }}) then false
    end
{%- endmacro %}


{# Numbers are held against a pattern before they are cast: a cast alone would round `1.5`
   to an integer, and take `1e3` for one. #}
{% macro typed_number(text, contract, data_type) -%}
    {%- set number = contract.get('number') or {} -%}
    {%- set decimal_mark = number.get('decimal_mark', '.') -%}
    {%- set thousands_mark = number.get('thousands_mark', '') -%}
    {%- set plain = [half_width('trim(' ~ text ~ ')')] -%}
    {%- for symbol in number.get('symbols', []) -%}
        {%- do plain.append("replace(" ~ plain[-1] ~ ", " ~ text_literal(symbol) ~ ", '')") -%}
    {%- endfor -%}
    {%- if number.get('symbols') -%}
        {%- do plain.append("trim(" ~ plain[-1] ~ ")") -%}
    {%- endif -%}
    {%- if number.get('has_parentheses') -%}
        {%- do plain.append(
            "case when " ~ plain[-1] ~ " like '(%)' and " ~ plain[-1] ~ " not like '(-%'"
            ~ " then '-' || trim(substr(" ~ plain[-1] ~ ", 2, length(" ~ plain[-1]
            ~ ") - 2)) else " ~ plain[-1] ~ " end"
        ) -%}
    {%- endif -%}
    {%- set whole = '[0-9]+' -%}
    {%- if thousands_mark -%}
        {%- set whole = '([0-9]{1,3}([' ~ thousands_mark ~ '][0-9]{3})+|[0-9]+)' -%}
    {%- endif -%}
    {%- if data_type in ('integer', 'bigint') -%}
        {%- set fraction = '([' ~ decimal_mark ~ ']0+)?' -%}
    {%- else -%}
        {%- set fraction = '([' ~ decimal_mark ~ '][0-9]+)?([eE][+-]?[0-9]{1,2})?' -%}
    {%- endif -%}
    {%- set pattern = '^[+-]?' ~ whole ~ fraction ~ '$' -%}
    {%- set cleaned = [plain[-1]] -%}
    {%- if thousands_mark -%}
        {%- do cleaned.append("replace(" ~ cleaned[-1] ~ ", " ~ text_literal(thousands_mark) ~ ", '')") -%}
    {%- endif -%}
    {%- if decimal_mark != '.' -%}
        {%- do cleaned.append("replace(" ~ cleaned[-1] ~ ", " ~ text_literal(decimal_mark) ~ ", '.')") -%}
    {%- endif -%}
    case
        {%- if plain | length == 1 and not thousands_mark and decimal_mark == '.' %}
        {#- Most texts are plain as they stand: the others are trimmed first. #}
        when {{ matches(text, pattern) }} then try_cast({{ text }} as {{ data_type }})
        {%- endif %}
        when {{ matches(plain[-1], pattern) }}
            then try_cast({{ cleaned[-1] }} as {{ data_type }})
    end
{%- endmacro %}


{# A date or a whole-second timestamp, by the declared formats, else ISO 8601. #}
{% macro typed_time(text, contract, data_type) -%}
    {%- set formats = contract.get('formats') or [] -%}
    {%- set trimmed = half_width('trim(' ~ text ~ ')') -%}
    {%- set number = "case when " ~ matches(trimmed, '^-?[0-9]{1,17}([.][0-9]+)?$')
        ~ " then try_cast(" ~ trimmed ~ " as double) end" -%}
    {#- Day 60 is 29 February 1900 there, which never was: before it no two books agree. -#}
    {%- set serial = number ~ ' - case when (' ~ number ~ ') >= 61 then 0 end' -%}
    {%- set seconds = {
        'epoch_s': 'floor(' ~ number ~ ')',
        'epoch_ms': 'floor((' ~ number ~ ') / 1000)',
        'epoch_us': 'floor((' ~ number ~ ') / 1000000)',
        'days_since_1970': 'floor(' ~ number ~ ') * 86400',
        'excel_serial': 'round(((' ~ serial ~ ') - 25569) * 86400)',
    } -%}
    {%- if formats and formats[0] in seconds -%}
        {%- set moment = moment_of_seconds(seconds[formats[0]]) -%}
    {%- elif formats -%}
        {%- set moment = parsed_time(trimmed, formats) -%}
    {%- elif data_type == 'date' -%}
        {%- set moment = "case when " ~ matches(
            trimmed, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00(:00([.]0+)?)?)?$'
        ) ~ " then try_cast(substr(" ~ trimmed ~ ", 1, 10) as date) end" -%}
    {%- else -%}
        {%- set moment = iso_moment(text, trimmed, contract.get('time_zone')) -%}
    {%- endif -%}
    {%- if data_type == 'date' -%}
        cast({{ moment }} as date)
    {%- elif formats and contract.get('time_zone') and formats[0] not in seconds -%}
        cast(date_trunc('second', {{ utc_of_local(moment, contract.get('time_zone')) }}) as timestamp)
    {%- else -%}
        cast(date_trunc('second', {{ moment }}) as timestamp)
    {%- endif -%}
{%- endmacro %}


{# ISO 8601; an offset in the text wins over the declared time zone. Most texts are plain
   as they stand: the others are trimmed first. #}
{% macro iso_moment(text, trimmed, time_zone) -%}
    {%- set shape = '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?' -%}
    case
        {%- for form in [text, trimmed] %}
        {%- if time_zone %}
        when {{ matches(form, shape ~ ')?$') }}
            then {{ utc_of_local('try_cast(' ~ form ~ ' as timestamp)', time_zone) }}
        when {{ matches(form, shape ~ '(Z|[+-][0-9]{2}(:?[0-9]{2})?))$') }}
            then {{ utc_of_offset(form) }}
        {%- else %}
        when {{ matches(form, shape ~ '(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$') }}
            then {{ utc_of_offset(form) }}
        {%- endif %}
        {%- endfor %}
    end
{%- endmacro %}


{# The text as an SQL literal. #}
{% macro text_literal(text) -%}
    '{{ text | string | replace("'", "''") }}'
{%- endmacro %}


{# The texts as SQL literals with commas between; `null` for none. #}
{% macro text_list(texts) -%}
    {%- for text in texts -%}{{ text_literal(text) }}{{ ", " if not loop.last }}{%- else -%}null{%- endfor -%}
{%- endmacro %}


{# Full-width digits and signs as their plain ones. #}
{% macro half_width(text) -%}{{ adapter.dispatch('half_width')(text) }}{%- endmacro %}

{% macro default__half_width(text) -%}
    translate({{ text }}, '０１２３４５６７８９．，－＋：／（）', '0123456789.,-+:/()')
{%- endmacro %}

{% macro duckdb__half_width(text) -%}
    case when strlen({{ text }}) = length({{ text }}) then {{ text }}
        else {{ default__half_width(text) }} end
{%- endmacro %}


{# Whether the text matches the regular expression. #}
{% macro matches(text, pattern) -%}{{ adapter.dispatch('matches')(text, pattern) }}{%- endmacro %}

{% macro default__matches(text, pattern) -%}
    regexp_like({{ text }}, {{ text_literal(pattern) }})
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ text_literal(pattern) }})
{%- endmacro %}


{# The moment of a number of seconds since 1970; null beyond the years 0 to 5138. #}
{% macro moment_of_seconds(seconds) -%}{{ adapter.dispatch('moment_of_seconds')(seconds) }}{%- endmacro %}

{% macro default__moment_of_seconds(seconds) -%}
    case when abs({{ seconds }}) < 100000000000
        then timestamp_seconds(cast({{ seconds }} as bigint)) end
{%- endmacro %}

{% macro duckdb__moment_of_seconds(seconds) -%}
    case when abs({{ seconds }}) < 100000000000
        then make_timestamp(cast({{ seconds }} as bigint) * 1000000) end
{%- endmacro %}


{# The moment that a text states in the first of the `strptime` formats that reads it. #}
{% macro parsed_time(text, formats) -%}{{ adapter.dispatch('parsed_time')(text, formats) }}{%- endmacro %}

{% macro default__parsed_time(text, formats) -%}
    coalesce(
        {%- for format in formats %}
        try_to_timestamp({{ text }}, {{ text_literal(
            format | replace('%Y', 'yyyy') | replace('%y', 'yy') | replace('%m', 'M')
            | replace('%d', 'd') | replace('%H', 'H') | replace('%M', 'm')
            | replace('%S', 's') | replace('%b', 'MMM') | replace('%B', 'MMMM')
            | replace('T', "'T'") | replace('%f', 'SSSSSS') | replace('%z', 'XX')
        ) }}){{ "," if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{% macro duckdb__parsed_time(text, formats) -%}
    {%- if '%z' in formats[0] -%}
    {{ in_utc("try_strptime(" ~ text ~ ", [" ~ text_list(formats) ~ "])") }}
    {%- else -%}
    try_strptime({{ text }}, [{{ text_list(formats) }}])
    {%- endif -%}
{%- endmacro %}


{# The UTC moment of a wall-clock time in a time zone. #}
{% macro utc_of_local(moment, time_zone) -%}{{ adapter.dispatch('utc_of_local')(moment, time_zone) }}{%- endmacro %}

{% macro default__utc_of_local(moment, time_zone) -%}
    to_utc_timestamp({{ moment }}, {{ text_literal(time_zone) }})
{%- endmacro %}

{% macro duckdb__utc_of_local(moment, time_zone) -%}
    {{ in_utc("timezone(" ~ text_literal(time_zone) ~ ", " ~ moment ~ ")") }}
{%- endmacro %}


{# The moment of an ISO text with or without an offset; without one it is UTC. #}
{% macro utc_of_offset(text) -%}{{ adapter.dispatch('utc_of_offset')(text) }}{%- endmacro %}

{% macro default__utc_of_offset(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}

{% macro duckdb__utc_of_offset(text) -%}
    {{ in_utc("try_cast(" ~ text ~ " as timestamptz)") }}
{%- endmacro %}


{# A moment with a time zone as DuckDB's in UTC: `timezone('UTC', ...)` asks its calendar,
   and takes five times as long. #}
{% macro in_utc(moment) -%} make_timestamp(epoch_us({{ moment }})) {%- endmacro %}
