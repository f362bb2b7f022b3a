"""Distance ratios see copies against their ceiling; the textbook figures are shown with their blind spots."""

import numpy as np
import pytest
from planted_learnable import joined, mixed, one, told

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._statistics.quantiles import distance_ratio
from synthwright.evaluation.measurement import Skipped
from synthwright.evaluation.privacy.dcr_share import DCRShare
from synthwright.evaluation.privacy.nndr import NNDR
from synthwright.evaluation.privacy.textbook import Textbook

TRAIN, HOLDOUT, FRESH = mixed(2_000, 11), mixed(2_000, 12), mixed(2_000, 13)
LOW, MIDDLE = NNDR.info.measures
MEDIAN, RATIO, TEXT_NNDR, BELOW, IDENTICAL = Textbook.info.measures
LINE = Schema((Column(name="x", kind="float"),))


def line(values):
    return Table.of(LINE, {"x": np.array(values, dtype=float)})


def test_a_ratio_of_two_zeros_singles_nobody_out():
    assert distance_ratio(np.array([[0.0, 0.0], [0.0, 2.0], [1.0, 4.0]])).tolist() == [1, 0, 0.25]


def test_both_quantiles_by_hand():
    """Train 0 to 32: at 3 and 10 the ratio is 0, at 3.25 a third, at 3.5 one; five rows of each."""
    results = told(NNDR(), line(range(33)), line([3, 3.25, 3.5, 10] * 5), line(np.arange(33) + 0.5))
    assert results[LOW].estimate.value == 0
    assert results[MIDDLE].estimate.value == pytest.approx(1 / 6, abs=1e-3)
    assert results[MIDDLE].holdout.value == pytest.approx(1, abs=1e-3)


def test_fresh_rows_stand_where_unseen_ones_do():
    """Oracles 1 and 15: train as large as the holdout, twice, half as large; 99.9 % intervals are 1.7 times wider."""
    for holdout in (HOLDOUT, mixed(1_000, 4), mixed(4_000, 4)):
        for result in told(NNDR(), TRAIN, FRESH, holdout).values():
            one_, wider = result.excess, 1.7
            assert one_.value - wider * (one_.value - one_.low) <= 0 <= one_.value + wider * (one_.high - one_.value)


def test_copies_lower_the_ratio():
    """Oracles 2 and 3: a full copy is seen at both quantiles, a tenth at the lower one."""
    for result in told(NNDR(), TRAIN, TRAIN, HOLDOUT).values():
        assert result.excess.high < -0.2
    tenth = told(NNDR(), TRAIN, joined(FRESH.head(1_800), TRAIN.head(200)), HOLDOUT)
    assert tenth[LOW].excess.high < 0
    assert tenth[LOW].detectable < 0.1


def test_intervals_miss_as_often_as_they_say():
    """40 tables of 300 rows: 6 misses of 0 or more happen in 2 % of runs."""
    misses = np.zeros(2, int)
    for seed in range(40):
        tables = mixed(300, 3 * seed), mixed(300, 3 * seed + 1), mixed(150, 3 * seed + 2)
        results = told(NNDR(), *tables, seed=seed)
        misses += [not results[name].excess.low <= 0 <= results[name].excess.high for name in (LOW, MIDDLE)]
    assert (misses < 6).all(), misses


@pytest.mark.parametrize(
    ("metric", "name", "seen"),
    [
        (DCRShare(), "privacy.dcr_share", lambda found: found.estimate.low > 0.5),
        (NNDR(), LOW, lambda found: found.excess.high < 0),
    ],
)
def test_a_planted_share_at_the_limit_of_detection_is_found_nearly_always(metric, name, seen):
    """20 tables of 1,000 rows; of 95 % power 15 or fewer finds happen once in 400 runs."""
    limit = told(metric, mixed(1_000, 1), mixed(1_000, 2), mixed(1_000, 3))[name].detectable
    assert limit < 0.2
    found, copies = 0, round(limit * 1_000)
    for seed in range(20):
        train, fresh, holdout = (mixed(1_000, 100 + 3 * seed + at) for at in range(3))
        planted = joined(fresh.head(1_000 - copies), train.head(copies))
        found += seen(told(metric, train, planted, holdout, seed=seed)[name])
    assert found > 15


@pytest.mark.parametrize("metric", [DCRShare(), NNDR()])
def test_what_is_detectable_does_not_depend_on_what_was_found(metric):
    fresh, copied = (told(metric, TRAIN, made, HOLDOUT) for made in (FRESH, TRAIN))
    for name, result in fresh.items():
        assert copied[name].detectable == pytest.approx(result.detectable, rel=0.4)


def test_the_textbook_figures_by_hand():
    """Half of the rows are at train, the others a quarter and a half of the way: an eighth of a step in the middle."""
    results = told(Textbook(), line(range(33)), line([3, 3.25, 3.5, 10] * 5), line(np.arange(33) + 0.5))
    assert results[MEDIAN].estimate.value == pytest.approx(0.125 / 32, abs=1e-4)
    assert results[RATIO].estimate.value == pytest.approx(0.125, abs=5e-3)
    assert results[TEXT_NNDR].estimate.value == 0
    assert results[IDENTICAL].estimate.value == 0.5


def test_the_share_below_the_own_5_percent_is_5_percent_whatever_was_copied():
    for made in (FRESH, joined(FRESH.head(1_000), mixed(1_000, 99))):
        assert told(Textbook(), TRAIN, made, HOLDOUT)[BELOW].estimate.value == pytest.approx(0.05, abs=0.001)


def test_the_medians_do_not_see_one_percent_of_copies():
    """Oracle 3: which is why nothing is judged by them."""
    leaky = joined(FRESH.head(1_980), TRAIN.head(20))
    results = told(Textbook(), TRAIN, leaky, HOLDOUT)
    assert all(results[name].excess.low <= 0 <= results[name].excess.high for name in (MEDIAN, RATIO, TEXT_NNDR))


def test_a_table_of_twins_has_a_ratio_that_says_nothing():
    twice = joined(*[mixed(100, 1)] * 2)
    results = told(Textbook(), twice, mixed(100, 2), twice)
    assert all(not isinstance(result, Skipped) for result in results.values())
    said = results[RATIO].estimate
    assert (said.low, said.value, said.high) == (0, 1, 1)


@pytest.mark.parametrize("metric", [NNDR(), Textbook()])
def test_too_few_rows_are_skipped_with_the_number(metric):
    assert all("19" in result.reason for result in told(metric, TRAIN, mixed(19, 3), HOLDOUT).values())


def test_samples_are_told():
    found = told(NNDR(queries=200, references=300), TRAIN, FRESH, HOLDOUT)[LOW]
    assert (found.n_real, found.n_synthetic, found.sampled) == (300, 200, True)
    assert one(DCRShare(), TRAIN, FRESH, HOLDOUT).detectable > 0
