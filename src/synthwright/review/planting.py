"""Rows made wrong on purpose, out of values that occur: the share that is caught says how well errors are seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from synthwright.data.codes import Codes, Encoder
from synthwright.data.constraints import evaluate_rule, rules_of
from synthwright.data.hashing import row_hashes
from synthwright.data.table import Table
from synthwright.errors import shorten
from synthwright.evaluation._counts.combinations import hardly_ever
from synthwright.evaluation._counts.pair_counts import chosen_pairs
from synthwright.seeding import Streams

__all__ = ["Planted", "plant"]

# How many cells of a row come from elsewhere: one, half of them from one other row, or each from a row of its own.
_WAYS = ("one cell of another row", "half of another row", "every cell of another row")
_TRIES = 1_500  # candidates of each way: a fault that one row in a hundred gets is found
_LOOKED_AT = 50_000  # rows that say what never occurs together
_CELLS = (4, 13)  # of each column: few, so that small tables have enough rows in a pair of them, and many


@dataclass(frozen=True, kw_only=True)
class Planted:
    """Rows that are wrong, and for each what makes it so: a broken rule, or two columns that never go together."""

    table: Table
    why: tuple[str, ...]


def plant(table: Table, count: int, streams: Streams) -> Planted:
    """Up to `count` wrong rows made from rows of `table`; fewer where too few can be known to be wrong.

    Cells are exchanged between rows. A candidate is wrong if it breaks a rule of the schema that every row of `table`
    obeys, or holds two values that would meet in at least 10 rows of `table` if columns were unrelated and have at
    most a hundredth of that (as `fidelity.implausible` has it, for two sizes of cells). Rules and pairs of columns
    take turns, so that no single fault, once noticed, gives all away.
    """
    known = table if len(table) <= _LOOKED_AT else table.take(_sample(len(table), streams.at("looked at")))
    candidates, ways = _candidates(known, streams)
    faults, hits = _faults(known, candidates)
    new = ~np.isin(row_hashes(candidates), row_hashes(table))
    # Each fault takes its turns once for each way of making rows: one wrong cell is harder to see than a whole row.
    turns = (hits & new)[:, None, :] & (ways == np.arange(len(_WAYS))[:, None])
    picked = _in_turns(turns.reshape(-1, len(ways)), count, streams.at("picked"))
    rows = np.array([row for row, _ in picked], dtype=np.int64)
    why = tuple(f"{_WAYS[ways[row]]}: {faults[turn // len(_WAYS)]}" for row, turn in picked)
    return Planted(table=candidates.take(rows), why=why)


def _sample(rows: int, streams: Streams) -> np.ndarray:
    return np.sort(streams.rng().choice(rows, _LOOKED_AT, replace=False))


def _candidates(table: Table, streams: Streams) -> tuple[Table, np.ndarray]:
    """Rows with cells of others, and the way each was made; identifiers and texts stay with the row they were in."""
    rng, n = streams.at("candidates").rng(), _TRIES * len(_WAYS)
    ways = np.repeat(np.arange(len(_WAYS)), _TRIES)
    modelled = [column.name for column in table.schema if column.is_modelled]
    base, other = rng.integers(0, len(table), (2, n))
    order = rng.random((n, len(modelled))).argsort(axis=1)  # which cells are exchanged first
    moved = np.where(ways == 0, 1, max(1, len(modelled) // 2))
    columns = []
    for name in table.names:
        source = base
        if name in modelled:
            at = modelled.index(name)
            elsewhere = np.where(ways == len(_WAYS) - 1, rng.integers(0, len(table), n), other)
            source = np.where((order[:, at] < moved) | (ways == len(_WAYS) - 1), elsewhere, base)
        columns.append(table.data[name].take(pa.array(source)))
    data = pa.Table.from_arrays(columns, schema=table.data.schema)
    return replace(table, data=data, origin=None), ways


def _faults(table: Table, candidates: Table) -> tuple[list[str], np.ndarray]:
    """What can be wrong, and where it is: (faults, candidates) booleans; rules first."""
    names, hits = [], []
    for rule in rules_of(table.schema):
        # A rule about whole tables says nothing about one row, and one that rows break anyway proves nothing.
        if not rule.is_about_tables and bool(evaluate_rule(table, rule).all()):
            names.append(f"breaks the rule {rule.text}")
            hits.append(~evaluate_rule(candidates, rule))
    encoder = Encoder.of(table)
    coded = encoder.encode(table), encoder.encode(candidates)
    grids = [[codes.merged([cells.coarse(most) for cells in encoder.cells]) for codes in coded] for most in _CELLS]
    for first, second in chosen_pairs(encoder.names, 0)[0]:
        hit = np.zeros(len(candidates), dtype=bool)
        for seen, tried in grids:
            hit |= _apart(seen, first, second)[tried.column(first), tried.column(second)]
        names.append(f"{shorten(first)} and {shorten(second)} never go together like this")
        hits.append(hit)
    found = np.stack(hits) if hits else np.zeros((0, len(candidates)), dtype=bool)
    return names, found


def _apart(seen: Codes, first: str, second: str) -> np.ndarray:
    """The pairs of cells that hardly ever meet."""
    shape = seen.size(first), seen.size(second)
    joint = seen.column(first).astype(np.int64) * shape[1] + seen.column(second)
    return hardly_ever(np.bincount(joint, minlength=shape[0] * shape[1]).reshape(shape))[0]


def _in_turns(hits: np.ndarray, count: int, streams: Streams) -> list[tuple[int, int]]:
    """Up to `count` (candidate, turn) pairs, no candidate twice: the turns (rows of `hits`) follow in random order."""
    rng = streams.rng()
    queues = [rng.permutation(np.flatnonzero(hit)).tolist() for hit in hits]
    turns = rng.permutation(len(queues)).tolist()
    picked: dict[int, int] = {}
    while len(picked) < count and any(queues):
        for turn in turns:
            while queues[turn] and queues[turn][-1] in picked:
                queues[turn].pop()
            if queues[turn] and len(picked) < count:
                picked[queues[turn].pop()] = turn
    return list(picked.items())
