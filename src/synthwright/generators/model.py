"""A fitted method with everything around it: what is drawn, saved, loaded and handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from synthwright.data.schema import Schema
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context, Event
from synthwright.engines.engine import Serial
from synthwright.errors import BadInput, NotReleased, shorten
from synthwright.generators.around import Around, with_known
from synthwright.generators.conditioning import draw_rows
from synthwright.generators.domain import asked_for
from synthwright.generators.draw import Draw, Short, Tally
from synthwright.generators.drawing import Share, inside, require_memory, shares
from synthwright.generators.origin import origin_of
from synthwright.generators.protocol import Empty, GeneratorInfo, Given, Sampler
from synthwright.generators.rejection import Drawn

if TYPE_CHECKING:
    from synthwright.data.frames import Origin

__all__ = ["Model"]

Wanted = Given | Mapping[str, Any] | Any | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """A table generator after `fit_model`.

    `schema` is that of the rows it draws; `left_out` says which columns of the input they lack, and why. `judged` is
    ``None`` or ``{"digest", "verdict"}`` of the run that judged it, with ``"withheld": True`` where its gates kept the
    rows back on a doubt. `depth` is that of the records it draws (1: its
    training records were real).
    """

    schema: Schema
    method: str
    settings: Mapping[str, Any]
    info: GeneratorInfo
    sampler: Sampler[Table]
    around: Around = field(default_factory=Around)
    left_out: Mapping[str, str] = field(default_factory=dict)
    judged: Mapping[str, Any] | None = None
    frame: Origin | None = None
    depth: int = 1

    def sample(
        self,
        n: int | None = None,
        *,
        seed: int = 0,
        given: Wanted = None,
        empty: Empty = "unknown",
        short: Short = "error",
        context: Context | None = None,
    ) -> Table:
        """`n` rows (units, for methods that draw entities); the first k of them never depend on `n`.

        `seed` alone decides what is drawn; `context` brings the engine, progress and clients, not randomness. `given`
        is a `Given`, a mapping such as ``{"sex": "Female", "age": (30, 40), "city": {"A", "B"}, "income": None}``, or
        partial rows (a frame, a file, arrays in the mapping): row i that is drawn equals row i there, and as many are
        drawn. `empty` says what empty cells of partial rows mean: ``"unknown"``, to be drawn, or ``"missing"``. With
        `short` ``"return"``, rows that can't be found are left out; `draw` says which, and what was tried.

        Raises
        ------
        UsageError
            `n` is negative, or not the number of partial rows.
        UnknownName
            A condition names a column that the model does not draw.
        BadInput
            A condition can't be met: its value never occurs, or fewer than 1 in 1,000 candidates meet it.
        NotReleased
            The run that judged this model withheld its rows.
        OutOfResource
            The rows need more than the machine's memory.
        """
        return self.draw(n, seed=seed, given=given, empty=empty, short=short, context=context).table

    def draw(
        self,
        n: int | None = None,
        *,
        seed: int = 0,
        given: Wanted = None,
        empty: Empty = "unknown",
        short: Short = "error",
        context: Context | None = None,
    ) -> Draw:
        """The rows of `sample` with what they cost: how many were asked for and found, of how many candidates.

        Raises as `sample` does.
        """
        asked, n = self._asked(n, given, empty)
        require_memory(n, len(self.schema))
        tally = Tally(n)
        blocks = self._blocks(n, asked, inside(context, seed), context, tally.require(short))
        return tally.draw(Table.concat(list(blocks)))

    def stream(
        self,
        n: int | None = None,
        *,
        seed: int = 0,
        given: Wanted = None,
        empty: Empty = "unknown",
        short: Short = "error",
        context: Context | None = None,
    ) -> Iterator[Table]:
        """The rows of `sample` in blocks of 65,536, with flat memory. Raises as `sample` does."""
        asked, n = self._asked(n, given, empty)
        return self._blocks(n, asked, inside(context, seed), context, Tally(n, keep=False).require(short))

    def impute(self, data: Any, *, seed: int = 0, context: Context | None = None) -> Table:
        """`data` (whatever reads as a table) with missing cells drawn given the row's others; no other cell changes.

        Cells of columns that the method did not learn (constants, identifiers, free text) stay missing. What is drawn
        is one plausible row, not the likeliest: use several seeds to see how much the known cells leave open.

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
        from synthwright.generators.imputing import fill

        self._released()
        return fill(self.sampler, read_table(data), inside(context, seed), self.method)

    def log_likelihood(self, data: Any) -> np.ndarray:
        """The logarithm (nats) of the probability of each row of `data`, whatever reads as a table with the columns.

        For rows that the model has not seen: the mean says how well it describes them, and models of one table are
        compared by its difference. Numbers without a grid count by their density. A row that the model never draws
        (a rare label, a value beyond the range kept) has -inf. Identifiers and texts don't count.

        Raises
        ------
        UsageError
            The method has no likelihood.
        BadInput
            `data` can't be read, or lacks columns that the model draws.
        """
        from synthwright.generators.scoring import log_likelihood

        return log_likelihood(self.sampler, self.around, self.schema, data, self.method)

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

    def _asked(self, n: int | None, given: Any, empty: Empty) -> tuple[Given, int]:
        """The conditions, checked, without those that hold for every row anyway; and the number of rows."""
        self._released()
        asked, n = asked_for(given, self.schema, n, empty, self.left_out)
        return self._settled(asked), n

    def _blocks(self, n: int, given: Given, inner: Context, outside: Context | None, tally: Tally) -> Iterator[Table]:
        engine, tell = (Serial(), inner.progress) if outside is None else (outside.engine, outside.progress)
        rows = done = 0
        task = partial(self._block, inner, given)
        for index, drawn in enumerate(engine.stream(task, shares(n, given.fixed))):
            table, size = drawn.table, len(drawn.table)
            origin = origin_of(table.origin, size, method=self.method, block=index, start=rows, depth=self.depth)
            rows += size
            tally.add(drawn, index)
            done = min(n, done + size) if self.info.unit == "row" else min(n, (index + 1) * BLOCK_ROWS)
            tell(Event("sample", done, n, tally.note))
            yield replace(table, origin=origin, frame=self.frame)

    def _block(self, context: Context, given: Given, share: Share) -> Drawn:
        fixed = share.fixed
        names = () if fixed is None else tuple(name for name in fixed.names if name in self.sampler.schema)
        known = fixed.select(names) if fixed is not None and names else None
        drawn = self._learnt(share, context, replace(given, fixed=known))
        whole = self.around.completed(self.schema, drawn.table, share.index, context.streams)
        if fixed is not None and self.info.unit == "row":
            # Exactly as given, in every bit: a sampler may have moved them onto the column's grid.
            told = fixed if drawn.rows is None else fixed.take(drawn.rows)
            whole = replace(whole, data=with_known(whole.data, told, empty=given.empty))
        return replace(drawn, table=whole)

    def _learnt(self, share: Share, context: Context, given: Given) -> Drawn:
        if self.info.unit == "row":
            return draw_rows(self.sampler, share.index, share.size, context, given)
        names = frozenset() if given.fixed is None else frozenset(given.fixed.names)
        if given.where or not self.sampler.conditions_on(names):
            raise BadInput(
                f"{self.method} draws whole entities and can't condition on {_listed(names, given.where)}.",
                remedy="Draw without conditions and filter the rows.",
            )
        passed = None if given.fixed is None else given
        return Drawn(self.sampler.block(share.index, share.size, context, passed), share.size)

    def _settled(self, given: Given) -> Given:
        """`given` without the predicates about settled columns, which hold for all rows or for none.

        Where such a column is fixed, `checked_given` has seen that the fixed rows satisfy them.
        """
        fixed = () if given.fixed is None else given.fixed.names
        for predicate in given.where:
            name = predicate.column
            if name not in self.around.names or name in fixed:
                continue
            value = self.around.settled[name].draw(1, np.random.default_rng(0))
            one = Table.of(self.schema.select([name]), {name: value})
            if not predicate.holds(one).all():
                shown = "missing" if one.missing(name).all() else shorten(str(one.data[name][0].as_py()))
                raise BadInput(
                    f"The condition on {shorten(name)!r} can't be met: 0 rows have it.",
                    evidence=f"The column is {shown} throughout.",
                    remedy="Leave the condition out.",
                )
        return replace(given, where=tuple(one for one in given.where if one.column not in self.around.names))

    def _released(self) -> None:
        if self.judged is not None and (self.judged["verdict"] == "FAIL" or self.judged.get("withheld")):
            raise NotReleased(
                "This model was rejected by the gates of the run that judged it.",
                evidence=f"Run {self.judged['digest'][:12]}: {self.judged['verdict']}.",
                remedy="See that run's report for what to try, then fit again.",
            )


def _listed(names: frozenset[str], where: tuple[Any, ...]) -> str:
    every = sorted({*names, *(predicate.column for predicate in where)})
    return ", ".join(repr(shorten(name, 30)) for name in every[:8])
