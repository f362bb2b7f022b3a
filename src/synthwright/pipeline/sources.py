"""Where the inputs of a run are: files by name, beside the recipe, or examples that several places may hold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from synthwright.errors import BadInput, shorten

__all__ = ["Source", "find_file"]

_EXAMPLE = re.compile(r"example:([a-z0-9_]+)(?:/([a-z0-9_]+))?")
_ENDINGS = (".parquet", ".csv.gz", ".csv", ".jsonl")
_SLICES = Path("tests/data")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a run reads: what was asked for, where it is, and a word on why there."""

    asked: str
    path: Path
    note: str = ""

    @property
    def shown(self) -> str:
        """A name for records that others read: never where it lies on this machine."""
        return self.asked if self.asked.startswith("example:") or not _is_elsewhere(self.asked) else self.path.name


def find_file(asked: str, *, what: str, beside: Path | None = None) -> Source:
    """The file called `asked`: as it stands, beside the recipe in folder `beside`, or an ``example:NAME``.

    Raises
    ------
    BadInput
        There is none; the error names the places that were looked at.
    """
    if asked.startswith("example:"):
        return _example(asked)
    places = [Path(asked), *([beside / asked] if beside is not None and not Path(asked).is_absolute() else [])]
    for place in places:
        try:
            if place.exists():
                return Source(asked, place)
        except (OSError, ValueError) as error:  # a name too long or with a NUL byte
            raise BadInput(f"{shorten(asked)!r} is no file name.", evidence=str(error)[:120]) from error
    raise BadInput(
        f"The {what} {shorten(asked, 200)} does not exist.",
        evidence=f"Looked at {' and '.join(shorten(str(place), 200) for place in places)}.",
        remedy="Check the name; relative names start from the current folder."
        if "://" not in asked
        else "synthwright reads no network: download it, then name the file.",
    )


def _example(asked: str) -> Source:
    match = _EXAMPLE.fullmatch(asked)
    if match is None:
        raise BadInput(
            f"{shorten(asked)!r} names no example.", remedy="Write example:NAME, for instance example:online_shoppers."
        )
    folder, file = match[1], match[2] or match[1]
    looked = []
    for place, note in _places():
        looked.append(note)
        for ending in _ENDINGS:
            if (found := place / folder / f"{file}{ending}").is_file():
                return Source(asked, found, f"{asked} is {found.name} {note}")
    if (part := _slice(file)) is not None:
        return Source(asked, part, f"{asked} is {part.name} in {_SLICES.as_posix()}, a slice")
    if (bundled := _bundled(file)) is not None:
        return Source(asked, bundled, f"{asked} is the slice that comes with the package")
    raise BadInput(
        f"There is no example called {shorten(file)!r}.",
        evidence=f"Looked {', '.join(looked)}, in tests/data and at the table that comes with the package.",
        remedy="Set SYNTHWRIGHT_DATA to the folder that holds it, or name a file.",
    )


def _places() -> Iterator[tuple[Path, str]]:
    if home := os.environ.get("SYNTHWRIGHT_DATA"):
        yield Path(home), "in $SYNTHWRIGHT_DATA"
    yield Path("../shared/data"), "in ../shared/data"


def _slice(name: str) -> Path | None:
    """The slice of a data set that a checkout has for its tests: shoppers_1000.parquet is one of online_shoppers."""
    for path in sorted(_SLICES.glob("*_[0-9]*")) if _SLICES.is_dir() else ():
        if path.name.partition("_")[0] in name.split("_") and path.name.endswith(_ENDINGS):
            return path
    return None


def _bundled(name: str) -> Path | None:
    from synthwright.data.demo import demo_path

    path = demo_path()
    return path if path.name.partition(".")[0] == name else None


def _is_elsewhere(asked: str) -> bool:
    path = Path(asked)
    return path.is_absolute() or ".." in path.parts
