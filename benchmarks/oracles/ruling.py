"""Whether an evaluator is right about a planted table: one rule for all tools, synthwright on the same files included.

A figure finds a fault if its own documentation says so (an interval of risk above 0, a gate that fails), or else if it
is worse than on every table without fault from the same population, by more than `ranges` times the range of those and
at least `least` of its scale; one of those tables is the same draw without the fault. Where there is no such table (the
planted table has no fault itself), it finds one if it lies in the worst quarter of its own scale. Only figures of the
kind in question count. A tool is right about a fault if any of them finds it, and right about a table without fault if
none does; it makes no statement where it has no figure of that kind. Where the question is whether a tool bears odd
tables, it is right if it gives all figures, wrong if it leaves some out or gives NaN without a word, and makes no
statement where it stops with an error that says something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oracle import Oracle

__all__ = ["PUBLISHED", "VARIANTS", "Rule", "Ruling", "ruling"]

WORST_QUARTER = 0.25
Answer = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The numbers in the rule, none of which any tool documents; the page shows what others would have given."""

    ranges: float = 2.0
    least: float = 0.002
    same_draw: bool = True


PUBLISHED = Rule()
VARIANTS = {
    "as published": PUBLISHED,
    "one range": Rule(ranges=1.0),
    "three ranges": Rule(ranges=3.0),
    "at least .005": Rule(least=0.005),
    "at least .02": Rule(least=0.02),
    "other draws only": Rule(same_draw=False),
}


@dataclass(frozen=True)
class Ruling:
    """What was found, and whether that is right."""

    outcome: str  # right, wrong, no statement
    because: str


def ruling(
    oracle: Oracle, answer: Answer, references: Sequence[Answer], spread_of: Sequence[Answer], rule: Rule = PUBLISHED
) -> Ruling:
    """The rule above; `references` and `spread_of` have no fault, and the latter tell how figures scatter."""
    if not oracle.areas:
        return _borne(answer["lost"])
    asked = {name: one for name, one in answer["figures"].items() if one["area"] in oracle.areas}
    if not asked:
        return Ruling("no statement", "; ".join(list(answer["lost"].values())[:1]) or "no figure of this kind")
    finds = {}
    for name, one in asked.items():
        bound = _bound(name, references, spread_of, rule) if oracle.reference is not None else WORST_QUARTER
        if one["fault"] if one["fault"] is not None else bound is not None and one["value"] < bound:
            finds[name] = f"{name} {one['value']:.3g}" + ("" if bound is None else f" (below {bound:.3g})")
    told = ", ".join(list(finds.values())[:3]) or f"none of {len(asked)} figures finds a fault"
    return Ruling("right" if bool(finds) is oracle.fault else "wrong", told)


def _borne(lost: Mapping[str, str]) -> Ruling:
    silent = [name for name, why in lost.items() if why.startswith("the tool gives")]
    told = "; ".join(f"{name}: {lost[name]}" for name in (silent or list(lost))[:2])
    return Ruling("wrong" if silent else "no statement" if lost else "right", told or "all figures given")


def _bound(name: str, references: Sequence[Answer], spread_of: Sequence[Answer], rule: Rule) -> float | None:
    """The value below which the figure says more than chance; None where the references have no such figure."""
    own, others = (
        [one["figures"][name]["value"] for one in some if name in one["figures"]] for some in (references, spread_of)
    )
    if not own:
        return None
    spread = max(max(values) - min(values) for values in (own, others) if values)
    return min(own) - max(rule.least, rule.ranges * spread)
