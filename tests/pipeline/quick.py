"""What a small run needs besides data: one gate, a page, and how to compare two of them."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from synthwright.canonical import digest_file
from synthwright.engines.context import Context
from synthwright.engines.engine import engine_for
from synthwright.pipeline.manifest import files_below
from synthwright.pipeline.running import STAGES
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


class Stop(BaseException):
    """A kill that a test can catch; nothing in between may."""


def killed(*_, **__):
    """What stands in for a step that a kill interrupts."""
    raise Stop


@contextmanager
def killed_at(stage, when="as it begins"):
    """The run in the block is killed at `stage`, as it begins or as it ends."""
    carry = STAGES[stage]

    def kill(job):
        if when == "as it ends":
            carry(job)
        raise Stop

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(STAGES, stage, kill)
        with pytest.raises(Stop):
            yield
