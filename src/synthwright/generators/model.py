"""A fitted method with everything around it: what is drawn, saved, loaded and handed over."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import NotReleased
from synthwright.generators._constraints.adding import require_obeyed, with_rules
from synthwright.generators._constraints.plan import Plan
from synthwright.generators._constraints.unique import Distinct, require_room
from synthwright.generators.around import Around
from synthwright.generators.blocks import blocks_of, source_of
from synthwright.generators.domain import asked_for
from synthwright.generators.draw import Draw, Gathered, Short
from synthwright.generators.drawing import inside, require_memory
from synthwright.generators.protocol import Empty, GeneratorInfo, Given, Sampler
from synthwright.generators.tally import Tally

if TYPE_CHECKING:
    from synthwright.data.frames import Origin

__all__ = ["Model"]

Wanted = Given | Mapping[str, Any] | Any | None


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
        n: int | None = None,
        *,
        seed: int = 0,
        given: Wanted = None,
        empty: Empty = "unknown",
        short: Short = "error",
        context: Context | None = None,
        beside: Table | None = None,
    ) -> Table:
        """`n` rows (units, for methods that draw entities); the first k of them never depend on `n`.

        `seed` alone decides what is drawn; `context` brings the engine, progress and clients, not randomness. `given`
        is a `Given`, a mapping such as ``{"sex": "Female", "age": (30, 40), "city": {"A", "B"}, "income": None}``, or
        partial rows (a frame, a file, arrays in the mapping): row i that is drawn equals row i there, and as many are
        drawn. `empty` says what empty cells of partial rows mean: ``"unknown"``, to be drawn, or ``"missing"``. With
        `short` ``"return"``, rows that can't be found are left out; `draw` says which, and what was tried. Every row
        obeys the model's constraints. Rows that have to be unique differ from those of `beside`, too.

        Raises
        ------
        UsageError
            `n` is negative, or not the number of partial rows.
        UnknownName
            A condition names a column that the model does not draw.
        BadInput
            A condition or a constraint can't be met: its value never occurs, or fewer than 1 in 1,000 candidates do.
        NotReleased
            The run that judged this model withheld its rows.
        OutOfResource
            The rows need more than the machine's memory.
        """
        return self.draw(n, seed=seed, given=given, empty=empty, short=short, context=context, beside=beside).table

    def draw(
        self,
        n: int | None = None,
        *,
        seed: int = 0,
        given: Wanted = None,
        empty: Empty = "unknown",
        short: Short = "error",
        context: Context | None = None,
        beside: Table | None = None,
    ) -> Draw:
        """The rows of `sample` with what they cost: how many were asked for and found, of how many candidates.

        Raises as `sample` does.
        """
        asked, n = self._asked(n, given, empty)
        require_memory(n, len(self.schema))
        gathered = Gathered(n, short=short)
        blocks = list(blocks_of(self, n, asked, inside(context, seed), context, self._distinct(beside), gathered))
        return gathered.draw(Table.concat(blocks))

    def stream(
        self,
        n: int | None = None,
        *,
        seed: int = 0,
        given: Wanted = None,
        empty: Empty = "unknown",
        short: Short = "error",
        context: Context | None = None,
        beside: Table | None = None,
    ) -> Iterator[Table]:
        """The rows of `sample` in blocks of 65,536, with flat memory. Raises as `sample` does."""
        asked, n = self._asked(n, given, empty)
        gathered = Gathered(n, short=short, keep=False)
        return blocks_of(self, n, asked, inside(context, seed), context, self._distinct(beside), gathered)

    def with_constraints(self, constraints: Sequence[str]) -> Model:
        """The same model whose rows obey further rules: rows that break one are drawn again, within the usual bound.

        Declared before fitting, sums, orders and combinations are kept without drawing again, and better learnt.

        Raises
        ------
        BadInput
            One is no rule about this model's columns, can't be checked row by row, or contradicts others.
        """
        schema, plan = with_rules(self.schema, self.constraints, constraints, self.around.made_up, self.info)
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
        source = source_of(self, Tally(), lenient=True, ignored=ignored)
        filled = fill(source, table, inside(context, seed), self.method)
        if ignored:
            warnings.warn(loosely_known(ignored), UserWarning, stacklevel=2)
        return filled

    def log_likelihood(self, data: Any) -> np.ndarray:
        """The logarithm (nats) of the probability of each row of `data`, whatever reads as a table with the columns.

        For rows that the model has not seen: the mean says how well it describes them, and models of one table are
        compared by its difference. Numbers without a grid count by their density. A row that the model never draws
        (a rare label, a value beyond the range kept) has -inf. Identifiers and texts don't count.

        Raises
        ------
        UsageError
            The method has no likelihood, or constraints had columns learnt in another form.
        BadInput
            `data` can't be read, or lacks columns that the model draws.
        """
        from synthwright.generators.scoring import log_likelihood

        return log_likelihood(self, data)

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
        asked = self.around.answered(asked, self.schema)
        require_obeyed(asked.fixed, self.constraints)
        require_room(self.schema, self.constraints.unique, n)
        return asked, n

    def _distinct(self, beside: Table | None) -> Distinct:
        distinct = Distinct(self.constraints.unique)
        if beside is not None:
            distinct.meet(beside)
        return distinct

    def _released(self) -> None:
        if self.judged is not None and (self.judged["verdict"] == "FAIL" or self.judged.get("withheld")):
            raise NotReleased(
                "This model was rejected by the gates of the run that judged it.",
                evidence=f"Run {self.judged['digest'][:12]}: {self.judged['verdict']}.",
                remedy="See that run's report for what to try, then fit again.",
            )
