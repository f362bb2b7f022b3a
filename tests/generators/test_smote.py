"""New rows lie where the papers put them: on segments between rows and neighbours, with the labels that most have."""

import warnings

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.generators.fitting import fit_model
from synthwright.generators.interpolating import _between
from synthwright.generators.oversampling import oversample
from synthwright.generators.protocol import Given
from synthwright.generators.settings import make_generator
from synthwright.generators.voting import voted
from synthwright.seeding import Streams

CONTEXT = Context(streams=Streams(0))
NUMERIC = ["smote", "borderline_smote", "adasyn", "kmeans_smote", "svm_smote"]


def table(X, y, **more):
    columns = [Column(name=f"x{at}", kind="float", dtype="double", missing=True) for at in range(X.shape[1])]
    columns += [
        Column(name=name, kind="categorical", categories=tuple(sorted(set(v) - {None}))) for name, v in more.items()
    ]
    columns.append(Column(name="y", kind="categorical", categories=tuple(sorted(set(y))), role="target"))
    data = {f"x{at}": pa.array(X[:, at], from_pandas=True) for at in range(X.shape[1])}
    return Table(Schema(tuple(columns)), pa.table({**data, **more, "y": list(y)}))


def two_classes(n=300, minority=60, d=3, seed=1):
    rng = np.random.default_rng(seed)
    y = np.where(np.arange(n) < minority, "few", "many")
    return table(rng.normal(size=(n, d)) + (y == "few")[:, None] * 1.2, y)


def drawn(method, reference, n, label="few", **settings):
    model = fit_model(reference, make_generator(f"tabular.{method}", settings), CONTEXT)
    fixed = Table(model.schema.select(["y"]), pa.table({"y": [label] * n}))
    return model.sample(n, seed=3, given=Given(fixed=fixed))


def numbers(rows):
    return np.column_stack([rows.numbers(column.name) for column in rows.schema if column.is_numeric])


def ends(reference, made):
    parents = np.array(made.origin["parents"].to_pylist())
    return numbers(reference)[parents[:, 0]], numbers(reference)[parents[:, 1]], parents


def along(mine, theirs, made):
    """How far each row lies along its segment, and how far beside it."""
    step = theirs - mine
    share = ((made - mine) * step).sum(axis=1) / (step**2).sum(axis=1)
    return share, np.abs(mine + share[:, None] * step - made).max()


@pytest.mark.parametrize("method", [*NUMERIC, "smote_nc"])
def test_rows_lie_on_segments_between_rows_of_the_class(method):
    reference = two_classes()
    made = drawn(method, reference, 400)
    mine, theirs, parents = ends(reference, made)
    share, beside = along(mine, theirs, numbers(made))
    assert beside < 1e-12
    assert parents.max() < 60  # the first 60 rows are the class
    low, high = (-0.5, 1) if method == "svm_smote" else (0, 1)
    assert low <= share.min() < low + 0.1
    assert high - 0.1 < share.max() < high


def test_partners_are_the_nearest_rows_of_the_class():
    reference = two_classes()
    values = numbers(reference)[:60]
    apart = ((values[:, None] - values) ** 2).sum(axis=2) + np.diag(np.full(60, np.inf))
    nearest = np.argsort(apart, axis=1)[:, :5]
    _, _, parents = ends(reference, drawn("smote", reference, 2_000))
    assert {(a, b) for a, b in parents.tolist()} <= {(a, b) for a in range(60) for b in nearest[a].tolist()}
    assert len(np.unique(parents, axis=0)) > 290  # of 300 pairs in 2,000 draws all but 300 exp(-6.7) = .4 show up


def test_every_row_and_partner_is_as_likely_as_the_next():
    """20,000 draws over 60 rows: 333 each, sd 18; one of 60 beyond 95 (5.2 sd) once in 80,000 seeds."""
    _, _, parents = ends(two_classes(), drawn("smote", two_classes(), 20_000))
    assert np.abs(np.bincount(parents[:, 0], minlength=60) - 333.3).max() < 95


def test_borderline_starts_at_rows_in_danger():
    """On a line, m = 2: rows 2 and 3 have one neighbour of each class; 0, 1 have none of others, 9 has only others."""
    x = np.array([0, 1, 2.1, 3.05, 4, 5, 6, 7, 8, 7.5, 9, 10.2])[:, None]
    y = np.array(["few"] * 4 + ["many"] * 5 + ["few"] + ["many"] * 2)
    made = drawn("borderline_smote", table(x, y), 60, m_neighbors=2, k_neighbors=2)
    assert set(ends(table(x, y), made)[2][:, 0].tolist()) == {3}


def test_borderline_2_goes_at_most_half_the_way_to_other_classes():
    reference = two_classes()
    made = drawn("borderline_smote", reference, 3_000, kind="borderline-2")
    mine, theirs, parents = ends(reference, made)
    share, beside = along(mine, theirs, numbers(made))
    others = parents[:, 1] >= 60
    assert beside < 1e-12
    assert 0.45 < share[others].max() < 0.5
    assert share[~others].max() > 0.95


def test_adasyn_starts_in_proportion_to_the_neighbours_of_other_classes():
    """10,000 draws; shares beyond 5 sd of the expected once in 2,000,000 per row."""
    reference = two_classes()
    values = numbers(reference)
    apart = ((values[:60, None] - values) ** 2).sum(axis=2)
    apart[np.arange(60), np.arange(60)] = np.inf
    others = (np.argsort(apart, axis=1)[:, :5] >= 60).sum(axis=1)
    expected = others / others.sum()
    found = np.bincount(ends(reference, drawn("adasyn", reference, 10_000))[2][:, 0], minlength=60) / 10_000
    assert (np.abs(found - expected) <= 5 * np.sqrt(expected / 10_000)).all()


def test_labels_are_those_of_most_neighbours():
    """Five partners: b b c c a; b and c tie, and the tie number chooses. A missing label of the nearer end stays."""
    codes = np.array([0, 1, 1, 2, 2, 0, -1])
    partners, slot = np.array([[1, 2, 3, 4, 5]]), np.zeros(4, np.int64)
    ends_ = np.array([[0, 1], [0, 3], [0, 6], [0, 6]])
    chosen = voted(codes, partners, slot, ends_, np.array([0.2, 0.2, 0.9, 0.1]), np.array([0.1, 0.9, 0.1, 0.1]))
    assert codes[chosen].tolist() == [1, 2, -1, 1]


def test_missing_numbers_stay_as_frequent_as_they_were():
    """30 % of one column: over 5,000 draws within 6 points; the base rows' own share has an sd of 2."""
    rng = np.random.default_rng(4)
    reference = two_classes(600, 300)
    X = numbers(reference)
    X[rng.random(600) < 0.3, 1] = np.nan
    real = table(X, reference.data["y"].to_pylist(), c=rng.choice(["u", "v"], 600).tolist())
    made = drawn("smote_nc", real, 5_000)
    assert abs(made.missing("x1").mean() - real.missing("x1")[:300].mean()) < 0.06
    assert not made.missing("x0").any()


def test_the_nearer_row_decides_whether_a_number_is_missing():
    mine, theirs = np.array([1, 1, np.nan, np.nan, 3]), np.array([np.nan, np.nan, 2, np.nan, 5])
    found = _between(mine, theirs, np.array([0.2, 0.8, 0.8, 0.1, 0.5]), gaps=True)
    assert found.tolist() == pytest.approx([1, np.nan, 2, np.nan, 4], nan_ok=True)


def test_noise_has_the_width_that_was_asked_for():
    """Standard deviations over 20,000 draws are off by 0.5 %; 4 % is 8 sd."""
    reference = two_classes()
    made = drawn("noise", reference, 20_000, scale=0.1, scales=(("x1", 0.0), ("x2", 2.0)))
    mine, _, _ = ends(reference, made)
    moved = (numbers(made) - mine).std(axis=0)
    width = numbers(reference)[:60].std(axis=0)
    assert moved[[0, 2]] == pytest.approx(width[[0, 2]] * [0.1, 2.0], rel=0.04)
    assert moved[1] == 0


def test_kmeans_draws_only_where_the_class_is_at_home():
    """Three clouds far apart; the class has 40 of 60 rows in one and 10 of 60, less than its third, elsewhere."""
    rng = np.random.default_rng(1)
    X = np.concatenate([rng.normal(size=(60, 2)) + centre for centre in (0, 50, 100)])
    y = np.array((["few"] * 40 + ["many"] * 20) + (["few"] * 10 + ["many"] * 50) * 2)
    made = drawn("kmeans_smote", table(X, y), 200, n_clusters=3)
    assert numbers(made).max() < 10


def test_scale_std_makes_units_irrelevant():
    reference = two_classes()
    X = numbers(reference)
    other = table(X * [1, 1_000, 1e-6], reference.data["y"].to_pylist())
    same = [ends(one, drawn("smote", one, 200, scale="std"))[2].tolist() for one in (reference, other)]
    assert same[0] == same[1]
    assert ends(other, drawn("smote", other, 200))[2].tolist() != same[0]


@pytest.mark.parametrize("method", NUMERIC)
def test_labels_and_missing_cells_are_refused_and_smote_nc_named(method):
    reference = two_classes()
    X, y = numbers(reference), reference.data["y"].to_pylist()
    with pytest.raises(BadInput, match="interpolates numbers, and 'c' has none") as caught:
        drawn(method, table(X, y, c=["u"] * 300), 5)
    assert "tabular.smote_nc" in caught.value.remedy
    X[7, 1] = np.nan
    with pytest.raises(BadInput, match="'x1'") as caught:
        drawn(method, table(X, y), 5)
    assert "lacks 1 of 300" in caught.value.evidence
    assert "tabular.smote_nc" in caught.value.remedy


@pytest.mark.parametrize("method", NUMERIC[1:])
def test_methods_that_compare_classes_need_them(method):
    reference = two_classes().select(["x0", "x1"])
    with pytest.raises(BadInput, match="no target with two classes"):
        fit_model(reference, make_generator(f"tabular.{method}"), CONTEXT)


@pytest.mark.parametrize("method", ["smote", "smote_nc"])
def test_a_class_of_one_row_has_no_neighbour(method):
    with pytest.raises(BadInput, match="Class 'few' has one row"):
        oversample(two_classes(40, 1), make_generator(f"tabular.{method}"))


def test_k_larger_than_the_class_is_refused_and_the_default_gives_way_with_a_figure():
    reference = two_classes(40, 4)
    with pytest.raises(BadInput, match="k is larger than the class") as caught:
        oversample(reference, make_generator("tabular.smote", {"k_neighbors": 4}))
    assert "has 4 rows, so a row has 3" in caught.value.evidence
    with pytest.warns(UserWarning, match="'few' has 4 rows: 3 neighbours are used instead of 5"):
        assert len(oversample(reference, make_generator("tabular.smote"))) == 72


def test_distances_that_concentrate_are_told_with_a_figure():
    with pytest.warns(UserWarning, match=r"distances concentrate. In 300 columns the neighbour number 5 lies at 9\d%"):
        oversample(two_classes(200, 80, d=300), make_generator("tabular.smote"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        oversample(two_classes(200, 80, d=5), make_generator("tabular.smote"))


def test_classes_that_lie_apart_leave_nothing_to_start_from():
    X = np.concatenate([np.random.default_rng(1).normal(size=(40, 2)) + centre for centre in (0, 1_000)])
    apart = table(X, ["few"] * 40 + ["many"] * 40)
    with pytest.raises(BadInput, match="no row in danger"):
        drawn("borderline_smote", apart, 5)
    with pytest.raises(BadInput, match="nowhere to start"):
        drawn("adasyn", apart, 5)
    with pytest.raises(BadInput, match="no cluster of its own"):
        drawn("kmeans_smote", apart, 5, n_clusters=2, k_neighbors=40)


@pytest.mark.parametrize(
    ("method", "settings", "said"),
    [
        ("smote", {"k_neighbors": 0}, "k_neighbors has to be at least 1"),
        ("borderline_smote", {"m_neighbors": 0}, "m_neighbors"),
        ("borderline_smote", {"kind": "borderline-3"}, "borderline-2"),
        ("smote", {"scale": "range"}, "'std'"),
        ("noise", {"scale": -1.0}, "scale has to be at least 0"),
        ("noise", {"scales": [["x0", -1.0]]}, "scale of 'x0'"),
        ("svm_smote", {"out_step": -0.1}, "out_step"),
        ("kmeans_smote", {"n_clusters": 0}, "n_clusters"),
    ],
)
def test_settings_out_of_range_are_refused(method, settings, said):
    with pytest.raises(BadInput, match=said):
        make_generator(f"tabular.{method}", settings)


def test_more_neighbours_than_the_table_has_rows_are_refused():
    with pytest.raises(BadInput, match="m_neighbors = 500 is more than the 299 other rows"):
        drawn("borderline_smote", two_classes(), 5, m_neighbors=500)
