"""What honest trees recover, keep apart, and never tell."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.grid import MINIMUM_ROWS, Grid
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.generators.fitting import fit_model
from synthwright.generators.protocol import Given
from synthwright.generators.tabular._honest_trees_cells import Cells
from synthwright.generators.tabular._honest_trees_column import Classes, Counts, Forest
from synthwright.generators.tabular._honest_trees_draws import Draws
from synthwright.generators.tabular._honest_trees_offset import Offset
from synthwright.generators.tabular._honest_trees_order import explained_by
from synthwright.generators.tabular._honest_trees_saved import read_columns
from synthwright.generators.tabular.honest_trees import HonestTrees
from synthwright.learning.trees import Trees
from synthwright.seeding import Streams

CONTEXT = Context(streams=Streams(0))
N = 1_200


def sampler(table, **settings):
    return HonestTrees(**({"trees": 2} | settings)).fit(table, CONTEXT)


def drawn(table, n=2_000, **settings):
    return sampler(table, **settings).block(0, n, CONTEXT)


@pytest.fixture(scope="module")
def people():
    """A score, its double, a label that follows from it, an unrelated one, and an income that the rich leave out."""
    rng = np.random.default_rng(3)
    score = np.round(rng.normal(50, 15, N), 1).clip(0, 100)
    income = np.round(rng.gamma(2, 1_000, N), 0)
    hours = np.where(rng.random(N) < 0.4, 40, rng.integers(1, 80, N))
    columns = (
        Column(name="score", kind="float", decimals=1, bounds=(0, 100)),
        Column(name="double", kind="float", decimals=1, bounds=(0, 200)),
        Column(name="passed", kind="boolean"),
        Column(name="coin", kind="categorical", categories=("head", "tail")),
        Column(name="rich", kind="boolean"),
        Column(name="income", kind="integer", bounds=(0, 20_000), missing=True),
        Column(name="hours", kind="integer", bounds=(1, 80)),
    )
    rich = income > 3_000
    data = {
        "score": score,
        "double": np.round(2 * score, 1),
        "passed": pa.array(score > 45),
        "coin": pa.array(rng.choice(["head", "tail"], N)),
        "rich": pa.array(rich),
        "income": pa.array(income.astype(np.int64), mask=rich & (rng.random(N) < 0.8)),
        "hours": hours,
    }
    return Table(Schema(columns), pa.table(data))


@pytest.fixture(scope="module")
def fitted(people):
    return sampler(people)


@pytest.fixture(scope="module")
def made(fitted):
    return fitted.block(0, 2_000, CONTEXT)


def test_a_deterministic_link_is_recovered(made):
    score, double = made.numbers("score"), made.numbers("double")
    assert np.corrcoef(score, double)[0, 1] > 0.99
    assert (made.levels("passed").astype(bool) == (score > 45)).mean() > 0.97


def test_an_independent_column_stays_independent(made):
    """Heads are as likely above the median score as below: at 1,000 rows each the shares differ by under 4 sigma."""
    high = made.numbers("score") > np.median(made.numbers("score"))
    heads = made.levels("coin") == 0
    assert abs(heads[high].mean() - heads[~high].mean()) < 0.09
    assert abs(heads.mean() - 0.5) < 0.06


def test_what_is_missing_depends_on_what_it_depended_on(made):
    rich = made.levels("rich").astype(bool)
    assert 0.7 < made.missing("income")[rich].mean() < 0.9
    assert made.missing("income")[~rich].mean() < 0.03


def test_point_masses_are_kept(people, made):
    assert abs((made.numbers("hours") == 40).mean() - (people.numbers("hours") == 40).mean()) < 0.05


def test_values_stay_on_the_grid_and_inside_the_range_that_five_rows_share(people, made):
    for name, step in (("score", 0.1), ("hours", 1.0), ("income", 1.0)):
        values, real = made.numbers(name), people.numbers(name)
        values = values[~np.isnan(values)]
        assert np.allclose(values / step, np.round(values / step), atol=1e-6)
        assert values.min() >= np.nanmin(real)
        assert values.max() <= np.nanmax(real)


def test_a_value_that_equals_another_column_is_drawn_as_that_columns_value():
    """Half of the payments are the bill to the cent: no cell is that narrow, so only the copied state can do it."""
    rng = np.random.default_rng(4)
    bill = np.round(rng.gamma(2, 5_000, N), 2)
    paid = np.where(rng.random(N) < 0.5, bill, np.round(bill * rng.random(N), 2))
    money = [Column(name=name, kind="float", decimals=2, bounds=(0, 100_000)) for name in ("bill", "paid")]
    made = drawn(Table(Schema(tuple(money)), pa.table({"bill": bill, "paid": paid})))
    assert 0.4 < (made.numbers("bill") == made.numbers("paid")).mean() < 0.6


def bills(n=2_000):
    """A balance that takes any size, and the next month's: within some 20 of it, nothing for one customer in ten."""
    rng = np.random.default_rng(5)
    first = np.round(np.exp(rng.normal(9, 1.2, n)))
    second = np.where(rng.random(n) < 0.1, 0, np.maximum(first + np.round(rng.laplace(0, 20, n)), 1))
    columns = tuple(Column(name=name, kind="integer", bounds=(0, 2_000_000)) for name in ("first", "second"))
    return Table(Schema(columns), pa.table({"first": first.astype(int), "second": second.astype(int)}))


def distances(table):
    kept = table.numbers("second") > 0
    return np.abs(table.numbers("second") - table.numbers("first"))[kept]


def test_a_value_close_to_an_earlier_one_is_drawn_as_close():
    """No leaf is as narrow as 20 in 8,000: the distance itself has to be drawn."""
    real, made = bills(), drawn(bills(), first=("first",))
    assert np.median(distances(made)) == pytest.approx(np.median(distances(real)), rel=0.15)
    assert np.quantile(distances(made), 0.9) == pytest.approx(np.quantile(distances(real), 0.9), rel=0.15)
    assert (made.numbers("second") == 0).mean() == pytest.approx(0.1, abs=0.03)


def test_a_distance_that_never_changes_holds_in_every_row():
    first = bills().numbers("first").astype(int)
    schema = Schema(tuple(Column(name=name, kind="integer", bounds=(0, 2_000_000)) for name in ("first", "second")))
    made = drawn(Table(schema, pa.table({"first": first, "second": first + 7})), first=("first",))
    inside = made.numbers("first") < np.sort(first)[-MINIMUM_ROWS]  # the second ends where its own range does
    assert (distances(made)[inside] == 7).all()


def test_distances_are_kept_in_cells_of_five_rows_and_survive_saving(tmp_path):
    real = bills()
    model = sampler(real, first=("first",))
    offset = model.columns["second"].offset
    assert offset.base == "first"
    kept = real.numbers("second") > 0
    inside = offset.grid.encode((real.numbers("second") - real.numbers("first"))[kept])
    assert np.bincount(inside, minlength=len(offset.grid)).min() >= MINIMUM_ROWS
    made = model.block(0, 2_000, CONTEXT)
    assert made.numbers("second").min() >= 0
    assert made.numbers("second").max() <= model.cells["second"].grid.high[-1]
    model.save(tmp_path)
    assert type(model).load(tmp_path).block(0, 2_000, CONTEXT).digest() == made.digest()


def test_a_value_told_by_its_distance_stays_on_the_grid_and_in_the_range_of_its_column():
    own = Grid(np.array([0.0, 40.0]), np.array([10.0, 50.0]), 0.5)
    offset = Offset("first", Grid(np.array([-20.0, 3.3]), np.array([-20.0, 3.3]), None))
    made = offset.values(own, np.array([5.0, 5.0, 49.0, np.nan]), np.array([0, 1, 1, 1]), np.zeros(4))
    assert made.tolist() == [0.0, 8.5, 50.0, 43.5]


def test_a_close_number_can_be_known_asked_for_and_weighed():
    """Few candidates come as close as the known number asks for (one row in 120 does): most rows find one."""
    model = fit_model(bills(), HonestTrees(trees=4, first=("first",)), CONTEXT)
    known = model.sample(300, given={"second": 8_000}, seed=1).numbers("first")
    assert (np.abs(known - 8_000) < 200).mean() > 0.5
    within = model.sample(300, given={"second": (8_000, 9_000)}, seed=1)
    assert within.numbers("second").min() >= 8_000
    assert within.numbers("second").max() <= 9_000
    assert np.median(distances(within)) < 40
    second = np.concatenate([np.arange(7_970, 8_031), np.arange(9_470, 9_531)])
    rows = pa.table({"first": np.full(len(second), 8_000), "second": second})
    chances = np.exp(model.sampler.log_likelihood(Table(bills().schema, rows))).reshape(2, -1).sum(axis=1)
    assert chances[0] > 10 * chances[1]


def test_a_distance_from_a_column_that_is_not_drawn_before_is_refused(tmp_path):
    sampler(bills(), first=("first",)).save(tmp_path)
    path = tmp_path / "columns.json"
    state = json.loads(path.read_text())
    state["columns"][1]["offset"]["base"] = "second"
    path.write_text(json.dumps(state))
    with pytest.raises(BadInput, match="distance"):
        read_columns(tmp_path)


def test_a_number_that_is_no_nearer_to_an_earlier_one_keeps_its_own_cells(fitted):
    assert all(model.offset is None for name, model in fitted.columns.items() if name not in {"score", "double"})


def test_a_payment_that_is_close_to_small_bills_only_is_not_told_by_its_distance():
    """Told so, the many that pay a little of a large bill would be drawn from distances as wide as the bills."""
    rng = np.random.default_rng(9)
    bill = np.round(np.exp(rng.normal(9, 1.5, 2_000)))
    part = np.round(np.exp(rng.normal(7, 0.5, 2_000)))
    paid = np.where(rng.random(2_000) < 0.6, np.maximum(bill - rng.integers(1, 30, 2_000), 1), part)
    columns = tuple(Column(name=name, kind="integer", bounds=(0, 9_000_000)) for name in ("bill", "paid"))
    table = Table(Schema(columns), pa.table({"bill": bill.astype(int), "paid": paid.astype(int)}))
    assert sampler(table, first=("bill",)).columns["paid"].offset is None


def test_a_large_table_is_learnt_from_part_of_its_rows(people):
    """12,000 rows of 2 values: with 1 value allowed, 10,000 rows are looked at all the same; by default all are."""
    many = Table.concat([people.select(["score", "coin"])] * 10)
    for values, counted in ((1, 10_000), (22_000, 11_000), (800_000, 12_000)):
        model = HonestTrees(trees=1, values=values).fit(many, CONTEXT)
        assert len(next(iter(model.columns.values())).law.entries) == counted


def test_few_rows_look_at_few_columns():
    rng = np.random.default_rng(8)
    columns = tuple(Column(name=f"c{at}", kind="float", decimals=2, bounds=(-9, 9)) for at in range(30))
    data = {one.name: np.round(rng.normal(size=300), 2) for one in columns}
    model = sampler(Table(Schema(columns), pa.table(data)), trees=1)
    assert max(len(one.before) for one in model.columns.values()) == 300 // 25


def test_no_cell_and_no_leaf_speaks_of_fewer_than_five_rows(people, fitted):
    for name, cells in fitted.cells.items():
        if cells.grid is not None:
            inside = cells.encode(people.numbers(name))
            assert np.bincount(inside[inside < cells.size], minlength=cells.size).min() >= MINIMUM_ROWS
        law = fitted.columns[name].law
        if isinstance(law, Forest):
            assert np.diff(law.bounds)[law.trees.is_leaf].min() >= MINIMUM_ROWS


def test_leaves_hold_rows_that_their_structure_has_not_seen(people):
    """Two trees share the rows between them, so each counts half; trees that see all rows would count all, twice."""
    law = sampler(people).columns["coin"].law
    per_tree = np.diff(law.bounds[law.trees.start])
    assert per_tree.tolist() == [N // 2, N // 2]


def test_the_first_rows_do_not_depend_on_the_number_drawn(fitted):
    assert fitted.block(1, 40, CONTEXT).digest() == fitted.block(1, 700, CONTEXT).head(40).digest()


def test_rows_of_one_group_take_places_that_fill_its_table_evenly():
    """Of 1,000 rows in two groups, each tenth of a group's table gets its 50, give or take 3; chance alone takes 20."""
    group = np.random.default_rng(0).permutation(np.repeat([7, 40], 500))

    def furthest(*, systematic):
        place = Draws.of(np.random.default_rng(1), 1_000, systematic=systematic).entry(group)
        return max(np.abs(np.histogram(place[group == one], 10, (0, 1))[0] - 50).max() for one in (7, 40))

    assert furthest(systematic=True) <= 3
    assert furthest(systematic=False) > 8


def test_systematic_draws_follow_the_shares_more_closely(people):
    """The share of each label over 2,000 rows, five blocks: its squared error falls to less than half."""

    def error(*, systematic):
        model = sampler(people, systematic=systematic)
        made = [model.block(block, 2_000, CONTEXT) for block in range(5)]
        names = ("passed", "coin", "rich")
        real = {name: (people.levels(name) == 0).mean() for name in names}
        return sum(((one.levels(name) == 0).mean() - real[name]) ** 2 for one in made for name in names)

    assert error(systematic=True) < error(systematic=False) / 2


@pytest.mark.parametrize("trees", [1, 2])
def test_columns_that_walk_through_their_tables_stay_independent(trees):
    """Three unrelated labels from trees without a split: chi-squared of a pair, 15 degrees of freedom, is below 37.7
    with probability .999; in step it would be near 150. The counts expected are those of independent draws."""
    rng = np.random.default_rng(11)
    names = {"a": 5, "b": 4, "c": 4}
    columns = tuple(
        Column(name=name, kind="categorical", categories=tuple(map(str, range(k)))) for name, k in names.items()
    )
    data = {name: pa.array([str(one) for one in rng.integers(0, k, N)]) for name, k in names.items()}
    table = Table(Schema(columns), pa.table(data))

    def counts(blocks, **settings):
        model = sampler(table, trees=trees, leaf_rows=N // 4, **settings)
        made = [model.block(block, 60_000, CONTEXT) for block in blocks]
        return sum(np.bincount(one.levels("b") * 4 + one.levels("c"), minlength=16) for one in made)

    expected = counts(range(1, 9), systematic=False) / 8
    assert ((counts([0]) - expected) ** 2 / expected).sum() < 37.7


def test_a_target_without_a_cause_stays_independent_of_the_first_column():
    """Both walk through their tables: in each tenth of the first column half of the labels are heads, give or take 2 %.

    Were their steps equal, each tenth would have one label throughout, or nearly.
    """
    leaf = Trees(*(np.array(a) for a in ([0, 1], [0], [0], [0], [0], [0.0])))
    first, label = Counts(np.arange(1_000)), Classes(leaf, np.array([0, 1]))
    draws = [Draws.of(np.random.default_rng(seed), 20_000, systematic=True) for seed in (0, 1)]
    x = first.draw(np.empty((20_000, 0), dtype=np.uint16), draws[0])
    heads = label.draw(x[:, None].astype(np.uint16), draws[1])
    assert np.abs(np.bincount(x // 100, weights=heads) / np.bincount(x // 100) - 0.5).max() < 0.02


def test_only_one_of_the_columns_that_depend_on_nothing_is_systematic(people):
    """Twelve rows are too few for trees: were all columns to walk in step, a pair of labels would be one label."""
    made = sampler(people.head(12)).block(0, 400, CONTEXT)
    coin, rich = made.levels("coin"), made.levels("rich")
    assert len(np.unique(coin)) == len(np.unique(rich)) == 2
    assert abs(np.corrcoef(coin, rich)[0, 1]) < 0.2


def test_a_target_with_a_curve_in_it_is_predicted_by_the_drawn_rows():
    """y is 40 sin(x / 8) + noise of 4: the drawn y lies within 1 of the curve on average in each of 12 bins of x."""
    rng = np.random.default_rng(8)
    x = rng.integers(0, 96, 3_000)
    y = np.round(40 * np.sin(x / 8) + rng.normal(0, 4, 3_000), 1)
    schema = Schema(
        (
            Column(name="x", kind="integer", bounds=(0, 95)),
            Column(name="y", kind="float", decimals=1, bounds=(-60, 60), role="target"),
        )
    )
    model = sampler(Table(schema, pa.table({"x": x, "y": y})), trees=12)
    made = model.block(0, 6_000, CONTEXT)
    left = made.numbers("y") - 40 * np.sin(made.numbers("x") / 8)
    place = (made.numbers("x") // 8).astype(int)
    assert np.abs(np.bincount(place, weights=left) / np.bincount(place)).max() < 1
    assert len(model.columns["y"].law.score.folds) == 5


def test_drawn_classes_follow_their_probabilities_group_by_group(people):
    """The coin as target: among rows of like odds, heads come within 2 of what their probabilities add up to."""
    schema = Schema(tuple(replace(one, role="target") if one.name == "rich" else one for one in people.schema))
    law = sampler(Table(schema, people.data)).columns["rich"].law
    assert isinstance(law, Classes)
    codes = np.random.default_rng(2).integers(0, 200, (4_000, 6)).astype(np.uint16)
    chances, group = law.probabilities(codes), law._group(codes, law.probabilities(codes))
    made = law.draw(codes, Draws.of(np.random.default_rng(3), len(codes), systematic=True))
    off = np.bincount(np.unique(group, return_inverse=True)[1], weights=(made == law.cells[1]) - chances[:, 1])
    assert np.abs(off).max() < 3


def test_the_loaded_model_draws_the_same_rows(fitted, tmp_path):
    fitted.save(tmp_path)
    again = type(fitted).load(tmp_path)
    assert again.block(0, 500, CONTEXT).digest() == fitted.block(0, 500, CONTEXT).digest()


@pytest.mark.parametrize("key", ["/trees/left", "/trees/feature", "/cell", "/bounds", "/fold/0/right"])
def test_arrays_that_lead_outside_are_refused(fitted, tmp_path, key):
    from safetensors.numpy import load, save

    fitted.save(tmp_path)
    path = tmp_path / "columns.safetensors"
    arrays = {name: array.copy() for name, array in load(path.read_bytes()).items()}
    name = next(name for name in sorted(arrays) if name.endswith(key) and len(arrays[name]) > 2)
    arrays[name][0] = 60_000
    path.write_bytes(save(arrays))
    with pytest.raises(BadInput):
        read_columns(tmp_path)


def test_trees_that_never_end_are_refused():
    state = Trees(*(np.array(a) for a in ([0, 3], [0, 0, 0], [5, 0, 0], [1, 0, 2], [2, 2, 2], [0.0, 0.0, 0.0]))).state()
    with pytest.raises(BadInput, match="leads nowhere"):
        Trees.from_state(state, 1)


def test_columns_drawn_first_are_conditioned_on_exactly(people):
    model = sampler(people, first=("passed",))
    assert model.conditions_on(frozenset({"passed"}))
    assert not model.conditions_on(frozenset({"coin"}))
    fixed = Table(people.schema.select(["passed"]), pa.table({"passed": pa.array([True, False] * 500)}))
    made = model.block(0, 1_000, CONTEXT, Given(fixed=fixed))
    assert made.select(["passed"]).digest() == fixed.digest()
    assert (made.numbers("score") > 45)[::2].mean() > 0.97
    assert (made.numbers("score") > 45)[1::2].mean() < 0.03


def test_a_column_asked_for_first_has_to_be_there(people):
    with pytest.raises(BadInput.__mro__[1], match="pased"):
        sampler(people, first=("pased",))


@pytest.mark.parametrize("n", [12, 60])
def test_few_rows_are_enough(people, n):
    assert len(fit_model(people.head(n), HonestTrees(), CONTEXT).sample(100)) == 100


def test_more_predecessors_than_allowed_leave_the_strongest():
    """Thirty columns of noise and one that is the column itself: with two allowed, it is among them."""
    rng = np.random.default_rng(6)
    noise = {f"noise {i:02}": rng.integers(0, 90, N) for i in range(30)}
    data = noise | {"cause": rng.integers(0, 80, N)}
    data["effect"] = data["cause"] // 2
    schema = Schema(tuple(Column(name=name, kind="integer", bounds=(0, 90)) for name in data))
    model = sampler(Table(schema, pa.table(data)), predecessors=2)
    assert "cause" in model.columns["effect"].before
    assert len(model.columns["effect"].before) == 2


def test_a_planted_row_is_neither_emitted_nor_saved(people, tmp_path):
    """One row far from all others: its values are in nobody else's cell, so neither they nor the row come back."""
    planted = {
        "score": 99.7,
        "double": 199.4,
        "passed": True,
        "coin": "tail",
        "rich": True,
        "income": 19_999,
        "hours": 79,
    }
    rows = pa.Table.from_pylist([planted], schema=people.data.schema)
    model = sampler(Table(people.schema, pa.concat_tables([people.data, rows])))
    made = model.block(0, 20_000, CONTEXT)
    assert not (made.numbers("income") == 19_999).any()
    assert not ((made.numbers("score") == 99.7) & (made.numbers("double") == 199.4)).any()
    model.save(tmp_path)
    saved = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"19999" not in saved
    assert np.float64(19_999).tobytes() not in saved


def test_labels_without_a_cause_are_not_told_row_by_row():
    """60 labels and a fine number that has nothing to do with them: the trees say nothing, so a label comes from all.

    Leaves of five rows would tell at which number each row's label was.
    """
    rng = np.random.default_rng(12)
    columns = (
        Column(name="fine", kind="float", decimals=4, bounds=(0, 1)),
        Column(name="label", kind="categorical", categories=tuple(f"L{at}" for at in range(60))),
    )
    data = {"fine": np.round(rng.random(N), 4), "label": pa.array([f"L{at}" for at in rng.integers(0, 60, N)])}
    law = sampler(Table(Schema(columns), pa.table(data))).columns["label"].law
    assert law.trees.is_leaf.sum() <= 2 * 3
    assert np.diff(law.bounds)[law.trees.is_leaf].min() > 60


def ruled(name_of_target, noise, numbers=8):
    """Numbers that are around 10 times a label of six, in an order of their own, give or take `noise`."""
    rng = np.random.default_rng(13)
    label = rng.integers(0, 6, N)
    names = [f"x{at}" for at in range(numbers)]
    columns = [Column(name=name, kind="float", decimals=2, bounds=(-900, 900)) for name in names]
    columns.append(Column(name="label", kind="categorical", categories=tuple("abcdef")))
    columns = [replace(one, role="target") if one.name == name_of_target else one for one in columns]
    data = {name: np.round(10 * rng.permutation(6)[label] + rng.normal(0, noise, N), 2) for name in names}
    return Table(Schema(tuple(columns)), pa.table(data | {"label": pa.array([*"abcdef"]).take(pa.array(label))}))


def test_a_target_that_rules_all_other_columns_is_drawn_first_and_any_other_last():
    assert next(iter(sampler(ruled("label", noise=5)).columns)) == "label"
    assert list(sampler(ruled("label", noise=100)).columns)[-1] == "label"
    assert list(sampler(ruled("label", noise=5, numbers=7)).columns)[-1] == "label"
    assert list(sampler(ruled("x0", noise=5)).columns)[-1] == "x0"


def test_a_column_asked_for_first_stays_before_a_target_that_rules_it():
    assert list(sampler(ruled("label", noise=5), first=("x3",)).columns)[:2] == ["x3", "label"]


def test_how_much_a_label_explains_does_not_count_chance():
    """Labels of six that rule numbers up to noise explain var(10 label) / (that + noise²); labels at random nothing."""

    def share(noise, rows):
        table = ruled("label", noise).head(rows)
        values = table.model_values()
        cells = {column.name: Cells.of(column, values[column.name]) for column in table.schema}
        return explained_by("label", cells, {name: one.encode(values[name]) for name, one in cells.items()})

    assert share(10, N) == pytest.approx(292 / 392, abs=0.05)  # var(0, 10 .. 50) = 291.7; ranks differ a little
    assert abs(share(10_000, 30)) < 0.12  # six labels in 30 rows explain 5 / 29 = .17 of anything
