"""A folder with the figures of an experiment and the page that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synthwright.files import write_json, write_text, writing_folder

__all__ = ["write_paged"]


def write_paged(
    folder: Path, name: str, figures: Mapping[str, Any], page: str, beside: Mapping[str, Any] | None = None
) -> None:
    """`folder` holds NAME.json, NAME.html and the JSON files `beside` them; a new one holds all of it or is as it was.

    In a folder in which an experiment has kept what it made NAME.json comes last: without it, there is no result.
    """
    if folder.exists() and any(folder.iterdir()):
        _write(folder, name, figures, page, beside or {})
        return
    with writing_folder(folder) as temporary:
        _write(temporary, name, figures, page, beside or {})


def _write(folder: Path, name: str, figures: Mapping[str, Any], page: str, beside: Mapping[str, Any]) -> None:
    write_text(folder / f"{name}.html", page)
    for other, content in beside.items():
        write_json(folder / other, content)
    write_json(folder / f"{name}.json", figures)
