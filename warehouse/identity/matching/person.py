"""How two records of persons are compared.

People of one home share address, landline, often a mobile and sometimes a mailbox, and
twins a birth date. Taken as independent, such agreement would make one person of a
family. So what a home shares counts fully once; whatever else a home shares beside it
is weighed against pairs of people of one home, after the three classes of Winkler
(1993): one person, two of one home, strangers.
"""

from warehouse.identity.matching.levels import Comparison, Design, Label, Level
from warehouse.identity.matching.places import SAME_HOME, place

SAME_MOBILE = "coalesce(mobile_standard_l = mobile_standard_r, false)"
SAME_MAIL = "coalesce(email_standard_l = email_standard_r, false)"
ONE_HOME = f"({SAME_HOME} or {SAME_MOBILE} or {SAME_MAIL})"
NEAR_NAMES = (
    "(jaro_winkler_similarity(name_latin_l, name_latin_r) >= 0.88"
    " and damerau_levenshtein(name_latin_l, name_latin_r) <= case"
    " when jaro_winkler_similarity(name_latin_l, name_latin_r) >= 0.92 then 2"
    " when least(length(name_latin_l), length(name_latin_r)) >= 8 then 1"
    " else 0 end)"
)
"""Two letters, of names alike from their beginning; else one, of a name not short."""
ALIKE = f"(name_latin_l = name_latin_r or {NEAR_NAMES})"
OTHER_GIVEN = (
    f"(name_key_l <> name_key_r and not {ALIKE}"
    " and given_name_key_l <> given_name_key_r)"
)

NAME = Comparison(
    "name",
    "name_key_l is null or name_key_r is null",
    (
        Level(
            "(coalesce(has_mixed_scripts_l, false)"
            " or coalesce(has_mixed_scripts_r, false))"
            f" and (name_key_l = name_key_r or {ALIKE})",
            "the names look alike, but one mixes letters of several scripts",
            0.001,
            is_no_evidence=True,
        ),
        Level(
            f"name_key_l = name_key_r and {SAME_HOME}",
            "the names are the same, and so is the home",
            0.85,
            at_home=True,
            least_of_mates=0.003,
        ),
        Level(
            "name_key_l = name_key_r",
            "the names are the same",
            0.85,
            at_home=False,
            least_u=1e-6,
            frequency_of="name_key",
        ),
        Level(
            f"name_latin_l = name_latin_r and {SAME_HOME}",
            "the names are the same in another script, order or spelling of one sound,"
            " and the home is the same",
            0.08,
            at_home=True,
            least_of_mates=0.001,
        ),
        Level(
            "name_latin_l = name_latin_r",
            "the names are the same in another script, order or spelling of one sound",
            0.08,
            at_home=False,
            least_u=1e-4,
            frequency_of="name_latin",
        ),
        Level(
            f"{NEAR_NAMES} and {SAME_HOME}",
            "the names are spelt alike but for a letter or two, and the home is the"
            " same",
            0.03,
            at_home=True,
            least_of_mates=0.02,
        ),
        Level(
            NEAR_NAMES,
            "the names are spelt alike but for a letter or two",
            0.03,
            at_home=False,
            least_u=1e-5,
        ),
        Level(
            "given_name_key_l = given_name_key_r",
            "the given names are the same, the family names differ",
            0.02,
            least_u=1e-3,
        ),
        Level("else", "the names differ", 0.01, least_m=0.005),
    ),
    home=(("home", 3),),
)
BIRTH_DATE = Comparison(
    "birth_date",
    "birth_text_l is null or birth_text_r is null",
    (
        Level(
            f"birth_text_l = birth_text_r and {OTHER_GIVEN} and {ONE_HOME}",
            "both gave the same birth date, but other names at one home, as twins do",
            0.002,
            is_no_evidence=True,
        ),
        Level(
            f"birth_text_l = birth_text_r and {ONE_HOME}",
            "both gave the same birth date, and share a home, mobile number or mailbox",
            0.95,
            at_home=True,
            least_of_mates=0.005,
        ),
        Level(
            "birth_text_l = birth_text_r",
            "both gave the same birth date",
            0.95,
            at_home=False,
            least_u=1e-5,
            least_u_of_unknown=0.003,
        ),
        Level(
            "damerau_levenshtein(birth_text_l, birth_text_r) = 1"
            " or (month(birth_date_l) = day(birth_date_r)"
            " and day(birth_date_l) = month(birth_date_r)"
            " and year(birth_date_l) = year(birth_date_r))",
            "the birth dates differ by one digit, or day and month are exchanged",
            0.02,
            least_m=0.005,
        ),
        Level(
            "abs(datediff('day', birth_date_l, birth_date_r)) between 364 and 367",
            "the birth dates lie one year apart",
            0.005,
            least_m=0.001,
            least_u=1e-4,
        ),
        Level("else", "the birth dates differ", 0.02, least_m=0.01),
    ),
    home=(("home", 3), ("mobile", 2), ("email", 2)),
)
SEX = Comparison(
    "sex",
    "sex_code_l is null or sex_code_r is null",
    (
        Level("sex_code_l = sex_code_r", "both gave the same sex", 0.98, least_u=0.4),
        Level("else", "the sexes differ", 0.02, least_m=0.02),
    ),
)
EMAIL = Comparison(
    "email",
    "email_standard_l is null or email_standard_r is null",
    (
        Level(
            f"email_standard_l = email_standard_r and ({SAME_HOME} or {SAME_MOBILE})",
            "both gave the same e-mail address, and share a home or mobile number",
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
            "(mailbox_l = mailbox_r and length(mailbox_l) >= 6)"
            " or (email_domain_l = email_domain_r"
            " and damerau_levenshtein(mailbox_l, mailbox_r) = 1"
            " and length(mailbox_l) >= 6)",
            "the e-mail addresses have one mailbox name, or differ by one letter",
            0.02,
            least_m=0.01,
            least_u=1e-3,
        ),
        Level("else", "the e-mail addresses differ", 0.18, least_m=0.1),
    ),
    home=(("home", 3), ("mobile", 2)),
)
MOBILE = Comparison(
    "mobile",
    "mobile_standard_l is null or mobile_standard_r is null",
    (
        Level(
            f"mobile_standard_l = mobile_standard_r and {SAME_HOME}",
            "both gave the same mobile number, and share a home",
            0.8,
            at_home=True,
            least_of_mates=0.1,
        ),
        Level(
            "mobile_standard_l = mobile_standard_r",
            "both gave the same mobile number",
            0.5,
            least_u=1e-6,
            at_home=False,
        ),
        Level(
            "damerau_levenshtein(mobile_standard_l, mobile_standard_r) = 1",
            "the mobile numbers differ by one digit",
            0.01,
            least_m=0.005,
            least_u=1e-4,
        ),
        Level("else", "the mobile numbers differ", 0.19, least_m=0.1),
    ),
    home=(("home", 3),),
)
HOME = place("home", line="landline", least_u=1e-6)
NATIONAL_ID = Comparison(
    "national_id",
    "national_id_standard_l is null or national_id_standard_r is null",
    (
        Level(
            "national_id_standard_l = national_id_standard_r",
            "both gave the same national id",
            0.99,
        ),
        Level("else", "the national ids differ", 0.01, least_m=0.01),
    ),
)
MEMBER_NUMBER = Comparison(
    "member_number",
    "member_number_l is null or member_number_r is null",
    (
        Level(
            "member_number_l = member_number_r",
            "both gave the same member number",
            0.85,
        ),
        Level(
            "damerau_levenshtein(member_number_l, member_number_r) = 1"
            " and length(member_number_l) >= 6",
            "the member numbers differ by one digit",
            0.02,
            least_m=0.005,
            least_u=1e-4,
        ),
        Level("else", "the member numbers differ", 0.1, least_m=0.1),
    ),
)

PERSON = Design(
    party_kind="person",
    comparisons=(
        NAME,
        BIRTH_DATE,
        SEX,
        EMAIL,
        MOBILE,
        HOME,
        NATIONAL_ID,
        MEMBER_NUMBER,
    ),
    blocking=(
        ("email_standard",),
        ("mobile_standard",),
        ("phone_standard",),
        ("national_id_standard",),
        ("member_number",),
        ("address_key",),
        ("name_latin", "birth_date"),
        ("name_latin", "postcode_standard"),
        ("birth_date", "postcode_standard"),
        ("birth_date", "city"),
    ),
    labels=(
        Label(
            ("national_id_standard",),
            ("name", "email", "mobile", "home", "member_number"),
        ),
        Label(
            ("member_number",),
            ("name", "birth_date", "sex", "email", "mobile", "home", "national_id"),
        ),
        Label(("email_standard", "birth_date"), ("name", "mobile", "home", "sex")),
        Label(
            ("email_standard", "name_latin"),
            ("birth_date", "sex", "mobile", "home", "national_id", "member_number"),
        ),
        Label(
            ("mobile_standard", "name_latin", "birth_date"),
            ("email", "home", "sex", "national_id", "member_number"),
        ),
        Label(
            ("name_latin", "birth_date", "postcode_standard"),
            ("email", "mobile", "sex", "national_id", "member_number"),
        ),
    ),
    once=(
        ("name_latin", "address_key"),
        ("name_latin", "mobile_standard"),
    ),
    told_apart={"name": "birth_date"},
)
