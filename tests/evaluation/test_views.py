"""What a report may draw: shared cells, small counts blank, no value that only a few rows have."""

from __future__ import annotations

import json

import numpy as np
import pytest

from synthwright.canonical import to_json
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.views import blanked, make_views
from synthwright.seeding import Streams

NUMBER = Column(name="x", kind="float", missing=True)
LEVELS = Column(name="g", kind="categorical", categories=("a", "b", "c", "rare"))


def context(seed: int = 0) -> Context:
    return Context(streams=Streams(seed))


def table(**columns) -> Table:
    kinds = {"x": NUMBER, "g": LEVELS, "y": Column(name="y", kind="float"), "n": Column(name="n", kind="integer")}
    return Table.of(Schema(tuple(kinds[name] for name in columns)), columns)


def normal(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=n)


def views_of(train, synthetic, holdout=None, seed=0):
    return make_views(Comparison(train, synthetic, holdout), context(seed))


def test_counts_below_five_are_blank_and_others_are_multiples_of_five():
    assert blanked(np.array([0, 1, 4, 5, 6, 7, 8, 12, 13])) == [None, None, None, 5, 5, 5, 10, 10, 15]


def test_categories_are_counted_by_hand_and_rare_ones_are_folded():
    train = table(g=np.repeat([0, 1, 2, 3], [20, 10, 15, 3]).astype(np.int32))
    synthetic = table(g=np.repeat([0, 2, 3], [10, 30, 8]).astype(np.int32))
    (view,) = views_of(train, synthetic)["columns"]
    assert view["labels"] == ["a", "c", "b", "all others"]
    assert view["train"] == [20, 15, 10, None]
    assert view["synthetic"] == [10, 30, 0, 8]
    # (|20-10| + |15-30| + |10-0| + |3-8|) / 48 / 2
    assert view["distance"] == pytest.approx(40 / 96, abs=1e-5)


def test_missing_cells_are_a_cell_of_their_own():
    gone = np.full(50, np.nan)
    train, synthetic = table(x=np.concatenate([normal(950, 1), gone])), table(x=normal(1000, 2))
    (view,) = views_of(train, synthetic)["columns"]
    assert view["missing"] == {"train": 50, "synthetic": 0, "holdout": None}
    assert sum(view["synthetic"]) == 1000


def test_a_unique_value_appears_nowhere():
    values = normal(2000, 1)
    values[7] = 987654.321
    whole = np.round(normal(2000, 3) * 20).astype(float)
    whole[7] = 424242.0
    train = table(x=values, n=whole, g=np.concatenate([np.full(1999, 1), [3]]).astype(np.int32))
    synthetic = table(x=normal(2000, 2), n=np.round(normal(2000, 4) * 20), g=np.ones(2000, dtype=np.int32))
    text = to_json(views_of(train, synthetic, train))
    for planted in ("98765", "42424", "rare"):
        assert planted not in text


def test_no_edge_is_a_value_of_the_data():
    values = normal(3000, 1) * 1.2345678
    (view,) = views_of(table(x=values), table(x=values))["columns"]
    edges = {float(word) for label in view["labels"] for word in label.split() if word[-1].isdigit()}
    assert edges
    assert all(np.abs(values - edge).min() > 1e-9 for edge in edges)
    assert all(round(edge, 3) == edge for edge in edges)


def test_a_spike_does_not_hide_the_rest():
    values = np.where(np.arange(4000) % 10 > 0, 0.0, np.exp(8 + 2 * normal(4000, 1)))
    (view,) = views_of(table(x=values), table(x=values))["columns"]
    filled = [count for count in view["train"] if count]
    assert len(filled) > 8
    assert sorted(filled)[-2] < 0.02 * max(filled)


def test_few_numbers_are_shown_value_by_value():
    values = np.repeat([1.0, 2.0, 3.0, 7.0], [100, 50, 40, 2])
    (view,) = views_of(table(n=values), table(n=values))["columns"]
    assert view["labels"] == ["1", "2", "3"]
    assert view["train"] == [100, 50, 40]  # 42 of them, rounded: the two sevens lie nearest to 3


def test_dates_have_dates_for_edges():
    schema = Schema((Column(name="d", kind="datetime", unit="day", dtype="date32[day]"),))
    days = Table.of(schema, {"d": 18_000 + np.arange(2000.0)})
    (view,) = views_of(days, days)["columns"]
    assert view["labels"][1].startswith("2019-")
    assert len(view["ticks"]) == 3


def test_identifiers_are_named_and_not_drawn():
    schema = Schema((Column(name="key", kind="id"), NUMBER))
    data = Table.of(Schema((NUMBER,)), {"x": normal(100, 1)}).data
    keyed = Table(schema, data.add_column(0, "key", [[f"k{at}" for at in range(100)]]))
    views = views_of(keyed, keyed)
    assert [view["name"] for view in views["columns"]] == ["x"]
    assert views["not_shown"][0]["name"] == "key"
    assert "k17" not in to_json(views)


def test_a_holdout_brings_the_excess_of_the_truth_to_about_zero():
    """Pairs of a fresh sample: the mean excess over 1 pair and 20 seeds is 0 within 3 standard errors."""
    excess = []
    for seed in range(20):
        parts = [
            table(x=(first := normal(2000, 10 * seed + at)), y=first + normal(2000, 10 * seed + at + 5))
            for at in range(3)
        ]
        excess += views_of(*parts, seed=seed)["pairs"]["excess"]
    assert abs(np.mean(excess)) < 3 * np.std(excess) / np.sqrt(len(excess))


def test_a_broken_dependence_shows_in_its_pair():
    first, fresh = normal(3000, 1), normal(3000, 2)
    train, held = table(x=first, y=first), table(x=fresh, y=fresh)
    broken = table(x=normal(3000, 3), y=normal(3000, 4))
    assert views_of(train, broken, held)["pairs"]["excess"][0] > 0.7
    assert abs(views_of(train, held, broken)["pairs"]["excess"][0]) > 0.7


def test_panels_count_equal_numbers_of_rows_and_blank_small_cells():
    parts = [table(x=normal(n, at), y=normal(n, at + 9)) for at, n in enumerate((4000, 5000, 1500))]
    view = views_of(*parts)["projection"]
    assert view["rows"] == 1500
    assert list(view["panels"]) == ["train", "synthetic", "holdout"]
    for panel in view["panels"].values():
        assert len(panel["counts"]) == view["side"] ** 2
        shown = [count for count in panel["counts"] if count is not None]
        assert min(shown) >= 5
        assert 900 < sum(shown) <= 1500


def test_rows_outside_the_frame_are_told_and_not_drawn():
    train = table(x=normal(2000, 1), y=normal(2000, 2))
    far = table(x=normal(2000, 3) + 100, y=normal(2000, 4))
    panel = views_of(train, far)["projection"]["panels"]["synthetic"]
    # Numbers count as at most 1.5 ranges away, which still lies far beyond 99.8 % of train.
    assert panel["outside"] == 1.0
    assert not any(panel["counts"])


def test_views_depend_on_seed_and_rows_alone():
    parts = [table(x=normal(60_000, at), y=normal(60_000, at + 9)) for at in range(3)]
    assert to_json(views_of(*parts, seed=1)) == to_json(views_of(*parts, seed=1))
    assert to_json(views_of(*parts, seed=1)) != to_json(views_of(*parts, seed=2))


@pytest.mark.parametrize("rows", [0, 1, 7])
def test_tiny_tables_have_views_without_small_counts(rows):
    tiny = table(x=normal(rows, 1), g=np.zeros(rows, dtype=np.int32))
    views = json.loads(to_json(views_of(tiny, tiny, tiny)))
    assert views["projection"] is None
    for view in views["columns"]:
        assert all(count is None or count >= 5 for count in view["train"])


def test_constant_all_missing_and_huge_numbers_have_views():
    n = 200
    for values in (
        np.full(n, 3.5),
        np.full(n, np.nan),
        np.arange(n) * 1e300,
        np.arange(n) * 1e-300,
        np.arange(n) + 2.0**60,
    ):
        (view,) = views_of(table(x=values), table(x=values))["columns"]
        assert view["distance"] == 0
        assert 1 <= len(view["labels"]) <= 40
