"""A generator that draws from the truth whatever it is fitted to: what an ideal method would give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from synthwright.data.reading import read_table
from synthwright.data.table import Table
from synthwright.generators.protocol import GeneratorInfo

__all__ = ["Truthful"]


@dataclass(frozen=True, eq=False)
class _Truth:
    schema: Any
    draw: Callable[[int, int], Any]

    def conditions_on(self, names):
        return False

    def block(self, index, n, context, given=None):
        made = read_table(self.draw(n, context.streams.at("block", index).integer()), schema=self.schema)
        return Table(self.schema, made.data)

    def save(self, folder):
        """Nothing is kept."""

    @classmethod
    def load(cls, folder):  # noqa: ARG003  # nothing is there to load
        raise LookupError


@dataclass(frozen=True, kw_only=True)
class Truthful:
    """A subclass says by `draw` what the truth is: a frame of so many rows, from a seed."""

    draw: ClassVar[Callable[[int, int], Any]]
    info: ClassVar[Any] = GeneratorInfo(summary="Draw from the truth.", source="a double", reproducible="portable")
    sampler: ClassVar[Any] = _Truth

    def fit(self, reference, context):
        return _Truth(reference.schema, self.draw)
