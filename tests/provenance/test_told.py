"""The verdict in a sentence, and what it does not cover."""

from __future__ import annotations

from synthwright.provenance import RunFacts
from synthwright.provenance.told import caution


def lacking(*names: str, **measured: list) -> str:
    return caution(RunFacts.of(measurements={"not_measured": list(names), **measured}))


def test_what_was_not_measured_is_told_by_the_input_it_waits_for():
    names = ("bias.outcomes", "bias.outcomes.parity", "bias.representation", "contamination.overlap")
    told = lacking(*names, skipped=[{"metric": "utility.trts", "reason": "too few rows"}])
    assert told == (
        "Not measured: 3 figures need sensitive columns (`--sensitive`); 1 figure needs a benchmark file (`--against`)."
    )


def test_an_input_that_other_figures_had_is_not_asked_for_again():
    """Disparities need a holdout, a target and groups; with TRTS skipped the first two were there."""
    skipped = [{"metric": "utility.trts", "reason": "too few rows"}]
    assert "sensitive columns" in lacking("bias.disparities.calibration", skipped=skipped)
    assert "unseen real rows" in lacking("bias.disparities.calibration")


def test_names_of_other_versions_are_listed_as_they_are():
    assert lacking("someone.else", "x_y") == "Not measured: someone.else, x y."
    assert lacking() == ""
