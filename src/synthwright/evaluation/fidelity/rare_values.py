"""Whether what is rare in train is there: rare labels, rare combinations of two columns, and labels that are new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.engines.context import Context
from synthwright.errors import shorten
from synthwright.evaluation._counts.appearing import appearing, appearing_fresh
from synthwright.evaluation._counts.coarse import coarse_counts, coarse_of
from synthwright.evaluation._counts.kept import Kept, kept_share
from synthwright.evaluation._counts.pairwise import compared_pairs
from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation._statistics.intervals import clopper_pearson, difference_of_shares, wilson
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import WORST_PARTS, measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["RareValues"]

LABELS, STRATA, COVERAGE, NEW = (
    "fidelity.rare_values",
    "fidelity.rare_values.strata",
    "fidelity.rare_values.coverage",
    "fidelity.rare_values.new",
)
RARE = 0.01  # of train's rows: where quality figures over whole columns no longer look


@dataclass(frozen=True, kw_only=True)
class RareValues:
    """Recall of what is rare in train: held by fewer than 1 % of its rows, but by at least 5.

    ``fidelity.rare_values``: of the mass of rare labels of discrete columns, the share that is kept, sum of min(p, q)
    over sum of p: 1 where each rare label comes at least at its rate, 0 where none comes. ``.strata``: the same for
    rare combinations of two columns in at most 6 cells each; the floor draws every column on its own. ``.coverage``:
    the mean share of train's rows whose label appears at all, whatever its rate. ``.new``: the share of rows with a
    label that train does not have. Estimand of the first two: the expectation over tables of this size, given train,
    which says what is rare; of ``.coverage`` over train, too, whose own rows tell how many labels fresh ones
    show. Fresh rows keep less than everything: read the excess.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Are rare labels and rare combinations there, at their rate?",
        source="recall weighted by mass; Hurlbert (1971) for labels expected in fresh rows",
        measures=(LABELS, STRATA, COVERAGE, NEW),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """What is kept of rare labels and strata, how much of the labels appears, and how many rows have new ones."""
        discrete = [name for name in comparison.columns if comparison.schema[name].is_discrete]
        labels = (((name,), _labels(comparison, name)) for name in discrete)
        return [
            _kept(LABELS, comparison, labels, "label of a discrete column"),
            _kept(STRATA, comparison, _strata(comparison), "combination of two columns"),
            _coverage(comparison, discrete),
            _new(comparison, discrete),
        ]


Counted = dict[Part, np.ndarray]  # (blocks, cells...) per part
Tables = Iterator[tuple[tuple[str, ...], Counted]]


def _labels(comparison: Comparison, name: str) -> Counted:
    return {part: comparison.counts(part, name) for part in comparison.parts}


def _strata(comparison: Comparison) -> Tables:
    pairs, _ = compared_pairs(comparison)
    for pair in pairs:
        yield pair, {part: coarse_counts(comparison, part, *pair) for part in comparison.parts}


def _kept(metric: str, comparison: Comparison, tables: Tables, what: str) -> Measurement | Skipped:
    rows = comparison.rows("synthetic")
    kept: dict[Part, list[Kept]] = {part: [] for part in comparison.parts[1:]}
    worst: list[tuple[float, tuple[str, ...], tuple[int, ...], int, float]] = []
    together = 0.0  # the rare mass that columns drawn on their own would keep
    for names, counted in tables:
        shape = counted["train"].shape[1:]
        real = counted["train"].sum(axis=0)
        rare = (real >= MINIMUM_ROWS) & (real < RARE * len(comparison.train))
        if not rare.any():
            continue
        flat = {part: counts.reshape(len(counts), -1) for part, counts in counted.items()}
        for part, found in kept.items():
            at = rows if part == "holdout" else None
            found.append(Kept.of(flat["train"], flat[part], part, rare.ravel(), at))
        share, made = real / len(comparison.train), counted["synthetic"].sum(axis=0)
        if len(shape) == 2:
            together += float(np.minimum(share, np.outer(share.sum(axis=1), share.sum(axis=0)))[rare].sum())
        lost = np.where(rare, share - made / rows, -np.inf)
        for cell in np.argsort(-lost, axis=None, kind="stable")[: min(WORST_PARTS, int(rare.sum()))]:
            where = tuple(int(at) for at in np.unravel_index(cell, shape))
            worst.append((float(lost[where]), names, where, int(made[where]), float(share[where])))
        worst = sorted(worst, key=lambda one: -one[0])[:WORST_PARTS]
    if not kept["synthetic"]:
        reason = f"no {what} is held by at least {MINIMUM_ROWS} rows of train and by fewer than {RARE:.0%} of them"
        return Skipped(metric, reason)
    mass = sum(one.whole for one in kept["synthetic"])
    parts = {_name(comparison, names, cells): _rate(count, rows, share) for _, names, cells, count, share in worst}
    return measured(
        metric,
        comparison,
        kept_share(kept["synthetic"]),
        kept_share(kept["holdout"]) if "holdout" in kept else None,
        baseline=together / mass,
        better="higher",
        parts=parts,
        sampled=metric == STRATA and compared_pairs(comparison)[1],
    )


def _rate(count: int, rows: int, share: float) -> Estimate:
    """The share kept of one cell: its rate in `rows` rows over train's, at most 1."""
    found = wilson(count, rows)
    return Estimate(*(min(1.0, one / share) for one in (found.value, found.low, found.high)))


def _name(comparison: Comparison, names: tuple[str, ...], cells: tuple[int, ...]) -> str:
    if len(names) == 2:
        told = [f"{name}: {coarse_of(comparison, name).names[cell]}" for name, cell in zip(names, cells, strict=True)]
        return " × ".join(told)  # noqa: RUF001  # the sign for "crossed with" is what is meant
    levels = comparison.cells(names[0]).levels
    at = cells[0] - 1
    if cells[0] == 0:
        label = "missing"
    else:
        label = "rarer labels" if levels is None or at >= len(levels) else shorten(str(levels[at].as_py()))
    return f"{names[0]}: {label}"


def _coverage(comparison: Comparison, discrete: list[str]) -> Measurement | Skipped:
    synthetic: dict[str, Figure] = {}
    holdout, highest = [], []
    for name in discrete:
        counts = {part: comparison.counts(part, name)[:, 1:] for part in comparison.parts}
        if counts["train"].sum() == 0:
            continue
        synthetic[name] = appearing(counts["train"], counts["synthetic"], "synthetic")
        highest.append(float(counts["train"].sum(axis=0).max() / counts["train"].sum()))
        if "holdout" in counts:
            holdout.append(appearing_fresh(counts["train"], counts["synthetic"]))
    if not synthetic:
        return Skipped(COVERAGE, "train has no discrete column with labels")
    ranked = sorted(synthetic.items(), key=lambda item: item[1].value)
    return measured(
        COVERAGE,
        comparison,
        mean(list(synthetic.values())),
        mean(holdout) if holdout else None,
        baseline=sum(highest) / len(highest),
        better="higher",
        parts={name: figure.estimate(low=0.0, high=1.0) for name, figure in ranked[:WORST_PARTS]},
    )


def _new(comparison: Comparison, discrete: list[str]) -> Measurement | Skipped:
    if not discrete:
        return Skipped(NEW, "there is no discrete column")

    def rows_with(part: Part) -> tuple[int, dict[str, int]]:
        codes = comparison.codes(part).fine
        new = {name: codes.column(name) == codes.size(name) - 1 for name in discrete}
        return int(np.logical_or.reduce(list(new.values())).sum()), {name: int(one.sum()) for name, one in new.items()}

    (count, by_column), rows = rows_with("synthetic"), comparison.rows("synthetic")
    holdout = excess = None
    if comparison.holdout is not None:
        real, of = rows_with("holdout")[0], comparison.rows("holdout")
        holdout, excess = clopper_pearson(real, of), difference_of_shares(count, rows, real, of)
    ranked = sorted(by_column.items(), key=lambda item: -item[1])[:WORST_PARTS]
    return Measurement(
        metric=NEW,
        estimate=clopper_pearson(count, rows),
        better="lower",
        n_real=len(comparison.train),
        n_synthetic=rows,
        holdout=holdout,
        excess=excess,
        parts={name: clopper_pearson(hits, rows) for name, hits in ranked},
    )
