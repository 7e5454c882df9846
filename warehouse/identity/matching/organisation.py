"""How two records of organisations are compared.

Companies of one group share a building, a switchboard and a mail domain, so that what
is shared at one place counts fully once. A name is compared without its legal form, and
its numbers must agree: the fourth school is not the fifth.
"""

from warehouse.identity.matching.levels import Comparison, Design, Label, Level
from warehouse.identity.matching.person import MEMBER_NUMBER, SAME_MAIL
from warehouse.identity.matching.places import SAME_HOME, place

SAME_NUMBERS = "coalesce(name_numbers_l = name_numbers_r, true)"
NEAR_NAMES = (
    f"({SAME_NUMBERS} and (jaro_winkler_similarity(name_latin_l, name_latin_r) >= 0.95"
    " or (levenshtein(name_key_l, name_key_r) <= 1"
    " and least(length(name_key_l), length(name_key_r)) >= 5)))"
)
NAME = Comparison(
    "name",
    "name_key_l is null or name_key_r is null",
    (
        Level(
            "(coalesce(has_mixed_scripts_l, false)"
            " or coalesce(has_mixed_scripts_r, false)) and (name_key_l = name_key_r"
            f" or name_latin_l = name_latin_r or {NEAR_NAMES})",
            "the names look alike, but one mixes letters of several scripts",
            0.001,
            is_no_evidence=True,
        ),
        Level(
            "name_key_l = name_key_r",
            "the names are the same but for the legal form",
            0.85,
            least_u=1e-6,
            frequency_of="name_key",
        ),
        Level(
            "name_latin_l = name_latin_r",
            "the names are the same in another script or order of words",
            0.05,
            least_u=1e-6,
        ),
        Level(
            NEAR_NAMES,
            "the names are spelt alike but for a letter or two",
            0.05,
            least_m=0.01,
            least_u=1e-5,
        ),
        Level("else", "the names differ", 0.05, least_m=0.02),
    ),
)
CODE = Comparison(
    "code",
    "any_code_l is null or any_code_r is null",
    (
        Level(
            "any_code_l = any_code_r or tax_id_l = tax_id_r",
            "both gave the same organisation code or tax number",
            0.98,
        ),
        Level(
            "else",
            "the organisation codes or tax numbers differ",
            0.02,
            least_m=0.01,
        ),
    ),
)
EMAIL = Comparison(
    "email",
    "email_standard_l is null or email_standard_r is null",
    (
        Level(
            f"email_standard_l = email_standard_r and {SAME_HOME}",
            "both gave the same e-mail address, and share an address or line",
            0.8,
            at_home=True,
            least_of_mates=0.02,
        ),
        Level(
            "email_standard_l = email_standard_r",
            "both gave the same e-mail address",
            0.5,
            at_home=False,
        ),
        Level(
            "email_domain_l = email_domain_r",
            "the e-mail addresses differ, their domain is the same",
            0.1,
            least_m=0.1,
            least_u=1e-3,
        ),
        Level("else", "the e-mail domains differ", 0.1, least_m=0.1),
    ),
    home=(("place", 3),),
)
MOBILE = Comparison(
    "mobile",
    "mobile_standard_l is null or mobile_standard_r is null",
    (
        Level(
            f"mobile_standard_l = mobile_standard_r and ({SAME_HOME} or {SAME_MAIL})",
            "both gave the same mobile number, and share a place or mailbox",
            0.8,
            at_home=True,
            least_of_mates=0.1,
        ),
        Level(
            "mobile_standard_l = mobile_standard_r",
            "both gave the same mobile number",
            0.5,
            at_home=False,
        ),
        Level("else", "the mobile numbers differ", 0.2, least_m=0.2),
    ),
    home=(("place", 3), ("email", 2)),
)
PLACE = place("place", line="telephone number", least_u=1e-5)
WEBSITE = Comparison(
    "website",
    "website_l is null or website_r is null",
    (
        Level("website_l = website_r", "both gave the same website", 0.8, least_u=1e-5),
        Level("else", "the websites differ", 0.2, least_m=0.2),
    ),
)
REPRESENTATIVE = Comparison(
    "legal_representative",
    "legal_representative_l is null or legal_representative_r is null",
    (
        Level(
            "legal_representative_l = legal_representative_r",
            "both named the same legal representative",
            0.75,
            least_u=1e-4,
        ),
        Level("else", "the legal representatives differ", 0.25, least_m=0.25),
    ),
)

ORGANISATION = Design(
    party_kind="organisation",
    comparisons=(
        NAME,
        CODE,
        EMAIL,
        MOBILE,
        PLACE,
        WEBSITE,
        REPRESENTATIVE,
        MEMBER_NUMBER,
    ),
    blocking=(
        ("organisation_code_standard",),
        ("tax_id",),
        ("email_standard",),
        ("mobile_standard",),
        ("phone_standard",),
        ("website",),
        ("member_number",),
        ("address_key",),
        ("name_latin",),
    ),
    labels=(
        Label(
            ("organisation_code_standard",),
            (
                "name",
                "email",
                "mobile",
                "place",
                "website",
                "legal_representative",
                "member_number",
            ),
        ),
        Label(("member_number",), ("name", "code", "email", "mobile", "place")),
        Label(
            ("email_standard", "name_latin"),
            ("code", "mobile", "place", "website", "legal_representative"),
        ),
        Label(
            ("email_standard", "address_key"),
            ("name", "code", "website", "legal_representative", "member_number"),
        ),
        Label(
            ("name_latin", "address_key"),
            ("code", "email", "website", "legal_representative", "member_number"),
        ),
    ),
    once=(
        ("name_latin", "address_key"),
        ("name_latin", "mobile_standard"),
    ),
)
