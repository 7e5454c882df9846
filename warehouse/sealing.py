"""Files of facts that end with a digest of the rest: what manifests are.

Whoever reads one knows that it is as it was written, or is told that it is not.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class BrokenSealError(ValueError):
    """The file is not as it was written."""


def seal(content: Mapping[str, object]) -> bytes:
    """Return the bytes of the file: the content as JSON, and a digest of it."""
    digest = hashlib.sha256(_canonical(content)).hexdigest()
    return _canonical({**content, "digest": digest})


def read_sealed(file: Path) -> dict[str, Any]:
    """Read the content of a file and hold it against its own digest.

    Raises:
        OSError: There is no such file.
        BrokenSealError: It is not as it was written.
        ValueError: It is no file of this kind.
    """
    sealed = file.read_bytes()
    content = json.loads(sealed)
    if not isinstance(content, dict) or "digest" not in content:
        raise ValueError("no content with a digest")
    del content["digest"]
    if seal(content) != sealed:
        raise BrokenSealError("not as it was written")
    return content


def _canonical(content: Mapping[str, object]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
