"""Clipped density and coverage: their exact null, ties, and what the literature says a diversity metric has to see."""

import itertools

import numpy as np
import pytest
from planted_learnable import binary, changed, mixed, one

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._neighbours.balls import Placed, balls
from synthwright.evaluation._neighbours.clipped import equivalent_share, expected_filling, tied_before
from synthwright.evaluation._neighbours.neighbourhoods import neighbourhoods
from synthwright.evaluation._neighbours.reach import Reach, reach_of
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.diversity.clipped_coverage import ClippedCoverage
from synthwright.evaluation.diversity.clipped_density import ClippedDensity
from synthwright.evaluation.diversity.coverage import Coverage
from synthwright.evaluation.diversity.density import Density
from synthwright.matching.ruler import Points, Ruler

PLANE = Schema((Column(name="x", kind="float"), Column(name="y", kind="float")))
GARBAGE = np.random.default_rng(5).normal(size=(2_000, 2)) + np.array([25, 60])


def plane(points):
    return Table.of(PLANE, {"x": points[:, 0], "y": points[:, 1]})


def modes(rows, seed, of=tuple(range(10)), share=None):
    """Points around ten places on a circle, or some of them."""
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * rng.choice(of, rows, p=share) / 10
    return 10 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.5 * rng.normal(size=(rows, 2))


TRAIN, HOLDOUT = plane(modes(2_000, 1)), plane(modes(2_000, 2))


def score(metric, made, train=TRAIN, holdout=HOLDOUT):
    return one(metric, train, plane(made), holdout).estimate.value


def test_one_other_row_and_one_neighbour_by_hand():
    """One row beside N real ones comes before the first of N - 1 neighbours with chance 1 / N."""
    assert expected_filling(1, 5, 1) == pytest.approx(1 / 5)
    assert expected_filling(0, 5, 1) == 0


@pytest.mark.parametrize(("others", "real", "k"), [(2, 4, 2), (3, 4, 2), (3, 5, 3)])
def test_the_null_counts_every_order_of_rows(others, real, k):
    """All orders of `others` rows among the real - 1 neighbours are equally likely."""
    kinds = "o" * others + "r" * (real - 1)
    fills = []
    for order in set(itertools.permutations(kinds)):
        kth = [at for at, kind in enumerate(order) if kind == "r"][k - 1]
        fills.append(min(order[:kth].count("o"), k) / k)
    assert expected_filling(others, real, k) == pytest.approx(np.mean(fills))


def test_the_score_of_the_null_is_one_and_of_a_part_that_part():
    for others, real in ((500, 500), (200, 700)):
        assert equivalent_share(expected_filling(others, real, 5), others, real, 5)[0] == pytest.approx(1)
        half = expected_filling(others // 2, real, 5)
        assert equivalent_share(half, others, real, 5)[0] == pytest.approx(0.5)
    assert equivalent_share(0.0, 100, 100, 5)[0] == 0


@pytest.mark.parametrize(("needed", "ties", "tied"), [(1, 1, 2), (2, 3, 2), (1, 2, 3), (2, 2, 0)])
def test_rows_at_one_distance_count_as_if_in_random_order(needed, ties, tied):
    orders = set(itertools.permutations("r" * ties + "o" * tied))
    before = []
    for order in orders:
        nth = [at for at, kind in enumerate(order) if kind == "r"][needed - 1]
        before.append(order[:nth].count("o"))
    expected = [np.mean(np.array(before) >= j) for j in (1, 2, 3)]
    assert tied_before(np.array([needed]), np.array([ties]), np.array([tied]), 3)[0] == pytest.approx(expected)


def test_a_filled_ball_loses_only_what_no_other_row_replaces():
    """k = 2, three inside: one may go. Two inside: each is half. One inside and one of two on the edge: see the sum."""
    reach = Reach(np.ones(4), np.ones(4, int), np.ones(4, int), 2, np.full(4, 2.0))
    full, less, tied_less = reach.filling(np.array([3, 2, 1, 2]), np.array([0, 0, 1, 1]), slice(0, 4))
    # One inside, one tied with one real row: it comes first half of the time. Two inside, one tied: it may step in.
    assert full == pytest.approx([1, 1, 0.75, 1])
    assert less == pytest.approx([0, 0.5, 0.5, 0.25])
    assert tied_less == pytest.approx([0, 0, 0.25, 0])


@pytest.mark.parametrize("draw", [mixed, binary])
def test_every_ball_holds_k_rows_whatever_ties(draw):
    """Of rows at one distance each counts in expectation, so all together are in n k balls."""
    points = Ruler.of(draw(200, 0)).place(draw(200, 0))
    held = reach_of(points, 5).held
    assert held.sum() == pytest.approx(200 * 5)
    assert held.std() > 0


def test_balls_are_no_larger_than_the_median_one():
    points = Points(np.array([[0, 1, 2, 3, 50]], np.float32), np.zeros((0, 5), np.uint8))
    radius, edge = reach_of(points, 1).capped(own=False)
    assert radius.tolist() == [1, 1, 1, 1, 1]
    # Two rows of three lie at distance 1 of the middle ones: a third row there comes first a third of the time.
    assert edge.tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 3, 1 / 2, 1 / 2])


@pytest.mark.parametrize("draw", [mixed, binary])
def test_fresh_rows_have_the_exact_null_also_where_all_distances_tie(draw):
    """40 fresh tables of 300 rows: the mean filling lies within 4 standard errors of the beta-binomial."""
    found = []
    for seed in range(40):
        comparison = Comparison(*(draw(300, 3 * seed + at) for at in range(3)), seed)
        found.append(neighbourhoods(comparison).synthetic.filling.value)
    assert np.mean(found) == pytest.approx(expected_filling(300, 300, 5), abs=4 * np.std(found) / np.sqrt(40))


@pytest.mark.parametrize("sizes", [(300, 300, 100), (100, 400, 200)])
def test_the_excess_of_fresh_rows_is_zero_within_its_interval(sizes):
    """60 tables, unequal sizes: with true coverage of .95 more than 9 misses happen in 1 run of 1,000."""
    for metric in (ClippedCoverage(), ClippedDensity()):
        misses, values = 0, []
        for seed in range(60):
            found = one(metric, *(mixed(n, 3 * seed + at) for at, n in enumerate(sizes)), seed=seed).excess
            misses += not found.low <= 0 <= found.high
            values.append(found.value)
        assert misses <= 9
        assert abs(np.mean(values)) < 4 * np.std(values) / np.sqrt(60)


def test_real_rows_that_keep_balls_small_are_part_of_the_error():
    """In six columns balls share rows, so all of them are large together: without that the error is a seventh short."""
    schema = Schema(tuple(Column(name=name, kind="float") for name in "abcdef"))

    def normal(seed):
        return Table.of(schema, dict(zip("abcdef", np.random.default_rng(seed).normal(size=(6, 300)), strict=True)))

    said = []
    for seed in range(0, 240, 3):
        found = neighbourhoods(Comparison(train=normal(seed), synthetic=normal(seed + 1), holdout=normal(seed + 2)))
        said.append(found.clipped_coverage(found.synthetic))
    true = np.std([figure.value for figure in said])
    assert np.mean([figure.error for figure in said]) / true == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("metric", [ClippedCoverage(), ClippedDensity()])
def test_the_score_falls_in_proportion_to_the_share_of_bad_rows(metric):
    """The promise of the paper; plain coverage hardly moves until half of the rows are bad."""
    scores = [score(metric, np.concatenate([modes(2_000 - bad, 3), GARBAGE[:bad]])) for bad in (0, 500, 1_000, 1_500)]
    assert scores == pytest.approx([1, 0.75, 0.5, 0.25], abs=0.06)
    assert score(Coverage(), np.concatenate([modes(1_000, 3), GARBAGE[:1_000]])) > 0.83


@pytest.mark.parametrize("metric", [ClippedCoverage(), ClippedDensity(), Coverage(), Density()])
def test_units_do_not_matter(metric):
    """Scaling and shifting every column, in all tables, changes nothing."""
    made = modes(500, 3)
    moved = [plane(1_000 * points + 7) for points in (modes(2_000, 1), made, modes(2_000, 2))]
    assert one(metric, *moved).estimate.value == pytest.approx(score(metric, made), abs=1e-3)


def test_garbage_scores_zero():
    assert [score(metric, GARBAGE) for metric in (ClippedCoverage(), ClippedDensity())] == [0, 0]


def test_no_row_counts_for_more_than_k_balls():
    """Real 0, 1, 2, 10 and k = 1: 1.5 lies in the balls of 1 and of 2 and counts once, 5 in none; mean .5."""
    real, made = (
        Points(np.array([at], np.float32), np.zeros((0, len(at)), np.uint8)) for at in ([0, 1, 2, 10], [1.5, 5])
    )
    found = balls(Comparison(TRAIN, TRAIN), Placed(real), reach_of(real, 1), Placed(made))
    assert found.holding.value == 0.5
    assert found.density.value == pytest.approx(4 / 4 * 3 / 2)  # uncapped, 5 lies in the ball of 10


def test_two_outliers_do_not_lift_garbage():
    """Their balls hold all of it: plain density is .4, clipped density 0, for no ball is larger than the median one."""
    holdout = modes(2_000, 2)
    holdout[:2] = [[14, 20], [14.5, 21]]
    assert score(Density(), GARBAGE, holdout=plane(holdout)) > 0.3
    assert score(ClippedDensity(), GARBAGE, holdout=plane(holdout)) < 0.01
    assert score(ClippedCoverage(), GARBAGE, holdout=plane(holdout)) < 0.01


def test_half_of_ten_modes_leave_half_of_the_coverage_and_all_of_the_density():
    half = modes(2_000, 3, of=range(5))
    assert score(ClippedCoverage(), half) == pytest.approx(0.5, abs=0.05)
    assert score(ClippedDensity(), half) > 0.95


def test_ninety_nine_in_a_hundred_rows_in_one_mode_leave_a_tenth():
    """Every mode is there, so that recall is 1; coverage sees it."""
    crowd = modes(2_000, 3, share=[0.991] + [0.001] * 9)
    assert score(ClippedCoverage(), crowd) == pytest.approx(0.1, abs=0.03)
    assert score(Coverage(), crowd) < 0.2


def test_twenty_rows_a_hundred_times_each_cover_next_to_nothing():
    assert score(ClippedCoverage(), np.repeat(modes(20, 3), 100, axis=0)) < 0.08


def test_one_absurd_row_moves_no_score():
    """Oracle 9: by less than 2 in 100, among 1,000 rows."""
    train, fresh, holdout = (mixed(1_000, seed) for seed in range(3))
    spoilt = changed(fresh, x0=np.append(fresh.numbers("x0")[:-1], -1e15))
    for metric in (ClippedCoverage(), ClippedDensity()):
        plain = one(metric, train, fresh, holdout).estimate.value
        assert one(metric, train, spoilt, holdout).estimate.value == pytest.approx(plain, abs=0.02)
