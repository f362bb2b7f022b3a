"""Named random streams: who draws what is fixed by names, never by the order of calls."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

__all__ = ["Streams"]


@dataclass(frozen=True, slots=True)
class Streams:
    """A tree of independent random streams, keyed by (seed, path).

    The same seed and path give the same numbers whoever asks, in whatever order, in whichever process: a new step,
    another batch size or a second worker leaves every other stream alone.

    Examples
    --------
    >>> streams = Streams(7)
    >>> first = streams.at("sample", 0, "age").rng().random()
    >>> first == Streams(7).at("sample").at(0, "age").rng().random()
    True
    """

    seed: int
    path: tuple[str | int, ...] = ()

    def at(self, *names: str | int) -> Streams:
        """The stream below this one with `names` appended to its path."""
        return Streams(self.seed, (*self.path, *names))

    def rng(self) -> np.random.Generator:
        """A fresh counter-based generator (Philox 4x64) at the start of this stream."""
        return np.random.Generator(np.random.Philox(key=np.frombuffer(self._key(), dtype=np.uint64)))

    def integer(self) -> int:
        """A seed in 0 .. 2**31 - 1 for libraries that take one integer."""
        return int.from_bytes(self._key()[:4], "little") >> 1

    def _key(self) -> bytes:
        # Types are part of the name, so ("1",) and (1,) are different streams; 16 bytes are Philox's whole key.
        name = repr((int(self.seed), tuple(part if isinstance(part, str) else int(part) for part in self.path)))
        return hashlib.blake2b(name.encode(), digest_size=16).digest()
