"""The grammar that all kinds share, without the words for tables: fit, draw in blocks, save, load."""

from dataclasses import replace

from synthwright.engines.context import Context
from synthwright.generators.drawing import checked_count, inside, shares
from synthwright.generators.protocol import Given
from synthwright.seeding import Streams


def context(seed=0, **outside):
    return Context(streams=Streams(seed), **outside)


def fit(generator, reference, outside=None):
    return generator.fit(reference, (outside or context()).at("fit"))


def stream(sampler, n, *, seed=0, outside=None, fixed=None):
    """The blocks of `n` units, drawn by whatever engine the context brings."""
    outside = outside or context()
    task = Block(sampler, inside(outside, seed))
    return outside.engine.stream(task, shares(checked_count(n), fixed))


class Block:
    def __init__(self, sampler, inner):
        self.sampler, self.inner = sampler, inner

    def __call__(self, share):
        given = None if share.fixed is None else Given(fixed=share.fixed)
        return self.sampler.block(share.index, share.size, self.inner, given)


def with_client(client):
    return replace(context(), client=client)
