"""Rows that are each known elsewhere follow the same distribution as rows that are all known in the same columns."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

import synthwright as sw
from synthwright.generators.tabular._gaussian_copula_gaps import completed
from synthwright.seeding import Streams


@pytest.fixture(scope="module")
def model():
    rng = np.random.default_rng(0)
    z = rng.standard_normal((3_000, 4)) @ np.linalg.cholesky(np.full((4, 4), 0.6) + 0.4 * np.eye(4)).T
    frame = pd.DataFrame(
        {"a": z[:, 0], "b": np.round(z[:, 1] * 3), "c": z[:, 2], "d": np.where(z[:, 3] > 0.3, "y", "n")}
    )
    frame.loc[z[:, 2] > 1.2, "b"] = np.nan
    return sw.fit(frame, "tabular.gaussian_copula", seed=0)


def test_points_condition_by_the_formula_of_gaussian_vectors():
    correlation = np.array([[1.0, 0.8, 0.3], [0.8, 1.0, 0.5], [0.3, 0.5, 1.0]])
    n = 20_000
    box = np.full((n, 3), -np.inf), np.full((n, 3), np.inf)
    box[0][::2, 0] = box[1][::2, 0] = 1.5  # every other row knows the first variable
    drawn = completed(*box, correlation, Streams(1))
    told, free = drawn[::2], drawn[1::2]
    assert (told[:, 0] == 1.5).all()
    # Means and covariances given x0: R[i, 0] * 1.5 and R[i, j] - R[i, 0] R[0, j]; five standard errors of 10,000 rows.
    assert np.allclose(told[:, 1:].mean(axis=0), [1.2, 0.45], atol=0.05)
    assert np.allclose(np.cov(told[:, 1:].T), [[0.36, 0.26], [0.26, 0.91]], atol=0.07)
    assert np.allclose(np.cov(free.T), correlation, atol=0.07)


def test_intervals_condition_as_rejection_does():
    correlation = np.array([[1.0, 0.8, 0.6], [0.8, 1.0, 0.7], [0.6, 0.7, 1.0]])
    n = 20_000
    low, high = np.full((n, 3), -np.inf), np.full((n, 3), np.inf)
    low[:, 0], high[:, 1] = 0.5, -0.2
    drawn = completed(low, high, correlation, Streams(2))
    plain = np.random.default_rng(3).standard_normal((600_000, 3)) @ np.linalg.cholesky(correlation).T
    kept = plain[(plain[:, 0] > 0.5) & (plain[:, 1] < -0.2)]
    assert (drawn[:, 0] >= 0.5).all()
    assert (drawn[:, 1] <= -0.2).all()
    assert np.allclose(drawn.mean(axis=0), kept.mean(axis=0), atol=0.03)  # 4 standard errors
    assert np.allclose(np.cov(drawn.T), np.cov(kept.T), atol=0.04)


def test_rows_with_gaps_follow_what_rows_of_one_pattern_follow(model):
    n = 4_000
    one = model.sample(given=pd.DataFrame({"b": [3.0] * n, "d": ["y"] * n}), seed=1).to_pandas()
    rows = pd.DataFrame({"a": [np.nan] * n, "b": [3.0] * n, "c": [np.nan] * n, "d": ["y"] * n})
    rows.loc[::2, "a"] = 0.0  # two patterns, and columns that nothing is known of
    two = model.sample(given=rows, seed=2).to_pandas()
    assert (two["b"] == 3).all()
    assert (two["d"] == "y").all()
    assert (two["a"][::2] == 0).all()
    other = two.iloc[1::2]
    error = 5 * np.sqrt(one["c"].var() / len(other) + one["c"].var() / n)
    assert abs(one["c"].mean() - other["c"].mean()) < error
    assert abs(one[["a", "c"]].corr().iloc[0, 1] - other[["a", "c"]].corr().iloc[0, 1]) < 0.09


def test_a_row_does_not_depend_on_the_rows_after_it(model):
    rng = np.random.default_rng(5)
    rows = model.sample(1_500, seed=7).to_pandas()
    rows = rows.mask(rng.random(rows.shape) < 0.4)
    rows.loc[:5, ["a", "b", "c", "d"]] = [0.5, 1.0, 0.5, "n"]  # whole ones in front
    some, all_of = model.sample(given=rows.head(40), seed=3), model.sample(given=rows, seed=3)
    assert some.data.equals(all_of.data.slice(0, 40))
    whole = model.sample(given=rows.head(6), seed=3)
    assert whole.data.equals(all_of.data.slice(0, 6))


def test_a_thousand_patterns_take_a_second_at_most(model):
    names = [f"x{at}" for at in range(12)]
    z = np.random.default_rng(0).standard_normal((1_000, 12)).cumsum(axis=1).round(1)
    wide = sw.fit(pd.DataFrame(z, columns=names), "tabular.gaussian_copula", seed=0)
    rows = pd.DataFrame(z, columns=names).mask(np.random.default_rng(1).random(z.shape) < 0.5)
    assert rows.isna().drop_duplicates().shape[0] > 800
    start = time.process_time()
    assert len(wide.sample(given=rows.clip(z.min(axis=0), z.max(axis=0), axis=1), seed=0)) == 1_000
    assert time.process_time() - start < 3  # pattern by pattern it took over 10 s; a third of a second is usual
