"""Utility bars: what is tried, what real rows give, and no skill."""

from dataclasses import replace

from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.report.utility import _is_share, _score


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


def test_real_rows_come_first_and_are_those_that_were_compared():
    score = _score("auc", {"tstr": measured("tstr", 0.5), "tatr": measured("tatr", 0.84)})
    assert [name.partition(" ")[0] for name, _ in score.bars] == ["TRTR", "TSTR", "TATR"]
    assert [estimate.value for _, estimate in score.bars] == [0.85, 0.8, 0.8]


def test_only_scores_between_0_and_1_share_an_axis():
    score = _score("auc", {"tstr": measured("tstr", 0.5)})
    assert _is_share(score)
    assert not _is_share(replace(score, bars=[*score.bars, ("TATR", Estimate(0.9, 0.8, 1.2))]))
