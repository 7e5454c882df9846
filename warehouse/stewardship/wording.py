"""What rules, reasons and verdicts are called in plain words."""

RULES = {
    "must": "a steward decided so",
    "national_id": "they state the same national id",
    "organisation_code": "they state the same organisation code",
    "member_number": "they state the same member number",
    "email_and_name": "they state the same e-mail address and the same name",
    "similar": "the model finds them alike enough",
    "alone": "nothing, it was there before the others",
}

REASONS = {
    "review_band": "They are alike, but not so much that it is done without a person.",
    "look_alike": "A name mixes scripts whose letters look alike; such names never "
    "link on their own.",
    "party_kind": "One is a person and the other an organisation.",
    "too_large": "The customer would have more records than the policy allows.",
    "weak_bridge": "It alone would hold two groups of records together, and it is not "
    "strong enough for that.",
    "never": "A steward decided that they are two.",
    "unique_source": "It would give one customer two records of a source that says it "
    "holds nobody twice.",
    "birth_date": "Their dates of birth are known and differ.",
}

VERDICTS = {
    "must": "they are one customer",
    "never": "they are not one customer",
    "withdrawn": "nothing is decided about them any more",
}
