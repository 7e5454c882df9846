{# How an aggregate builds anew only the periods in which something changed. Beside it lies
   what each day of its facts was when it was last built: a count and a digest of what it
   reads of the day's rows and of their members. They are taken before each build and
   noted after it, in its transaction; so a night that is killed finds the same to do
   again, and no clock and no load is asked. What a period was is dropped before the
   build, and the build appends what it is: nothing, where no row counts any more. #}

{# The hook before a build: takes the state of each day, and drops the touched periods.
   `columns` are those that the aggregate reads of the fact; `members` maps a dimension to
   its key, which the fact has too, and to the columns that are read of it. A name with a
   dot is no column of the fact. `date_key` is what the aggregate selects by: a date, where
   it selects by that, for all dates outside the calendar have one key. `beside` lists
   further facts, each a mapping with `fact`, `date_key` and, where it has them, `columns`,
   `metrics` (what they read is read), `members`, `more` (SQL after the joins: one more, or
   which rows count) and `is_onward`: a change of a day then touches all periods from its
   own on. `levels` are the lengths of the aggregate's periods, told apart by `time_level`
   where there are several; `period_start` is the first day of one; `apart` as in
   `in_touched_period`. #}
{% macro before_touched_periods(
    fact, date_key, columns=[], members={}, more='', metrics=[], is_onward=false,
    beside=[], levels=['day', 'month', 'quarter', 'year'], period_start='period_start',
    apart=[0]
) -%}
    {%- set selects = [] -%}
    {%- for part in [{
        'fact': fact, 'date_key': date_key, 'columns': columns, 'members': members,
        'more': more, 'metrics': metrics, 'is_onward': is_onward,
    }] + beside -%}
        {%- do selects.append(_states_of_days(part)) -%}
    {%- endfor -%}
    {{ return(
        "create or replace table {{ days_now(this) }} as "
        ~ selects | join(' union all ')
        ~ "{{ note_changed_days(this) }}{{ drop_touched_periods(this, " ~ levels | tojson ~ ", '" ~ period_start
        ~ "', " ~ apart | tojson ~ ") }}"
    ) }}
{%- endmacro %}

{% macro _states_of_days(part) -%}
    {%- set reads = [] -%}
    {%- set joins = [] -%}
    {%- for column in part.get('columns', []) -%}
        {%- do reads.append(_of_fact(column)) -%}
    {%- endfor -%}
    {%- for dimension, read in part.get('members', {}).items() -%}
        {%- set rows = "{{ ref('" ~ dimension ~ "') }}" -%}
        {%- if read | length > 1 -%}
            {#- What is read of a member is hashed once, not for each of its rows. #}
            {%- set rows = "(select " ~ read[0] ~ ", {{ hash_of_row("
                ~ read[1:] | tojson ~ ") }} as hashed from " ~ rows ~ ")" -%}
            {%- do reads.append(dimension ~ '.hashed') -%}
        {%- endif -%}
        {%- do joins.append(
            " left join " ~ rows ~ " as " ~ dimension
            ~ " on built." ~ read[0] ~ " = " ~ dimension ~ "." ~ read[0]
        ) -%}
    {%- endfor -%}
    {%- set day = "{{ date_of_key('" ~ _of_fact(part.date_key) ~ "') }}" -%}
    {{ return(
        "select " ~ day ~ " as calendar_date, '" ~ part.fact ~ "' as fact, "
        ~ part.get('is_onward', false) ~ " as is_onward, count(*) as row_count,"
        ~ " {{ digest_of_rows(" ~ reads | tojson
        ~ " + columns_of_metrics(" ~ part.get('metrics', []) | tojson ~ ", 'built.')) }}"
        ~ " as row_digest from {{ ref('" ~ part.fact ~ "') }} as built" ~ joins | join
        ~ " " ~ part.get('more', '') ~ " group by " ~ day
    ) }}
{%- endmacro %}

{% macro _of_fact(column) -%}
    {{ return(column if '.' in column else 'built.' ~ column) }}
{%- endmacro %}

{# Notes the days that are not what they were. #}
{% macro note_changed_days(aggregate) -%}
    {%- if is_incremental() and load_relation(days_seen(aggregate)) -%}
    {%- set now, seen = days_now(aggregate), days_seen(aggregate) -%}
    ; create or replace table {{ days_changed(aggregate) }} as
    select calendar_date, is_onward
    from (
        (select * from {{ now }} except select * from {{ seen }})
        union all
        (select * from {{ seen }} except select * from {{ now }})
    ) as changed
    group by calendar_date, is_onward
    {%- endif -%}
{%- endmacro %}

{# Drops the periods that are built anew, those that are gone among them. An aggregate
   without notes of what it was built from is emptied. #}
{% macro drop_touched_periods(aggregate, levels, period_start, apart) -%}
    {%- if is_incremental() -%}
    {%- for level in levels -%}
    ; delete from {{ aggregate }} where
    {%- if levels | length > 1 %} time_level = '{{ level }}' and{% endif %}
    {{ in_touched_period(
        level, 'cast(' ~ period_start ~ ' as date)', apart=apart, onward=true
    ) }}
    {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{# The hook after a build: notes what it was built from. #}
{% macro after_touched_periods() -%}
    {{ return(
        "create or replace table {{ days_seen(this) }} as"
        ~ " select * from {{ days_now(this) }}; drop table {{ days_now(this) }};"
        ~ " drop table if exists {{ days_changed(this) }}"
    ) }}
{%- endmacro %}


{# The same for an aggregate that replaces whole members of a key, such as a campaign
   with all its months: drops the members too that the fact no longer has. #}
{% macro after_touched_members(fact, key) -%}
    {{ return(
        "{{ drop_gone(this, ref('" ~ fact ~ "'), '" ~ key ~ "') }}; "
        ~ after_touched_periods()
    ) }}
{%- endmacro %}


{# Drops the rows whose key the fact no longer has. #}
{% macro drop_gone(fact, event, key) -%}
    delete from {{ fact }} as built
    where not exists (
        select 1 from {{ event }} as event where event.{{ key }} = built.{{ key }}
    )
{%- endmacro %}


{# True of a date whose period is to be built: on a first build of all, later of those
   with a day that is not what it was. `apart` says how many months after such a period
   others are that hold something of it; `onward` is said where a fact `is_onward`. #}
{% macro in_touched_period(level, date, apart=[0], onward=false) -%}
    {%- if not (is_incremental() and load_relation(days_seen(this))) -%}
    {{ date }} is not null
    {%- else -%}
    ({{ first_of_period(level, date) }} in (
        {%- for months in apart %}
        select {{ _months_after(months, first_of_period(level, 'calendar_date')) }}
        from {{ days_changed(this) }}
        where not is_onward
        {{ "union all" if not loop.last }}
        {%- endfor %}
    )
    {%- if onward %}
    or {{ first_of_period(level, date) }} >= (
        select min({{ first_of_period(level, 'calendar_date') }})
        from {{ days_changed(this) }}
        where is_onward
    )
    {%- endif %})
    {%- endif -%}
{%- endmacro %}

{# The same of a row by the key of its day, which is compared with the keys of the touched
   days: a text is cheaper looked up than made a date and cut to its period. #}
{% macro is_of_touched_period(level, date_key, apart=[0], onward=false) -%}
    {%- if not (is_incremental() and load_relation(days_seen(this))) -%}
    {{ date_key }} is not null
    {%- else -%}
    {{ date_key }} in (
        select
            case
                when calendar_date = date '1900-01-01' then '_unknown'
                else cast(calendar_date as {{ dbt.type_string() }})
            end
        from {{ days_now(this) }}
        where {{ in_touched_period(level, 'calendar_date', apart, onward) }}
    )
    {%- endif -%}
{%- endmacro %}

{% macro _months_after(months, date) -%}
    {%- if months == 0 -%}
    {{ date }}
    {%- else -%}
    cast({{ dbt.dateadd('month', months, date) }} as date)
    {%- endif -%}
{%- endmacro %}


{# Where the days of an aggregate's facts are noted: as they are, as it was built, and
   those between which these two differ. #}
{% macro days_now(aggregate) -%}
    {{ return(_days(aggregate, '__now')) }}
{%- endmacro %}

{% macro days_seen(aggregate) -%}
    {{ return(_days(aggregate, '__seen')) }}
{%- endmacro %}

{% macro days_changed(aggregate) -%}
    {{ return(_days(aggregate, '__changed')) }}
{%- endmacro %}

{% macro _days(aggregate, ending) -%}
    {{ return(api.Relation.create(
        database=aggregate.database, schema='intermediate',
        identifier=aggregate.identifier ~ ending
    )) }}
{%- endmacro %}


{# The day of a date key; what has none in the calendar stands in the year 1900. #}
{% macro date_of_key(date_key) -%}
    coalesce(try_cast({{ date_key }} as date), date '1900-01-01')
{%- endmacro %}


{# The first day of the day, month, quarter or year that a date is in. #}
{% macro first_of_period(level, date) -%}
    cast({{ dbt.date_trunc(level, date) }} as date)
{%- endmacro %}


{# A digest of the rows of a group that does not ask for their order. The columns are
   none of type double, and none of more than 18 digits: of these DuckDB gives 0 and -1
   the same hash. #}
{% macro digest_of_rows(columns) -%}
    {{ return(adapter.dispatch('digest_of_rows')(columns)) }}
{%- endmacro %}

{% macro default__digest_of_rows(columns) -%}
    sum(cast({{ hash_of_row(columns) }} as hugeint))
{%- endmacro %}

{% macro spark__digest_of_rows(columns) -%}
    sum(cast({{ hash_of_row(columns) }} as decimal(38, 0)))
{%- endmacro %}


{# A number of 64 bits for what a row says. #}
{% macro hash_of_row(columns) -%}
    {{ return(adapter.dispatch('hash_of_row')(columns)) }}
{%- endmacro %}

{% macro default__hash_of_row(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__hash_of_row(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
