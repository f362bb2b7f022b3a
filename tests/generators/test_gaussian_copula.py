"""What the copula recovers, how exactly it conditions, and what it refuses to load."""

import json

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import ndtri

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.generators.margins import Margin
from synthwright.generators.protocol import Given
from synthwright.generators.tabular._gaussian_copula_column import Latents
from synthwright.generators.tabular._gaussian_copula_correlation import Moments, completed, repaired, scores_of, solved
from synthwright.generators.tabular._gaussian_copula_families import Family, best_family
from synthwright.generators.tabular._gaussian_copula_latent import inside_box, truncated
from synthwright.generators.tabular._gaussian_copula_order import ranks_of
from synthwright.generators.tabular.gaussian_copula import GaussianCopula
from synthwright.seeding import Streams

CONTEXT = Context(streams=Streams(0))
N = 3_000


def rng(seed=0):
    return np.random.default_rng(seed)


def table(columns, data):
    return Table(Schema(tuple(columns)), pa.table(data))


@pytest.fixture(scope="module")
def patients():
    """A dose with many zeros, an outcome that grows with it, and a lab value that misses where it is high."""
    noise = rng(3).multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], N)
    dose = np.where(noise[:, 0] < 0.3, 0.0, np.round(10 + 5 * noise[:, 0], 1))
    gone = rng(4).random(N) < np.where(noise[:, 1] > 1, 0.8, 0.1)
    columns = (
        Column(name="dose", kind="float", decimals=1, bounds=(0, 40)),
        Column(name="high", kind="boolean"),
        Column(name="lab", kind="float", bounds=(-10, 10), missing=True),
    )
    return table(columns, {"dose": dose, "high": noise[:, 1] > 1, "lab": pa.array(noise[:, 0], mask=gone)})


@pytest.fixture(scope="module")
def sampler(patients):
    return GaussianCopula().fit(patients, CONTEXT)


def test_truncated_draws_have_the_mean_of_the_formula():
    """E[z | 0.5 < z < 2] = (phi(.5) - phi(2)) / (Phi(2) - Phi(.5)) = (.352065 - .053991) / (.977250 - .691462)."""
    n = 40_000
    drawn = truncated(np.zeros(n), 1.0, np.full(n, 0.5), np.full(n, 2.0), rng().random(n))
    assert drawn.mean() == pytest.approx(1.04299, abs=0.01)  # its standard error is .002
    assert 0.5 <= drawn.min() < drawn.max() <= 2.0


@pytest.mark.parametrize("side", [-1, 1])
def test_draws_far_in_the_tail_stay_in_their_interval(side):
    low, high = np.sort([side * 50.0, side * 51.0])
    drawn = truncated(np.zeros(3), 1.0, np.full(3, low), np.full(3, high), np.array([0.0, 0.5, 0.9]))
    assert (np.abs(drawn) == 50).all()
    point = truncated(np.zeros(1), 1.0, np.array([7.0]), np.array([7.0]), np.array([0.4]))
    assert point == [7.0]


def behind(columns, edges):
    """The correlation found behind two columns of interval numbers."""
    scores, coefficients, variances = zip(*(scores_of(edge) for edge in edges), strict=True)
    rows = np.stack([score[column] for score, column in zip(scores, columns, strict=True)], axis=1)
    return solved(Moments(iter([rows])).correlations(), np.stack(coefficients), np.array(variances))[0, 1]


@pytest.mark.parametrize("wanted", [0.6, -0.4])
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.9, 0.7)])
def test_the_correlation_behind_two_yes_no_columns_is_found(shares, wanted):
    """Tetrachoric; Pearson's of the 0/1 columns is far smaller (.41 for .6 at the medians: 2/pi asin .6)."""
    z = rng(1).multivariate_normal([0, 0], [[1, wanted], [wanted, 1]], 20_000)
    cut = ndtri(np.array(shares))
    found = behind((z > cut).T.astype(int), [np.array([-np.inf, one, np.inf]) for one in cut])
    assert found == pytest.approx(wanted, abs=0.04)  # 3 standard errors where only 1 row in 10 has the label


def test_the_correlation_of_numbers_on_a_fine_grid_is_their_own():
    z = rng(1).multivariate_normal([0, 0], [[1, -0.7], [-0.7, 1]], 4_000)
    edges = ndtri(np.linspace(0, 1, 501))
    found = behind([np.searchsorted(edges, one) - 1 for one in z.T], [edges, edges])
    assert found == pytest.approx(np.corrcoef(z.T)[0, 1], abs=0.01)


def test_scores_and_coefficients_of_a_split_at_the_median():
    """The score is +-sqrt(2/pi) = .7979; its first coefficient E|z| times that, 2/pi; even ones vanish."""
    scores, coefficients, variance = scores_of(np.array([-np.inf, 0.0, np.inf]))
    assert scores == pytest.approx([-0.797885, 0.797885], abs=1e-6)
    assert coefficients[:3] == pytest.approx([2 / np.pi, 0, -2 / np.pi / np.sqrt(6)])
    assert variance == pytest.approx(2 / np.pi)


def test_what_no_row_shows_follows_from_all_others():
    """Two variables that correlate .8 and .5 with a third, and with nothing else, correlate .4."""
    matrix = np.array([[1, 0, 0.8], [0, 1, 0.5], [0.8, 0.5, 1]])
    assert completed(matrix, [(0, 1)])[0, 1] == pytest.approx(0.4)


def test_a_vector_in_a_box_has_the_orthant_probability():
    """P(z2 > 0 | z1 > 0, z3 > 0) by Sheppard: pairs with correlation r have 1/4 + asin(r)/2pi, three 1/8 + sum/4pi."""
    r = np.array([[1, 0.8, 0.5], [0.8, 1, 0.5], [0.5, 0.5, 1]])
    angles = np.arcsin([0.8, 0.5, 0.5])
    wanted = (1 / 8 + angles.sum() / (4 * np.pi)) / (1 / 4 + np.arcsin(0.5) / (2 * np.pi))
    n = 20_000
    low = np.tile([0.0, -np.inf, 0.0], (n, 1))
    drawn = inside_box(low, np.full((n, 3), np.inf), r, rng(5))
    assert (drawn[:, [0, 2]] > 0).all()
    assert (drawn[:, 1] > 0).mean() == pytest.approx(wanted, abs=0.012)  # 4 standard errors


def test_a_matrix_that_is_none_becomes_a_correlation_matrix():
    broken = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    whole = repaired(broken)
    assert np.linalg.eigvalsh(broken)[0] < 0 < np.linalg.eigvalsh(whole)[0]
    assert (np.diag(whole) == 1).all()


def test_a_point_mass_keeps_its_share_and_nothing_falls_into_the_gap(patients, sampler):
    drawn = sampler.block(0, 20_000, CONTEXT).numbers("dose")
    real = patients.numbers("dose")
    assert (drawn == 0).mean() == pytest.approx((real == 0).mean(), abs=0.015)
    assert not ((drawn > 0) & (drawn < real[real > 0].min() - 0.2)).any()
    assert drawn.max() <= real.max()


def test_missing_depends_on_what_it_depends_on(patients, sampler):
    drawn = sampler.block(0, 20_000, CONTEXT)
    for value in (True, False):
        real = patients.missing("lab")[patients.levels("high") == value].mean()
        assert drawn.missing("lab")[drawn.levels("high") == value].mean() == pytest.approx(real, abs=0.05)
    real, made = patients.numbers("lab"), drawn.numbers("lab")
    assert np.nanquantile(made, [0.1, 0.5, 0.9]) == pytest.approx(np.nanquantile(real, [0.1, 0.5, 0.9]), abs=0.12)


def test_values_behind_closed_gates_have_even_ranks():
    """Gate and value correlate .8 and a third of the cells are missing: the values left are low, their ranks even."""
    column = Column(name="x", kind="float", bounds=(0, 1), missing=True)
    cells = np.concatenate([np.full(500, np.nan), np.linspace(0, 1, 1_000)])
    margin = Margin.of(table([column], {"x": pa.array(cells, mask=np.isnan(cells))}), column)
    latents = Latents(column, margin, np.arange(len(margin.counts) - 1), None, 0.8)
    z = rng(1).multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 40_000)
    drawn = latents.values(z)
    assert np.isnan(drawn).mean() == pytest.approx(1 / 3, abs=0.01)
    assert np.nanquantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.015)
    low, high = latents.boxes(drawn)
    shown = ~np.isnan(drawn)
    assert low[shown, 1] == pytest.approx(z[shown, 1], abs=0.05)
    assert (high[shown, 1] == low[shown, 1]).mean() > 0.9


def test_given_rows_follow_the_distribution_of_free_rows_that_match(sampler):
    """Zero dose and a missing lab value, an interval and a gate: 60,000 free rows against 20,000 given ones."""
    free = sampler.block(0, 60_000, CONTEXT)
    match = (free.numbers("dose") == 0) & free.missing("lab")
    values = {"dose": np.zeros(20_000), "lab": np.full(20_000, np.nan)}
    fixed = Table.of(sampler.schema.select(["dose", "lab"]), values)
    given = sampler.block(1, 20_000, CONTEXT, Given(fixed=fixed))
    assert match.sum() > 3_000
    shares = [one.levels("high").mean() for one in (free.take(match), given)]
    assert shares[0] == pytest.approx(shares[1], abs=0.035)  # 4 standard errors of 3,000 rows at most
    assert abs(shares[1] - free.levels("high").mean()) > 0.02  # they do say something


def test_a_known_number_moves_the_others_as_regression_says():
    """Standard normal margins with correlation .8: given x = 1, y has mean .8 and deviation .6."""
    z = rng(7).multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 6_000)
    columns = [Column(name=name, kind="float", bounds=(-5, 5)) for name in ("x", "y")]
    made = GaussianCopula().fit(table(columns, {"x": z[:, 0], "y": z[:, 1]}), CONTEXT)
    fixed = Table.of(made.schema.select(["x"]), {"x": np.ones(10_000)})
    drawn = made.block(0, 10_000, CONTEXT, Given(fixed=fixed)).numbers("y")
    assert (drawn.mean(), drawn.std()) == pytest.approx((0.8, 0.6), abs=0.04)


def test_labels_on_the_line_are_in_the_order_of_what_goes_with_them():
    codes = np.repeat(np.arange(6), 100)
    hidden = np.array([3, 0, 5, 1, 4, 2])
    numbers = {"x": hidden[codes] + 0.3 * rng().standard_normal(600)}
    numbers["x"] -= numbers["x"].mean()
    numbers["noise"] = rng(1).standard_normal(600)
    places = ranks_of({"label": codes}, numbers, 6, "label", None)
    order = hidden[np.argsort(places)].tolist()
    assert order in ([0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0])


MADE = {
    "normal": rng(1).normal(50, 8, N),
    "uniform": rng(1).uniform(0, 100, N),
    "exponential": rng(1).exponential(6, N).clip(0, 100),
    "lognormal": np.exp(rng(1).normal(2, 0.6, N)).clip(0, 100),
    "gamma": rng(1).gamma(4, 5, N).clip(0, 100),
    "beta": 100 * rng(1).beta(0.6, 0.5, N),
}


@pytest.mark.parametrize("name", MADE)
def test_the_family_that_made_the_numbers_is_chosen(name):
    family, reason = best_family(Column(name="x", kind="float", bounds=(0, 100)), MADE[name])
    assert (family.name, reason) == (name, "")
    assert family.distance < 1.63 / np.sqrt(N)  # Kolmogorov's 1 % point; with fitted parameters it is rarer still
    shares = np.linspace(0.01, 0.99, 99)
    assert family.below(family.values(shares)) == pytest.approx(shares, abs=1e-9)


def test_numbers_that_no_family_describes_keep_their_counts(patients):
    made = GaussianCopula(margins="parametric").fit(patients, CONTEXT)
    assert made.fits["dose"]["family"] == "empirical"
    assert "of the rows have one value" in made.fits["dose"]["reason"]
    assert made.fits["lab"]["family"] == "normal"
    assert made.fits["lab"]["ks_distance"] < 0.05
    lab = made.block(0, 5_000, CONTEXT).numbers("lab")
    real = patients.numbers("lab")
    assert np.nanmean(lab) == pytest.approx(np.nanmean(real), abs=0.08)
    two = np.concatenate([rng(1).normal(10, 1, N), rng(2).normal(90, 1, N)])
    family, reason = best_family(Column(name="x", kind="float", bounds=(0, 100)), two)
    assert family is None
    assert "distance" in reason


@pytest.mark.parametrize("high", [1e300, 1e-300])
def test_numbers_beyond_the_reach_of_squares_keep_their_counts(high):
    family, reason = best_family(Column(name="x", kind="float", bounds=(0, high)), rng(1).random(N) * high)
    assert family is None
    assert "range" in reason


def test_a_saved_family_that_is_none_is_refused():
    column = Column(name="x", kind="float", bounds=(0, 1))
    state = Family("gamma", (2.0, 1.0), 0.0, 1.0, None, 0.01).state()
    assert Family.from_state(column, state).name == "gamma"
    for bad in ({"name": "cauchy"}, {"parameters": [2.0]}, {"parameters": [-1.0, 1.0]}, {"width": 0.0}):
        with pytest.raises(BadInput, match="family"):
            Family.from_state(column, state | bad)


def broken(state, what):
    if what == "matrix":
        state["correlation"][0][1] = state["correlation"][1][0] = 1.5
    elif what == "size":
        state["correlation"] = state["correlation"][:-1]
    elif what == "order":
        state["columns"]["high"]["order"] = [0, 0]
    elif what == "column":
        del state["columns"]["dose"]
    else:
        state["correlation"] = "none"
    return state


@pytest.mark.parametrize("what", ["matrix", "size", "order", "column", "text"])
def test_a_saved_copula_that_does_not_hang_together_is_refused(sampler, tmp_path, what):
    sampler.save(tmp_path)
    path = tmp_path / "copula.json"
    path.write_text(json.dumps(broken(json.loads(path.read_text()), what)))
    with pytest.raises(BadInput):
        type(sampler).load(tmp_path)
