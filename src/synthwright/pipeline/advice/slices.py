"""Slices of the table, by one column or two, in which a model errs much more than elsewhere; and rare labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.schema import Column
from synthwright.errors import shorten
from synthwright.evaluation._statistics.intervals import student
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.finding import Finding, named
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target
from synthwright.pipeline.advice.trial import Tested
from synthwright.provenance.numbers import plain, share

__all__ = ["hard_slices", "rare_labels"]

_PARTS = 5  # that a column is cut into: combinations of two keep 4 % of the rows
_COLUMNS = 24  # that are combined: 276 pairs
_SMALLEST = 20  # rows of a slice in the half that judges it
_LARGEST = 0.2  # of the rows: a larger slice is no corner of the table
_WORSE = 1.25  # times the error elsewhere, at the low end
_SHOWN = 3
_FEW = 20  # rows that a label needs for a model to learn anything of it


@dataclass(frozen=True, eq=False)
class _Part:
    """Rows of one column's part: where it is true, and what it is called."""

    column: str
    told: str
    rows: np.ndarray


def hard_slices(looked: Looked, target: Target, tested: Tested) -> list[Finding]:
    """At most three slices with a high error: found on half of the rows, measured on the other half."""
    error = _errors(looked, target, tested)
    finding = looked.streams.at("advice", "slices").rng().random(len(error)) < 0.5
    overall = float(error.mean())
    spread = float(error.std())
    if spread == 0:
        return []
    candidates = []
    for parts in _slices(looked):
        rows = np.logical_and.reduce([part.rows for part in parts])
        seen, judged = rows & finding, rows & ~finding
        n = int(seen.sum())
        if n < _SMALLEST or judged.sum() < _SMALLEST or rows.mean() > _LARGEST:
            continue
        # Of many slices one is bad by luck: two standard errors are taken off before they are ranked.
        sure = float(error[seen].mean()) - 2 * spread / n**0.5
        if sure > _WORSE * overall:
            candidates.append((sure, parts, rows, judged))
    candidates.sort(key=lambda one: -one[0])
    found: list[Finding] = []
    taken = np.zeros(len(error), dtype=bool)
    for _, parts, rows, judged in candidates:
        if (rows & taken).sum() > 0.5 * rows.sum():
            continue
        taken |= rows
        value = _mean(error[judged])
        if value.low > _WORSE * overall and len(found) < _SHOWN:
            found.append(_told(target, parts, rows, value, overall))
        if len(found) == _SHOWN:
            break
    return found


def rare_labels(looked: Looked) -> list[Finding]:
    """The columns with labels that hardly any row has."""
    few: dict[str, int] = {}
    rows = np.zeros(len(looked.table), dtype=bool)
    for column in looked.features:
        if not column.is_discrete:
            continue
        codes = looked.view.codes(column.name)
        counts = np.bincount(codes[codes >= 0])
        rare = np.flatnonzero((counts > 0) & (counts < _FEW))
        if len(rare):
            few[column.name] = len(rare)
            rows |= np.isin(codes, rare)
    if not few:
        return []
    worst = sorted(few, key=lambda name: -few[name])
    told = (
        f"{sum(few.values()):,} labels of {len(few)} column{'s' * (len(few) > 1)} ({named(worst)}) have fewer than "
        f"{_FEW} rows each; {share(float(rows.mean()))} of the rows hold one."
    )
    return [
        Finding(
            code="slices.labels",
            severity="note",
            figure=f"share of rows with a label that fewer than {_FEW} rows have",
            value=Estimate.exact(float(rows.mean())),
            sentence=told,
            remedy="A generator has as little to learn them from as a model: merge them, or collect more of them.",
            columns=tuple(worst),
        )
    ]


def _errors(looked: Looked, target: Target, tested: Tested) -> np.ndarray:
    """What each row's prediction misses while it was unseen: probability not given to its class, absolute error."""
    y = target.values[looked.rows]
    if target.labels:
        return np.asarray(1 - tested.predicted[np.arange(len(y)), y])
    return np.asarray(np.abs(tested.predicted - y))


def _slices(looked: Looked) -> Iterator[tuple[_Part, ...]]:
    """Every part of every column, then every pair of parts of two columns."""
    parts = {column.name: _parts(looked, column) for column in looked.features[:_COLUMNS]}
    for several in parts.values():
        for part in several:
            yield (part,)
    for one, two in combinations(parts.values(), 2):
        for first in one:
            for second in two:
                yield (first, second)


def _parts(looked: Looked, column: Column) -> list[_Part]:
    name = shorten(column.name, 30)
    missing = looked.sample.missing(column.name)
    made = [_Part(column.name, f"{name} missing", missing)] if missing.any() else []
    if column.is_discrete:
        levels, labels = looked.sample.levels(column.name), categories_of(column)
        counts = np.bincount(levels[(levels >= 0) & (levels < len(labels))], minlength=len(labels))
        frequent = np.argsort(-counts, kind="stable")[: 4 * _PARTS]
        parts = [(f"{name} = {shorten(str(labels[level]), 30)}", levels == level) for level in frequent]
        return [*made, *(_Part(column.name, told, rows) for told, rows in parts)]
    if column.kind == "datetime":
        return made
    values = looked.sample.numbers(column.name)
    present = values[np.isfinite(values)]
    if len(present) == 0:
        return made
    edges = np.unique(np.quantile(present, np.linspace(0, 1, _PARTS + 1)[1:-1], method="lower"))
    for at in range(len(edges) + 1):
        low, high = edges[at - 1] if at else -np.inf, edges[at] if at < len(edges) else np.inf
        ends = f"{name} > {low:g}" if at == len(edges) else f"{name} <= {high:g}" if at == 0 else ""
        made.append(_Part(column.name, ends or f"{low:g} < {name} <= {high:g}", (values > low) & (values <= high)))
    return made


def _mean(values: np.ndarray) -> Estimate:
    middle = float(values.mean())
    half = student(0.95, len(values) - 1) * float(values.std(ddof=1)) / len(values) ** 0.5
    return Estimate(middle, middle - half, middle + half)


def _told(target: Target, parts: tuple[_Part, ...], rows: np.ndarray, value: Estimate, overall: float) -> Finding:
    where = " and ".join(part.told for part in parts)
    what = "misses the class by" if target.labels else "misses the target by"
    told = (
        f"Where {where} ({share(float(rows.mean()))} of the rows looked at) a model {what} {plain(value.value)} on "
        f"average ({plain(value.low)} to {plain(value.high)}), over all rows by {plain(overall)}."
    )
    return Finding(
        code="slices.error",
        severity="note",
        figure="mean error in the slice, " + ("1 - probability of the true class" if target.labels else "absolute"),
        value=value,
        sentence=told,
        remedy="Real rows of that kind teach most; made up ones (`given`) are worth a test there, not everywhere.",
        columns=tuple(part.column for part in parts),
    )
