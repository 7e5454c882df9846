"""Text folded for comparison, so that one name written in two ways is equal."""

import re
import unicodedata

_FIRST_MARK, _LAST_MARK = "\u0300", "\u036f"
_LATIN = re.compile("[a-z]")
_CYRILLIC_AND_GREEK = "авекмнорстухіјѕһοαιρυνκτ"
_THEIR_LATIN_LIKENESS = "abekmhopctyxijshoaipuvkt"
_LIKENESS = str.maketrans(_CYRILLIC_AND_GREEK, _THEIR_LATIN_LIKENESS)


def text(value: str) -> str | None:
    """Fold a text for comparison; the original is kept elsewhere.

    NFKC (so full-width becomes ordinary), no marks on letters, no control or
    zero-width characters, lower case, single spaces. Letters of another script that
    look Latin become Latin, but only in a text that also holds Latin letters.

    Returns:
        The folded text, or None when nothing is left.
    """
    parts = unicodedata.normalize("NFKD", value)
    unmarked = "".join(
        character for character in parts if not _FIRST_MARK <= character <= _LAST_MARK
    )
    folded = unicodedata.normalize("NFKC", unmarked).lower()
    visible = "".join(_visible(character) for character in folded)
    if _LATIN.search(visible):
        visible = visible.translate(_LIKENESS)
    return " ".join(visible.split()) or None


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace():
        return " "
    return "" if category in ("Cc", "Cf", "Cs", "Co", "Cn") else character
