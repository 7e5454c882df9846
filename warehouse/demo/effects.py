"""The effects that the demo company's deliveries hold, for analyses to find.

Whoever makes a file plants what can be found in it: the strength is a named constant of
that module, used there and told here, so what the truth says is what was made. What was
planted of single records is in `truth.py`.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

Value = float | str | list[str] | dict[str, float]

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


@dataclass(frozen=True)
class Effect:
    """Something true of the made-up company that an analysis should find.

    Attributes:
        value: How strong it is, or which members it holds for.
        meaning: What the value says, in a sentence, with its unit.
    """

    value: Value
    meaning: str


@dataclass
class Effects:
    """What was planted so far, by name.

    Attributes:
        planted: The effects.
    """

    planted: dict[str, Effect] = field(default_factory=dict)

    def plant(self, name: str, value: Value, meaning: str) -> None:
        """Tell of an effect; telling the same again, on another day, changes nothing.

        Args:
            name: `<subject>.<effect>`, such as `experiment.checkout.lift_pct`.
            value: How strong it is, or which members it holds for.
            meaning: What the value says, in a sentence, with its unit.

        Raises:
            ValueError: The name is no dotted name, or already means something else.
        """
        effect = Effect(value, meaning)
        if not NAME.fullmatch(name):
            raise ValueError(f"'{name}' is not of the form <subject>.<effect>")
        if self.planted.setdefault(name, effect) != effect:
            raise ValueError(f"'{name}' was planted before, and otherwise")

    def write(self, folder: Path) -> None:
        """Write all effects to `effects.json`, in the order of their names."""
        told = {name: asdict(effect) for name, effect in sorted(self.planted.items())}
        text = json.dumps(told, ensure_ascii=False, indent=2)
        (folder / "effects.json").write_text(text + "\n", encoding="utf-8")
