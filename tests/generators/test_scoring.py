"""Likelihoods by pencil, and the errors of models that have none."""

import numpy as np
import pytest

import synthwright as sw
from synthwright.data.grid import Grid
from synthwright.generators.densities import log_volume

PEOPLE = {"sex": ["F", "M"] * 50, "job": ["nurse", "smith", "nurse", "clerk"] * 25, "country": ["NO"] * 100}


def test_independent_columns_multiply():
    """Half are women, half nurses, all from Norway: 1/2 x 1/2 x 1. Nobody is from Sweden."""
    model = sw.fit(PEOPLE, "tabular.independent")
    told = model.log_likelihood({"sex": ["F", "M"], "job": ["nurse", "clerk"], "country": ["NO", "SE"]})
    assert told[0] == pytest.approx(np.log(1 / 4))
    assert told[1] == -np.inf


@pytest.mark.parametrize("method", ["tabular.bayes_network", "tabular.honest_trees"])
def test_linked_columns_do_not(method):
    """Every woman is a nurse, half of the men are smiths: near 1/2 and 1/4, and a male nurse next to nothing."""
    model = sw.fit(PEOPLE, method)
    told = model.log_likelihood({"sex": ["F", "M", "M"], "job": ["nurse", "smith", "nurse"], "country": ["NO"] * 3})
    assert told[0] == pytest.approx(np.log(1 / 2), abs=0.15)
    assert told[1] == pytest.approx(np.log(1 / 4), abs=0.25)
    assert told[2] < np.log(1 / 30)


def test_the_volume_of_a_cell_counts_its_values():
    """Cells 0, 2 to 4 and 6 to 9: a point mass, 3 values and the gap's 5 (the tie goes left), 4 values."""
    grid = Grid(np.array([0.0, 2.0, 6.0]), np.array([0.0, 4.0, 9.0]), 1.0)
    told = np.exp(log_volume(grid, np.array([0.0, 3.0, 5.0, 7.0, np.nan, 10.0])))
    assert told.tolist() == pytest.approx([1, 4, 4, 4, 1, np.inf])


def test_a_method_without_likelihood_names_those_that_have_one():
    with pytest.raises(sw.UsageError, match=r"tabular\.bayes_network"):
        sw.fit(PEOPLE, "tabular.noise").log_likelihood(PEOPLE)
    with pytest.raises(sw.BadInput, match="lacks 2 of the 3 columns"):
        sw.fit(PEOPLE, "tabular.independent").log_likelihood({"sex": ["F"]})
