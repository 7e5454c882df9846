with codes as (
    select * from {{ ref('int_source__codes') }}
),

dictionary_codes as (
    select * from {{ ref('dim_dictionary_code') }}
),

dictionaries as (
    select dictionary_name
    from dictionary_codes
    group by dictionary_name
),

stated as (
    select
        codes.source_name,
        codes.entity_name,
        codes.column_name,
        codes.dictionary_name,
        codes.code,
        min(codes.load_id) as first_load_id,
        max(codes.load_id) as last_load_id,
        sum(codes.row_count) as row_count
    from codes
    inner join dictionaries on codes.dictionary_name = dictionaries.dictionary_name
    group by
        codes.source_name, codes.entity_name, codes.column_name,
        codes.dictionary_name, codes.code
),

shared_out as (
    select
        *,
        sum(row_count) over (
            partition by source_name, entity_name, column_name
        ) as stated_count
    from stated
),

final as (
    select
        -- keys
        {{ surrogate_key(['source_name', 'entity_name', 'column_name', 'shared_out.code']) }}
            as unknown_code_key,
        shared_out.source_name as source_key,
        cast(shared_out.first_load_id as {{ dbt.type_string() }}) as load_key,
        cast(shared_out.last_load_id as {{ dbt.type_string() }}) as last_load_key,

        -- attributes
        shared_out.entity_name,
        shared_out.column_name,
        shared_out.dictionary_name,
        shared_out.code,

        -- measures
        cast(shared_out.row_count as bigint) as row_count,
        cast(shared_out.stated_count as bigint) as stated_count
    from shared_out
    left join dictionary_codes
        on
            shared_out.dictionary_name = dictionary_codes.dictionary_name
            and shared_out.code = dictionary_codes.code
    where dictionary_codes.code is null
)

select * from final
