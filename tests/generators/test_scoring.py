"""Likelihood of rows under a model: probabilities that add up to one, settled and made-up columns included."""

import numpy as np
import pandas as pd
import pytest

import synthwright as sw
from synthwright.errors import BadInput, UsageError

METHODS = ("tabular.independent", "tabular.bayes_network", "tabular.honest_trees")


def rows(n=600, seed=0):
    rng = np.random.default_rng(seed)
    a = rng.random(n) < 0.7
    b = rng.random(n) < np.where(a, 0.9, 0.2)
    mail = [None if yes else f"user{at}@mail{at % 5}.org" for at, yes in enumerate(b)]
    return pd.DataFrame({"a": np.where(a, "x", "y"), "b": np.where(b, "u", "v"), "one": "same", "mail": mail})


EVERY = pd.DataFrame(
    [(a, b, "same", mail) for a in "xy" for b in "uv" for mail in (None, "who@ever.org")],
    columns=["a", "b", "one", "mail"],
)


@pytest.mark.parametrize("method", METHODS)
def test_the_probabilities_of_all_rows_there_can_be_add_up_to_one(method):
    """What an address is does not count, whether there is one does."""
    model = sw.fit(rows(), method)
    assert np.exp(model.log_likelihood(EVERY)).sum() == pytest.approx(1, abs=1e-6)


def test_linked_columns_are_likelier_under_a_method_that_knows_the_link():
    held_out = rows(seed=1)
    known, unknown = (
        sw.fit(rows(), f"tabular.{name}").log_likelihood(held_out).mean() for name in ("honest_trees", "independent")
    )
    assert known > unknown + 0.2


def test_a_row_that_is_never_drawn_has_no_probability():
    model = sw.fit(rows(), "tabular.independent")
    assert model.log_likelihood(EVERY.head(1).assign(one="other"))[0] == -np.inf


def test_what_has_no_likelihood_says_so():
    with pytest.raises(UsageError, match="has no likelihood"):
        sw.fit(rows(), "tabular.random_oversample", target="a").log_likelihood(EVERY)
    with pytest.raises(BadInput, match="lacks 1 of the 4 columns"):
        sw.fit(rows(), "tabular.independent").log_likelihood(EVERY.drop(columns="mail"))
