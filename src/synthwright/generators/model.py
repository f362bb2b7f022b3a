"""A fitted method with everything around it: what is drawn, saved, loaded and handed over."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow as pa

from synthwright.data.schema import Schema
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context, Event
from synthwright.engines.engine import Serial
from synthwright.errors import BadInput, NotReleased, shorten
from synthwright.generators._constraints.adding import require_obeyed, with_rules
from synthwright.generators._constraints.obeying import Obeying
from synthwright.generators._constraints.plan import Plan
from synthwright.generators._constraints.unique import Distinct, require_room
from synthwright.generators.around import Around
from synthwright.generators.domain import checked_given
from synthwright.generators.drawing import Share, checked_count, inside, require_memory, shares
from synthwright.generators.origin import origin_of
from synthwright.generators.protocol import GeneratorInfo, Given, Sampler
from synthwright.generators.rejection import Drawn, draw_given
from synthwright.generators.tally import Tally

if TYPE_CHECKING:
    from synthwright.data.frames import Origin

__all__ = ["Model"]

Wanted = Given | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class _Made:
    """Rows of one block, how many were looked at because of conditions, and how many because of constraints."""

    table: Table
    candidates: int
    tally: Tally


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """A table generator after `fit_model`.

    `schema` is that of the rows it draws, `constraints` says how its rules are kept; `left_out` says which columns of
    the input they lack, and why. `judged` is ``None`` or ``{"digest", "verdict"}`` of the run that judged it, with
    ``"withheld": True`` where its gates kept the rows back on a doubt. `depth` is that of the records it draws (1: its
    training records were real).
    """

    schema: Schema
    method: str
    settings: Mapping[str, Any]
    info: GeneratorInfo
    sampler: Sampler[Table]
    around: Around = field(default_factory=Around)
    constraints: Plan = field(default_factory=Plan)
    left_out: Mapping[str, str] = field(default_factory=dict)
    judged: Mapping[str, Any] | None = None
    frame: Origin | None = None
    depth: int = 1

    def sample(
        self,
        n: int,
        *,
        seed: int = 0,
        given: Wanted = None,
        context: Context | None = None,
        tally: Tally | None = None,
        beside: Table | None = None,
    ) -> Table:
        """`n` rows (units, for methods that draw entities); the first k of them never depend on `n`.

        `seed` alone decides what is drawn; `context` brings the engine, progress and clients, not randomness. `given`
        is a `Given` or a mapping such as ``{"sex": "Female", "age": (30, 40), "city": {"A", "B"}, "income": None}``.
        Every row obeys the model's constraints; `tally` counts the candidates that this took. Rows that have to be
        unique differ from those of `beside`, too.

        Raises
        ------
        UsageError
            `n` is negative, or not the number of fixed rows.
        UnknownName
            A condition names a column that the model does not draw.
        BadInput
            A condition or a constraint can't be met: its value never occurs, or fewer than 1 in 1,000 candidates do.
        NotReleased
            The run that judged this model withheld its rows.
        OutOfResource
            The rows need more than the machine's memory.
        """
        require_memory(checked_count(n), len(self.schema))
        stream = self.stream(n, seed=seed, given=given, context=context, tally=tally, beside=beside)
        return Table.concat(list(stream))

    def stream(
        self,
        n: int,
        *,
        seed: int = 0,
        given: Wanted = None,
        context: Context | None = None,
        tally: Tally | None = None,
        beside: Table | None = None,
    ) -> Iterator[Table]:
        """The rows of `sample` in blocks of 65,536, with flat memory. Raises as `sample` does."""
        self._released()
        n = checked_count(n)
        asked = self.around.answered(checked_given(Given.of(given, self.schema), self.schema, n), self.schema)
        require_obeyed(asked.fixed, self.constraints)
        require_room(self.schema, self.constraints.unique, n)
        distinct = Distinct(self.constraints.unique)
        if beside is not None:
            distinct.meet(beside)
        return self._blocks(n, asked, inside(context, seed), context, distinct, tally or Tally())

    def with_constraints(self, constraints: Sequence[str]) -> Model:
        """The same model whose rows obey further rules: rows that break one are drawn again, within the usual bound.

        Declared before fitting, sums, orders and combinations are kept without drawing again, and better learnt.

        Raises
        ------
        BadInput
            One is no rule about this model's columns, can't be checked row by row, or contradicts others.
        """
        schema, plan = with_rules(self.schema, self.constraints, constraints, tuple(self.around.identifiers), self.info)
        return replace(self, schema=schema, constraints=plan)

    def impute(self, data: Any, *, seed: int = 0, context: Context | None = None) -> Table:
        """`data` (whatever reads as a table) with missing cells drawn given the row's others; no other cell changes.

        Cells of columns that the method did not learn (constants, identifiers, free text) stay missing. What is drawn
        is one plausible row, not the likeliest: use several seeds to see how much the known cells leave open. The rows
        obey the constraints, as far as their known cells do, and what these imply is computed. Known cells that can't
        be conditioned on, because what they are learnt as depends on a missing one, count for the constraints only; a
        warning names them.

        Raises
        ------
        UsageError
            The method does not condition exactly on the known columns, or `data` has none of the model's columns.
        BadInput
            A cell is hardly ever present under the model, or `data` can't be read as a table.
        NotReleased
            The run that judged this model withheld its rows.
        """
        from synthwright.data.reading import read_table
        from synthwright.generators._constraints.implying import implied, loosely_known
        from synthwright.generators.imputing import fill

        self._released()
        table, ignored = implied(read_table(data), self.constraints), set[str]()
        source = self._source(Tally(), lenient=True, ignored=ignored)
        filled = fill(source, table, inside(context, seed), self.method)
        if ignored:
            warnings.warn(loosely_known(ignored), UserWarning, stacklevel=2)
        return filled

    def judged_by(self, digest: str, verdict: str, *, withheld: bool = False) -> Model:
        """The same model with digest and verdict of the run that judged it, and whether its rows were withheld."""
        kept = {"withheld": True} if withheld else {}
        return replace(self, judged={"digest": digest, "verdict": verdict, **kept})

    def save(self, folder: Path) -> None:
        """Write the model to the new `folder`, whole or not at all; equal models give equal bytes.

        Raises
        ------
        UsageError
            `folder` exists and is not empty, or can't be written to.
        """
        from synthwright.generators.model_folder import save_model

        save_model(self, folder)

    @classmethod
    def load(cls, folder: Path, *, generator: type[Any] | None = None) -> Model:
        """Read back what `save` wrote; `generator` is the method's class where it is not a registered one.

        Raises
        ------
        BadInput
            The folder is no model, or not one that this version can read safely.
        """
        from synthwright.generators.model_folder import load_model

        return load_model(folder, generator)

    def _blocks(
        self, n: int, given: Given, inner: Context, outside: Context | None, distinct: Distinct, tally: Tally
    ) -> Iterator[Table]:
        engine, tell = (Serial(), inner.progress) if outside is None else (outside.engine, outside.progress)
        done = rows = candidates = 0
        every = engine.stream(partial(self._block, inner, given.where), shares(n, given.fixed))
        for share, made in zip(shares(n, given.fixed), every, strict=True):
            index, table = share.index, made.table
            tally.add(made.tally)
            if distinct.rules:
                table = distinct.settle(table, partial(self._again, inner, given.where, share, table))
                tally.add(distinct.counted(0 if self.constraints.checks_rows else len(table)))
            size = len(table)
            origin = origin_of(table.origin, size, method=self.method, block=index, start=rows, depth=self.depth)
            rows, candidates = rows + size, candidates + made.candidates
            done = min(n, done + size) if self.info.unit == "row" else min(n, (index + 1) * BLOCK_ROWS)
            rates = [f"{done / candidates:.1%} of the candidates fit"] if candidates > rows else []
            if tally.rate is not None and tally.rate < 1:
                rates.append(f"{tally.rate:.1%} obey the constraints")
            tell(Event("sample", done, n, ", ".join(rates)))
            yield replace(table, origin=origin, frame=self.frame)

    def _again(
        self, context: Context, where: tuple[Any, ...], share: Share, base: Table, first: int, end: int, number: int
    ) -> Table:
        """Places `first` to `end` of a block, drawn for the `number`-th time; identifiers are those of `base`."""
        fixed = None if share.fixed is None else share.fixed.take(np.arange(first, end))
        inner = context.at("candidates", "unique", share.index, first, number)
        made = self._block(inner, where, Share(share.index, end - first, fixed)).table
        kept = base.data.select(list(self.around.identifiers)).slice(first, end - first)
        return replace(made, data=_with_columns(made.data, kept))

    def _block(self, context: Context, where: tuple[Any, ...], share: Share) -> _Made:
        tally, fixed = Tally(), share.fixed
        source = self._source(tally)
        names = () if fixed is None else tuple(name for name in fixed.names if name in source.schema)
        known = fixed.select(names) if fixed is not None and names else None
        drawn = self._learnt(source, share, context, Given(known, where))
        whole = self.around.completed(self.schema, drawn.table, share.index, context.streams)
        if fixed is not None and self.info.unit == "row":
            # Exactly as given, in every bit: a sampler may have moved them onto the column's grid.
            whole = replace(whole, data=_with_columns(whole.data, fixed.data))
        return _Made(whole, drawn.candidates, tally)

    def _learnt(self, source: Sampler[Table], share: Share, context: Context, given: Given) -> Drawn:
        if self.info.unit == "row":
            return draw_given(source, share.index, share.size, context, given)
        names = frozenset() if given.fixed is None else frozenset(given.fixed.names)
        if given.where or not source.conditions_on(names):
            raise BadInput(
                f"{self.method} draws whole entities and can't condition on {_listed(names, given.where)}.",
                remedy="Draw without conditions and filter the rows.",
            )
        passed = None if given.fixed is None else given
        return Drawn(source.block(share.index, share.size, context, passed), share.size)

    def _source(self, tally: Tally, *, lenient: bool = False, ignored: set[str] | None = None) -> Sampler[Table]:
        """What draws the learnt columns: the method itself, or the method with the constraints around it."""
        if not self.constraints.checks_rows:
            return self.sampler
        told = set[str]() if ignored is None else ignored
        made = Obeying(self.sampler, self.constraints, self.schema, self.around.settled, tally, lenient, told)
        return cast("Sampler[Table]", made)  # it is never loaded: the model is

    def _released(self) -> None:
        if self.judged is not None and (self.judged["verdict"] == "FAIL" or self.judged.get("withheld")):
            raise NotReleased(
                "This model was rejected by the gates of the run that judged it.",
                evidence=f"Run {self.judged['digest'][:12]}: {self.judged['verdict']}.",
                remedy="See that run's report for what to try, then fit again.",
            )


def _with_columns(table: pa.Table, fixed: pa.Table) -> pa.Table:
    for name in fixed.column_names:
        table = table.set_column(table.column_names.index(name), name, fixed[name])
    return table


def _listed(names: frozenset[str], where: tuple[Any, ...]) -> str:
    every = sorted({*names, *(predicate.column for predicate in where)})
    return ", ".join(repr(shorten(name, 30)) for name in every[:8])
