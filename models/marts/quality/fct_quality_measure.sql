with delivered_values as (
    select * from {{ ref('int_quality__values') }}
),

delivered_rows as (
    select * from {{ ref('int_quality__rows') }}
),

codes as (
    select * from {{ ref('int_source__codes') }}
),

dictionary_codes as (
    select * from {{ ref('dim_dictionary_code') }}
),

loads as (
    select * from {{ source('ledger', 'load') }}
),

measures as (
    select * from {{ ref('quality_measure') }}
),

by_load as (
    {%- for relation in ['delivered_values', 'delivered_rows'] %}
    select
        load_id,
        source_name,
        entity_name,
        attribute_name,
        measure_code,
        rows_checked,
        rows_met
    from {{ relation }}
    union all
    {%- endfor %}
    -- A code is valid when its dictionary knows it.
    select
        codes.load_id,
        codes.source_name,
        codes.entity_name,
        codes.column_name as attribute_name,
        'validity' as measure_code,
        codes.row_count as rows_checked,
        case when dictionary_codes.code is null then 0 else codes.row_count end
            as rows_met
    from codes
    left join dictionary_codes
        on
            codes.dictionary_name = dictionary_codes.dictionary_name
            and codes.code = dictionary_codes.code
),

by_night as (
    select
        loads.business_date as measured_on,
        by_load.source_name,
        by_load.entity_name,
        by_load.attribute_name,
        by_load.measure_code,
        cast(sum(by_load.rows_checked) as bigint) as rows_checked,
        cast(sum(by_load.rows_met) as bigint) as rows_met
    from by_load
    inner join loads on by_load.load_id = loads.load_id
    group by
        loads.business_date, by_load.source_name, by_load.entity_name,
        by_load.attribute_name, by_load.measure_code
),

shared_out as (
    select
        *,
        cast(round(100.0 * rows_met / nullif(rows_checked, 0), 4) as decimal(9, 4))
            as measure_pct
    from by_night
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'source_name', 'entity_name', 'attribute_name', 'shared_out.measure_code',
            'measured_on',
        ]) }} as quality_measure_key,
        shared_out.source_name as source_key,
        {{ date_key('shared_out.measured_on') }} as measured_date_key,

        -- attributes
        shared_out.entity_name,
        shared_out.attribute_name,
        shared_out.measure_code,
        measures.measured_of,

        -- flags
        false as is_estimated,

        -- measures
        shared_out.rows_checked,
        shared_out.rows_met,
        shared_out.measure_pct,
        shared_out.measure_pct as lower_pct,
        shared_out.measure_pct as upper_pct,

        -- dates
        shared_out.measured_on
    from shared_out
    inner join measures on shared_out.measure_code = measures.measure_code
)

select * from final
