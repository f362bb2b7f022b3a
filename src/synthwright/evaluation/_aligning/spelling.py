"""Labels that other tools spell otherwise than train: which of train's labels is meant, where that is certain."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from synthwright.data.text_cells import MARKERS

__all__ = ["is_marker", "respelled", "spelling_key", "truth_of"]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?")
_LONGEST = 40  # characters: a longer run of digits is a code, and codes are compared as they are
# What programs write for a missing cell; the other markers ("?", "unknown") may be labels.
_ALWAYS_MISSING = frozenset({"", "nan", "-nan", "<na>", "nat", "null", "none", "na", "n/a", "#n/a", "#na"})
_TRUE = frozenset({"true", "t", "yes", "y", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "0"})


def spelling_key(label: str) -> str:
    """What labels share that differ in white space, letter case or the writing of a number only.

    ``" Male"`` and ``"male"``, ``"1.0"`` and ``"01"``, ``"True"`` and ``"true"``.
    """
    plain = " ".join(unicodedata.normalize("NFKC", label).split()).casefold()
    if len(plain) > _LONGEST or not plain.isascii() or not _NUMBER.fullmatch(plain):
        return plain
    number = Decimal(plain)
    if number == number.to_integral_value():
        return str(int(number))
    return f"{number:f}".rstrip("0")


def truth_of(label: str) -> bool | None:
    """True for yes, true, 1 and the like, False for their opposites, ``None`` for any other label."""
    key = spelling_key(label)
    return True if key in _TRUE else False if key in _FALSE else None


def is_marker(label: str, *, missing: bool) -> bool:
    """True if `label` stands for a missing cell; where train has `missing` cells in this column, "?" does, too."""
    key = spelling_key(label)
    return key in _ALWAYS_MISSING or (missing and key in MARKERS)


def respelled(labels: Iterable[str], known: Iterable[str], *, missing: bool) -> dict[str, str | None]:
    """For labels that are not `known`, which known one is meant; ``None`` for a missing cell. Others are not in it.

    Nothing is merged: a label is left as it is if two known labels, or two of `labels`, would be the same.
    """
    theirs, ours = list(labels), list(known)
    taken = set(theirs) & set(ours)
    strange = [label for label in theirs if label not in taken]
    found: dict[str, str | None] = _one_to_one(strange, _by_key(ours), taken)
    left = [label for label in strange if label not in found]
    gone: dict[str, str | None] = {label: None for label in left if is_marker(label, missing=missing)}
    left = [label for label in left if label not in gone]
    return {**found, **gone, **_by_truth(left, ours, taken | {label for label in found.values() if label is not None})}


def _by_key(labels: Iterable[str]) -> dict[str, str]:
    keys = {label: spelling_key(label) for label in labels}
    counts = Counter(keys.values())
    return {key: label for label, key in keys.items() if counts[key] == 1}


def _one_to_one(strange: Iterable[str], ours: Mapping[str, str], taken: set[str]) -> dict[str, str | None]:
    meant = _by_key(strange)
    return {label: ours[key] for key, label in meant.items() if key in ours and ours[key] not in taken}


def _by_truth(left: list[str], ours: list[str], taken: set[str]) -> dict[str, str | None]:
    """1 and 0 for yes and no: only if train has two labels, both sides have one of each, and nothing else is left."""
    target = {truth_of(label): label for label in ours}
    source = {truth_of(label): label for label in left}
    if len(ours) != 2 or set(target) != {True, False} or not left or None in source or len(source) < len(left):
        return {}
    return {label: target[truth] for truth, label in source.items() if target[truth] not in taken}
