"""Does a model improve on synthetic rows while it gets worse on real ones? An alarm with a stated false-alarm rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from synthwright.learning.threads import one_thread
from synthwright.seeding import Streams
from synthwright.training.checking import within

__all__ = ["MEMORY", "WINDOWS", "Divergence", "divergence", "null_curves", "rises", "thresholds"]

WINDOWS = (8, 12, 16, 24)  # epochs: short ones see a steep rise after 5 to 8 epochs, long ones half a rise in noise
MEMORY = 0.7  # the largest correlation from one epoch to the next that false alarms are counted for
_GRID = (0.0, 0.2, 0.4, 0.6, 0.8)  # correlations that a curve is explained by; .8, so that .7 lies inside
_CURVES = 4_000  # simulated trainings: a rate of 5 % is then known to .35 points (one standard error)
_AT_ONCE = 20_000  # losses at a time: every window of every one is a row of numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """Up to `epoch` the loss on real rows rose by `rise` over `rise_epochs`, that on synthetic rows fell by `fall`.

    Changes are those of fitted lines, in units of the loss; the fall is over `fall_epochs`. Of trainings in which
    either is not so, at most the share `false_alarms` ever gives an alarm.
    """

    epoch: int
    rise: float
    rise_epochs: int
    fall: float
    fall_epochs: int
    false_alarms: float

    def __str__(self) -> str:
        return (
            f"Up to epoch {self.epoch} the loss on real validation rows rose by {self.rise:.3g} in {self.rise_epochs} "
            f"epochs, while that on synthetic rows fell by {self.fall:.3g} in {self.fall_epochs}: the model learns "
            "what only synthetic rows have. Go back to the best epoch, lower the share of synthetic rows, or stop."
        )


def divergence(
    synthetic: Sequence[float], real: Sequence[float], *, epochs: int, false_alarms: float = 0.05
) -> Divergence | None:
    """The alarm that the losses per epoch give at their last epoch, or ``None``.

    In each window a line with a slope is compared with none, noise being autocorrelated (AR(1)): twice the gain in log
    likelihood has to pass a threshold in one window of either curve, upwards for real rows and downwards for synthetic
    ones. Thresholds are such that at most a share `false_alarms` of flat curves with noise of correlation .7 passes
    any, anywhere in `epochs` epochs. Since both curves have to pass, the rate holds whichever of the two is not so.
    Windows with an unknown loss (NaN: an epoch without synthetic rows) don't count; fewer than 8 epochs give no alarm.
    """
    limits = thresholds(epochs, false_alarms)
    rise = _steepest(np.asarray(real, dtype=np.float64), limits)
    fall = _steepest(-np.asarray(synthetic, dtype=np.float64), limits)
    if rise is None or fall is None:
        return None
    return Divergence(
        epoch=len(real) - 1,
        rise=rise[0],
        rise_epochs=rise[1],
        fall=fall[0],
        fall_epochs=fall[1],
        false_alarms=float(false_alarms),
    )


def _steepest(curve: np.ndarray, limits: Mapping[int, float]) -> tuple[float, int] | None:
    """By how much `curve` surely rises at its end, and in how many epochs: in the window that shows it best."""
    found = []
    for window, limit in limits.items():
        part = curve[-window:]
        if len(part) == window and np.isfinite(part).all():
            line = np.arange(window) - (window - 1) / 2
            gained = float(rises(part[None], window)[0, 0]) / limit
            found.append((gained, float(part @ line / (line @ line)) * (window - 1), window))
    gained, rise, window = max(found, default=(0.0, 0.0, 0))
    return (rise, window) if gained > 1 else None


def thresholds(epochs: int, false_alarms: float) -> dict[int, float]:
    """What `rises` has to pass, by window, so that at most a share `false_alarms` of null trainings ever passes.

    Windows get equal rates; two standard errors of the simulation are taken off the joint one.

    Raises
    ------
    UsageError
        The rate is not between .01 and .5: the simulated trainings don't know smaller ones.
    """
    return _simulated(epochs, within(false_alarms, "The rate of false alarms", 0.01, 0.5))


@lru_cache(maxsize=32)
def _simulated(epochs: int, false_alarms: float) -> dict[int, float]:
    known = [window for window in WINDOWS if window <= epochs]
    if not known:
        return {}
    parts = []
    for first in range(0, _CURVES, size := max(1, _AT_ONCE // epochs)):
        curves = null_curves(min(size, _CURVES - first), epochs, MEMORY, Streams(0).at("divergence", first))
        parts.append(np.stack([rises(curves, window).max(axis=1) for window in known]))
    highest = np.concatenate(parts, axis=1)
    # Each training's smallest share of trainings that go higher, over windows: its quantile is the rate per window.
    rarest = (1 - highest.argsort(axis=1).argsort(axis=1) / _CURVES).min(axis=0)
    rate = np.quantile(rarest, false_alarms - 2 * math.sqrt(false_alarms * (1 - false_alarms) / _CURVES))
    return {window: float(np.quantile(found, 1 - rate)) for window, found in zip(known, highest, strict=True)}


def null_curves(n: int, epochs: int, memory: float, streams: Streams) -> np.ndarray:
    """`n` flat curves (n, epochs) of noise with variance 1 whose correlation from epoch to epoch is `memory`."""
    fresh = streams.rng().normal(size=(n, epochs))
    curves = np.empty_like(fresh)
    curves[:, 0] = fresh[:, 0]
    for epoch in range(1, epochs):
        curves[:, epoch] = memory * curves[:, epoch - 1] + math.sqrt(1 - memory**2) * fresh[:, epoch]
    return curves


def rises(curves: np.ndarray, window: int) -> np.ndarray:
    """Twice the log likelihood that a slope adds in every window of `curves` (n, epochs), as (n, epochs - window + 1).

    Negative where the slope is. The likelihood is that of AR(1) noise with the best of a few correlations, with and
    without the slope: noise that wanders explains a rise, too.
    """
    parts = np.lib.stride_tricks.sliding_window_view(curves, window, axis=1)
    level = parts.mean(axis=-1, keepdims=True)
    size = np.abs(parts - level).max(axis=-1)
    flat = size <= 1e-9 * np.abs(level[..., 0])  # differences that are rounding errors of the loss itself
    scaled = (parts - level) / np.where(size > 0, size, 1.0)[..., None]
    line = np.arange(window) - (window - 1) / 2
    without = with_slope = np.full(flat.shape, -np.inf)
    with one_thread():
        for memory in _GRID:
            white = scaled.copy()  # the noise of `white` is independent if the correlation is `memory`
            white[..., 1:] -= memory * scaled[..., :-1]
            white[..., 0] *= math.sqrt(1 - memory**2)
            basis = np.linalg.qr(_whitened(np.stack([np.ones(window), line], axis=1), memory))[0]
            total = np.einsum("...i,...i->...", white, white)
            explained = (white @ basis) ** 2
            bonus = math.log(1 - memory**2) / 2
            # A perfect line leaves nothing over; what rounding leaves must not have a logarithm below all others.
            least = 1e-12 * np.maximum(total, 1e-30)
            rest = np.maximum(total - explained[..., 0], least), np.maximum(total - explained.sum(axis=-1), least)
            without = np.maximum(without, bonus - window / 2 * np.log(rest[0]))
            with_slope = np.maximum(with_slope, bonus - window / 2 * np.log(rest[1]))
    return np.where(flat, 0.0, np.sign(scaled @ line) * 2 * (with_slope - without))


def _whitened(columns: np.ndarray, memory: float) -> np.ndarray:
    white = columns.copy()
    white[1:] -= memory * columns[:-1]
    white[0] *= math.sqrt(1 - memory**2)
    return white
