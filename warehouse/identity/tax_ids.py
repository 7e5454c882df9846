"""The SQL that says which tax numbers tell who is who; all are kept and shown.

A number of one character, or of digits in a row, is what is typed where none is known.
One in the form of a unified social credit code (GB 32100), which in China is the tax
number, must bear its check digit out. Numbers of other forms have too many rules.
"""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_FORM = "[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
_IN_A_ROW = "01234567890123456789"
_PLAIN = "upper(regexp_replace(tax_id, '[^0-9A-Za-z]', '', 'g'))"
_SUM = " + ".join(
    f"{weight} * (instr('{_ALPHABET}', substr({_PLAIN}, {place}, 1)) - 1)"
    for place, weight in enumerate(_WEIGHTS, start=1)
)
_CHECK_DIGIT = f"substr('{_ALPHABET}', 1 + (31 - ({_SUM}) % 31) % 31, 1)"

TELLING_TAX_ID = f"""
case
    when tax_id is null then null
    when length(replace({_PLAIN}, left({_PLAIN}, 1), '')) = 0 then null
    when contains('{_IN_A_ROW}', {_PLAIN}) then null
    when contains('{_IN_A_ROW[::-1]}', {_PLAIN}) then null
    when
        regexp_full_match({_PLAIN}, '{_FORM}')
        and {_CHECK_DIGIT} <> right({_PLAIN}, 1)
        then null
    else tax_id
end"""
"""The tax number of a row of parties, or null where it proves nothing."""
