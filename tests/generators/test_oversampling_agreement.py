"""Over-samplers do what imbalanced-learn's do on real rows, in all that is not random; the benchmark's own checks."""

import sys
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its imports touch names that scikit-learn has moved
    pytest.importorskip("imblearn", reason="imbalanced-learn is not installed: no oracle for over-samplers")

HOME = Path(__file__).parents[1]
sys.path.append(str(HOME.parent / "benchmarks"))  # at the end: no module of a test is hidden

from oversampling_agreement import METHODS, agreement, along, clusters_of  # noqa: E402  # it lies in no package

TABLES = {"default_1000": "default payment next month", "shoppers_1000": "Revenue"}


@cache
def found(name):
    frame = pd.read_parquet(HOME / "data" / f"{name}.parquet")
    y = np.unique(frame[TABLES[name]].to_numpy(), return_inverse=True)[1]
    X = frame.drop(columns=TABLES[name]).select_dtypes("number").to_numpy(dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # distances of whole tables concentrate, and that is told
        return np.bincount(y), agreement(X, y)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("method", METHODS)
def test_new_rows_lie_between_a_start_and_its_neighbour_and_counts_are_exact(method, name):
    counts, said = found(name)
    one = said[method]
    assert one["counts_after"] == [counts.max()] * 2
    assert one["parents_are_start_and_neighbour"]
    assert one["farthest_beside_a_segment_over_column_spread"] < 1e-9
    assert one["along_the_segment"][0] >= (-0.5 if method == "svm_smote" else 0.0) - 1e-9
    assert one["along_the_segment"][1] <= 1.0 + 1e-9


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("method", ["smote", "borderline_smote", "adasyn", "svm_smote"])
def test_neighbours_are_the_same_but_for_ties(method, name):
    assert found(name)[1][method]["neighbour_sets_equal_or_tied"] == 1.0
    assert found(name)[1][method]["neighbour_sets_equal"] > 0.9


@pytest.mark.parametrize("name", TABLES)
def test_the_rows_to_start_from_are_the_same(name):
    _, said = found(name)
    assert said["borderline_smote"]["danger_rows_equal"]
    assert said["svm_smote"]["support_rows_equal"]
    assert said["svm_smote"]["danger_rows_equal"]
    assert said["adasyn"]["allotment_equal"] == 1.0
    assert said["adasyn"]["new_rows"]["ours_if_rounded"] == said["adasyn"]["new_rows"]["theirs"]


@pytest.mark.parametrize("name", TABLES)
def test_clusters_get_the_share_that_their_density_gives_them(name):
    said = found(name)[1]["kmeans_smote"]
    assert said["clusters"] > 1
    assert said["largest_difference_of_shares"] < 1e-12
    assert said["partners_in_clusters"]


def test_the_check_sees_a_row_beside_its_segment():
    """(0, 0) to (2, 0): (1, 0) lies half the way; (1, 1) one off, over deviations 1 and 1 of the four rows."""
    X = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    parents = np.array([[0, 1], [0, 1]])
    share, beside = along(X, parents, np.array([[1.0, 0.0], [0.5, 0.0]]))
    assert share.tolist() == [0.5, 0.25]
    assert beside == 0.0
    assert along(X, parents, np.array([[1.0, 1.0], [0.5, 0.0]]))[1] == 1.0


def test_clusters_are_told_apart_by_their_weights():
    class Found:
        base, weights = np.arange(5), np.array([0.5, 0.5, 0.2, 0.2, 0.2])

    assert clusters_of(Found).tolist() == [1, 1, 2, 2, 2]
