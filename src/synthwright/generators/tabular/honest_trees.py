"""Column after column from honest trees: structure from one half of the rows, leaf contents from the other half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.generators.evidence import Candidates, Evidence
from synthwright.generators.protocol import GeneratorInfo, Given
from synthwright.generators.tabular._honest_trees_before import Reference
from synthwright.generators.tabular._honest_trees_cells import Cells
from synthwright.generators.tabular._honest_trees_column import ColumnModel
from synthwright.generators.tabular._honest_trees_draws import Draws
from synthwright.generators.tabular._honest_trees_fit import Sizes, fit_column
from synthwright.generators.tabular._honest_trees_likelihood import log_likelihood
from synthwright.generators.tabular._honest_trees_order import drawing_order
from synthwright.generators.tabular._honest_trees_saved import read_columns, write_columns
from synthwright.generators.tabular._honest_trees_weighting import Weigher
from synthwright.seeding import Streams

__all__ = ["HonestTrees"]

_FEWEST_ROWS = 10_000  # are looked at of any table


@dataclass(frozen=True, eq=False)
class _Chain:
    """Fitted columns in the order they are drawn in."""

    schema: Schema
    cells: Mapping[str, Cells]
    columns: Mapping[str, ColumnModel]
    systematic: bool

    def conditions_on(self, names: frozenset[str]) -> bool:
        return names == frozenset(list(self.columns)[: len(names)])  # exact where nothing is drawn before them

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Table:
        at = context.streams.at("block", index)
        fixed = {} if given is None or given.fixed is None else given.fixed.model_values()
        values: dict[str, np.ndarray] = {}
        codes: dict[str, np.ndarray] = {}
        for name, model in self.columns.items():
            cells = self.cells[name]
            if name in fixed:
                values[name] = fixed[name]
                codes[name] = cells.codes(cells.encode(fixed[name]))
                continue
            # Columns that depend on nothing share one group, all rows: only the first may walk through its table.
            alone = not model.before
            draws = Draws.of(at.at(name).rng(), n, systematic=self.systematic and not (alone and values))
            drawn = model.law.draw(model.known(codes, n), draws)
            values[name] = model.values(cells, drawn, values, draws.within)
            as_drawn = not model.copies and model.offset is None
            codes[name] = cells.codes(drawn if as_drawn else cells.encode(values[name]))
        return Table.of(self.schema, values)

    @cached_property
    def _weigher(self) -> Weigher:
        return Weigher(self.schema, self.cells, self.columns)

    def candidates(self, evidence: Evidence, times: int, streams: Streams) -> Candidates:
        return self._weigher.candidates(evidence, times, streams)

    def completed(self, values: Mapping[str, np.ndarray], evidence: Evidence, streams: Streams) -> Table:
        return self._weigher.completed(values, evidence, streams)

    def log_likelihood(self, table: Table) -> np.ndarray:
        return log_likelihood(self._weigher, table)

    def save(self, folder: Path) -> None:
        write_columns(folder, self.schema, self.cells, self.columns, self.systematic)

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(*read_columns(folder))


@dataclass(frozen=True, kw_only=True)
class HonestTrees:
    """Draw columns one after another, each from trees on the columns before it.

    `trees` per column are drawn from at random; `leaf_rows` rows at least stand behind every leaf, on both sides of
    the split into structure and contents. Columns with the most distinct values come first and the target last, unless
    its label rules all others (see `drawing_order`); `first` names columns to be drawn before all others, so that they
    can be conditioned on exactly. At most `predecessors` earlier columns, those with the strongest association, are
    looked at for a column. A target of at most `classes` classes comes from boosted class probabilities.

    The model keeps counts over cells of at least 5 rows (`data.grid`), tree structures over those cells' codes, and
    no row. With `systematic` draws, rows are a stratified sample of the model: shares and pair tables vary less than
    those of independent rows (see `Draws`). Without, or with one tree, they are independent.
    ``benchmarks/honest_trees.py`` compares the whole with other methods, ``benchmarks/honest_trees_frontier.py`` leaf
    sizes, with honesty and without.
    """

    trees: int = 12
    leaf_rows: int = 5
    predecessors: int = 40
    classes: int = 12
    values: int = 800_000
    first: tuple[str, ...] = ()
    systematic: bool = True
    info: ClassVar = GeneratorInfo(
        summary="Draw columns one after another from honest trees: structure and leaves learnt on different rows.",
        source="original; synthesis by trees after Reiter 2005, honest leaves after Athey and Imbens 2016 "
        "(10.1073/pnas.1510489113)",
        conditions="exact",
        quick={"trees": 2},
    )
    sampler: ClassVar = _Chain

    def __post_init__(self) -> None:
        for name, least in (("trees", 1), ("leaf_rows", 5), ("predecessors", 1), ("classes", 0), ("values", 1)):
            if getattr(self, name) < least:
                raise BadInput(f"{name} has to be at least {least}.", evidence=f"Found {getattr(self, name)}.")

    def fit(self, reference: Table, context: Context) -> _Chain:
        """Every column's trees on the columns before it; columns are fitted apart, by `context.engine`.

        Raises
        ------
        UnknownName
            `first` names a column that is not there.
        MissingExtra
            LightGBM or its system library can't be loaded.
        """
        reference = self._part(reference, context)
        values = reference.model_values()
        cells = {column.name: Cells.of(column, values[column.name]) for column in reference.schema}
        drawn = {name: one.encode(values[name]) for name, one in cells.items()}
        codes = {name: one.codes(drawn[name]) for name, one in cells.items()}
        target = reference.schema.target
        known = Reference(values, cells, drawn, codes, None if target is None else target.name)
        order = drawing_order(reference.schema, cells, drawn, self.first)
        task = partial(fit_column, known, self._sizes(), context.streams.at("column"))
        fitted = context.engine.map(task, [(name, tuple(order[:at])) for at, name in enumerate(order)])
        return _Chain(
            reference.schema, cells, dict(zip(order, fitted, strict=True)), self.systematic and self.trees > 1
        )

    def _part(self, reference: Table, context: Context) -> Table:
        """As many rows, drawn at random, as `values` are enough for; at least 10,000."""
        most = max(_FEWEST_ROWS, self.values // len(reference.schema))
        if len(reference) <= most:
            return reference
        return reference.take(np.sort(context.streams.at("rows").rng().choice(len(reference), most, replace=False)))

    def _sizes(self) -> Sizes:
        return Sizes(trees=self.trees, leaf_rows=self.leaf_rows, predecessors=self.predecessors, classes=self.classes)
