"""What the levels of a pair say, in plain words and without any value."""

from warehouse.identity.matching.artefact import Artefact


def describe(artefact: Artefact, levels: str) -> list[str]:
    """Return a sentence per comparison of a pair, in the order of the model.

    Args:
        artefact: The model that scored the pair.
        levels: Its levels, such as `name=4,birth_date=3`.
    """
    words = level_words(artefact)
    found = dict(part.split("=", 1) for part in levels.split(",") if part)
    return [
        words[name, int(found[name])]
        for name in artefact.comparisons
        if name in found and (name, int(found[name])) in words
    ]


def level_words(artefact: Artefact) -> dict[tuple[str, int], str]:
    """Return the words of every level of a model, by comparison and index."""
    words = {}
    for comparison in artefact.settings["comparisons"]:
        said = [
            level["label_for_charts"]
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        ]
        for place, text in enumerate(reversed(said)):
            words[comparison["output_column_name"], place] = text
    return words
