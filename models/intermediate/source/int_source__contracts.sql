with source_reliability as (
    select * from {{ ref('source_reliability') }}
),

contracts as (
    {% for contract in source_contracts() -%}
    {%- set terms = contract.get('terms') or {} -%}
    select
        '{{ contract.source_name }}' as source_name,
        {{ stated(contract.kind, 'varchar') }} as source_kind,
        {{ stated(contract.channel, 'varchar') }} as channel_code,
        {{ stated(contract.first_step, 'varchar') }} as first_step_code,
        {{ stated(contract.contact_frequency, 'varchar') }} as contact_frequency_code,
        {{ stated(contract.purpose, 'varchar') }} as purpose,
        {{ stated(contract.get('collected_why') or contract.purpose, 'varchar') }}
            as collected_why,
        {{ stated(contract.collected_by, 'varchar') }} as collected_by,
        {{ stated(contract.collected_how, 'varchar') }} as collected_how,
        {{ stated(contract.get('collected_where', '_unknown'), 'varchar') }}
            as collected_where,
        {{ stated(contract.get('is_unique', false), 'boolean') }} as is_unique,
        {{ stated(contract.get('cost_per_record_amount', 0), 'decimal(18,4)') }}
            as cost_per_record_amount,
        {{ stated(terms.vendor, 'varchar') }} as vendor_name,
        {{ stated(terms.category, 'varchar') }} as list_category_code,
        {{ stated(terms.acquisition or 'bought' if terms else none, 'varchar') }}
            as acquisition_code,
        {{ stated(terms.price_amount, 'decimal(18,2)') }} as price_amount,
        {{ stated(terms.currency_code, 'varchar') }} as currency_code,
        {{ stated(terms.allowed_uses, 'integer') }} as allowed_uses_count,
        {{ stated(terms.expires_on, 'date') }} as expires_on,
        {{ stated(terms.purposes | join(',') if terms else none, 'varchar') }}
            as allowed_purposes
    {{ "union all" if not loop.last }}
    {% else -%}
    select
        {% for column in [
            'source_name', 'source_kind', 'channel_code', 'first_step_code',
            'contact_frequency_code', 'purpose', 'collected_why', 'collected_by',
            'collected_how', 'collected_where', 'vendor_name', 'list_category_code',
            'acquisition_code', 'currency_code',
            'allowed_purposes',
        ] -%}
        cast(null as varchar) as {{ column }},
        {% endfor -%}
        cast(null as boolean) as is_unique,
        cast(null as decimal(18, 4)) as cost_per_record_amount,
        cast(null as decimal(18, 2)) as price_amount,
        cast(null as integer) as allowed_uses_count,
        cast(null as date) as expires_on
    where false
    {% endfor %}
),

final as (
    select
        contracts.*,
        source_reliability.reliability_rank,
        source_reliability.prior_mean,
        source_reliability.prior_strength
    from contracts
    left join source_reliability
        on
            contracts.first_step_code = source_reliability.first_step
            and contracts.contact_frequency_code = source_reliability.contact_frequency
)

select * from final
