"""A folder with the figures of an experiment and the page that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synthwright.files import write_json, write_text, writing_folder

__all__ = ["write_paged"]


def write_paged(folder: Path, name: str, figures: Mapping[str, Any], page: str) -> None:
    """`folder` holds NAME.json and NAME.html, or is as it was."""
    with writing_folder(folder) as temporary:
        write_json(temporary / f"{name}.json", figures)
        write_text(temporary / f"{name}.html", page)
