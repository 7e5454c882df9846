-- The marts of the peers in PostgreSQL, from the texts that were copied in.
-- `peer_pandas.py` makes the same; what exactly is in `peers.py`.
set timezone = 'UTC';

create function pg_temp.is_moment(said text) returns boolean
language sql immutable as $$
    select case
        when said ~ '^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])[T ]\d\d:\d\d:\d\d'
            then substr(said, 9, 2)::integer <= extract(
                day from (substr(said, 1, 7) || '-01')::date
                + interval '1 month - 1 day'
            )
        else false
    end
$$;

analyze;

create table customer as
with states as (
    select
        given.customer_id,
        cards.updated_at::timestamptz::timestamp as valid_from,
        cards.row_number,
        case cards.sex when '女' then 'female' when '男' then 'male' end as sex_code,
        case cards.marital_status
            when '未婚' then 'single'
            when '已婚' then 'married'
            when '离异' then 'divorced'
            when '丧偶' then 'widowed'
        end as marital_status_code,
        nullif(cards.income_band, '') as income_band_code,
        nullif(cards.children, '')::integer as children_count,
        case cards.home_owner when '是' then true when '否' then false end
            as is_home_owner,
        nullif(cards.postcode, '') as postcode,
        nullif(cards.city, '') as city
    from cards
    inner join given
        on
            given.source_name = 'member'
            and given.source_record_id = cards.member_id
            and given.record_count = 1
    where pg_temp.is_moment(cards.updated_at)
),

told as (
    select distinct on (customer_id, valid_from) *
    from states
    order by customer_id, valid_from, row_number desc
),

compared as (
    select
        *,
        row(
            sex_code, marital_status_code, income_band_code, children_count,
            is_home_owner, postcode, city
        ) is distinct from lag(row(
            sex_code, marital_status_code, income_band_code, children_count,
            is_home_owner, postcode, city
        )) over (partition by customer_id order by valid_from) as is_new
    from told
)

select
    customer_id,
    case
        when row_number() over versions = 1 then timestamp '1900-01-01'
        else valid_from
    end as valid_from,
    lead(valid_from, 1, timestamp '9999-12-31') over versions as valid_to,
    sex_code,
    marital_status_code,
    income_band_code,
    children_count,
    is_home_owner,
    postcode,
    city
from compared
where is_new
window versions as (partition by customer_id order by valid_from);

create index on customer (customer_id, valid_from);
analyze customer;

create table sale as
with lines as (
    select
        'till' as source_name,
        receipt_number as order_number,
        line_number::integer as order_line_number,
        case when member_id <> '' then 'member' else 'crm' end as party_source,
        coalesce(nullif(member_id, ''), account_number) as party_record,
        product_code as product_record_id,
        'shop' as channel_code,
        currency as currency_code,
        is_return = 'R' as is_return,
        quantity::integer as quantity,
        gross_amount::numeric(18, 2) as gross_amount,
        discount_amount::numeric(18, 2) as discount_amount,
        net_amount::numeric(18, 2) as net_amount,
        sold_at::timestamptz::timestamp as ordered_at,
        row_number
    from till
    where quantity ~ '^-?[0-9]+$' and pg_temp.is_moment(sold_at)
    union all
    select
        'web',
        order_id,
        line_number::integer,
        'web',
        registration_id,
        product_id,
        channel,
        currency,
        coalesce(is_return = 'true', false),
        quantity::integer,
        gross_amount::numeric(18, 2),
        discount_amount::numeric(18, 2),
        net_amount::numeric(18, 2),
        ordered_at::timestamp,
        row_number
    from web
    where quantity <> '' and ordered_at <> ''
),

latest as (
    select distinct on (source_name, order_number, order_line_number)
        *,
        case
            when is_return or quantity < 0 or gross_amount < 0 then -1
            else 1
        end as sign
    from lines
    where
        abs(quantity) <= 1000
        and product_record_id <> ''
        and currency_code in ('CNY', 'HKD', 'USD', 'GBP', 'EUR', 'SGD')
    order by source_name, order_number, order_line_number, row_number desc
)

select
    latest.source_name,
    latest.order_number,
    latest.order_line_number,
    latest.product_record_id,
    latest.channel_code,
    latest.currency_code,
    latest.is_return,
    latest.sign * abs(latest.quantity) as quantity,
    latest.sign * abs(latest.gross_amount) as gross_amount,
    latest.sign * abs(latest.discount_amount) as discount_amount,
    latest.sign * abs(latest.net_amount) as net_amount,
    latest.ordered_at,
    coalesce(given.customer_id, '_unknown') as customer_id,
    customer.valid_from as customer_valid_from,
    (latest.ordered_at at time zone 'UTC' at time zone 'Asia/Shanghai')::date
        as ordered_date
from latest
left join given
    on
        latest.party_source = given.source_name
        and latest.party_record = given.source_record_id
left join customer
    on
        given.customer_id = customer.customer_id
        and latest.ordered_at >= customer.valid_from
        and latest.ordered_at < customer.valid_to;

create table sums as
with by_day as (
    select
        sale.ordered_date,
        product.category,
        sale.channel_code,
        sale.currency_code,
        sum(sale.quantity) as quantity,
        sum(sale.gross_amount) as gross_amount,
        sum(sale.discount_amount) as discount_amount,
        sum(sale.net_amount) as net_amount,
        count(*) as sale_line_count
    from sale
    left join product on sale.product_record_id = product.product_id
    group by 1, 2, 3, 4
)

select
    time_level,
    date_trunc(time_level, ordered_date)::date as period_start,
    category,
    channel_code,
    currency_code,
    sum(quantity) as quantity,
    sum(gross_amount) as gross_amount,
    sum(discount_amount) as discount_amount,
    sum(net_amount) as net_amount,
    sum(sale_line_count) as sale_line_count
from by_day
cross join (values ('day'), ('month'), ('quarter'), ('year')) as levels (time_level)
group by 1, 2, 3, 4, 5;
