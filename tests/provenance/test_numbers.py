"""Numbers as people read them."""

from __future__ import annotations

import pytest

from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.numbers import DASH, MINUS, count, interval, moment, plain, seconds, share, signed
from synthwright.provenance.wording import phrase, title_of


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"), (-0.0, "0"), (0.01234, "0.0123"), (0.00001, "<0.0001"), (-0.00001, f">{MINUS}0.0001"),
        (-0.5, f"{MINUS}0.5000"), (1.0, "1"), (12.34, "12.34"), (123456.7, "123,457"), (None, DASH),
    ],
)  # fmt: skip
def test_decimals_follow_the_size(value, said):
    assert plain(value) == said


def test_a_difference_has_its_sign():
    assert signed(0.01) == "+0.0100"
    assert signed(-0.01) == f"{MINUS}0.0100"
    assert signed(0.0) == "0"


def test_an_interval_without_width_is_a_dash():
    assert interval(Estimate.exact(1.0)) == DASH
    assert interval(Estimate(0.5, 0.4, 0.6)) == "0.4000 to 0.6000"


def test_shares_counts_and_times_have_units():
    shares = (1.0, 0.5, 0.0123, 0.0001, 0.0)
    assert [share(value) for value in shares] == ["100 %", "50 %", "1.2 %", "<0.1 %", "0.0 %"]
    assert [count(1234), count(True), count(None)] == ["1,234", DASH, DASH]
    assert [seconds(3.21), seconds(600), seconds("x")] == ["3.2 s", "10.0 min", DASH]
    assert moment("2026-11-20T09:30:12+00:00") == "2026-11-20 09:30 UTC"


def test_names_in_code_become_words():
    assert phrase("minority_f1") == "Minority F1"
    assert title_of("fidelity.pair_trends.worst") == "Pair trends, worst"
    assert title_of("utility.tstr.linear.auc") == "TSTR, linear, AUC"
    assert title_of("oddity") == "Oddity"
