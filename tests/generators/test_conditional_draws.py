"""Rows drawn under conditions follow the model's own conditional distribution, whatever way they are drawn.

The reference is brute force: the same model drawn without conditions, rows that break them thrown away. Both sets of
rows are tallied in the cells of one table of counts and compared by a chi-squared test at 1 in 10,000; with 25 tests a
correct build fails one of them in 1 of 400 choices of the seeds, which are fixed.
"""

from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import chi2

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.generators.evidence import Evidence
from synthwright.generators.fitting import fit_model
from synthwright.generators.narrowing import narrowed
from synthwright.generators.protocol import Given
from synthwright.generators.settings import make_generator
from synthwright.generators.weighting import effective_size, resampled
from synthwright.seeding import Streams

METHODS = ("tabular.independent", "tabular.bayes_network", "tabular.gaussian_copula", "tabular.honest_trees")
LEAST = 1e-4
SCHEMA = Schema(
    (
        Column(name="a", kind="categorical", categories=("x", "y", "z")),
        Column(name="b", kind="integer", bounds=(0, 9)),
        Column(name="c", kind="float", decimals=1, bounds=(-20, 40), missing=True),
        Column(name="d", kind="boolean", role="target"),
    )
)
CONDITIONS = (
    {"b": 3},
    {"d": True, "a": "x"},
    {"b": (2, 5)},
    {"c": None},
    {"c": (None, None), "a": {"x", "y"}},
    {"c": (3.05, 9.5), "d": False},
)


def joint(n=4_000, seed=0):
    """a moves b, b moves c and whether it is there, and d looks at all of them."""
    rng = np.random.default_rng(seed)
    a = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    b = rng.binomial(9, np.array([0.2, 0.5, 0.8])[a])
    c = np.clip(np.round(2 * b + rng.normal(0, 3, n), 1), -20, 40)
    gone = rng.random(n) < 0.05 + 0.05 * b
    d = rng.random(n) < 1 / (1 + np.exp(-(b - 4) - 2 * (a == 2)))
    cells = {"a": np.array(["x", "y", "z"])[a], "b": b, "c": pa.array(c, mask=gone), "d": d}
    return Table(SCHEMA, pa.table(cells))


@cache
def model(method):
    return fit_model(joint(), make_generator(method), Context(streams=Streams(0)))


@cache
def freely(method):
    return model(method).sample(120_000, seed=100)


def cells(table):
    """One number per row: the levels of a and d, b, and c in steps of 4 or missing."""
    c = table.numbers("c")
    steps = np.where(np.isnan(c), 15, np.floor((np.nan_to_num(c) + 20) / 4.0001)).astype(int)
    return ((table.levels("a") * 10 + table.numbers("b").astype(int)) * 16 + steps) * 2 + table.levels("d")


def chance(one, other):
    """The probability of a difference as large as that between two samples of cells from one distribution.

    Cells with fewer than 10 rows in expectation on either side are put together.
    """
    size = max(one.max(), other.max()) + 1
    counts = np.stack([np.bincount(one, minlength=size), np.bincount(other, minlength=size)]).astype(float)
    share = counts.sum(axis=1, keepdims=True) / counts.sum()
    thin = (counts.sum(axis=0) * share.min()) < 10
    counts = np.column_stack([counts[:, ~thin], counts[:, thin].sum(axis=1)])
    counts = counts[:, counts.sum(axis=0) > 0]
    expected = counts.sum(axis=0) * share
    freedom = counts.shape[1] - 1
    return chi2.sf(((counts - expected) ** 2 / expected).sum(), freedom) if freedom else 1.0


def holding(table, given):
    """The rows of `table` that satisfy `given`."""
    kept = np.ones(len(table), dtype=bool)
    for predicate in narrowed(Given.of(given, SCHEMA).where, SCHEMA):
        kept &= predicate.holds(table)
    return table.take(kept)


@pytest.mark.parametrize("given", CONDITIONS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_conditional_rows_are_those_of_brute_force(method, given):
    drawn = model(method).sample(2_000, seed=7, given=given)
    assert len(holding(drawn, given)) == 2_000
    assert chance(cells(drawn), cells(holding(freely(method), given))) > LEAST


def by_weight(given, n=2_000, seed=3):
    trees = model("tabular.honest_trees").sampler
    evidence = Evidence.of(None, narrowed(Given.of(given, SCHEMA).where, SCHEMA), trees.schema, n, unknown=False)
    return resampled(trees, evidence, Streams(seed))


@pytest.mark.parametrize("given", CONDITIONS, ids=str)
def test_rows_picked_by_weight_are_those_of_brute_force(given):
    """What is common enough is waited for; here the weights alone have to do."""
    found = by_weight(given)
    assert len(holding(found.table, given)) == 2_000
    assert chance(cells(found.table), cells(holding(freely("tabular.honest_trees"), given))) > LEAST


def halves(n=4_000):
    """Rows of two kinds, one after the other: of the even ones a and d are known, of the odd ones b."""
    even = np.arange(n) % 2 == 0
    told = {
        "a": pa.array(["x"] * n, mask=~even),
        "b": pa.array(np.full(n, 6), mask=even),
        "d": pa.array([True] * n, mask=~even),
    }
    return pa.table(told), even


@pytest.mark.parametrize("method", METHODS)
def test_partial_rows_are_completed_as_brute_force_would(method):
    """Cells that are known differ from row to row."""
    rows, even = halves()
    drawn = model(method).sample(given=rows, seed=5)
    for given, part in (({"a": "x", "d": True}, even), ({"b": 6}, ~even)):
        assert len(holding(drawn.take(part), given)) == 2_000
        assert chance(cells(drawn.take(part)), cells(holding(freely(method), given))) > LEAST


def test_a_condition_on_a_column_that_repeats_another_reaches_back():
    """w is v in 40 % of the rows and else uniform: given w = 7, v is 7 in .4 + .6 / 20 = 43 % of them.

    Of 2,000 rows 860, sd 22; the trees' own share stands for .43, and 130 rows allow for its noise, too (sd 14): 5 sd.
    """
    rng = np.random.default_rng(1)
    v = rng.integers(0, 20, 6_000)
    w = np.where(rng.random(6_000) < 0.4, v, rng.integers(0, 20, 6_000))
    schema = Schema(tuple(Column(name=name, kind="integer", bounds=(0, 19)) for name in ("v", "w")))
    table = Table(schema, pa.table({"v": v, "w": w}))
    trees = fit_model(table, make_generator("tabular.honest_trees", {"first": ("v",)}), Context(streams=Streams(0)))
    free = trees.sample(100_000, seed=1)
    seven = free.numbers("w") == 7
    wanted = (free.numbers("v")[seven] == 7).mean()
    evidence = Evidence(2_000, {"w": np.full(2_000, 7.0)}, {"w": np.ones(2_000, dtype=bool)})
    found = resampled(trees.sampler, evidence, Streams(2)).table
    assert set(found.numbers("w")) == {7}
    assert abs((found.numbers("v") == 7).sum() - 2_000 * wanted) < 130


def test_effective_candidates_are_worth_as_many_independent_ones():
    """The weighted share of a = x among 128 candidates varies, over 400 rows, as that of `effective` free draws would.

    Kish's size leaves out how weights and values go together: within a factor of 1.5 either way. The variance of 400
    shares has a standard error of 7 %.
    """
    trees = model("tabular.honest_trees").sampler
    evidence = Evidence.of(
        None, narrowed(Given.of({"d": True, "b": 3}, SCHEMA).where, SCHEMA), SCHEMA, 400, unknown=False
    )
    drawn = trees.candidates(evidence, 128, Streams(9))
    weights = np.zeros(400 * 128)
    weights[drawn.numbers] = np.exp(drawn.log_weights)
    hits = np.zeros(400 * 128)
    hits[drawn.numbers] = drawn.values["a"] == 0
    weights, hits = weights.reshape(400, 128), hits.reshape(400, 128)
    shares = (weights * hits).sum(axis=1) / weights.sum(axis=1)
    worth = effective_size(weights).mean()
    assert 8 < worth < 120
    assert 1 / 1.5 < shares.var() / (shares.mean() * (1 - shares.mean()) / worth) < 1.5


def test_weights_of_one_row_can_be_told_by_pencil():
    assert effective_size(
        np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 0.0, 0.0, 0.0], [3.0, 1.0, 0.0, 0.0]])
    ) == pytest.approx([4.0, 1.0, 1.6])
    assert effective_size(np.zeros((1, 3))) == [0.0]


def test_rows_that_nothing_fits_are_left_out_and_counted():
    """c is never -20 to -12 where b is 9 (18 less 10 standard deviations): no leaf has both."""
    given = {"b": 9, "c": (-20.0, -12.0), "a": "z"}
    free = model("tabular.honest_trees")
    with pytest.raises(BadInput, match="0 of 30 rows were found"):
        free.sample(30, given=given)
    drawn = free.draw(30, given=given, short="return")
    assert (drawn.found, drawn.asked, len(drawn.table)) == (0, 30, 0)
    assert drawn.acceptance == 0
    assert drawn.candidates > 30 * 2_048


def test_acceptance_and_effective_sizes_are_reported():
    free = model("tabular.honest_trees")
    common = free.draw(500, given={"a": "x"}, seed=2)
    assert 0.3 < common.acceptance < 0.6  # half of the rows have it
    assert common.effective is None
    rare = free.draw(given=halves(40)[0], seed=2)
    assert rare.found == 40
    assert (rare.effective >= 7.9).all()
    assert rare.summary()["effective"]["rows"] == 40
    exact = model("tabular.bayes_network").draw(50, given={"a": "x"})
    assert (exact.acceptance, exact.effective) == (1.0, None)
