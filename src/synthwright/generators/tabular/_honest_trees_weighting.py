"""Candidates for rows of which any cells are known: drawn in the chain's order, weighed where the chain meets them.

Likelihood weighting (Fung and Chang 1990; Shachter and Peot 1990): a known cell is not drawn but put in its place, and
the candidate's weight is multiplied by the probability that the chain would have drawn it there. A number counts by its
code, as it does for the columns after it. Ranges, sets and "present" restrict a draw to what they allow, weighed by the
probability of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synthwright.data.predicates import Predicate
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.generators.evidence import Candidates, Evidence
from synthwright.generators.tabular._honest_trees_allowed import Allowed
from synthwright.generators.tabular._honest_trees_cells import Cells
from synthwright.generators.tabular._honest_trees_column import ColumnModel
from synthwright.generators.tabular._honest_trees_distant import Distant
from synthwright.generators.tabular._honest_trees_draws import Draws
from synthwright.generators.tabular._honest_trees_shares import Reached, Shares, shares_of
from synthwright.seeding import Streams

__all__ = ["Weigher"]

# Rows with the shares of the whole column beside those counted in each leaf, where known cells are weighed: a hundredth
# of one, so that a row is found although no leaf has all of it, and nothing else changes. (With 1, 2,000 rows fail a
# chi-squared test against brute force at 1 in 10,000.)
_TRACE = 0.01
_BEHIND = 30.0  # times lighter than the best candidate of its row: from here on a candidate may be dropped


@dataclass(frozen=True, eq=False)
class Weigher:
    """A fitted chain that weighs; what questions about probabilities need is made when they are first asked."""

    schema: Schema
    cells: Mapping[str, Cells]
    columns: Mapping[str, ColumnModel]

    @cached_property
    def _shares(self) -> dict[str, Shares]:
        return {}

    def shares(self, name: str) -> Shares:
        """The probabilities behind column `name`."""
        if name not in self._shares:
            model = self.columns[name]
            distant = Distant.of(self.cells[name], model)
            states = len(model.copies) + (0 if distant is None else len(distant.grid))
            self._shares[name] = shares_of(model.law, self.cells[name].size + 1 + states)
        return self._shares[name]

    def code_ends(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The first and last cell with the code of each cell of a column, missing included."""
        bins = self.cells[name].bins.astype(np.int64)
        cells = np.arange(len(bins))
        low, high = np.full(bins.max() + 1, len(bins)), np.zeros(bins.max() + 1, dtype=np.int64)
        np.minimum.at(low, bins, cells)
        np.maximum.at(high, bins, cells)
        return low[bins], high[bins]

    def candidates(self, evidence: Evidence, times: int, streams: Streams) -> Candidates:
        """See `Weighing.candidates`."""
        last = max((at for at, name in enumerate(self.columns) if name in evidence.columns), default=-1)
        state = _State(self, evidence.take(np.repeat(np.arange(evidence.n), times)), streams)
        for name in list(self.columns)[: last + 1]:
            before = state.log_weights.copy()
            state.step(name)
            if times > 1 and not np.array_equal(before, state.log_weights):
                state.thin_out(times)
        return Candidates(state.numbers, state.values, state.log_weights, state.possible)

    def completed(self, values: Mapping[str, np.ndarray], evidence: Evidence, streams: Streams) -> Table:
        """See `Weighing.completed`."""
        state = _State(self, Evidence(evidence.n), streams)
        for name in self.columns:
            if name in values:
                state.put(name, values[name])
            else:
                state.step(name)
        return Table.of(self.schema, state.values)


class _State:
    """Rows on their way through the columns."""

    def __init__(self, weigher: Weigher, evidence: Evidence, streams: Streams) -> None:
        self.weigher, self.evidence, self.streams = weigher, evidence, streams
        self.total, self.numbers = evidence.n, np.arange(evidence.n)
        self.values: dict[str, np.ndarray] = {}
        self.codes: dict[str, np.ndarray] = {}
        self.log_weights = np.zeros(evidence.n)
        self.possible = np.ones(evidence.n, dtype=bool)
        self.where: dict[str, Predicate] = {one.column: one for one in evidence.where}

    def put(self, name: str, values: np.ndarray) -> None:
        """The column has these model values."""
        cells = self.weigher.cells[name]
        self.values[name] = values
        self.codes[name] = cells.codes(cells.encode(values))

    def step(self, name: str) -> None:
        """The column is known, restricted or drawn, row by row."""
        model, n = self.weigher.columns[name], self.evidence.n
        known = self.evidence.known.get(name, np.zeros(n, dtype=bool))
        present = self.evidence.present.get(name, np.zeros(n, dtype=bool)) & ~known
        uniforms = self.streams.at(name).rng().random((self.total, 4))[self.numbers]
        matrix = model.known(self.codes, n)
        values = np.zeros(n, dtype=np.float64)
        values[known] = self.evidence.values[name][known] if known.any() else 0.0
        weighed = np.flatnonzero(known & ~self._settled(model))
        if len(weighed):
            self._weigh(name, weighed, values, matrix, uniforms)
        for rows, there in ((np.flatnonzero(present), True), (np.flatnonzero(~known & ~present), False)):
            if len(rows):
                values[rows] = self._drawn(name, rows, there, matrix[rows], Draws(uniforms[rows], systematic=False))
        self.put(name, values if self.weigher.cells[name].grid is not None else values.astype(np.int32))

    def thin_out(self, times: int) -> None:
        """Candidates far behind the best of their row stay with a chance as small as they are, and count for more.

        Russian roulette (Kahn 1955): no weight changes on average, and most of the work goes into candidates that can
        still be picked.
        """
        row = self.numbers // times
        best = np.full(self.total // times, -np.inf)
        np.maximum.at(best, row, self.log_weights)
        behind = self.log_weights - np.where(np.isfinite(best), best, 0.0)[row] + np.log(_BEHIND)
        uniforms = self.streams.at("roulette", len(self.values)).rng().random(self.total)[self.numbers]
        stays = uniforms < np.exp(np.minimum(behind, 0.0))
        self.log_weights = self.log_weights[stays] - np.minimum(behind[stays], 0.0)
        self.numbers, kept = self.numbers[stays], np.flatnonzero(stays)
        self.possible = self.possible[stays]
        self.evidence = self.evidence.take(kept)
        self.values = {name: values[kept] for name, values in self.values.items()}
        self.codes = {name: codes[kept] for name, codes in self.codes.items()}

    def _settled(self, model: ColumnModel) -> np.ndarray:
        """True where all that the column looks at is known: its weight tells no candidates of the row apart."""
        settled = np.ones(self.evidence.n, dtype=bool)
        for name in {*model.before, *model.copies}:
            settled &= self.evidence.known.get(name, False)
        return settled

    def _weigh(self, name: str, rows: np.ndarray, values: np.ndarray, matrix: np.ndarray, uniforms: np.ndarray) -> None:
        """The probability of the known codes, whether drawn as such or repeated from another column."""
        cells, model = self.weigher.cells[name], self.weigher.columns[name]
        reached = self.weigher.shares(name).reached(matrix[rows], Draws(uniforms[rows], systematic=False))
        cell = cells.encode(values[rows])
        low, high = (ends[np.minimum(cell, cells.size)] for ends in self.weigher.code_ends(name))
        chance, counted = reached.smooth(low, high, _TRACE)
        for number, source in enumerate(model.copies):
            same = cells.codes(cells.encode(self.values[source][rows])) == cells.codes(cell)
            state = cells.size + 1 + number
            repeats = np.where(same, reached.plain(state, state), 0.0)
            chance, counted = chance + repeats, counted | (repeats > 0)
        distant = Distant.of(cells, model)
        if distant is not None:
            there = cell < cells.size
            ends = distant.own.low[np.where(there, low, 0)], distant.own.high[np.where(there, high, 0)]
            moved = np.where(there, distant.chance(reached, self.values[distant.base][rows], *ends), 0.0)
            chance, counted = chance + moved, counted | (moved > 0)
        self.log_weights[rows] += np.log(chance)
        self.possible[rows] &= counted

    def _drawn(self, name: str, rows: np.ndarray, there: bool, matrix: np.ndarray, draws: Draws) -> np.ndarray:
        """Model values of `rows`, restricted where something is asked of the column."""
        cells, model = self.weigher.cells[name], self.weigher.columns[name]
        predicate = self.where.get(name)
        if predicate is None and not there:
            known = {source: self.values[source][rows] for source in model.sources}
            return model.values(cells, model.law.draw(matrix, draws), known, draws.within).astype(np.float64)
        allowed = Allowed.of(cells, predicate, there=there)
        reached = self.weigher.shares(name).reached(matrix, draws)
        fraction = np.append(allowed.fraction, np.zeros(self.weigher.shares(name).width - len(allowed.fraction)))
        mass, drawn = reached.restricted(fraction, draws.uniforms[:, :2])
        values = allowed.decode(np.minimum(drawn, cells.size), draws.within).astype(np.float64)
        mass, values = self._or_repeated(name, rows, reached, allowed.holds, (mass, values), draws.uniforms[:, 3])
        mass, values = self._or_distant(name, rows, reached, allowed, (mass, values))
        with np.errstate(divide="ignore"):
            self.log_weights[rows] += np.log(mass)
        return values

    def _or_repeated(
        self,
        name: str,
        rows: np.ndarray,
        reached: Reached,
        holds: Callable[[np.ndarray], np.ndarray],
        own: tuple[np.ndarray, np.ndarray],
        uniforms: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray]:
        """The column's own mass and values, or with its probability the value of a column that it repeats."""
        mass, values = own
        cells, model = self.weigher.cells[name], self.weigher.columns[name]
        for number, source in enumerate(model.copies):
            same = self.values[source][rows]
            state = cells.size + 1 + number
            chance = reached.plain(state, state) * holds(same)
            total = mass + chance
            take = uniforms * total < chance
            values = np.where(take, same, values)
            # What is left of the uniform decides about the next column that it may repeat.
            rest = (uniforms * total - chance) / np.maximum(mass, 1e-300)
            uniforms = np.where(take, 1.0, np.clip(rest, 0.0, 1.0))
            mass = total
        return mass, values

    def _or_distant(
        self, name: str, rows: np.ndarray, reached: Reached, allowed: Allowed, own: tuple[np.ndarray, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """`own` mass and values, or with its probability a value told by its distance from another column's."""
        mass, values = own
        distant = Distant.of(self.weigher.cells[name], self.weigher.columns[name])
        if distant is None:
            return own
        base = self.values[distant.base][rows]
        ends = [np.full(len(rows), end) for end in allowed.ends]
        begin, end = distant.states(base, *ends)
        uniforms = self.streams.at(name, "distant").rng().random((self.total, 4))[self.numbers][rows]
        chance, drawn = reached.between(begin, end, uniforms[:, :2])
        made = distant.values(drawn, base, uniforms[:, 2])
        total = mass + chance
        take = uniforms[:, 3] * total < chance
        # At the ends of a range a state may give a value outside: then this candidate is none.
        total = np.where(take & ~allowed.holds(made), 0.0, total)
        return total, np.where(take, made, values)
