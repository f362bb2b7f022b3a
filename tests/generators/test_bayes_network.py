"""The tree, its tables and its messages, against pencil and enumeration."""

import itertools
import json

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.generators.protocol import Given
from synthwright.generators.tabular._bayes_network_tree import information
from synthwright.generators.tabular.bayes_network import BayesNetwork
from synthwright.seeding import Streams

CONTEXT = Context(streams=Streams(0))


def labels(names, size=3):
    known = tuple("abcdefgh"[:size])
    return Schema(tuple(Column(name=name, kind="categorical", categories=known) for name in names))


@pytest.fixture(scope="module")
def chain():
    """w -> x -> y in codes that are kept with probability .8 each, and z on its own."""
    rng, n = np.random.default_rng(1), 4_000
    w = rng.integers(0, 3, n)
    x = np.where(rng.random(n) < 0.8, w, rng.integers(0, 3, n))
    y = np.where(rng.random(n) < 0.8, x, rng.integers(0, 3, n))
    return Table.of(labels("wxyz"), {"w": w, "x": x, "y": y, "z": rng.integers(0, 3, n)})


@pytest.fixture(scope="module")
def network(chain):
    return BayesNetwork().fit(chain, CONTEXT)


def test_mutual_information_is_corrected_for_the_noise_of_counts():
    """Eight rows by hand: ln 2 + 1/16 where codes agree (2 cells of 4), -1/16 where they know nothing of each other."""
    assert information(np.array([[4, 0], [0, 4]])) == pytest.approx(np.log(2) + 1 / 16)
    assert information(np.array([[2, 2], [2, 2]])) == pytest.approx(-1 / 16)
    assert information(np.zeros((2, 2), dtype=int)) == 0


def test_a_chain_is_found_and_an_unrelated_column_stays_alone(network):
    linked = {frozenset((name, node.parent)) for name, node in network.nodes.items() if node.parent}
    assert linked == {frozenset("wx"), frozenset("xy")}


def joint(network):
    """The probability of every combination of w, x and y, by multiplying the tables."""
    told = {}
    for codes in itertools.product(range(1, 4), repeat=3):
        at = dict(zip("wxy", codes, strict=True))
        told[codes] = np.prod(
            [
                network.nodes[name].table[0 if (up := network.nodes[name].parent) is None else at[up], at[name]]
                for name in "wxy"
            ]
        )
    return told


def test_messages_give_the_conditional_distribution_of_enumeration(network):
    """x given w = a and y = b, from both sides at once; 20,000 rows, 4 standard errors."""
    whole = joint(network)
    wanted = np.array([whole[1, x, 2] for x in range(1, 4)])
    n = 20_000
    fixed = Table.of(network.schema.select(["w", "y"]), {"w": np.zeros(n, int), "y": np.ones(n, int)})
    drawn = network.block(0, n, CONTEXT, Given(fixed=fixed))
    found = np.bincount(drawn.levels("x"), minlength=3) / n
    assert found == pytest.approx(wanted / wanted.sum(), abs=0.014)


def test_free_rows_follow_the_tables(network):
    n = 20_000
    drawn = network.block(0, n, CONTEXT)
    told = joint(network)
    for codes in ((1, 1, 1), (1, 2, 2), (3, 1, 2)):
        match = np.all([drawn.levels(name) == code - 1 for name, code in zip("wxy", codes, strict=True)], axis=0)
        assert match.mean() == pytest.approx(told[codes], abs=0.013)


def test_the_likelihood_of_all_rows_there_can_be_is_one(network):
    every = np.array(list(itertools.product(range(3), repeat=4)))
    told = network.log_likelihood(Table.of(network.schema, dict(zip("wxyz", every.T, strict=True))))
    assert np.exp(told).sum() == pytest.approx(1)


def test_the_likelihood_of_numbers_counts_the_points_of_their_cells():
    """Half of the rows are 0; the other half lies in cells, and all points there are have probability 1 together."""
    schema = Schema((Column(name="x", kind="integer", bounds=(0, 60)),))
    made = BayesNetwork().fit(Table(schema, pa.table({"x": [0] * 30 + list(range(5, 35))})), CONTEXT)
    told = np.exp(made.log_likelihood(Table(schema, pa.table({"x": range(61)}))))
    assert told.sum() == pytest.approx(1)
    assert told[0] == pytest.approx(0.5)
    assert (told[[2, 50]] == 0).all()


def test_numbers_missing_cells_and_labels_hang_together(chain):
    rng = np.random.default_rng(2)
    w = chain.levels("w")
    schema = Schema(
        (
            Column(name="size", kind="float", decimals=1, bounds=(0, 50), missing=True),
            *labels("w"),
        )
    )
    size = np.where((w == 2) & (rng.random(len(w)) < 0.7), np.nan, np.round(10 * w + 5 + rng.normal(0, 1, len(w)), 1))
    made = BayesNetwork().fit(Table.of(schema, {"size": size, "w": w}), CONTEXT)
    drawn = made.block(0, 5_000, CONTEXT)
    got, label = drawn.numbers("size"), drawn.levels("w")
    assert np.isnan(got[label == 2]).mean() == pytest.approx(0.7, abs=0.05)
    assert not np.isnan(got[label < 2]).any()
    assert np.median(got[label == 0]) == pytest.approx(5, abs=0.3)
    assert np.median(got[label == 1]) == pytest.approx(15, abs=0.3)
    fixed = Table.of(schema.select(["size"]), {"size": np.array([5.0, 15.0, np.nan] * 50)})
    back = made.block(0, 150, CONTEXT, Given(fixed=fixed))
    assert (back.levels("w") == np.tile([0, 1, 2], 50)).mean() > 0.98


def test_rare_labels_share_one_code_and_are_all_drawn():
    known = tuple(f"level {at:03}" for at in range(300))
    schema = Schema((Column(name="x", kind="categorical", categories=known), *labels("y", 2)))
    x = np.concatenate([np.arange(300).repeat(6), np.zeros(2_000, int)])
    made = BayesNetwork().fit(Table.of(schema, {"x": x, "y": (x % 2).astype(int)}), CONTEXT)
    assert made.nodes["x"].bins.size == 102
    assert len(np.unique(made.block(0, 20_000, CONTEXT).levels("x"))) == 300


def broken(state, what):
    if what == "height":
        next(node for node in state["nodes"] if node["parent"])["counts"].append([0] * 4)
    elif what == "negative":
        state["nodes"][0]["counts"][0][0] = -1
    elif what == "codes":
        state["nodes"][0]["codes"] = [0, 1, 1, 9]
    elif what == "parent":
        state["nodes"][0]["parent"] = "nobody"
    elif what == "weight":
        state["nodes"][0]["weight"] = 0
    else:
        state["nodes"] = state["nodes"][1:]
    return state


@pytest.mark.parametrize("what", ["height", "negative", "codes", "parent", "weight", "lacking"])
def test_a_saved_network_that_does_not_hang_together_is_refused(network, tmp_path, what):
    network.save(tmp_path)
    path = tmp_path / "network.json"
    path.write_text(json.dumps(broken(json.loads(path.read_text()), what)))
    with pytest.raises(BadInput):
        type(network).load(tmp_path)


def test_codes_out_of_range_are_no_setting():
    with pytest.raises(BadInput, match="between 2 and 1,000"):
        BayesNetwork(codes=1)
