"""Reading the files of a saved model, which may come from anyone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from synthwright.errors import BadInput, shorten

__all__ = ["LARGEST_JSON", "MOST_FILES", "SUFFIXES", "listed_files", "read_state"]

LARGEST_JSON = 256 * 1024 * 1024  # bytes; a saved model is far smaller, a hostile one is not parsed
MOST_FILES = 10_000  # a model of 1,000 columns with a few files each stays below
SUFFIXES = {".json", ".safetensors", ".arrow", ".txt"}  # what samplers write: none of these can run anything


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
        state = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path.name} of the model is not JSON.", evidence=str(error)[:200]) from error
    if not isinstance(state, dict) or set(state) != keys:
        raise BadInput(
            f"{path.name} of the model has other content than this version of synthwright writes.",
            remedy="Fit the model again with this version.",
        )
    return state


def listed_files(folder: Path) -> dict[str, Path]:
    """The plain files below `folder` by relative name with ``/``; nothing is opened.

    Raises
    ------
    BadInput
        A link, a device, a file of a kind that no model has, or too many files.
    """
    found: dict[str, Path] = {}
    for place, folders, names in os.walk(folder, followlinks=False):
        for name in (*folders, *names):
            path = Path(place) / name
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise BadInput(
                    "The model holds something that is not a plain file.",
                    evidence=shorten(relative),
                    remedy="Models are plain files: don't use one with links or devices in it.",
                )
            if path.is_dir():
                continue
            if path.suffix not in SUFFIXES:
                raise BadInput(
                    "The model holds a file of a kind that synthwright never writes.",
                    evidence=shorten(relative),
                    remedy="Remove it, or don't trust this model.",
                )
            found[relative] = path
            if len(found) > MOST_FILES:
                raise BadInput(f"The model has more than {MOST_FILES:,} files.")
    return found


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not JSON")
