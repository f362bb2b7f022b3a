"""What an expert review came to, as pairs of words for the data card and the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import DASH, count, share

__all__ = ["reviewed"]


def reviewed(facts: RunFacts) -> list[tuple[str, str]]:
    """(what, figure) of the review in `facts`; empty where there was none. Any key may be absent."""
    review = facts.review
    if not review:
        return []
    panel, reviewers = _mapping(review.get("panel")), _list(review.get("reviewers"))
    reliable = sum(bool(_mapping(one).get("reliable")) for one in reviewers)
    told = [
        ("Rows judged", f"{count(panel.get('answered'))} of {count(review.get('rows'))} on the sheet"),
        ("Reviewers", f"{len(reviewers)}, of whom {reliable} can be relied on"),
        ("Rows made wrong on purpose", f"{count(panel.get('caught'))} of {count(panel.get('planted'))} caught"),
        ("Reject rate", _told(review.get("reject_rate"))),
        ("Corrected for what reviewers miss", _told(review.get("bad_rate"))),
    ]
    if agreement := _mapping(review.get("agreement")):
        kappa = _estimate(agreement.get("kappa"))
        told.append((str(agreement.get("name") or "Agreement"), DASH if kappa is None else f"{kappa.value:.2f}"))
    told += [
        (f"Rejected, {one.get('stratum')}", f"{count(one.get('rejected'))} of {count(one.get('rows'))}")
        for one in map(_mapping, _list(review.get("by_stratum"))[:12])
    ]
    if earlier := _list(review.get("earlier")):
        words = ", ".join(str(_mapping(one).get("outcome")) for one in earlier[:12])
        told.append(("Earlier reviews of these rows", f"{len(earlier)}: {words}"))
    return told


def _told(value: Any) -> str:
    estimate = _estimate(value)
    if estimate is None:
        return "unknown"
    return f"{share(estimate.value)} (95 % interval {share(estimate.low)} to {share(estimate.high)})"


def _estimate(value: Any) -> Estimate | None:
    ends = [_mapping(value).get(name) for name in ("value", "low", "high")]
    numbers = [float(one) for one in ends if isinstance(one, int | float)]
    if len(numbers) < 3 or not numbers[1] <= numbers[0] <= numbers[2]:
        return None
    return Estimate(*numbers)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
