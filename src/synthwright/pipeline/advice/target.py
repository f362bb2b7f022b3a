"""What is to be predicted: classes or numbers, on all rows and on those that models look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.finding import Finding, named

__all__ = ["FEWEST", "Target", "target_of"]

FEWEST = 20  # rows with a known target: with fewer no model is tested
_LARGEST = 1e100  # squares of larger numbers overflow where they are summed
_CLASSES = 100  # a booster grows one tree per class and round


@dataclass(frozen=True, eq=False)
class Target:
    """The target column of all rows: `values` are class numbers (-1 unknown), or numbers (NaN unknown).

    `labels` names the classes, none for numbers. Rows of classes that fewer than 5 rows have are unknown: `unlisted` of
    them. Numbers whose squares would overflow are in units of `unit`.
    """

    column: Column
    values: np.ndarray
    labels: tuple[str, ...]
    unlisted: int = 0
    unit: float = 1.0

    @property
    def known(self) -> np.ndarray:
        """True for the rows with a known target."""
        return np.asarray(self.values >= 0 if self.labels else ~np.isnan(self.values))

    @property
    def counts(self) -> np.ndarray:
        """Rows of each class."""
        return np.bincount(self.values[self.known], minlength=len(self.labels))

    @property
    def rarest(self) -> int:
        """The class with the fewest rows; the first of several."""
        return int(np.argmin(self.counts))

    @property
    def score(self) -> str:
        """What models are scored by."""
        return "AUC" if self.labels else "R²"

    @property
    def floor(self) -> float:
        """The score of no skill."""
        return 0.5 if self.labels else 0.0

    @property
    def watched(self) -> int:
        """The class whose share is compared: the rarer one of two, the most frequent one of more."""
        return self.rarest if len(self.labels) == 2 else int(np.argmax(self.counts))

    @property
    def outcome(self) -> np.ndarray:
        """One number per row, NaN where unknown: the target itself, or 1 for rows of the watched class."""
        if not self.labels:
            return self.values
        return np.where(self.values < 0, np.nan, (self.values == self.watched).astype(np.float64))

    @property
    def told(self) -> str:
        """What the outcome is, in words."""
        name = repr(shorten(self.column.name, 40))
        if self.labels:
            return f"{name} = {self.labels[self.watched]}"
        return name if self.unit == 1 else f"{name} / {self.unit:g}"


def target_of(table: Table) -> Target | Finding | None:
    """The target of `table`; a finding where nothing can be predicted, ``None`` where no column has the role."""
    column = table.schema.target
    if column is None:
        return None
    if not column.is_modelled:
        told = f"The target {named([column.name])} was taken for {column.kind}: {column.reason}"
        return _unfit("target.kind", "rows with a value", len(table), column, told)
    made = _classes(table, column) if column.is_discrete else _numbers(table, column)
    rows = int(made.known.sum())
    if rows < FEWEST:
        told = f"The target {named([column.name])} is known in {rows:,} rows; models need {FEWEST}."
        return _unfit("target.unknown", "rows with a known target", rows, column, told)
    different = len(np.unique(made.values[made.known]))
    if different < 2:
        told = f"The target {named([column.name])} has one value that 5 rows share: there is nothing to predict."
        return _unfit("target.constant", "different values of the target", different, column, told)
    if len(made.labels) > _CLASSES:
        told = f"The target {named([column.name])} has {len(made.labels)} classes; at most {_CLASSES} are modelled."
        return _unfit("target.classes", "classes", len(made.labels), column, told)
    return made


def _unfit(code: str, figure: str, value: float, column: Column, told: str) -> Finding:
    remedy = "Name another target, or correct its kind in a schema (`synthwright inspect DATA -o schema.yaml`)."
    return Finding(
        code=code,
        severity="stop",
        figure=figure,
        value=Estimate.exact(float(value)),
        sentence=told,
        remedy=remedy,
        columns=(column.name,),
    )


def _classes(table: Table, column: Column) -> Target:
    levels = table.levels(column.name)
    names = [shorten(str(label), 40) for label in categories_of(column)]
    listed = (levels >= 0) & (levels < len(names))
    shown = np.unique(levels[listed])
    values = np.where(listed, np.searchsorted(shown, levels), -1).astype(np.int64)
    labels = tuple(names[at] for at in shown) or ("none that 5 rows share",)
    return Target(column, values, labels, int((levels == len(names)).sum()))


def _numbers(table: Table, column: Column) -> Target:
    values = table.numbers(column.name)
    values = np.where(np.isfinite(values), values, np.nan)
    largest = float(np.max(np.abs(values), initial=0.0, where=~np.isnan(values)))
    unit = largest if largest > _LARGEST or 0 < largest < 1 / _LARGEST else 1.0
    return Target(column, values / unit, (), unit=unit)
