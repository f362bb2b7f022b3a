"""What was compared: rows of each part, columns, target, method, seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import DASH, count, share

__all__ = ["Compared", "compared"]

_USES = {
    "train": "real rows that the method learnt from",
    "synthetic": "rows that were made and are judged here",
    "holdout": "real rows that nothing learnt from: the yardstick",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`parts` are (name, rows, share of the longest, use); `facts` and `classes` are (name, text) pairs.

    `notes` are sentences on what was done to the tables before, and on what makes them odd to compare.
    """

    parts: tuple[tuple[str, str, float, str], ...]
    facts: tuple[tuple[str, str], ...]
    classes: tuple[tuple[str, str, float], ...]
    missing: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


def compared(facts: RunFacts) -> Compared:
    """The sizes and settings of the comparison, as far as the files say them."""
    sizes = facts.sizes
    longest = max(sizes.values(), default=1) or 1
    analysis, record = facts.analysis, facts.record
    pairs = [
        *((key.capitalize(), shorten(str(facts.recipe.get(key) or ""), 400)) for key in ("purpose", "because")),
        ("Columns", _columns(facts)),
        ("Target", _text(analysis.get("target") or _target(facts))),
        ("Method", _text(record.get("method"))),
        ("Seed", _text(record.get("seed"))),
        ("Gates", _text(facts.verdict.get("preset"))),
        ("Split", _split(facts)),
        ("Duplicate rows in the data", count(analysis.get("duplicates"))),
    ]
    return Compared(
        parts=tuple(
            (part, count(sizes[part]), round(100 * sizes[part] / longest, 2), use)
            for part, use in _USES.items()
            if part in sizes
        ),
        facts=tuple((name, value) for name, value in pairs if value not in {"", DASH}),
        classes=_classes(analysis),
        missing=_missing(analysis),
        notes=tuple(shorten(note, 600) for note in facts.notes),
    )


def _columns(facts: RunFacts) -> str:
    kinds = facts.analysis.get("kinds")
    if not isinstance(kinds, Mapping):
        kinds = {str(entry.get("name")): entry.get("kind") for entry in facts.views.get("columns") or []}
    if not kinds:
        return count(facts.analysis.get("columns"))
    numbers = all(isinstance(kind, int) for kind in kinds.values())  # {"integer": 6} as well as {"age": "integer"}
    counted = Counter(kinds if numbers else [str(kind) for kind in kinds.values()])
    total = sum(counted.values())
    return f"{total}: " + ", ".join(f"{n} {shorten(kind, 20)}" for kind, n in counted.most_common())


def _target(facts: RunFacts) -> Any:
    return next(
        (entry.get("name") for entry in facts.views.get("columns") or [] if entry.get("role") == "target"), None
    )


def _split(facts: RunFacts) -> str:
    split = facts.recipe.get("split") or facts.record.get("split")
    if isinstance(split, Mapping):
        return shorten(", ".join(f"{key} {value}" for key, value in split.items() if value is not None), 120)
    if split:
        return _text(split)
    return "" if facts.has_holdout else "no holdout was declared, so there are no ceilings"


def _classes(analysis: Mapping[str, Any]) -> tuple[tuple[str, str, float], ...]:
    classes = analysis.get("classes")
    if not isinstance(classes, Mapping):
        return ()
    counts = [(str(name), rows) for name, rows in classes.items() if isinstance(rows, int)]
    total = sum(rows for _, rows in counts)
    if not total:
        return ()
    biggest = max(rows for _, rows in counts)
    counts.sort(key=lambda entry: -entry[1])
    return tuple((shorten(name, 40), share(rows / total), round(100 * rows / biggest, 1)) for name, rows in counts[:12])


def _missing(analysis: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    rates = analysis.get("missing")
    if not isinstance(rates, Mapping):
        return ()
    found = sorted(
        ((rate, name) for name, rate in rates.items() if isinstance(rate, int | float) and rate > 0), reverse=True
    )
    return tuple((shorten(str(name), 40), share(rate)) for rate, name in found[:8])


def _text(value: Any) -> str:
    return "" if value is None else shorten(str(value), 120)
