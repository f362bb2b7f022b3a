"""Groups of rows by sensitive columns (or by the target), each compared with train's rows of the same group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from synthwright.evaluation._counts.distances import SEVERAL, total_variation_ratios, total_variations
from synthwright.evaluation._counts.encoding import PAIR_CELLS, Coded, pair_cells
from synthwright.evaluation._counts.trios import Trio
from synthwright.evaluation._groups.sensitive import SUPPORT, groupings
from synthwright.evaluation._neighbours.drawing import drawn_rows
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["Group", "column_errors", "groups_of", "within"]

# Holdout rows that a ceiling needs: brought to another size it is 3 % too low with 33 of them, 1 % with 100.
_UNSEEN = 50
_MOST = 24  # groups, the largest first


@dataclass(frozen=True, eq=False)
class Group:
    """The rows of one group: `name` in words, the columns that make it, and positions in every part."""

    name: str
    columns: tuple[str, ...]
    rows: Mapping[Part, np.ndarray]


def groups_of(comparison: Comparison, limit: int = 100_000) -> list[Group]:
    """The groups of the sensitive columns and of their intersections (`groupings`); without any, those of the target.

    A group counts with 50 train rows, as many expected synthetic ones and 50 of the holdout, if there is one; of more
    than 24 the largest. At most `limit` rows of each table are looked at.
    """
    return comparison.keep(("groups", limit), lambda: _groups_of(comparison, limit))


def within(comparison: Comparison, group: Group, *, without: Part | None = None) -> Comparison:
    """The comparison of the rows of `group` only, in the columns that do not make it, with cells learnt on its train.

    Rows keep the jackknife blocks of the whole comparison, so figures of groups that share rows are paired. With
    `without`, holdout rows stand in for that part.
    """
    names = [name for name in comparison.columns if name not in group.columns]
    taken: dict[Part, tuple[Part, np.ndarray]] = {
        part: (part, group.rows[part]) if part != without else ("holdout", group.rows["holdout"])
        for part in comparison.parts
    }
    table = {part: comparison.part(source).take(rows).select(names) for part, (source, rows) in taken.items()}
    inner = Comparison(table["train"], table["synthetic"], table.get("holdout"), comparison.seed)
    joins = tuple(pair_cells(cells, len(inner.train)) for cells in inner.encoder.cells)
    for part, (source, rows) in taken.items():
        whole = comparison.codes(source)
        block = whole.block[rows]
        coded = Coded(inner.encoder.encode(table[part]), joins, block, np.bincount(block, minlength=whole.blocks))
        inner.keep(("codes", part), lambda coded=coded: coded)  # type: ignore[misc]  # bound now, not later
    return inner


def column_errors(inner: Comparison) -> list[Trio]:
    """The total variation of each column of `inner` on its cells; the floor spreads rows evenly over train's cells."""
    if not inner.columns:
        return []
    counts = {
        part: np.stack([_counts(inner.codes(part), at) for at in range(len(inner.columns))]) for part in inner.parts
    }
    train = counts["train"]
    filled = np.sum([one.sum(axis=1) for one in counts.values()], axis=0) > 0
    made = total_variations(train, counts["synthetic"], "synthetic", least=SEVERAL)
    holdout: list[Figure | None] = [None] * len(made)
    if "holdout" in counts:
        last = np.array([inner.codes("train").pair_size(at) - 1 for at in range(len(made))])
        new = np.array([inner.schema[name].is_discrete for name in inner.columns])
        unseen = (np.arange(PAIR_CELLS) == last[:, None]) & new[:, None]
        ratios = total_variation_ratios(train, counts["holdout"], inner.rows("synthetic"), filled, unseen)
        raw = total_variations(train, counts["holdout"], "holdout", least=SEVERAL)
        holdout = [one.times(float(ratio)) for one, ratio in zip(raw, ratios, strict=True)]
    share = train.sum(axis=1) / max(len(inner.train), 1)
    even = (share > 0) / np.maximum((share > 0).sum(axis=1, keepdims=True), 1)
    floor = 0.5 * np.abs(share - even).sum(axis=1)
    return [Trio(one, two, float(base)) for one, two, base in zip(made, holdout, floor, strict=True)]


def _counts(codes: Coded, column: int) -> np.ndarray:
    """Counts of a column's pair cells per block, (blocks, 16) as numbers."""
    cells = codes.joins[column][codes.fine.matrix[:, column]]
    joint = codes.block.astype(np.uint16) * np.uint16(PAIR_CELLS) + cells
    return np.bincount(joint, minlength=codes.blocks * PAIR_CELLS).reshape(codes.blocks, PAIR_CELLS).astype(np.float64)


def _groups_of(comparison: Comparison, limit: int) -> list[Group]:
    found = groupings(_by_target(comparison) or comparison)
    rows = {part: drawn_rows(comparison, part, limit, "groups") for part in comparison.parts}
    made = []
    for division in () if isinstance(found, str) else found:
        member = {part: division.of(part)[taken] for part, taken in rows.items()}
        for at, name in enumerate(division.labels):
            inside = {part: rows[part][one == at] for part, one in member.items()}
            expected = len(inside["train"]) * len(rows["synthetic"]) / len(rows["train"])
            if expected >= SUPPORT and len(inside.get("holdout", rows["train"])) >= _UNSEEN:
                made.append(Group(name, division.columns, inside))
    return sorted(made, key=lambda group: -len(group.rows["train"]))[:_MOST]


def _by_target(comparison: Comparison) -> Comparison | None:
    """The comparison with the target in the place of sensitive columns, where there are none."""
    schema, target = comparison.schema, comparison.schema.target
    if schema.having("sensitive") or target is None:
        return None
    schema = schema.replacing(replace(target, role="sensitive"))
    holdout = None if comparison.holdout is None else comparison.holdout.with_schema(schema)
    train, synthetic = comparison.train.with_schema(schema), comparison.synthetic.with_schema(schema)
    return Comparison(train, synthetic, holdout, comparison.seed)
