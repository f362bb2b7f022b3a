"""Reading the files of a saved model, which may come from anyone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from synthwright.errors import BadInput

__all__ = ["LARGEST_JSON", "read_state"]

LARGEST_JSON = 256 * 1024 * 1024  # bytes; a saved model is far smaller, a hostile one is not parsed


def read_state(path: Path, keys: set[str]) -> dict[str, Any]:
    """The JSON object in `path`, which has exactly these `keys`.

    Raises
    ------
    BadInput
        No such plain file, too large, not JSON, or other keys.
    """
    if path.is_symlink() or not path.is_file():
        raise BadInput(f"The model has no file {path.name}.", evidence=str(path), remedy="Save the model again.")
    if path.stat().st_size > LARGEST_JSON:
        raise BadInput(f"{path.name} of the model is too large.", evidence=f"{path.stat().st_size:,} bytes.")
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path.name} of the model is not JSON.", evidence=str(error)[:200]) from error
    if not isinstance(state, dict) or set(state) != keys:
        raise BadInput(f"{path.name} of the model has other content than this version of synthwright writes.")
    return state
