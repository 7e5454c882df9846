{# How an aggregate over a fact builds anew only the periods in which something changed.
   Beside it lies what each day of the fact was when it was last built: a count and a
   digest of what the aggregate reads of the day's rows and of their members. They are
   taken before each build and noted after it, in its transaction; so a night that is
   killed finds the same to do again, and no clock and no load is asked. #}

{# The hook before a build: takes the state of each day. `columns` are those that the
   aggregate reads of the fact; `members` maps a dimension to its key, which the fact has
   too, and to the columns that are read of it. `beside` says the same of a second fact,
   which the aggregate only reads for the periods of the first. #}
{% macro before_touched_periods(fact, date_key, columns, members={}, beside=none) -%}
    {%- set selects = [_states_of_days(fact, date_key, columns, members, false)] -%}
    {%- if beside -%}
        {%- do selects.append(_states_of_days(
            beside.fact, beside.date_key, beside.columns, beside.members, true
        )) -%}
    {%- endif -%}
    {{ return(
        "create or replace table {{ days_now(this) }} as "
        ~ selects | join(' union all ')
    ) }}
{%- endmacro %}

{% macro _states_of_days(fact, date_key, columns, members, is_beside) -%}
    {%- set reads = [] -%}
    {%- set joins = [] -%}
    {%- for column in columns -%}{%- do reads.append('built.' ~ column) -%}{%- endfor -%}
    {%- for dimension, read in members.items() -%}
        {%- do joins.append(
            " left join {{ ref('" ~ dimension ~ "') }} as " ~ dimension
            ~ " on built." ~ read[0] ~ " = " ~ dimension ~ "." ~ read[0]
        ) -%}
        {%- for column in read[1:] -%}
            {%- do reads.append(dimension ~ '.' ~ column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(
        "select {{ date_of_key('built." ~ date_key ~ "') }} as calendar_date, "
        ~ is_beside ~ " as is_beside, count(*) as row_count,"
        ~ " {{ digest_of_rows(" ~ reads | tojson ~ ") }} as row_digest"
        ~ " from {{ ref('" ~ fact ~ "') }} as built" ~ joins | join
        ~ " group by {{ date_of_key('built." ~ date_key ~ "') }}"
    ) }}
{%- endmacro %}


{# The hook after a build: drops the periods in which the fact has no row any more, and
   notes what it was built from. `levels` are the lengths of its periods, told apart by
   `time_level` where there are several; `period_start` is the first day of one. #}
{% macro after_touched_periods(
    levels=['day', 'month', 'quarter', 'year'], period_start='period_start'
) -%}
    {%- set statements = [] -%}
    {%- for level in levels -%}
        {%- do statements.append(
            "delete from {{ this }} as built where "
            ~ ("time_level = '" ~ level ~ "' and " if levels | length > 1 else "")
            ~ "not exists (select 1 from {{ days_now(this) }} as days where "
            ~ "not days.is_beside and {{ first_of_period('" ~ level ~ "', 'days.calendar_date') }}"
            ~ " = built." ~ period_start ~ ")"
        ) -%}
    {%- endfor -%}
    {%- do statements.append(
        "create or replace table {{ days_seen(this) }} as"
        ~ " select * from {{ days_now(this) }}"
    ) -%}
    {%- do statements.append("drop table {{ days_now(this) }}") -%}
    {{ return(statements | join('; ')) }}
{%- endmacro %}


{# The same for an aggregate that is built by whole members of a key, such as a campaign
   with all its months: drops the members too that the fact no longer has. #}
{% macro after_touched_members(fact, key, level, period_start) -%}
    {{ return(
        "{{ drop_gone(this, ref('" ~ fact ~ "'), '" ~ key ~ "') }}; "
        ~ after_touched_periods(levels=[level], period_start=period_start)
    ) }}
{%- endmacro %}


{# True of a date whose period is to be built: on a first build of all, later of those
   with a day that is not what it was. #}
{% macro in_touched_period(level, date) -%}
    {%- if not (is_incremental() and load_relation(days_seen(this))) -%}
    {{ date }} is not null
    {%- else -%}
    {{ first_of_period(level, date) }} in (
        select {{ first_of_period(level, 'calendar_date') }}
        from (
            (select * from {{ days_now(this) }} except select * from {{ days_seen(this) }})
            union all
            (select * from {{ days_seen(this) }} except select * from {{ days_now(this) }})
        ) as changed
    )
    {%- endif -%}
{%- endmacro %}


{# Where the days of an aggregate's fact are noted: as they are, and as it was built. #}
{% macro days_now(aggregate) -%}
    {{ return(_days(aggregate, '__now')) }}
{%- endmacro %}

{% macro days_seen(aggregate) -%}
    {{ return(_days(aggregate, '__seen')) }}
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
   none of type double. #}
{% macro digest_of_rows(columns) -%}
    {{ return(adapter.dispatch('digest_of_rows')(columns)) }}
{%- endmacro %}

{% macro default__digest_of_rows(columns) -%}
    sum(cast(hash({{ columns | join(', ') }}) as hugeint))
{%- endmacro %}

{% macro spark__digest_of_rows(columns) -%}
    sum(cast(xxhash64({{ columns | join(', ') }}) as decimal(38, 0)))
{%- endmacro %}
