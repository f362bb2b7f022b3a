"""Does the synthetic table hold rows of a file that others are to be tested on?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.errors import shorten
from synthwright.evaluation._copies.benchmark import KINDS, Asked, Kind, Overlaps, overlaps_with
from synthwright.evaluation._statistics.predicted import predicted_count
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import WORST_PARTS
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Overlap"]


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """The synthetic rows that equal a record of a benchmark, relative to the smaller of the two tables; the worst file.

    Every file named with ``against`` is searched over the columns that it shares with train, for its records that
    occur once in it: `contamination.overlap` counts synthetic rows that equal one, ``.rounded`` those that do after
    rounding as in `privacy.rounded_copies`, ``.partial`` those that do in all but a few columns as in
    `privacy.partial_copies`.

    Real rows hit some of them by chance, and many where the shared columns are few or coarse. `holdout` is what as many
    real rows would hit, train's and the holdout's together; if one of them hits the file surely more often than the
    other (a test file that serves as the holdout; a train table that holds benchmark rows), the other one alone. If
    there is train only and it hits the file's records more often than its own rows one another, chance is unknown.

    All rows are compared, so nothing of the synthetic table is left to chance: the interval of `excess` holds the
    number of benchmark rows in this very table beyond coincidences, whose number is predicted. It holds for all files
    together (Bonferroni). ``parts`` are the files, worst first, with the overlap of real rows beside.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Are rows of the named benchmark files in the synthetic table more often than chance allows?",
        source="original; overlap coefficient (Szymkiewicz 1934); prediction interval: Nelson (1982)",
        measures=("contamination.overlap", "contamination.overlap.rounded", "contamination.overlap.partial"),
        needs=frozenset({"against"}),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Three measurements; skipped without synthetic or real rows."""
        if comparison.rows("synthetic") == 0 or comparison.rows("train") == 0:
            return [Skipped(name, "there are no rows to compare") for name in self.info.measures]
        found = {name: overlaps_with(comparison, name) for name in comparison.against}
        return [
            _measured(metric, comparison, kind, found) for metric, kind in zip(self.info.measures, KINDS, strict=True)
        ]


@dataclass(frozen=True, eq=False)
class _Overlap:
    """One kind of overlap with one file, as shares of the smaller table."""

    estimate: Estimate
    chance: Estimate | None
    excess: Estimate | None
    baseline: float
    detectable: float | None

    @classmethod
    def of(cls, found: Overlaps, kind: Kind, confidence: float) -> _Overlap:
        mine = found.synthetic[kind]
        smaller = min(mine.rows, found.records)
        share = min(1.0, mine.total / smaller)
        blind = found.blind[kind]
        baseline = min(1.0, blind.total / max(1, blind.rows) * mine.rows / smaller)
        if found.real is None:
            return cls(Estimate.exact(share), None, None, baseline, None)
        chance = _chance(mine, found.real[kind], confidence)
        low, value, high = (min(1.0, end / smaller) for end in (chance.low, chance.value, chance.high))
        excess = Estimate(share - value, share - high, share - low)
        # More than `high` coincidences are seen, and there may be as few as `low` of them.
        detectable = min(1.0, (math.floor(chance.high) + 1 - chance.low) / smaller)
        return cls(Estimate.exact(share), Estimate(value, low, high), excess, baseline, detectable)

    @property
    def badness(self) -> tuple[int, float]:
        """Surely too much, then unknown, then by size."""
        if self.excess is None:
            return 1, self.estimate.value
        return (2 if self.excess.low > 0 else 0), self.excess.value


def _chance(mine: Asked, real: Asked, confidence: float) -> Estimate:
    """How many hits as many real rows have. Hits come in clumps, and the clumps are what is counted."""
    clump = max(mine.clump, real.clump)
    events = predicted_count(real.total / clump, mine.rows / real.rows, confidence)
    return Estimate(events.value * clump, events.low * clump, events.high * clump)


def _measured(metric: str, comparison: Comparison, kind: Kind, found: Mapping[str, Overlaps]) -> Measurement:
    confidence = 1 - 0.05 / len(found)
    each = {name: _Overlap.of(overlaps, kind, confidence) for name, overlaps in found.items()}
    ranked = sorted(each, key=lambda name: each[name].badness, reverse=True)
    worst, parts = each[ranked[0]], {}
    for name in ranked:
        parts[shorten(name)] = each[name].excess or each[name].estimate
        for part, asked in (("train", found[name].train), ("holdout", found[name].holdout)):
            if asked is not None:
                share = min(1.0, asked[kind].total / min(asked[kind].rows, found[name].records))
                parts[f"{shorten(name)}: {part}"] = Estimate.exact(share)
    return Measurement(
        metric=metric,
        estimate=worst.estimate,
        better="lower",
        n_real=len(comparison.train),
        n_synthetic=len(comparison.synthetic),
        detectable=worst.detectable,
        holdout=worst.chance,
        baseline=Estimate.exact(worst.baseline),
        excess=worst.excess,
        parts=dict(list(parts.items())[:WORST_PARTS]),
    )
