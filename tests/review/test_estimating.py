"""Rates hold for the whole table: no bias, and intervals that cover, whatever reviewers miss."""

from __future__ import annotations

import numpy as np
import pytest
from sheets import key_of, reviewer, rng_of, said

from synthwright.review.agreement import agreement
from synthwright.review.estimating import Caught, WeightedShare, corrected, weighted_share
from synthwright.review.judging import conclude, gate
from synthwright.review.scoring import score
from synthwright.review.verdicts import Answers

TAKEN, SIZES = (24, 55, 17), (24, 2_300, 676)  # the most unusual rows and two classes, as on a sheet of 120 rows


def test_a_row_stands_for_as_many_as_its_chance_says():
    """By pencil: 1 of 2 rows of a stratum of 10, and 1 of 4 of one of 90: (5 + 22.5) / 100.

    Its variance is .01 * .25 / 1 + .81 * .1875 / 3 = .053125, that of .275 * .725 / .053125 = 3.753 rows.
    """
    hit, stratum = np.array([1, 0, 1, 0, 0, 0]), np.array([0, 0, 1, 1, 1, 1])
    share = weighted_share(hit, stratum, np.array([10, 90]))
    assert share.value == pytest.approx(0.275)
    assert share.rows == pytest.approx(3.753, abs=1e-3)


def test_rows_that_stand_for_few_do_not_narrow_the_interval_of_all():
    """No hit among 60 rows of a large stratum and 60 of a tiny one: about 60 rows know the share, not 120."""
    stratum = np.repeat([0, 1], 60)
    share = weighted_share(np.zeros(120), stratum, np.array([60, 9_940]))
    assert share.rows == pytest.approx(60, abs=1)
    half_hit = weighted_share(np.where(stratum == 0, np.arange(120) % 2, 0), stratum, np.array([60, 9_940]))
    assert half_hit.estimate().high > 0.05


@pytest.mark.parametrize("rates", [(0.5, 0.02, 0.02), (0.5, 0.1, 0.3), (0.9, 0.0, 0.05), (0.3, 0.3, 0.3)])
def test_the_weighted_share_has_no_bias_and_its_interval_covers(rates):
    """800 samples: 95 % are wanted; below 93 % a right interval comes once in 200 times."""
    rng, stratum = rng_of(1), np.repeat([0, 1, 2], TAKEN)
    sizes = np.array(SIZES)
    truth = float(sizes @ np.array(rates) / sizes.sum())
    shares = [weighted_share(rng.random(len(stratum)) < np.array(rates)[stratum], stratum, sizes) for _ in range(800)]
    values = np.array([share.value for share in shares])
    assert abs(values.mean() - truth) < 4 * values.std() / np.sqrt(800)
    covered = np.mean([share.estimate().low <= truth <= share.estimate().high for share in shares])
    assert covered >= 0.93


def test_the_correction_by_pencil():
    """Rogan & Gladen (1978): 30 % positive, sensitivity .9, specificity .8: (.3 + .8 - 1) / (.9 + .8 - 1) = 1/7."""
    found = corrected(WeightedShare(0.3, 1_000), Caught(90, 100), Caught(80, 100))
    assert found.value == pytest.approx(1 / 7)
    assert found.low < 1 / 7 < found.high


def test_with_a_perfect_reviewer_known_for_sure_nothing_is_corrected():
    """Lang & Reiczigel's interval becomes that of Agresti & Coull (1998): 4 of 40 is 0.034 to 0.238 by hand."""
    found = corrected(WeightedShare(0.1, 40), Caught(10**9, 10**9))
    assert (found.value, found.low, found.high) == pytest.approx((0.1, 0.0342, 0.2367), abs=2e-3)


def test_whoever_is_no_better_than_chance_corrects_nothing():
    with pytest.raises(ValueError, match="chance"):
        corrected(WeightedShare(0.1, 40), Caught(10, 20), Caught(10, 20))


@pytest.mark.parametrize(
    ("bad", "sensitivity", "specificity", "good"),
    [(0.0, 0.9, 1.0, 0), (0.02, 0.9, 1.0, 0), (0.1, 0.7, 1.0, 0), (0.3, 0.8, 1.0, 0), (0.05, 0.95, 0.95, 24),
     (0.2, 0.8, 0.9, 24)],
)  # fmt: skip
def test_the_corrected_rate_covers_the_truth_whatever_is_missed(bad, sensitivity, specificity, good):
    """300 reviews, from answers to figure: 95 % are wanted; below 91.5 % a right interval comes once in 200 times."""
    key, rng = key_of(TAKEN, SIZES, good=good), rng_of(2)
    truth = (min(1.0, 3 * bad), bad, bad)
    share = float(np.array(SIZES) @ truth / sum(SIZES))
    covered = judged = 0
    for _ in range(300):
        answers = reviewer(key, truth, rng, sensitivity=sensitivity, specificity=specificity)
        rate = conclude(key, [answers]).bad_rate
        if rate is not None:
            judged += 1
            covered += rate.low <= share <= rate.high
    assert judged > 250
    assert covered / judged >= 0.915


def test_without_known_good_rows_false_alarms_count_against_the_rows():
    """Nothing is bad, and one row in ten is rejected by mistake: the rate is too high, never too low."""
    key, rng = key_of(TAKEN, SIZES), rng_of(3)
    rates = [conclude(key, [reviewer(key, (0, 0, 0), rng, specificity=0.9)]).bad_rate for _ in range(20)]
    assert np.mean([rate.value for rate in rates]) == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
def test_guessing_is_hardly_ever_taken_for_knowledge(share):
    """800 reviewers who call rows bad blindly: at most 2.5 % may pass; above 4.2 % it would come once in 500 times."""
    key, rng = key_of(TAKEN, SIZES), rng_of(4)
    guessers = [
        Answers(reviewer="x", words={at: "bad" if rng.random() < share else "good" for at in range(len(key.rows))})
        for _ in range(800)
    ]
    assert np.mean([score(one, key).reliable for one in guessers]) <= 0.042


@pytest.mark.parametrize(
    ("planted", "sampled", "told"),
    [
        ("good", "good", "none of the 24"),
        ("bad", "bad", "guessing may do as well"),
        ("unsure", "good", "none of the 24"),
    ],
)
def test_whoever_calls_everything_one_thing_is_unreliable(planted, sampled, told):
    key = key_of(TAKEN, SIZES)
    review = conclude(key, [said(key, planted=planted, sampled=sampled)])
    (scored,) = review.reviewers
    assert not scored.reliable
    assert told in scored.why_not
    assert review.bad_rate is None
    result = gate(review, 0.1)
    assert result.verdict == "UNDECIDED"
    assert told in result.sentence


def test_known_good_rows_tell_who_rejects_rightly_from_who_rejects_all():
    """Every sampled row is bad: only rows known to be good show that it is the rows, not the reviewer."""
    key = key_of(TAKEN, SIZES, good=24)
    review = conclude(key, [said(key, sampled="bad")])
    assert review.reviewers[0].reliable
    assert gate(review, 0.1).verdict == "FAIL"


def test_an_open_row_may_be_bad():
    """Nothing was rejected; unsure and unanswered rows raise the upper end, not the rate."""
    key = key_of(TAKEN, SIZES)
    whole, part = said(key), said(key)
    for at in (30, 31, 32):
        part.words[at] = "unsure"
    for at in (33, 34, 35):
        del part.words[at]
    all_clear, open_rows = conclude(key, [whole]), conclude(key, [part])
    assert open_rows.unclear == 6
    assert open_rows.reject_rate.value == all_clear.reject_rate.value == 0
    assert open_rows.bad_rate.high > all_clear.bad_rate.high + 0.05
    assert "6 rows have no clear verdict" in gate(open_rows, 0.1).sentence


def test_the_gate_passes_fails_or_says_what_would_decide():
    key = key_of(TAKEN, SIZES)
    few = said(key)
    few.words.update(dict.fromkeys((30, 40, 50), "bad"))
    assert gate(conclude(key, [said(key)]), 0.1).verdict == "PASS"
    doubt = gate(conclude(key, [few]), 0.1)
    assert doubt.verdict == "UNDECIDED"
    assert "review export DIR --rows" in doubt.sentence
    several = said(key)
    several.words.update(dict.fromkeys(range(30, 40), "bad"))
    doubt = conclude(key, [several])
    assert doubt.bad_rate.value > 0.1
    assert gate(doubt, 0.1).verdict == "UNDECIDED"
    many = said(key)
    many.words.update(dict.fromkeys(range(30, 50), "bad"))
    assert gate(conclude(key, [many]), 0.1).verdict == "FAIL"
    assert gate(None, 0.1).verdict == "UNDECIDED"
    assert all(gate(one, 0.1).blocking for one in (None, conclude(key, [few])))


def test_only_reliable_reviewers_count_and_the_majority_decides():
    key = key_of(TAKEN, SIZES)
    lazy = said(key, planted="good", name="lazy")
    one, two, three = (said(key, name=name) for name in ("ann", "bob", "cyd"))
    one.words[30] = two.words[30] = three.words[31] = "bad"
    review = conclude(key, [one, two, three, lazy])
    assert [scored.reliable for scored in review.reviewers] == [True, True, True, False]
    assert [rejected for _, rejected, _ in review.by_stratum] == [0, 1, 0]
    assert review.unclear == 0


def test_cohens_kappa_by_pencil():
    """20 good by both, 15 bad by both, 5 and 10 split: .7 observed, .5 by chance, so .4."""
    pairs = [("good", "good")] * 20 + [("bad", "bad")] * 15 + [("good", "bad")] * 5 + [("bad", "good")] * 10
    two = [Answers(reviewer=str(at), words={row: pair[at] for row, pair in enumerate(pairs)}) for at in (0, 1)]
    found = agreement(two)
    assert (found.name, found.rows) == ("Cohen's kappa", 50)
    assert found.kappa.value == pytest.approx(0.4)
    assert 0.1 < found.kappa.low < 0.4 < found.kappa.high < 0.7  # normal theory: .4 +- .25


def test_fleiss_kappa_by_pencil():
    """Three reviewers say 3-0, 2-1, 0-3, 1-2: 2/3 observed, 1/2 by chance, so 1/3."""
    rows = [("good",) * 3, ("good", "good", "bad"), ("bad",) * 3, ("good", "bad", "bad")]
    three = [Answers(reviewer=str(at), words={row: said[at] for row, said in enumerate(rows)}) for at in range(3)]
    assert agreement(three).name == "Fleiss' kappa"
    assert agreement(three).kappa.value == pytest.approx(1 / 3)


def test_agreement_needs_two_and_something_to_disagree_about():
    key = key_of(TAKEN, SIZES)
    assert agreement([said(key)]) is None
    same = [said(key, planted="good", name=name) for name in "ab"]
    assert agreement(same).kappa is None
    apart = [Answers(reviewer="a", words={0: "good"}), Answers(reviewer="b", words={1: "bad"})]
    assert (agreement(apart).rows, agreement(apart).kappa) == (0, None)
