"""What turns the rows of a file into the input of identification.

The standard forms and the comparable names are those of the house: its macros are
rendered here as dbt renders them.
"""

from string import Template

import duckdb
from jinja2 import Template as Macros

from warehouse.database import literal
from warehouse.settings import PROJECT_ROOT

TEXTS = (
    *("full_name", "sex_code", "email", "mobile", "phone", "address_line", "postcode"),
    *("city", "country_code", "national_id", "organisation_code", "tax_id"),
    *("member_number", "website", "legal_representative"),
)
"""Columns that a file may have, named as the input entity names them."""

FEBRL_ROWS = Template(
    """
create table delivered as
select
    parse_filename(filename, true) as source_name,
    trim(rec_id) as source_record_id,
    regexp_extract(rec_id, 'rec-([0-9]+)', 1) as truth,
    concat_ws(' ', nullif(trim(given_name), ''), nullif(trim(surname), ''))
        as full_name,
    try_strptime(trim(date_of_birth), '%Y%m%d')::date as birth_date,
    concat_ws(
        ' ', nullif(trim(street_number), ''), nullif(trim(address_1), ''),
        nullif(trim(address_2), '')
    ) as address_line,
    nullif(trim(postcode), '') as postcode,
    nullif(trim(suburb), '') as city,
    'AU' as country_code,
    nullif(trim(soc_sec_id), '') as member_number
from read_csv(
    [$files], all_varchar = true, header = true, delim = ',', filename = true,
    union_by_name = true
)
"""
)

FILE_ROWS = Template(
    """
create table delivered as
select
    'file' as source_name,
    cast(row_number() over () as varchar) as source_record_id,
    cast($truth as varchar) as truth,
    *
from $rows
where $truth is not null
"""
)

TYPED = Template(
    """
    select
        source_name,
        source_record_id,
        $kind as party_kind,
        try_cast($birth as date) as birth_date,
        $texts
    from delivered
    """
)
INPUT = Template(
    """
create table input.input_party as
with stated as (
    select
        source_name, source_record_id, party_kind, birth_date, sex_code, city, tax_id,
        member_number, website, legal_representative, full_name,
        $email as email_standard,
        $mobile as mobile_standard,
        $phone as phone_standard,
        $national_id as national_id_standard,
        $organisation_code as organisation_code_standard,
        $postcode as postcode_standard,
        $name as name_standard,
        $address as address_standard,
        row_number() over (order by source_name, source_record_id) as load_row
    from party
),

named as (
    select
        *,
        case
            when party_kind = 'organisation' then $organisation_key
            else $person_key
        end as name_key
    from stated
)

select
    * exclude (full_name),
    case
        when party_kind = 'organisation' then $organisation_latin else $person_latin
    end as name_latin,
    $address_key as address_key,
    $has_mixed_scripts as has_mixed_scripts,
    cast(1 as bigint) as load_id,
    timestamp '2026-01-01' as known_at,
    timestamp '2026-01-01' as valid_from,
    date '2026-01-01' as delivered_on,
    false as is_deleted,
    cast(null as varchar) as left_out
from named
"""
)


def typed(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a query of what was delivered, with a null for each column it lacks."""
    present = connection.table("delivered").columns
    columns = [
        f"cast({each if each in present else 'null'} as varchar) as {each}"
        for each in TEXTS
    ]
    birth = "birth_date" if "birth_date" in present else "null"
    kind = "party_kind" if "party_kind" in present else "'person'"
    return TYPED.substitute(kind=kind, birth=birth, texts=", ".join(columns))


def input_statement() -> str:
    """Return the statement of the input, with the macros of the house."""
    macros = sorted((PROJECT_ROOT / "macros").glob("standardization*.sql"))
    text = "".join(file.read_text(encoding="utf-8") for file in macros)
    module = Macros(text).make_module({"var": lambda _: {"country": ""}})

    def made(macro: str, *columns: str) -> str:
        return str(getattr(module, f"duckdb__{macro}")(*columns))

    with (PROJECT_ROOT / "seeds" / "legal_form.csv").open(encoding="utf-8") as opened:
        next(opened)
        forms = "\n".join(line.partition(",")[0] for line in opened)
    return INPUT.substitute(
        email=made("standard_email", "email"),
        mobile=made("standard_phone", "mobile", "country_code"),
        phone=made("standard_phone", "phone", "country_code"),
        national_id=made("standard_national_id", "national_id"),
        organisation_code=made("standard_organisation_code", "organisation_code"),
        postcode=made("standard_postcode", "postcode", "country_code"),
        name=made("standard_text", "full_name"),
        address=made("standard_text", "address_line"),
        organisation_key=made("organisation_key", "name_standard", literal(forms)),
        person_key=made("person_key", "name_standard"),
        organisation_latin=made("organisation_latin", "name_key"),
        person_latin=made("person_latin", "name_key"),
        address_key=made("address_key", "address_standard"),
        has_mixed_scripts=made("has_mixed_scripts", "full_name"),
    )
