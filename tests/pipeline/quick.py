"""What a small run needs besides data: one gate, a page, and how to compare two of them."""

from __future__ import annotations

from synthwright.canonical import digest_file
from synthwright.engines.context import Context
from synthwright.engines.engine import engine_for
from synthwright.pipeline.manifest import files_below
from synthwright.seeding import Streams

GATE = """\
name: loose
gates:
  - gate: shapes
    metric: fidelity.column_shapes
    at_most: {limit}
    subject: The column shape error
    advice: Try more rows.
"""


def render(folder):
    """A page as far as the pipeline is concerned: it is handed one, it does not know how it is made."""
    return f"<html>{sorted(path.name for path in folder.iterdir())}</html>"


def again(seed, workers):
    return Context(streams=Streams(seed), engine=engine_for(workers))


def results(folder):
    """Digests of everything that depends on seed and inputs alone."""
    fixed = ("synthetic.parquet", "measurements.json", "verdict.json", "schema.yaml", "analysis.json", "recipe.yaml")
    kept = ("private/model/", "private/row_risks")
    names = [name for name in files_below(folder) if name in fixed or name.startswith(kept)]
    return {name: digest_file(folder / name) for name in names}
