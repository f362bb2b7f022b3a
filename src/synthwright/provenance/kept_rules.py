"""How the constraints of a model are kept, in lines for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthwright.errors import shorten

__all__ = ["kept_briefly", "kept_told"]

_WORDS = {
    "derived": "Computed, not learnt",
    "encoded": "Kept by encoding",
    "checked": "Checked in every row",
    "unique": "Kept unique over each draw",
    "measured": "Not kept, measured where its columns are drawn",
}
_MOST = 12  # lines of one kind: beyond, their number says enough


def kept_told(constraints: Mapping[str, Sequence[str]]) -> list[str]:
    """One line for each rule or step of `Model.constraints.told()`, such as ``Computed, not learnt: c = a + b``."""
    lines = []
    for kind, words in _WORDS.items():
        found = list(constraints.get(kind, ()))
        lines += [f"{words}: {shorten(line, 160)}" for line in found[:_MOST]]
        lines += [f"{words}: {len(found) - _MOST:,} more"] if len(found) > _MOST else []
    return lines


def kept_briefly(constraints: Mapping[str, Sequence[str]], acceptance: float | None) -> str:
    """How many rules are kept how, and the share of drawn rows that obeyed; empty without constraints."""
    counts = ", ".join(f"{len(constraints[kind])} {kind}" for kind in _WORDS if constraints.get(kind))
    rate = f"; {acceptance:.1%} of the candidates obeyed, the others were drawn again" if acceptance is not None else ""
    return f"{counts}{rate}" if counts else ""
