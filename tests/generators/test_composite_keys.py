"""Keys of several columns: proposed, kept by every method, and drawn to the last combination there is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import synthwright as sw
from synthwright.errors import BadInput

METHODS = ("honest_trees", "gaussian_copula", "bayes_network", "independent", "smote_nc", "noise", "random_oversample")


def lines(orders=100):
    """Three lines of each order, in no order."""
    rng = np.random.default_rng(0)
    n = 3 * orders
    frame = pd.DataFrame(
        {
            "order": np.repeat(np.arange(1_000, 1_000 + orders), 3),
            "line": np.tile([1, 2, 3], orders),
            "item": rng.choice(["a", "b", "c"], n),
        }
    )
    return frame.iloc[rng.permutation(n)].reset_index(drop=True)


def all_pairs():
    rows, columns = 20, 25
    frame = {"a": np.repeat(np.arange(rows), columns), "b": np.tile(np.arange(columns), rows)}
    return pd.DataFrame(frame | {"x": np.random.default_rng(0).normal(size=rows * columns)})


def test_a_key_of_two_columns_is_proposed():
    assert [one.rule for one in sw.propose_constraints(lines())] == ["unique(order, line)"]


@pytest.mark.parametrize("method", METHODS)
def test_a_key_of_two_columns_is_kept_by_every_method(method):
    model = sw.fit(lines(), f"tabular.{method}", constraints=["unique(order, line)"])
    drawn = model.draw(150, seed=1)
    rows = drawn.table.to_pandas()
    assert len(rows) == 150
    assert not rows.duplicated(["order", "line"]).any()
    assert rows.duplicated(["order"]).any()  # neither column is a key by itself
    assert 0 < drawn.tally.rate < 1
    assert model.constraints.told() == {"unique": ["unique(order, line)"]}


def test_a_domain_can_be_drawn_to_its_last_combination():
    model = sw.fit(all_pairs(), "tabular.independent", constraints=["unique(a, b)"])
    whole = model.sample(500, seed=0)
    assert len(whole.to_pandas().drop_duplicates(["a", "b"])) == 500
    assert model.sample(490, seed=0).data.equals(whole.data.slice(0, 490))  # what comes later changes nothing before
    with pytest.raises(BadInput, match="501 different rows can't be drawn"):
        model.sample(501, seed=0)


def test_conditions_and_the_last_combination_go_together():
    model = sw.fit(all_pairs(), "tabular.independent", constraints=["unique(a, b)"])
    rows = model.sample(25, seed=0, given={"a": 7}).to_pandas()
    assert sorted(rows["b"]) == list(range(25))
    assert set(rows["a"]) == {7}
    with pytest.raises(BadInput, match="25 different ones were found"):
        model.sample(26, seed=0, given={"a": 7})


def test_a_rule_on_a_column_that_is_left_out_is_told():
    frame = lines()
    frame["order"] = [f"O{one}" for one in frame["order"]]
    model = sw.fit(frame, "tabular.independent", constraints=["unique(order, line)"])
    assert "order" in model.left_out
    assert model.constraints.told() == {"measured": ["unique(order, line) ('order' is left out)"]}
