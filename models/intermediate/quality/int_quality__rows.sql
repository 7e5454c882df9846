with loads as (
    select * from {{ source('ledger', 'load') }}
),

quarantined as (
    select * from {{ source('quarantine', 'row') }}
),

mapped_lines as (
    {{ mapped_raw_columns() }}
),

mapped_columns as (
    select
        split_part(line, '|', 1) as source_name,
        split_part(line, '|', 2) as table_name,
        split_part(line, '|', 3) as entity_name,
        split_part(line, '|', 4) as raw_column,
        split_part(line, '|', 5) as attribute_name
    from mapped_lines
),

answered as (
    -- A row is valid when the door let it in.
    select
        loads.load_id,
        loads.source_name,
        mapped_columns.entity_name,
        '_all' as attribute_name,
        'validity' as measure_code,
        loads.rows_loaded + loads.rows_quarantined as rows_checked,
        loads.rows_loaded as rows_met
    from loads
    inner join mapped_columns
        on
            loads.source_name = mapped_columns.source_name
            and loads.table_name = mapped_columns.table_name
    where mapped_columns.raw_column = ''
    union all
    -- A value that the door refused was stated, and is not valid; or it was missing.
    select
        quarantined.load_id,
        quarantined.source_name,
        mapped_columns.entity_name,
        mapped_columns.attribute_name,
        case
            when quarantined.reason_code = 'required_missing' then 'completeness'
            else 'validity'
        end as measure_code,
        1 as rows_checked,
        0 as rows_met
    from quarantined
    inner join mapped_columns
        on
            quarantined.source_name = mapped_columns.source_name
            and quarantined.table_name = mapped_columns.table_name
            and quarantined.column_name = mapped_columns.raw_column
),

final as (
    select
        load_id,
        source_name,
        entity_name,
        attribute_name,
        measure_code,
        cast(sum(rows_checked) as bigint) as rows_checked,
        cast(sum(rows_met) as bigint) as rows_met
    from answered
    where rows_checked > 0
    group by load_id, source_name, entity_name, attribute_name, measure_code
)

select * from final
