"""Which rows are looked at: the most unusual ones for sure, the others at random, each with a known chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from synthwright.data.table import Table
from synthwright.seeding import Streams

__all__ = ["UNUSUAL", "Chosen", "choose"]

UNUSUAL = "the most unusual rows"
_SHARE_UNUSUAL = 4  # one in so many looked at is chosen for being unusual; the others say how the whole table is
_LEAST = 2  # rows of each stratum, so that every class is seen and its spread known
_RISKS = {"high": 2, "medium": 1}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Rows of a table: their positions, their strata (indices into `names`), and the chance each had.

    ``sizes[s]`` rows of the table are in stratum s, so a row of it stands for ``sizes[s] / rows chosen of it``.
    """

    rows: np.ndarray
    stratum: np.ndarray
    names: tuple[str, ...]
    sizes: tuple[int, ...]

    @property
    def probability(self) -> np.ndarray:
        """The chance of each row to be chosen."""
        taken = np.bincount(self.stratum, minlength=len(self.sizes))
        return np.asarray((taken / np.maximum(self.sizes, 1))[self.stratum])


def choose(table: Table, risks: pa.Table | None, rows: int, streams: Streams) -> Chosen:
    """`rows` rows of `table` (all, if it has no more): a quarter the most unusual by `risks`, the others at random.

    `risks` is what `evaluation.row_risks` says of each row. First come rows at risk of being copies (at most half of
    the quarter), then those a classifier takes for synthetic most surely. The others are drawn without replacement
    within strata: the classes of the target (quarters of a number), crossed with sensitive columns as long as every
    stratum can have its two rows.
    """
    n = min(rows, len(table))
    first = np.arange(n) if n == len(table) else _unusual(risks, n // _SHARE_UNUSUAL, streams)
    left = np.setdiff1d(np.arange(len(table)), first)
    wanted = n - len(first)
    code, names = _strata(table, left, wanted)
    sizes = np.bincount(code, minlength=len(names))
    parts = [
        streams.at("stratum", at).rng().permutation(left[code == at])[:count]
        for at, count in enumerate(_allocation(sizes, wanted))
    ]
    return Chosen(
        rows=np.concatenate([first, *parts]).astype(np.int64),
        stratum=np.repeat(np.arange(1 + len(parts)), [len(first), *map(len, parts)]),
        names=(UNUSUAL if n < len(table) else "all rows", *names),
        sizes=(len(first), *sizes.tolist()),
    )


def _unusual(risks: pa.Table | None, count: int, streams: Streams) -> np.ndarray:
    """The positions of `count` rows: up to half at risk, then the highest propensities; rows without either never."""
    if risks is None or count == 0:
        return np.empty(0, dtype=np.int64)
    lot = streams.at("ties").rng().random(risks.num_rows)
    risk = np.array([_RISKS.get(word, 0) for word in risks["risk"].to_pylist()])
    at_risk = np.lexsort((lot, -risk))[: min((count + 1) // 2, int(np.count_nonzero(risk)))]
    propensity = risks["propensity"].to_numpy().astype(float)
    propensity[at_risk] = np.nan
    known = int(np.count_nonzero(~np.isnan(propensity)))
    told_apart = np.lexsort((lot, -propensity))[: min(count - len(at_risk), known)]  # NaN sorts last
    return np.sort(np.concatenate([at_risk, told_apart]))


def _strata(table: Table, rows: np.ndarray, wanted: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """A stratum for each of `rows`, and what the strata are called."""
    columns = [column for column in (table.schema.target, *table.schema.having("sensitive")) if column is not None]
    code, names = np.zeros(len(rows), dtype=np.int64), [""]
    for column in columns:
        if not column.is_modelled:
            continue
        levels, words = _levels(table, column.name, rows)
        kept, joint = np.unique(code * (len(words)) + levels, return_inverse=True)
        if len(kept) * _LEAST > wanted:
            break
        told = [(names[one // len(words)], words[one % len(words)]) for one in kept.tolist()]
        code, names = joint, [", ".join(filter(None, (before, word))) for before, word in told]
    return code, tuple(name or "other rows" for name in names) if len(rows) else ()


def _levels(table: Table, name: str, rows: np.ndarray) -> tuple[np.ndarray, list[str]]:
    column = table.schema[name]
    if column.is_numeric:
        values = table.numbers(name)[rows]
        missing = np.isnan(values)
        ends = np.quantile(values[~missing], [0.25, 0.5, 0.75]) if (~missing).any() else np.zeros(3)
        level = np.where(missing, 4, np.searchsorted(ends, values, side="right"))
        return level, [*(f"{name}: quarter {at}" for at in (1, 2, 3, 4)), f"{name}: missing"]
    categories = [str(one) for one in column.categories or ()]
    words = [f"{name} = {one}" for one in categories]
    level = table.levels(name)[rows]
    return np.where(level < 0, len(words) + 1, level), [*words, f"{name}: other", f"{name}: missing"]


def _allocation(sizes: np.ndarray, wanted: int) -> list[int]:
    """Rows of each stratum: two (or all there are), the rest in proportion, by largest remainders."""
    counts = np.minimum(sizes, _LEAST)
    while (left := wanted - int(counts.sum())) > 0:
        room = sizes - counts
        share = left * room / room.sum()
        more = np.floor(share).astype(np.int64)
        short = left - int(more.sum())
        more[np.argsort(-(share - more), kind="stable")[:short]] += 1
        counts = counts + np.minimum(more, room)
    return [int(count) for count in counts]
