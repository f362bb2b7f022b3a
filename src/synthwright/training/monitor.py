"""Loss and metrics per epoch, apart for real and synthetic rows, and an alarm where the two part ways."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from synthwright import files
from synthwright.canonical import to_json
from synthwright.errors import UsageError
from synthwright.evaluation.records import Records
from synthwright.training.checking import positive
from synthwright.training.divergence import Divergence, divergence, thresholds
from synthwright.training.kept_history import read_history
from synthwright.training.row_figures import Sums, per_row

__all__ = ["PARTS", "SourceMonitor"]

PARTS = ("train real", "train synthetic", "validation real", "validation synthetic")
_COLUMNS = {"epoch": pa.int64(), "part": pa.string(), "rows": pa.int64(), "loss": pa.float64()}
_MOST_EPOCHS = 2_000  # simulating as many null trainings takes 20 CPU-s


class SourceMonitor:
    """What a training shows, epoch by epoch: `batch` and `validate` in it, `close_epoch` at its end.

    Figures are means over rows, so they need one loss per row (``reduction="none"``) where a batch mixes real and
    synthetic rows. The alarm compares the loss on synthetic rows (held-out ones if `validate` gets any, else those
    trained on) with that on real validation rows; it is false in at most a share `false_alarms` of trainings of
    `epochs` epochs whose curves wander with a correlation of up to .7 from epoch to epoch (`divergence`).

    Parameters
    ----------
    epochs : int
        How long the training is meant to be; later epochs are recorded, but give no alarm.
    false_alarms : float or None
        From .01 to .5; ``None`` for no alarm at all.

    Examples
    --------
    >>> monitor = SourceMonitor(epochs=1)
    >>> monitor.batch([False, True, True], loss=[0.5, 0.25, 0.75])
    >>> monitor.validate(loss=[1.0, 0.0], accuracy=[0, 1])
    >>> monitor.close_epoch() is None
    True
    >>> [(row["part"], row["rows"], row["loss"]) for row in monitor.history]
    [('train real', 1, 0.5), ('train synthetic', 2, 0.5), ('validation real', 2, 0.5)]
    """

    def __init__(self, *, epochs: int, false_alarms: float | None = 0.05) -> None:
        self.epochs, self.false_alarms = positive(epochs, "epochs"), false_alarms
        if false_alarms is not None and epochs > _MOST_EPOCHS:
            raise UsageError(
                f"No rate of false alarms is known for a training of {epochs:,} epochs.",
                evidence=f"At most {_MOST_EPOCHS:,} are simulated.",
                remedy="Close an epoch after several passes, or give false_alarms=None.",
            )
        if false_alarms is not None:
            thresholds(1, false_alarms)  # a rate that can't be kept is refused before the training, not in it
        self.alarm: Divergence | None = None
        self._closed: list[Mapping[str, Sums]] = []
        self._open = {part: Sums() for part in PARTS}

    def batch(self, synthetic: Any, *, loss: Any, **metrics: Any) -> None:
        """Count a training batch: which rows are synthetic (booleans), the loss of each row, and metrics of each row.

        One number for all rows will do where they are of one kind. Tensors may be on a GPU and part of a graph.

        Raises
        ------
        BadInput
            Figures that are not one number per row.
        """
        self._count("train", synthetic, {"loss": loss, **metrics})

    def validate(self, *, loss: Any, synthetic: Any = None, **metrics: Any) -> None:
        """Count validation rows, real ones unless `synthetic` says which are not; metrics may be one number for all.

        Raises
        ------
        BadInput
            As `batch`.
        """
        self._count("validation", synthetic, {"loss": loss, **metrics})

    def close_epoch(self) -> Divergence | None:
        """End the epoch; the alarm that it gives, which `alarm` keeps if it is the first, or ``None``.

        Raises
        ------
        UsageError
            Nothing was counted since the last one ended.
        """
        if not any(sums.rows for sums in self._open.values()):
            raise UsageError(
                f"Nothing was counted in epoch {len(self._closed)}.", remedy="Call batch(...) or validate(...) before."
            )
        self._closed.append(self._open)
        self._open = {part: Sums() for part in PARTS}
        if len(self._closed) == self.epochs + 1:
            warnings.warn(
                f"The monitor was made for {self.epochs} epochs: later ones give no alarm.", UserWarning, stacklevel=2
            )
        found = self._judged()
        self.alarm = self.alarm or found
        return found

    def losses(self, part: str) -> np.ndarray:
        """The mean loss of `part` in each epoch, NaN where it had no rows; parts are "train real" and its like.

        Raises
        ------
        UsageError
            There is no such part.
        """
        if part not in PARTS:
            raise UsageError(f"There is no part called {part!r}.", remedy=f"Parts are {', '.join(PARTS)}.")
        return np.array([epoch[part].mean("loss") for epoch in self._closed])

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the lowest loss on real validation rows; ``None`` while there is none."""
        losses = self.losses("validation real")
        return int(np.nanargmin(losses)) if np.isfinite(losses).any() else None

    @property
    def history(self) -> Records:
        """One record per epoch and part that had rows: epoch, part, rows, loss, and every metric (null if unknown)."""
        names = {name: None for epoch in self._closed for sums in epoch.values() for name in sums.names}
        types = {**_COLUMNS, **dict.fromkeys(names, pa.float64())}
        rows = []
        for at, epoch in enumerate(self._closed):
            for part, sums in epoch.items():
                if sums.rows:
                    figures = {name: _known(sums.mean(name)) for name in ("loss", *names)}
                    rows.append({"epoch": at, "part": part, "rows": sums.rows, **figures})
        return Records(tuple(rows), types)

    def to_json(self) -> str:
        """The history and the alarm as JSON; what is unknown or not finite is null."""
        return to_json(self._told())

    def save(self, path: str | Path) -> None:
        """`path` holds what `to_json` says."""
        files.write_json(Path(path), self._told())

    @classmethod
    def load(cls, path: str | Path) -> SourceMonitor:
        """The monitor that saved `path`, as it was: a training that is resumed goes on with it.

        Raises
        ------
        BadInput
            There is no such file, or no monitor wrote it.
        UsageError
            It names epochs or a rate that no monitor has.
        """
        epochs, false_alarms, closed = read_history(Path(path), PARTS)
        made = cls(epochs=epochs, false_alarms=false_alarms)
        for epoch in closed:
            made._closed.append(epoch)
            made.alarm = made.alarm or made._judged()
        return made

    def _told(self) -> Mapping[str, Any]:
        return {
            "epochs": self.epochs,
            "false_alarms": self.false_alarms,
            "best_epoch": self.best_epoch,
            "alarm": self.alarm,
            "history": list(self.history),
        }

    def _count(self, stage: str, synthetic: Any, figures: Mapping[str, Any]) -> None:
        mask, rows = per_row(synthetic, figures, reserved=tuple(_COLUMNS))
        for kind, word in ((False, "real"), (True, "synthetic")):
            of_kind = mask == kind
            if of_kind.any():
                self._open[f"{stage} {word}"].add({name: values[of_kind] for name, values in rows.items()})

    def _judged(self) -> Divergence | None:
        if self.false_alarms is None or len(self._closed) > self.epochs:
            return None
        made = self.losses("validation synthetic")
        made = made if np.isfinite(made).any() else self.losses("train synthetic")
        return divergence(
            made.tolist(), self.losses("validation real").tolist(), epochs=self.epochs, false_alarms=self.false_alarms
        )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
