"""Further rows of a run's model: as many of each stratum as the rows at hand lack."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, shorten
from synthwright.generators.model import Model
from synthwright.generators.protocol import Given
from synthwright.generators.renumbering import renumbered
from synthwright.pipeline.mixing.strata import Strata
from synthwright.seeding import Streams

__all__ = ["Maker"]


@dataclass(frozen=True, eq=False)
class Maker:
    """What draws further rows: the `model` that drew `drawn` with `seed`, beside the `real` rows of train.

    Identifiers and personal data continue the draw, and rows that have to be unique repeat none of either table.
    """

    model: Model
    drawn: Table
    real: Table
    seed: int
    context: Context

    def extended(self, rows: int) -> Table:
        """The first `rows` of the draw; those at hand are its beginning."""
        if rows <= len(self.drawn):
            return self.drawn
        return self.model.draw(rows, seed=self.seed, context=self.context).table

    def further(self, strata: Strata, lacking: np.ndarray, pool: Table) -> tuple[Table | None, str]:
        """``lacking[s]`` rows of each stratum, as far as they can be drawn; and why there are none, if so."""
        names = [name for name in strata.columns if name in self.model.schema]
        if len(names) < len(strata.columns):
            missing = next(name for name in strata.columns if name not in self.model.schema)
            return None, f"the model does not draw the column {shorten(missing)!r}"
        asked = np.where(self._drawable(strata), lacking, 0)
        if not asked.any():
            return None, "the model never draws values that fewer than 5 real rows have"
        fixed = strata.fixed(self.real, asked)
        fixed = fixed.with_schema(self.model.schema.select(names))
        seed = Streams(self.seed).at("mix", "further").integer()
        try:
            made = self.model.draw(
                given=Given(fixed=fixed), seed=seed, short="return", context=self.context, beside=self._beside(pool)
            ).table
        except BadInput as error:
            return None, shorten(f"{error.problem} {error.evidence}", 300)
        return renumbered(self.model, made, len(pool), self.seed), ""

    def _drawable(self, strata: Strata) -> np.ndarray:
        """True for strata of values that the model lists."""
        known = {
            name: set(column.categories)
            for name in strata.columns
            if (column := self.model.schema[name]).is_discrete and column.categories is not None
        }
        return np.array(
            [
                all(name not in known or value in known[name] for name, value in zip(strata.columns, one, strict=True))
                for one in strata.values
            ],
            dtype=bool,
        )

    def _beside(self, pool: Table) -> Table | None:
        """Rows that unique ones must not repeat."""
        if not self.model.constraints.unique:
            return None
        names = list(self.model.schema.names)
        tables = [replace(table.select(names), origin=None) for table in (self.real, pool)]
        return Table.concat([tables[0], tables[1].with_schema(tables[0].schema)])
