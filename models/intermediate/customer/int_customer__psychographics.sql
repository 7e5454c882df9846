{%- set key, reads = ['customer_id'], [{'keys_of': 'int_customer__history'}] -%}
{{ config(**built_by_keys(key, reads, is_compared=true)) }}

with versions as (
    select * from {{ ref('int_customer__versions') }}
),

signals as (
    {{ policy('psychographic_signal', 'signal', [
        'signal', 'psychographic_code', 'weight'
    ]) }}
),

customer_versions as (
    {{ rows_of_touched_keys('versions', key) }}
),

told as (
    -- Few tell the same of themselves in so many ways that each needs asking: once for
    -- each life style and set of interests.
    select
        life_style_code,
        interest_codes
    from customer_versions
    where life_style_code is not null or interest_codes is not null
    group by life_style_code, interest_codes
),

scored as (
    select
        told.life_style_code,
        told.interest_codes,
        signals.psychographic_code,
        sum(signals.weight) as score
    from told
    inner join signals
        on
            signals.signal = 'life_style:' || told.life_style_code
            or ',' || told.interest_codes || ','
            like '%,' || replace(signals.signal, 'interest:', '') || ',%'
    group by told.life_style_code, told.interest_codes, signals.psychographic_code
),

ranked as (
    select
        *,
        row_number() over (
            partition by life_style_code, interest_codes
            order by score desc nulls last, psychographic_code asc nulls last
        ) as place
    from scored
),

placed as (
    select
        customer_versions.customer_id,
        customer_versions.valid_from,
        ranked.psychographic_code,
        lag(ranked.psychographic_code) over (
            partition by customer_versions.customer_id
            order by customer_versions.valid_from nulls last
        ) as previous_code
    from customer_versions
    left join ranked
        on
            customer_versions.life_style_code
            is not distinct from ranked.life_style_code
            and customer_versions.interest_codes
            is not distinct from ranked.interest_codes
            and ranked.place = 1
),

final as (
    select
        customer_id,
        psychographic_code,
        valid_from,
        lead(valid_from, 1, timestamp '9999-12-31') over (
            partition by customer_id order by valid_from nulls last
        ) as valid_to
    from placed
    where psychographic_code is distinct from previous_code
)

select * from final
