"""What a record is recognised by, in order of strength, and what is no evidence."""

KEY_RULES = ("national_id", "organisation_code", "member_number", "email_and_name")
"""Rules that two records meet by stating the same key, the strongest first."""

RULES = ("must", *KEY_RULES, "similar")
"""Every rule, in the order of belief: a steward's word, exact keys, likeness."""

MUST = RULES.index("must")
EMAIL_AND_NAME = RULES.index("email_and_name")
SIMILAR = RULES.index("similar")

ALONE = "alone"
"""What stands for the rule where a record was linked to no other."""

MAXIMUM_HOLDERS = 10
"""A key that more records than this ever held is shared, and no evidence."""

MAXIMUM_SHARING = {
    "email_standard": 20,
    "mobile_standard": 20,
    "phone_standard": 50,
    "address_key": 100,
    "national_id_standard": 10,
    "organisation_code_standard": 10,
    "tax_id": 20,
    "member_number": 10,
    "website": 50,
    "legal_representative": 50,
}
"""A value that more records than this ever stated says nothing of likeness."""

MAXIMUM_CLUSTER = 30
"""Likeness alone makes no customer of more records than this."""

BRIDGE_FROM = 0.999
"""How probable a likeness must be to hold two groups of records together alone."""

REASONS = (
    *("review_band", "look_alike", "party_kind"),
    *("too_large", "weak_bridge", "never", "unique_source", "birth_date"),
)
"""Why a link is held back. The first three are known before records are joined."""

REVIEW_BAND, LOOK_ALIKE, PARTY_KIND = range(3)
TOO_LARGE, WEAK_BRIDGE, NEVER, UNIQUE_SOURCE, BIRTH_DATE = range(3, 8)
