with pairs as (
    select * from {{ ref('int_identity__pairs') }}
),

loads as (
    select * from {{ ref('dim_load') }}
),

keyed as (
    select
        *,
        cast(load_id as {{ dbt.type_string() }}) as load_key
    from pairs
),

final as (
    select
        -- keys
        {{ surrogate_key([
            'one_source_name', 'one_record_id', 'other_source_name', 'other_record_id',
        ]) }} as match_pair_key,
        keyed.one_source_name as left_source_name,
        keyed.one_record_id as left_source_record_id,
        keyed.other_source_name as right_source_name,
        keyed.other_record_id as right_source_record_id,
        keyed.one_customer_id as left_customer_id,
        keyed.other_customer_id as right_customer_id,
        keyed.load_key,

        -- attributes
        keyed.model_key as match_model,
        keyed.levels as agreement_levels,
        keyed.held_rule,
        keyed.reason_code,
        keyed.verdict,

        -- flags
        keyed.is_linked,

        -- measures
        keyed.match_weight,
        keyed.match_probability,

        -- timestamps
        loads.known_at
    from keyed
    left join loads on keyed.load_key = loads.load_key
)

select * from final
