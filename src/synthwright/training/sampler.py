"""Which rows an epoch trains on: exact shares of real and synthetic rows by a schedule, the same from any process."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from synthwright.errors import BadInput, UsageError
from synthwright.seeding import Streams
from synthwright.training.checking import positive
from synthwright.training.schedules import Schedule, schedule_of
from synthwright.training.sources import is_synthetic
from synthwright.training.weights import source_weights

__all__ = ["SourceAwareSampler"]


class SourceAwareSampler:
    """Batches of row numbers, with as many synthetic rows per epoch and batch as a schedule says.

    An epoch has `rows_per_epoch` rows whatever the share: as many as there are real ones (all, if none is real), unless
    said, so that more rows don't mean more training. Rows of either kind are dealt out in shuffled passes that go on
    from epoch to epoch: at any time two rows of a kind have come up equally often, or one of them once more. What an
    epoch holds depends on seed and epoch alone, not on workers or on the epochs drawn before.

    Parameters
    ----------
    source : sequence, array, series or table
        Where each row comes from, as `is_synthetic` reads it; `column` names the column of a table.
    epochs : int
        How long the training is: ramps and "half of it" refer to this.
    schedule : Schedule, float or sequence of float
        A share of synthetic rows, one per epoch, or a `Schedule`.
    batch_size : int
        Rows per batch; the last batch of an epoch may be smaller.
    drop_last : bool
        Round `rows_per_epoch` down to whole batches instead.

    Raises
    ------
    BadInput
        The rows don't tell what is synthetic, or the schedule asks for a kind of which there is no row.
    UsageError
        A number or a share out of its range.

    Examples
    --------
    >>> sampler = SourceAwareSampler(["real"] * 4 + ["tabular.smote"] * 8, epochs=2, schedule=[1, 0], batch_size=2)
    >>> [sampler.share(epoch) for epoch in range(2)]
    [1.0, 0.0]
    >>> sorted(int(row) for rows in sampler.batches(1) for row in rows)
    [0, 1, 2, 3]
    """

    def __init__(
        self,
        source: Any,
        *,
        epochs: int,
        schedule: Schedule | float | Sequence[float] = 0.5,
        batch_size: int = 32,
        rows_per_epoch: int | None = None,
        drop_last: bool = False,
        seed: int = 0,
        column: str | None = None,
    ) -> None:
        self.synthetic = is_synthetic(source, column=column)
        self.schedule = schedule_of(schedule)
        self.epochs, self.batch_size = positive(epochs, "epochs"), positive(batch_size, "batch_size")
        self.drop_last, self.seed = drop_last, int(seed)
        self._rows = {kind: np.flatnonzero(self.synthetic == kind) for kind in (False, True)}
        rows = (len(self._rows[False]) or len(self.synthetic)) if rows_per_epoch is None else rows_per_epoch
        self.rows_per_epoch = positive(rows, "rows_per_epoch")
        if drop_last:
            self.rows_per_epoch -= self.rows_per_epoch % self.batch_size
        self._sizes = _sizes(self.rows_per_epoch, self.batch_size)
        made = np.array([self.counts(epoch).sum() for epoch in range(self.epochs)], dtype=np.int64)
        self._taken = {True: made, False: self.rows_per_epoch - made}
        self._require_rows()
        self._epoch, self._drawn = 0, -1

    @property
    def epoch(self) -> int:
        """The epoch whose batches an iteration gives, from 0."""
        return self._epoch

    def set_epoch(self, epoch: int) -> None:
        """The next iteration gives the batches of `epoch`; call it before each one, as with torch's samplers."""
        self._epoch, self._drawn = self._known(epoch), -1

    def __len__(self) -> int:
        """Batches per epoch."""
        return len(self._sizes)

    def __iter__(self) -> Iterator[np.ndarray]:
        """The batches of `epoch`; a warning if they were given already, for then a schedule stands still."""
        if self._drawn == self._epoch:
            warnings.warn(
                f"Epoch {self._epoch} is drawn again: call set_epoch(epoch) before each one.", UserWarning, stacklevel=2
            )
        self._drawn = self._epoch
        yield from self.batches(self._epoch)

    def batches(self, epoch: int) -> Iterator[np.ndarray]:
        """The row numbers of each batch of `epoch`, int64, real and synthetic rows in random order."""
        made = self.counts(self._known(epoch))
        rng = Streams(self.seed).at("sampler", "order", epoch).rng()
        drawn = {kind: self._stream(kind, epoch) for kind in (False, True)}
        used = {False: 0, True: 0}
        for size, synthetic in zip(self._sizes.tolist(), made.tolist(), strict=True):
            parts = []
            for kind, count in ((False, size - synthetic), (True, synthetic)):
                parts.append(drawn[kind][used[kind] : used[kind] + count])
                used[kind] += count
            yield rng.permutation(np.concatenate(parts))

    def counts(self, epoch: int) -> np.ndarray:
        """How many rows of each batch of `epoch` are synthetic, int64."""
        counts = np.asarray(self.schedule.counts(self._sizes, self._known(epoch), self.epochs), dtype=np.int64)
        if counts.shape != self._sizes.shape or (counts < 0).any() or (counts > self._sizes).any():
            raise UsageError(
                f"{type(self.schedule).__name__} gives counts that don't fit the batches of epoch {epoch}.",
                remedy="`counts` gives one number for each batch, between 0 and its rows.",
            )
        return counts

    def share(self, epoch: int) -> float:
        """The share of synthetic rows that `epoch` has, in whole rows."""
        return float(self._taken[True][self._known(epoch)] / self.rows_per_epoch)

    def weights(self, epoch: int | None = None) -> np.ndarray:
        """A weight for every row, with which one pass over all rows counts as `epoch` does: for learners that weigh.

        They sum to `rows_per_epoch`, so that a learner's regularisation stays what it is on real rows alone.
        """
        epoch = self._epoch if epoch is None else epoch
        return source_weights(self.synthetic, self.share(epoch), total=self.rows_per_epoch)

    def _stream(self, kind: bool, epoch: int) -> np.ndarray:
        """The rows of one kind that `epoch` takes: its part of an endless row of shuffled passes."""
        rows, count = self._rows[kind], int(self._taken[kind][epoch])
        if count == 0:
            return rows[:0]
        first = int(self._taken[kind][:epoch].sum())
        streams = Streams(self.seed).at("sampler", "synthetic" if kind else "real")
        passes = range(first // len(rows), (first + count - 1) // len(rows) + 1)
        dealt = np.concatenate([streams.at(at).rng().permutation(rows) for at in passes])
        return dealt[first - passes[0] * len(rows) :][:count]

    def _known(self, epoch: Any) -> int:
        if isinstance(epoch, bool) or not isinstance(epoch, int | np.integer) or not 0 <= epoch < self.epochs:
            raise UsageError(
                f"There is no epoch {epoch!r} in this training.",
                evidence=f"Epochs count from 0 to {self.epochs - 1}.",
                remedy="Give the sampler as many epochs as you train for.",
            )
        return int(epoch)

    def _require_rows(self) -> None:
        for kind, word in ((False, "real"), (True, "synthetic")):
            asked = np.flatnonzero(self._taken[kind])
            if len(asked) and len(self._rows[kind]) == 0:
                raise BadInput(
                    f"There are no {word} rows to train on.",
                    evidence=f"Epoch {asked[0]} takes {self._taken[kind][asked[0]]:,} of them.",
                    remedy="Add such rows, or choose a schedule that does without.",
                )


def _sizes(rows: int, batch: int) -> np.ndarray:
    if rows == 0:
        raise UsageError(
            "An epoch has no whole batch.", remedy="Lower batch_size, raise rows_per_epoch, or use drop_last=False."
        )
    return np.diff(np.append(np.arange(0, rows, batch), rows))
