"""The rows of a table by class, as over-samplers see them: numbers, codes, and points that have distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import pyarrow as pa

from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.matching.euclidean import Vectors

__all__ = ["ClassRows", "Scale", "are_measurable", "deviations", "require_classes", "require_numbers"]

Scale = Literal["none", "std"]

_LARGEST = 1e30  # distances are given as float32, which ends at 3.4e38


@dataclass(frozen=True, eq=False)
class ClassRows:
    """Rows with their features: every column but the target.

    `numbers`: float64 (n,) of each numeric feature, NaN where missing; `codes` int32 (c, n) of the others, -1 where
    missing; `classes` int32 (n,) as `Table.levels` of the target, 0 throughout without one. `divisors` (d,) are what
    distances divide the numeric columns by.
    """

    table: Table
    classes: np.ndarray
    numeric: tuple[str, ...]
    numbers: tuple[np.ndarray, ...]
    discrete: tuple[str, ...]
    codes: np.ndarray
    divisors: np.ndarray

    @classmethod
    def of(cls, table: Table, scale: Scale = "none") -> Self:
        """The rows of `table`; with `scale` ``"std"`` distances are in standard deviations of each column.

        Raises
        ------
        BadInput
            Numbers are so large or so small that distances overflow or vanish.
        """
        target = class_column(table)
        features = [column for column in table.schema if column is not target]
        numeric = tuple(column.name for column in features if column.is_numeric)
        discrete = tuple(column.name for column in features if column.is_discrete)
        numbers = tuple(table.numbers(name) for name in numeric)
        for name, values in zip(numeric, numbers, strict=True):
            _require_distances(name, values)
        codes = [_codes(table.data[name]) for name in discrete]
        return cls(
            table,
            np.zeros(len(table), np.int32) if target is None else table.levels(target.name),
            numeric,
            numbers,
            discrete,
            np.stack(codes) if codes else np.zeros((0, len(table)), np.int32),
            deviations(numbers) if scale == "std" else np.ones(len(numeric)),
        )

    @property
    def target(self) -> Column | None:
        """The column that holds the classes, if any."""
        return class_column(self.table)

    def of_class(self, label: int) -> np.ndarray:
        """Positions of the rows of a class, in order."""
        return np.flatnonzero(self.classes == label)

    def called(self, label: int) -> str:
        """A class as messages name it."""
        if self.target is None:
            return "The table"
        rows = self.of_class(label)
        shown = self.table.data[self.target.name][int(rows[0])].as_py() if len(rows) else label
        return f"Class {shorten(str(shown), 40)!r}"

    def points(self, rows: np.ndarray | slice) -> Vectors:
        """These rows as points, by Chawla et al. (2002, 6.1): a differing code adds the squared median deviation.

        The deviations are those of `rows`. A missing number stands at the median of `rows` and counts as one more code,
        so it is as far from any number as two categories are from each other.
        """
        picked = [values[rows] for values in self.numbers]
        shape = (0, len(self.classes[rows]))
        numbers = np.stack(picked) / self.divisors[:, None] if picked else np.zeros(shape)
        codes = [self.codes[:, rows]]
        missing = np.isnan(numbers)
        if missing.any():
            at = missing.any(axis=1)
            codes.append(missing[at].astype(np.int32))
            numbers = np.where(missing, _medians(numbers)[:, None], numbers)
        labels = np.concatenate(codes) + 1  # missing codes become a level of their own: codes start at 0
        points = np.ascontiguousarray(numbers.T)
        if len(labels) == 0:
            return Vectors(points, labels, 0.0)
        deviations = numbers.std(axis=1)
        weight = float(np.median(deviations)) if len(deviations) else 1.0
        if weight == 0.0:  # more than half of the numbers are constant: the others say what a step is
            weight = float(np.median(deviations[deviations > 0])) if (deviations > 0).any() else 1.0
        return Vectors(points, labels, weight**2)


def class_column(table: Table) -> Column | None:
    """The target, where it has classes; a numeric target is a feature like the others."""
    target = table.schema.target
    return target if target is not None and target.is_discrete else None


def require_numbers(rows: ClassRows, method: str) -> None:
    """Every column but the target is numeric and complete.

    Raises
    ------
    BadInput
        The message names the columns, and the method that takes them.
    """
    labels, n_features = list(rows.discrete), len(rows.discrete) + len(rows.numeric)
    if labels:
        raise BadInput(
            f"{method} interpolates numbers, and {_listed(labels)} {'has' if len(labels) == 1 else 'have'} none.",
            evidence=f"{len(labels)} of {n_features} columns hold labels.",
            remedy="Use tabular.smote_nc, which takes labels and missing cells; or remove these columns.",
        )
    gaps = {
        name: int(np.count_nonzero(np.isnan(values))) for name, values in zip(rows.numeric, rows.numbers, strict=True)
    }
    gaps = {name: count for name, count in gaps.items() if count}
    if gaps:
        name, count = next(iter(gaps.items()))
        raise BadInput(
            f"{method} can't measure distances where numbers are missing (NaN): {_listed(list(gaps))}.",
            evidence=f"{shorten(name)!r} lacks {count:,} of {len(rows.classes):,} cells.",
            remedy="Use tabular.smote_nc, which takes missing cells; or fill them in first.",
        )


def require_classes(rows: ClassRows, method: str) -> None:
    """The table has a target with two classes or more; raises `BadInput` otherwise."""
    if rows.target is None or len(np.unique(rows.classes)) < 2:
        raise BadInput(
            f"{method} looks at classes, and the table has no target with two classes or more.",
            remedy="Name the column with the classes: target=COLUMN. tabular.smote needs none.",
        )


def are_measurable(rows: np.ndarray) -> bool:
    """True where `rows` (n, d) are finite and distances between them neither overflow nor vanish."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        totals = np.einsum("ij,ij->j", rows, rows, dtype=np.float64)
    return bool(np.all((totals > len(rows) / _LARGEST**2) & (totals < _LARGEST**2)))


def _require_distances(name: str, values: np.ndarray) -> None:
    with np.errstate(over="ignore", under="ignore"):
        total = float(np.dot(values, values))
    if len(values) / _LARGEST**2 < total < _LARGEST**2:  # one fast pass; not so for missing cells
        return
    present = np.abs(values[~np.isnan(values)])
    largest = float(present.max(initial=0.0))
    if largest > _LARGEST or 0 < largest < 1 / _LARGEST:
        raise BadInput(
            f"Distances can't be measured in column {shorten(name)!r}: they {'overflow' if largest > 1 else 'vanish'}.",
            evidence=f"Its largest number is {largest:.3g}; it has to lie in {1 / _LARGEST:g} to {_LARGEST:g}.",
            remedy="Give it another unit: multiply or divide it by a power of ten.",
        )


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(shorten(name, 30)) for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    """One number per distinct value, in order of appearance or of the dictionary; -1 for missing."""
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    coded = column.combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = pa.concat_arrays(coded.chunks) if coded.num_chunks else pa.array([], column.type)
    if not pa.types.is_dictionary(coded.type):
        coded = coded.dictionary_encode()
    return np.asarray(coded.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int32)


def _medians(numbers: np.ndarray) -> np.ndarray:
    return np.array([np.median(row[~np.isnan(row)]) if (~np.isnan(row)).any() else 0.0 for row in numbers])


def deviations(numbers: tuple[np.ndarray, ...]) -> np.ndarray:
    """The standard deviation of each column, missing cells aside; 1 for a constant one."""
    present = [row[~np.isnan(row)] for row in numbers]
    found = np.array([row.std() if len(row) else 0.0 for row in present])
    return np.where(found > 0, found, 1.0)
