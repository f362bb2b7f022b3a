"""Learning curves, figures of several seeds and figures drawn together: what a gain experiment concludes from."""

from __future__ import annotations

from synthwright.evaluation._learners.curve import DECAY, Point, rows_reaching, training_noise
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.repeats import Luck, Repeated, lucks
from synthwright.evaluation._statistics.resampling import joint_draws, within_draws

__all__ = [
    "DECAY",
    "Figure",
    "Luck",
    "Point",
    "Repeated",
    "joint_draws",
    "lucks",
    "rows_reaching",
    "training_noise",
    "within_draws",
]
