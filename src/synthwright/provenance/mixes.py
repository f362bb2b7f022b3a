"""The mix of a run in sentences, for the card and the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthwright.errors import shorten
from synthwright.provenance.numbers import DASH, count, plain, share

__all__ = ["mix_changes", "mix_sentences"]

_TIMES = ("before", "after", "change")


def mix_sentences(told: Mapping[str, Any]) -> list[str]:
    """How many rows of which kind, what was evened out, and by what rows were chosen, as the record's `mix` says."""
    part = _number(told.get("synthetic_share"))
    first = (
        f"`private/mixed.parquet` holds {count(told.get('real_rows'))} real rows of train and "
        f"{count(told.get('synthetic_rows'))} synthetic ones: {share(part)} of the mix is synthetic "
        f"({plain(_number(told.get('ratio')))} per real row of train). It is to train on, not to share."
    )
    lines = [first]
    balanced = [shorten(str(name), 40) for name in _list(told.get("balanced"))]
    if balanced:
        lines.append(f"Synthetic rows were added where there are few: by {' and '.join(balanced)}.")
    if told.get("drawn"):
        lines.append(
            f"{count(told.get('released'))} of them are released rows, {count(told.get('drawn'))} were drawn from the "
            "judged model for the mix."
        )
    selection = told.get("selection")
    if isinstance(selection, Mapping) and selection.get("sentence"):
        lines.append(f"{selection['sentence']}; {_worth(selection)}.")
    return [*lines, *(str(note) for note in _list(told.get("notes")))]


def mix_changes(told: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Division, figure, and the figure in the real rows, in the mix and the difference, each with its interval."""
    audit = told.get("audit")
    found = _list(audit.get("changes")) if isinstance(audit, Mapping) else []
    return [
        (str(one.get("division")), str(one.get("figure")), *(_figure(one.get(name)) for name in _TIMES))
        for one in found
        if isinstance(one, Mapping)
    ]


def _figure(value: Any) -> str:
    ends = [_number(value.get(name)) for name in ("value", "low", "high")] if isinstance(value, Mapping) else [None]
    return DASH if None in ends else f"{plain(ends[0])} ({plain(ends[1])} to {plain(ends[2])})"


def _worth(selection: Mapping[str, Any]) -> str:
    said = f"{count(selection.get('candidates'))} candidates"
    worth, apart = (_number(selection.get(name)) for name in ("effective", "told_apart"))
    if worth is not None:
        said += f", worth {round(worth):,} equally likely ones"
    return said if apart is None else f"{said}; the classifier's AUC is {plain(apart)}"


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
