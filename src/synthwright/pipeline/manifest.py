"""What makes a folder a result: a list of every file with its size and digest, written last."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from synthwright.canonical import digest_file
from synthwright.errors import BadInput, shorten
from synthwright.files import write_json

__all__ = ["Mismatch", "files_below", "require_intact", "update_manifest", "verify", "write_manifest"]

_NAME = "manifest.json"
_LARGEST = 64 * 1024 * 1024  # bytes; a manifest has one short line per file


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A file that is not what the manifest says."""

    file: str
    problem: Literal["changed", "missing", "unlisted"]
    detail: str = ""


def files_below(folder: Path) -> Iterator[str]:
    """Names of all files below `folder`, relative and with forward slashes, in order; links are not followed."""
    found = []
    for place, folders, names in os.walk(folder):
        linked = [name for name in folders if (Path(place) / name).is_symlink()]
        found += [(Path(place) / name).relative_to(folder).as_posix() for name in [*names, *linked]]
    yield from sorted(found)


def write_manifest(folder: Path, *, leave_out: frozenset[str] = frozenset()) -> None:
    """`manifest.json` lists every file of `folder` but itself and `leave_out`."""
    names = [name for name in files_below(folder) if name != _NAME and name not in leave_out]
    write_json(folder / _NAME, {"format": 1, "files": [_entry(folder, name) for name in names]})


def update_manifest(folder: Path, name: str) -> None:
    """The entry of the file `name` tells its present size and digest; all other entries stay."""
    entries = [entry for entry in _read(folder) if entry["name"] != name]
    entries = sorted([*entries, _entry(folder, name)], key=lambda entry: str(entry["name"]))
    write_json(folder / _NAME, {"format": 1, "files": entries})


def verify(folder: Path) -> list[Mismatch]:
    """Every file of a finished run that is not what its manifest says; empty when all is well.

    Raises
    ------
    BadInput
        `folder` is no finished run, or its manifest can't be read.
    """
    entries = _read(folder)
    listed = {str(entry["name"]) for entry in entries}
    found = [mismatch for entry in entries if (mismatch := _check(folder, entry)) is not None]
    extra = [name for name in files_below(folder) if name not in listed and name != _NAME]
    return found + [Mismatch(name, "unlisted", "it was added after the run ended") for name in extra]


def require_intact(folder: Path, *, but: str = "") -> None:
    """Every file of a finished run but `but` is what its manifest says.

    Raises
    ------
    BadInput
        One is not.
    """
    found = [mismatch for mismatch in verify(folder) if mismatch.file != but]
    if found:
        raise BadInput(
            f"{folder} is not what its manifest says.",
            evidence="; ".join(f"{shorten(one.file)} is {one.problem}" for one in found[:5]),
            remedy=f"`synthwright verify {folder}` lists every difference.",
        )


def _entry(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    return {"name": name, "size": path.stat().st_size, "sha256": digest_file(path)}


def _check(folder: Path, entry: dict[str, Any]) -> Mismatch | None:
    name, path = str(entry["name"]), folder / str(entry["name"])
    if path.is_symlink() or not path.is_file():
        return Mismatch(name, "missing")
    if path.stat().st_size != entry["size"]:
        return Mismatch(name, "changed", f"{path.stat().st_size:,} bytes, {entry['size']:,} were recorded")
    if digest_file(path) != entry["sha256"]:
        return Mismatch(name, "changed", "same size, other content")
    return None


def _read(folder: Path) -> list[dict[str, Any]]:
    path = folder / _NAME
    if not folder.is_dir():
        raise BadInput(f"There is no run folder {shorten(str(folder), 200)}.", remedy="Check the name.")
    if not path.is_file() or path.is_symlink():
        remedy = f"`synthwright resume {folder}` finishes it." if (folder / "private" / "journal.json").exists() else ""
        raise BadInput(f"{folder} is not a finished run.", evidence=f"It has no {_NAME}.", remedy=remedy)
    if path.stat().st_size > _LARGEST:
        raise BadInput(f"{path} is too large to be a manifest.", evidence=f"{path.stat().st_size:,} bytes.")
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["files"]
        for entry in entries:
            name = PurePosixPath(entry["name"])
            if name.is_absolute() or ".." in name.parts or not isinstance(entry["size"], int):
                raise BadInput(f"{path} names a file outside the run.", evidence=shorten(str(name)))
            str(entry["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(
            f"{path} can't be read as a manifest.",
            evidence=shorten(f"{type(error).__name__}: {error}", 200),
            remedy="Without its manifest the folder is no result: run it again.",
        ) from error
    return list(entries)
