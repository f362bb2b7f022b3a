"""Block-wise integer counts: every figure's interval comes from them, and they add up across blocks of rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.table import Table
from synthwright.evaluation._counts.encoding import PAIR_CELLS, Coded
from synthwright.seeding import Streams

__all__ = ["BLOCKS", "count_joint", "count_one", "jackknife_blocks", "narrowed", "rarest"]

BLOCKS = 40  # 39 degrees of freedom: a Student quantile of 2.02; with 16 x 16 cells a code still fits 16 bits
FEWEST_GROUPS = 10  # fewer groups than that say nothing about the spread between groups


def jackknife_blocks(table: Table, streams: Streams, *, blocks: int = BLOCKS) -> np.ndarray:
    """The jackknife block of each row as uint8: slices of a seeded permutation, of equal size up to one row.

    With a column of role ``group``, whole groups are dealt out, largest first, to the block with the fewest rows, so
    rows that belong together are left out together; below 10 groups rows are dealt as if there were none.
    """
    rows = len(table)
    rng = streams.at("jackknife").rng()
    column = next(iter(table.schema.having("group")), None)
    if column is not None:
        group = _group_of(table.data[column.name])
        groups = int(group.max(initial=-1)) + 1
        if groups >= FEWEST_GROUPS:
            return _deal(group, groups, min(blocks, groups), rng)
    block = np.empty(rows, dtype=np.uint8)
    block[rng.permutation(rows)] = (np.arange(rows, dtype=np.int64) * min(blocks, rows) // max(rows, 1)).astype(
        np.uint8
    )
    return block


def count_one(codes: Coded, name: str) -> np.ndarray:
    """Counts of a column's fine cells per block, (blocks, cells) int64."""
    cells = codes.fine.size(name)
    joint = codes.block.astype(np.uint32) * np.uint32(cells) + codes.fine.column(name)
    return np.bincount(joint, minlength=codes.blocks * cells).reshape(codes.blocks, cells)


def count_joint(codes: Coded, names: tuple[str, ...]) -> np.ndarray:
    """Counts of the pair cells of several columns per block, (blocks, 16, 16, ...) int64."""
    width = PAIR_CELLS ** len(names)
    wide = np.dtype(np.uint16 if codes.blocks * width <= 2**16 else np.uint32)
    total = np.zeros(codes.blocks * width, dtype=np.int64)
    for block, pair in codes.row_blocks([codes.fine.names.index(name) for name in names]):
        joint = block.astype(wide)
        for cells in pair:
            joint = joint * PAIR_CELLS + cells
        total += np.bincount(joint, minlength=len(total))
    return total.reshape(codes.blocks, *(PAIR_CELLS for _ in names))


def narrowed(counts: np.ndarray) -> np.ndarray:
    """The counts in the narrowest unsigned type: a block holds a 40th of the rows, so 16 bits do for 2.6 million."""
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


def _group_of(values: pa.ChunkedArray) -> np.ndarray:
    """The group of each row as int; every missing cell is a group of its own: nothing ties such rows together."""
    values = decoded(values)
    coded = values.combine_chunks().dictionary_encode()
    indices = np.asarray(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
    alone = indices < 0
    indices[alone] = len(coded.dictionary) + np.arange(int(alone.sum()))
    return indices


def _deal(group: np.ndarray, groups: int, blocks: int, rng: np.random.Generator) -> np.ndarray:
    sizes = np.bincount(group, minlength=groups)
    order = rng.permutation(groups)
    order = order[np.argsort(-sizes[order], kind="stable")]
    block_of = np.empty(groups, dtype=np.uint8)
    if sizes.max() <= 4 * max(sizes.mean(), 1):
        # Groups of similar size: dealing them in turn, back and forth, is as even as it gets and needs no heap.
        turn = np.arange(groups) % (2 * blocks)
        block_of[order] = np.where(turn < blocks, turn, 2 * blocks - 1 - turn)
        return np.asarray(block_of[group])
    load = np.zeros(blocks, dtype=np.int64)
    for one in order:
        emptiest = int(load.argmin())
        block_of[one], load[emptiest] = emptiest, load[emptiest] + sizes[one]
    return np.asarray(block_of[group])


def rarest(counts: np.ndarray) -> int:
    """The position of the smallest count above 0; the first of equal ones."""
    return int(np.where(counts > 0, counts, counts.sum() + 1).argmin())
