"""What a record is recognised by, in order of strength, and what is no evidence."""

RULES = ("national_id", "organisation_code", "member_number", "email_and_name")
"""Rules of recognition, the strongest first."""

ALONE = "alone"
"""What stands for the rule where a record was linked to no other."""

EMAIL_AND_NAME = RULES.index("email_and_name")
"""The one rule that different dates of birth refute."""

MAXIMUM_HOLDERS = 10
"""A key that more records than this ever held is shared, and no evidence."""
