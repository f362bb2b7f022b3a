"""Utility bars: what is tried, what real rows give, and no skill."""

from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.report.utility import _score


def measured(kind, floor):
    return Measurement(
        metric=f"utility.{kind}.boosted.auc",
        estimate=Estimate(0.8, 0.7, 0.9),
        better="higher",
        n_real=100,
        n_synthetic=100,
        holdout=Estimate(0.85, 0.8, 0.9),
        baseline=Estimate.exact(floor),
    )


def test_the_floor_is_that_of_tstr_and_not_the_control_of_tatr():
    tatr, tstr = measured("tatr", 0.84), measured("tstr", 0.5)
    assert _score("auc", {"tatr": tatr, "tstr": tstr}).floor == Estimate.exact(0.5)
    assert _score("auc", {"tatr": tatr}).floor is None
