"""What follows from what: of many ``a then b``, the few from which the others follow."""

from __future__ import annotations

__all__ = ["needed"]

Pair = tuple[int, int]


def needed(pairs: set[Pair], known: set[Pair] = frozenset()) -> set[Pair]:  # type: ignore[assignment]  # never changed
    """The pairs ``a then b`` from which, with those of `known`, all `pairs` follow.

    What brings one another is told of the first of them, both ways; the first then speaks for them all.
    """
    brings = _closed(pairs | known)
    first = {one: min(other for other in (*brings[one], one) if other == one or one in brings[other]) for one in brings}
    kept = set()
    for one, two in pairs:
        if first[one] == first[two]:
            if first[one] in {one, two}:
                kept.add((one, two))
            continue
        if first[one] != one or first[two] != two:
            continue
        between = (brings[one] - {one, two}) if one in brings else set()
        if not any(two in brings[other] and first[other] not in {one, two} for other in between):
            kept.add((one, two))
    return kept


def _closed(pairs: set[Pair]) -> dict[int, set[int]]:
    """For each fact all that it brings, directly or not."""
    brings: dict[int, set[int]] = {}
    for one, two in pairs:
        brings.setdefault(one, set()).add(two)
        brings.setdefault(two, set())
    for middle, further in brings.items():
        for reached in brings.values():
            if middle in reached:
                reached.update(further)
    return brings
