"""A sampler whose rows obey the rules: what it draws is decoded, checked, and drawn again where a rule is broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from synthwright.data.columns import to_arrow
from synthwright.data.schema import Schema
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, shorten
from synthwright.generators._constraints.plan import Plan
from synthwright.generators.margins import Margin
from synthwright.generators.protocol import Given, Sampler
from synthwright.generators.tally import Tally

__all__ = ["Obeying"]

_FREE = 262_144  # candidates before giving up is considered, as for conditions (`generators.rejection`)
_LOWEST_RATE = 1 / 1000  # below this share of obeying candidates the rules count as ones that can't be kept
_MOST_EACH = 32_768  # candidates for one row: at 1 in 1,000, one row in 10^14 needs more


@dataclass(frozen=True, eq=False)
class Obeying:
    """`inner` as a sampler of rows as people know them, each of which obeys the rules of `plan`.

    Row i is what `inner` draws for it if that obeys, otherwise the first row that does among further candidates for
    place i; so the first rows never depend on how many are drawn. `tally` counts the candidates. With `lenient`, a row
    whose fixed cells break a rule by themselves is not held to it: nobody asked to have it repaired; and fixed cells
    that can't be said exactly of the encoded columns (`ignored` collects them) count for the rules only.
    """

    inner: Sampler[Table]
    plan: Plan
    whole: Schema
    settled: Mapping[str, Margin]
    tally: Tally
    lenient: bool = False
    ignored: set[str] = field(default_factory=set)

    @property
    def schema(self) -> Schema:
        """The columns before encoding."""
        return self.plan.schema

    def conditions_on(self, names: frozenset[str]) -> bool:
        """True if what is known of these columns can be said exactly of the encoded ones, and honoured there."""
        told = self.plan.known(names - self._lost(names))
        return told is not None and (not told or self.inner.conditions_on(told))

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Table:
        """`n` rows that obey.

        Raises
        ------
        BadInput
            Fewer than 1 in 1,000 candidates obey, or none for one of the fixed rows; with the count and the rate.
        """
        fixed = None if given is None else given.fixed
        made, fits = self._candidates(index, context, n, fixed)
        tables, source, offset = [made], np.arange(n), n
        pending, mine = np.flatnonzero(~fits), Tally(n, int(fits.sum()))
        for number, copies in enumerate(_copies()):
            if not len(pending):
                break
            self._bounded(mine, made, fixed, n - len(pending), n, copies)
            left = []
            size = max(1, BLOCK_ROWS // copies[1])
            for part in range(0, len(pending), size):
                rows = pending[part : part + size]
                places = np.repeat(rows, copies[1])
                inner = context.at("candidates", "obeying", number, part // size)
                known = None if fixed is None else fixed.take(places)
                made, fits = self._candidates(index, inner, len(places), known)
                mine.add(Tally(len(places), int(fits.sum())))
                choices = fits.reshape(-1, copies[1])
                hit = choices.any(axis=1)
                picked = np.flatnonzero(hit) * copies[1] + choices[hit].argmax(axis=1)
                tables.append(made.take(picked))
                source[rows[hit]] = offset + np.arange(len(picked))
                offset += len(picked)
                left.append(rows[~hit])
            pending = np.concatenate(left)
        self.tally.add(mine)
        return tables[0] if len(tables) == 1 else Table.concat(tables).take(source)

    def save(self, folder: Path) -> None:
        """What is drawn from is saved; the plan lies in the model."""
        self.inner.save(folder)

    def _candidates(self, index: int, context: Context, n: int, fixed: Table | None) -> tuple[Table, np.ndarray]:
        """`n` decoded rows with the `fixed` cells in them, and which of them obey."""
        drawn = self._drawn(index, context, n, fixed)
        table, fits = self.plan.decode(drawn)
        table = replace(table, origin=drawn.origin)
        if fixed is not None:
            data = table.data
            for name in fixed.names:
                data = data.set_column(data.column_names.index(name), name, fixed.data[name].cast(data[name].type))
            table = replace(table, data=data)
        excused = self._excused(fixed)
        for text, broken in self.plan.broken(self._whole(table)).items():
            fits &= ~broken if text not in excused else ~broken | excused[text]
        return table, fits

    def _drawn(self, index: int, context: Context, n: int, fixed: Table | None) -> Table:
        """`n` rows of the method, given what `fixed` says of its columns."""
        if fixed is None:
            return self.inner.block(index, n, context)
        lost = self._lost(frozenset(fixed.names))
        self.ignored.update(lost)
        fixed = fixed.select([name for name in fixed.names if name not in lost])
        told = self.plan.known(frozenset(fixed.names))
        if not told:
            return self.inner.block(index, n, context)
        encoded = self.plan.encode(fixed)
        known = encoded.select([name for name in self.inner.schema.names if name in told])
        return self.inner.block(index, n, context, Given(fixed=known))

    def _lost(self, names: frozenset[str]) -> frozenset[str]:
        return self.plan.lost(names) if self.lenient else frozenset()

    def _excused(self, fixed: Table | None) -> dict[str, np.ndarray]:
        """For each rule the rows whose fixed cells break it by themselves, where these are excused."""
        if not self.lenient or fixed is None:
            return {}
        names = set(fixed.names)
        rules = [rule for rule in self.plan.checks if names.issuperset(rule.columns)]
        return replace(self.plan, checks=tuple(rules), listed=()).broken(fixed)

    def _whole(self, table: Table) -> Table:
        """`table` with the settled columns beside it, which rules may speak of."""
        if not self.settled:
            return table
        rng = np.random.default_rng(0)  # one value throughout: no number of it counts
        columns = [self.whole[name] for name in self.settled]
        made = [to_arrow(column, self.settled[column.name].draw(len(table), rng)) for column in columns]
        arrays = [*table.data.columns, *made]
        schema = Schema((*table.schema, *columns))
        return Table(schema, pa.Table.from_arrays(arrays, names=list(schema.names)))

    def _bounded(
        self, mine: Tally, made: Table, fixed: Table | None, found: int, n: int, copies: tuple[int, int]
    ) -> None:
        """Returns while it is worth while to draw further candidates."""
        rate = mine.obeyed / mine.candidates
        hopeless = mine.candidates >= _FREE and rate < _LOWEST_RATE
        if not hopeless and (fixed is None or copies[0] < _MOST_EACH):
            return
        broken = {text: float(rows.mean()) for text, rows in self.plan.broken(self._whole(made)).items() if len(rows)}
        worst = max(broken, key=lambda text: broken[text], default="")
        most = f" Most often broken: {shorten(worst, 100)!r} ({broken[worst]:.2%})." if broken.get(worst) else ""
        raise BadInput(
            f"The constraints can't be kept: {found:,} of {n:,} rows were found.",
            evidence=f"{mine.obeyed:,} of {mine.candidates:,} candidates obey them ({rate:.3%}).{most}",
            remedy="Correct or relax the constraints; declared before fitting, sums and orders are kept without loss.",
        )


def _copies() -> Iterator[tuple[int, int]]:
    """For each round, how many candidates a row has had before it, and how many it gets."""
    before, now = 1, 1
    for number in range(1_000_000):
        now = min(2 ** max(0, number - 2), 1_024)
        yield before, now
        before += now
