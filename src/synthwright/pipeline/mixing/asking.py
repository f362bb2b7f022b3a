"""What a mix is asked to be: how many synthetic rows, which classes or groups they even out, how they are chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from synthwright.canonical import plain
from synthwright.errors import UnknownName, UsageError, shorten

__all__ = ["Balance", "Mixing", "Select", "mixing_of", "named_columns"]

Select = Literal["stratified", "density", "uncertainty", "minority", "hard"]
Balance = str | Sequence[str] | Mapping[Any, int]
_MOST_CANDIDATES = 100


@dataclass(frozen=True, kw_only=True)
class Mixing:
    """`ratio` synthetic rows per real row of train; 1 where nothing else says how many.

    `balance` evens out the classes of the target (``"target"``, ``"auto"`` or ``"equal"``, a name or a mapping from
    class to final count as in imbalanced-learn's ``sampling_strategy``), or the rows with each combination of values in
    the columns it names. With a `ratio` that many rows are put where they are wanted most; without one, as many are
    added as make all as large as the largest. `select` says how rows of one class and group are chosen among
    candidates, of which there are `candidates` per row where the rows can be drawn. Without `real` the mix has
    synthetic rows only.

    Raises
    ------
    UsageError, UnknownName
        A value is none of these.
    """

    ratio: float | None = None
    balance: Balance | None = None
    select: Select = "stratified"
    real: bool = True
    candidates: int = 4

    def __post_init__(self) -> None:
        if self.ratio is not None and not _is_ratio(self.ratio):
            raise UsageError(
                f"{shorten(str(self.ratio))} is no mix ratio.",
                evidence="It is the number of synthetic rows per real row.",
                remedy="Give a number from 0 on, such as 1.",
            )
        if self.select not in get_args(Select):
            raise UnknownName.among("way to choose rows", str(self.select), get_args(Select))
        if isinstance(self.candidates, bool) or not isinstance(self.candidates, int):
            raise UsageError(f"{shorten(repr(self.candidates))} is no number of candidates.", remedy="4 are usual.")
        if not 1 <= self.candidates <= _MOST_CANDIDATES:
            raise UsageError(
                f"{self.candidates} candidates per row can't be drawn.", remedy=f"Give 1 to {_MOST_CANDIDATES}."
            )
        if self.balance is not None and not isinstance(self.balance, str | Sequence | Mapping):
            raise UsageError(
                f"A balance of type {type(self.balance).__name__} says nothing about classes or groups.",
                remedy="Give 'target', a list of columns, or a mapping from class to final count.",
            )
        if self.balance is not None and not self.balance:
            raise UsageError("The balance names nothing.", remedy="Name 'target', columns or classes; or leave it out.")

    def to_json_value(self) -> dict[str, Any]:
        """What was asked for, as JSON types; classes by their text."""
        return {
            name: plain(getattr(self, name))
            for name in ("ratio", "balance", "select", "real", "candidates")
            if getattr(self, name) is not None
        }


def mixing_of(value: Any) -> Mixing | None:
    """A `Mixing` from what people write: itself, a ratio, a mapping of its settings, ``None`` for none.

    Raises
    ------
    UsageError, UnknownName
        It is none of these, or a setting is wrong.
    """
    if value is None or isinstance(value, Mixing):
        return value
    if isinstance(value, Mapping):
        known = tuple(Mixing.__dataclass_fields__)
        for key in value:
            if key not in known:
                raise UnknownName.among("setting of a mix", str(key), known)
        return Mixing(**{str(key): one for key, one in value.items() if one is not None})
    return Mixing(ratio=value)


def named_columns(balance: str) -> tuple[str, ...]:
    """The columns in ``"sex,race"``; a name with a comma needs a list."""
    return tuple(name for part in balance.split(",") if (name := part.strip()))


def _is_ratio(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
