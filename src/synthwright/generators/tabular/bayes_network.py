"""A tree of columns, each drawn given one other: the cheap structured baseline, with exact conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from synthwright.data.schema import Schema
from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.files import write_json
from synthwright.generators.margins import Margin
from synthwright.generators.protocol import GeneratorInfo, Given
from synthwright.generators.saved import read_state
from synthwright.generators.tabular._bayes_network_messages import draw_codes
from synthwright.generators.tabular._bayes_network_node import Bins, Node
from synthwright.generators.tabular._bayes_network_tree import grow

__all__ = ["BayesNetwork"]

_CELLS = 1_000  # intervals per number to draw values from; the codes that the tree knows are far fewer
_CHUNK = 1_024  # rows computed together, always this many: a row's bits never depend on how many rows are asked for
_PAIRED = 50_000  # rows for the structure: the tree of more rows differs in links that hardly matter


@dataclass(frozen=True, eq=False)
class _Network:
    """Nodes by column, parents before children."""

    schema: Schema
    nodes: Mapping[str, Node]
    takes_gaps: ClassVar = True

    def conditions_on(self, names: frozenset[str]) -> bool:
        return True  # messages on a tree are exact for any evidence

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Table:
        at = context.streams.at("block", index)
        fixed = {} if given is None or given.fixed is None else given.fixed.model_values()
        told = {} if given is None else {name: given.told(name) for name in fixed}
        known = {
            name: np.where(told[name], self.nodes[name].bins.encode(values), self.nodes[name].bins.size)
            for name, values in fixed.items()
        }
        places = {name: place for place, name in enumerate(self.schema.names)}  # streams do not depend on the tree
        values = {name: np.empty(n) for name in places if name not in fixed or not told[name].all()}
        for start in range(0, n, _CHUNK):
            stop = min(n, start + _CHUNK)
            uniforms = at.at(start).rng().random((len(places), _CHUNK, 3))
            shown = {name: _padded(codes[start:stop], self.nodes[name].bins.size) for name, codes in known.items()}
            drawn = draw_codes(self.nodes, shown, {name: uniforms[place, :, 0] for name, place in places.items()})
            for name, column in values.items():
                made = self.nodes[name].bins.decode(drawn[name], uniforms[places[name], :, 1:])
                column[start:stop] = made[: stop - start]
        for name, column in fixed.items():
            values[name] = np.where(told[name], column, values[name]) if name in values else column
        return Table.of(self.schema, values)

    def log_likelihood(self, table: Table) -> np.ndarray:
        """The logarithm of the probability of each row's cells, densities for numbers without a grid.

        Missing cells are values; a label that is never emitted has probability 0.
        """
        values = table.select(self.schema.names).with_schema(self.schema).model_values()
        codes = {name: node.bins.encode(values[name]) for name, node in self.nodes.items()}
        total = np.zeros(len(table))
        for name, node in self.nodes.items():
            padded = np.pad(node.table, ((0, 1), (0, 1)))
            above = np.zeros(len(table), dtype=np.int64) if node.parent is None else codes[node.parent]
            with np.errstate(divide="ignore"):
                total += np.log(padded[above, codes[name]]) + node.bins.log_density(values[name])
        return total

    def save(self, folder: Path) -> None:
        nodes = [{"name": name} | node.state() for name, node in self.nodes.items()]
        write_json(folder / "network.json", {"schema": schema_to_json(self.schema), "nodes": nodes})

    @classmethod
    def load(cls, folder: Path) -> Self:
        state = read_state(folder / "network.json", {"schema", "nodes"})
        schema = schema_from_json(state["schema"])
        nodes: dict[str, Node] = {}
        try:
            for told in state["nodes"]:
                node = Node.from_state(schema[told["name"]], told)
                height = 1 if node.parent is None else nodes[node.parent].bins.size
                if len(node.counts) != height:
                    raise BadInput("A saved table has another height than its parent has codes.")
                nodes[told["name"]] = node
        except (KeyError, TypeError, ValueError, OverflowError, IndexError) as error:
            if isinstance(error, BadInput):
                raise
            raise BadInput("The saved network can't be read.", evidence=str(error)[:200]) from error
        if sorted(nodes) != sorted(schema.names) or len(state["nodes"]) != len(schema):
            raise BadInput("The saved network speaks of other columns than its schema.")
        return cls(schema, nodes)


@dataclass(frozen=True, kw_only=True)
class BayesNetwork:
    """Draw columns along a tree: each given the one column it hangs on.

    A Chow-Liu tree (Chow & Liu 1968) over codes: labels as they are, numbers in at most `codes` bins of about equal
    mass (fewer in small tables), missing a code like any other. Values are drawn inside the bins from finer protected
    cells. Any columns can be given: messages on the tree condition exactly on their codes.
    """

    codes: int = 40
    info: ClassVar = GeneratorInfo(
        summary="Draw columns along a tree, each given the one column it hangs on.",
        source="Chow & Liu 1968 (10.1109/TIT.1968.1054142); messages after Pearl 1988, chapter 4",
        conditions="exact",
    )
    sampler: ClassVar = _Network

    def __post_init__(self) -> None:
        if not 2 <= self.codes <= 1_000:
            raise BadInput("codes has to lie between 2 and 1,000.", evidence=f"Found {self.codes}.")

    def fit(self, reference: Table, context: Context) -> _Network:
        """The tree from at most 50,000 rows, its tables and the cells of every column from all of them."""
        n = len(reference)
        most = int(np.clip(np.sqrt(n / 10), 2, self.codes))  # so that a cell of a pair's table has ten rows on average
        bins, codes = {}, {}
        for column in reference.schema:
            bins[column.name] = Bins.of(column, Margin.of(reference, column, cells=_CELLS), most)
            values = reference.numbers(column.name) if column.is_numeric else reference.levels(column.name)
            codes[column.name] = bins[column.name].encode(values)
        picked = np.arange(n)
        if n > _PAIRED:
            picked = np.sort(context.streams.at("pairs").rng().permutation(n)[:_PAIRED])
        return _Network(reference.schema, grow(bins, codes, picked))


def _padded(codes: np.ndarray, filler: int) -> np.ndarray:
    """`codes` with codes that say nothing up to a whole chunk."""
    return np.append(codes, np.full(_CHUNK - len(codes), filler))
