"""Learning curves and figures that are drawn together: what a gain experiment reads the worth of rows from."""

from __future__ import annotations

from synthwright.evaluation._learners.curve import DECAY, Point, rows_reaching, training_noise
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.resampling import joint_draws, within_draws

__all__ = ["DECAY", "Figure", "Point", "joint_draws", "rows_reaching", "training_noise", "within_draws"]
