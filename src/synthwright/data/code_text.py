"""Spaces of codes as JSON types and back, checked: they come from schema files and models of anyone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthwright.data.check_digits import SCHEMES
from synthwright.data.code_space import Space
from synthwright.data.code_stamps import Stamp

__all__ = ["spaces_from_json", "spaces_to_json"]

_LONGEST = 1_000  # places


def spaces_to_json(spaces: tuple[Space, ...]) -> list[dict[str, Any]]:
    """`spaces` as JSON types; what a space lacks is left out."""
    return [_told(space) for space in spaces]


def _told(space: Space) -> dict[str, Any]:
    told: dict[str, Any] = {"places": list(space.places), "modulus": space.modulus, "remainder": space.remainder}
    if space.stamps:
        told["stamps"] = [[list(stamp.at), stamp.form, stamp.first, stamp.size] for stamp in space.stamps]
    if space.check:
        told |= {"check": space.check, "counted": list(space.counted)}
    return told


def spaces_from_json(state: Any) -> tuple[Space, ...]:
    """Read back `spaces_to_json`; raises ValueError, TypeError or KeyError for anything else."""
    spaces = tuple(_space(entry) for entry in state)
    if not all(_sound(space) for space in spaces):
        raise ValueError("a space of codes makes no sense")
    return spaces


def _space(entry: Mapping[str, Any]) -> Space:
    stamps = tuple(
        Stamp(tuple(map(int, at)), str(form), int(first), int(size))
        for at, form, first, size in entry.get("stamps", ())
    )
    return Space(
        places=tuple(map(str, entry["places"])),
        modulus=int(entry["modulus"]),
        remainder=int(entry["remainder"]),
        stamps=stamps,
        check=str(entry.get("check", "")),
        counted=tuple(map(int, entry.get("counted", ()))),
    )


def _sound(space: Space) -> bool:
    """Nothing in it overflows, divides by zero or points outside."""
    places = range(len(space.places))
    stamped = [place for stamp in space.stamps for place in stamp.at]
    if not (0 <= space.remainder < space.modulus < 2**32 and all(space.places) and len(space.places) <= _LONGEST):
        return False
    if len(set(stamped)) < len(stamped) or not all(place in places for place in (*stamped, *space.counted)):
        return False
    if not all(stamp.is_sound for stamp in space.stamps):
        return False
    return not space.check or _checkable(space)


def _checkable(space: Space) -> bool:
    """The rule is known, counts as many places as it can, and only characters that it has values for stand there."""
    scheme = SCHEMES.get(space.check)
    if scheme is None or len(space.counted) not in scheme.lengths or len(set(space.counted)) < len(space.counted):
        return False
    others = (space.places[at] for at in space.counted if at not in space.checks)
    return all(set(letters) <= set(scheme.letters) for letters in others)
