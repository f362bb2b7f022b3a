"""Which splits of a tree stay when rows that it was not grown on are to bear them out."""

import numpy as np
import pytest

from synthwright.generators.tabular._honest_trees_pruned import pruned
from synthwright.learning.growing import grown_tree
from synthwright.learning.trees import Trees

# The root splits a at 0, its left child splits b at 0; the nodes 2, 3 and 4 are leaves.
TREE = Trees(
    np.array([0, 5]),
    np.array([0, 1, 0, 0, 0]),
    np.array([0, 0, 0, 0, 0]),
    np.array([1, 3, 2, 3, 4]),
    np.array([2, 4, 2, 3, 4]),
    np.zeros(5),
)


def cut(values, *, chance=1.0, fewest=5):
    """The tree after a look at `values` (leaf to its rows' values), and the leaf of every row."""
    leaves = np.concatenate([np.full(len(rows), leaf) for leaf, rows in values.items()])
    outputs = np.concatenate([np.asarray(rows, dtype=float) for rows in values.values()])[:, None]
    return pruned(TREE, leaves, outputs, fewest, chance)


EVEN = [0.0, 1.0] * 4  # whatever splits groups of these explains nothing


def test_a_split_that_other_rows_do_not_bear_out_is_removed():
    """Leaf 2 differs, 3 and 4 do not: of the two splits the root's stays, and the rows of 3 and 4 are one leaf."""
    tree, leaf = cut({2: [5.0, 6.0] * 4, 3: EVEN, 4: EVEN})
    assert len(tree.left) == 3
    assert sorted(np.unique(leaf, return_counts=True)[1]) == [8, 16]


def test_a_tree_that_says_nothing_becomes_one_leaf():
    tree, leaf = cut({2: EVEN, 3: EVEN, 4: EVEN})
    assert len(tree.left) == 1
    assert (leaf == 0).all()


def test_a_split_worth_nothing_stays_for_the_sake_of_one_below_it():
    """Leaves 3 and 4 are 0 and 1, leaf 2 half of each: the root alone explains nothing."""
    tree, _ = cut({2: EVEN, 3: [0.0] * 8, 4: [1.0] * 8})
    assert len(tree.left) == 5


def test_without_regard_to_chance_only_the_number_of_rows_counts():
    tree, _ = cut({2: EVEN, 3: EVEN, 4: EVEN}, chance=0.0)
    assert len(tree.left) == 5
    tree, leaf = cut({2: [9.0] * 8, 3: [0.0] * 8, 4: [9.0] * 4}, chance=0.0)
    assert len(tree.left) == 3
    assert leaf.tolist() == [2] * 8 + [1] * 12


def test_a_split_goes_once_it_explains_less_than_so_many_times_what_chance_does():
    """By hand: 3 and 4 have the sums 2 and 6 of 8 rows. Between them 8/8 · (6 - 2)² / 16 = 1 is explained, and chance
    explains 4 / 15 on average (16 rows half of which are 1): 3.75 times as much."""
    rows = {2: [9.0] * 8, 3: [1.0, 0.0, 0.0, 0.0] * 2, 4: [0.0, 1.0, 1.0, 1.0] * 2}
    assert len(cut(rows, chance=3.7)[0].left) == 5
    assert len(cut(rows, chance=3.8)[0].left) == 3


def test_rows_end_in_the_leaves_that_the_cut_tree_leads_them_to():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 60, (3_000, 4)).astype(np.uint16)
    outputs = np.column_stack([codes[:, 0] > 30, rng.random(3_000)]).astype(float)
    grown = grown_tree(codes[:1_500], outputs[:1_500], 5, 0)
    tree, leaf = pruned(grown, grown.leaves(0, codes[1_500:]), outputs[1_500:], 5, 1.0)
    assert len(tree.left) < len(grown.left) / 2
    assert np.array_equal(tree.leaves(0, codes[1_500:]), leaf)
    assert np.bincount(leaf)[tree.is_leaf].min() >= 5


@pytest.mark.parametrize("chance", [1.0, 2.0])
def test_a_link_without_noise_keeps_its_leaves(chance):
    """Each of 40 groups has a value of its own: no split that parts two groups is cut away."""
    group = np.repeat(np.arange(40), 20).astype(np.uint16)
    codes, outputs = group[:, None].copy(), np.eye(40)[group]
    grown = grown_tree(codes, outputs, 5, 0)
    tree, _ = pruned(grown, grown.leaves(0, codes), outputs, 5, chance)
    assert tree.is_leaf.sum() == 40
