"""Columns that are derived once per state, so that no pair derives them again."""

from warehouse.database import literal
from warehouse.standardization.surnames import COMMON_SURNAMES

SURNAMES = ", ".join(map(literal, COMMON_SURNAMES))

PROFILE = (
    "name_key",
    "name_latin",
    "has_mixed_scripts",
    "birth_date",
    "sex_code",
    "email_standard",
    "mobile_standard",
    "phone_standard",
    "address_key",
    "postcode_standard",
    "city",
    "national_id_standard",
    "organisation_code_standard",
    "tax_id",
    "member_number",
    "website",
    "legal_representative",
)
"""The compared columns of a profile."""

DERIVED = {
    "birth_text": "cast(birth_date as varchar)",
    "mailbox": "split_part(email_standard, '@', 1)",
    "email_domain": "split_part(email_standard, '@', 2)",
    "address_numbers": "regexp_replace(address_key, '[^0-9]+', ' ', 'g')",
    "name_numbers": "regexp_replace(name_key, '[^0-9]+', ' ', 'g')",
    "given_name_key": f"""
        case
            when unicode(name_key) >= 12288 and not contains(name_key, ' ')
                then nullif(substring(name_key, 2), '')
            when
                split_part(name_key, ' ', 1) in ({SURNAMES})
                and split_part(name_key, ' ', -1) in ({SURNAMES})
                then null
            when split_part(name_key, ' ', 1) in ({SURNAMES})
                then split_part(name_key, ' ', -1)
            when contains(name_key, ' ') then split_part(name_key, ' ', 1)
        end""",
    "any_code": "coalesce(organisation_code_standard, tax_id)",
}
"""What is derived, in SQL over the profile. The given name is what follows the first
character of a name in Han; in Latin letters the last word where the first one is a
common Chinese surname, else the first; null where both might be the surname."""
