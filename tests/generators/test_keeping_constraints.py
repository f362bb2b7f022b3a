"""What is computed, encoded and checked; what is refused at once; conditions, gaps, saving, and rules after fitting."""

import json
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import synthwright as sw
from synthwright.data.constraints import evaluate_rule, rules_of
from synthwright.data.predicates import Range
from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context
from synthwright.engines.engine import Processes
from synthwright.errors import BadInput, SynthwrightError, UsageError
from synthwright.generators._constraints.compiling import compiled
from synthwright.generators._constraints.planning import learn_plan
from synthwright.generators.blocks import source_of
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.oversampling import oversample
from synthwright.generators.protocol import Given
from synthwright.generators.settings import make_generator
from synthwright.generators.tally import Tally
from synthwright.seeding import Streams

CONTEXT = Context(streams=Streams(0))
RULES = (
    "total == net + tax",
    "low <= some",
    "some <= top",
    "begins <= ends",
    "combinations(country, city)",
    "one_hot(red, green, blue)",
    "when city == 'Oslo' then low < 40",
)
INFO = make_generator("tabular.independent").info


def frame(n=600, seed=0):
    rng = np.random.default_rng(seed)
    net, tax = rng.integers(0, 90, n), rng.integers(0, 20, n)
    low = rng.integers(0, 50, n)
    some = np.where(rng.random(n) < 0.15, np.nan, low + rng.integers(0, 9, n))
    city, colour = rng.choice(["Oslo", "Bergen", "Lund"], n), rng.integers(0, 3, n)
    begins = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 99, n), "D")
    made = pd.DataFrame(
        {
            "net": net,
            "tax": tax,
            "total": net + tax,
            "low": low,
            "some": some,
            "top": np.fmax(low, np.nan_to_num(some)) + rng.integers(0, 9, n),
            "begins": begins,
            "ends": begins + pd.to_timedelta(rng.integers(0, 20, n), "D"),
            "country": np.where(city == "Lund", "SE", "NO"),
            "city": city,
            "red": colour == 0,
            "green": colour == 1,
            "blue": colour == 2,
            "label": rng.choice(["yes", "no"], n, p=[0.3, 0.7]),
        }
    )
    made.loc[rng.random(n) < 0.2, "ends"] = pd.NaT
    return made[(made.city != "Oslo") | (made.low < 40)].reset_index(drop=True)


def table(rules=RULES, n=600, columns=None):
    read = read_table(frame(n) if columns is None else frame(n)[columns], target="label")
    return read.with_schema(replace(read.schema, constraints=tuple(rules)))


def fitted(method="tabular.independent", rules=RULES, **more):
    return fit_model(table(rules, **more), make_generator(method), CONTEXT)


def obeys(drawn, reference, *rules):
    schema = replace(reference.schema, constraints=rules) if rules else reference.schema
    return all(evaluate_rule(drawn, rule, reference).all() for rule in rules_of(schema))


def test_the_plan_says_what_is_computed_encoded_and_checked():
    model = fitted()
    assert model.constraints.told() == {
        "derived": ["total = net + tax"],
        "encoded": [
            "top = some + gap",
            "ends = begins + gap",
            "country, city as one column of 3 combinations",
            "red, green, blue as one column of 3 combinations",
            "some = low + gap",
        ],
        "checked": ["when city == 'Oslo' then low < 40"],
    }
    seen = set(model.sampler.schema.names)
    assert not seen & {"total", "top", "ends", "country", "red", "some"}
    assert model.sampler.schema.constraints == ()  # no method knows them


def test_decoding_undoes_encoding_to_the_last_bit():
    reference = table()
    plan, encoded = learn_plan(reference, reference.names, [], [], INFO)
    again, fits = plan.decode(encoded)
    assert fits.all()
    assert again.data.equals(reference.data)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(-999_999, 999_999)),
            st.one_of(st.none(), st.integers(-999_999, 999_999)),
            st.one_of(st.none(), st.integers(0, 10**6)),
        ),
        min_size=12,
        max_size=40,
    ),
    st.sampled_from([0, 2, 5]),
)
def test_sums_and_orders_with_gaps_survive_encoding_in_decimals(rows, decimals):
    scale = 10.0**decimals
    a, b, gap = (np.array([np.nan if one is None else one / scale for one in part]) for part in zip(*rows, strict=True))
    columns = [Column(name=name, kind="float", decimals=decimals, missing=True) for name in ("a", "b", "c", "d")]
    values = {"a": a, "b": b, "c": np.round(a + b, decimals), "d": np.round(a + gap, decimals)}
    values["c"] = np.where(np.isnan(values["c"]) & ~np.isnan(gap), gap, values["c"])
    assume(min(np.isfinite(values[name]).sum() for name in "cd") >= 5)  # fewer speak of single rows: none are kept
    reference = Table.of(Schema(tuple(columns), ("c == a + b", "a <= d")), values)
    plan, encoded = learn_plan(reference, reference.names, [], [], INFO)
    again, fits = plan.decode(encoded)
    assert fits.all()
    for name in "abcd":
        wanted = reference.numbers(name)
        if name == "c":  # fewer than five rows that have it without its parts are not learnt
            alone = np.isfinite(wanted) & (np.isnan(a) | np.isnan(b))
            wanted = np.where(alone, np.nan, wanted) if 0 < alone.sum() < 5 else wanted
            few = min(np.isnan(wanted).sum(), np.isfinite(wanted).sum()) < 5
            if few:
                continue
        assert np.array_equal(again.numbers(name), wanted, equal_nan=True), name


def test_missing_cells_stay_as_frequent_and_where_they_were():
    model, reference = fitted(), table()
    drawn = model.sample(20_000, seed=1)
    for name in reference.names:
        assert abs(drawn.missing(name).mean() - reference.missing(name).mean()) < 0.02, name


def test_a_constant_gap_is_settled_and_not_learnt():
    rng = np.random.default_rng(0)
    a = rng.integers(0, 30, 200)
    reference = read_table(pd.DataFrame({"a": a, "b": a + 7}))
    model = fit_model(reference.with_schema(replace(reference.schema, constraints=("a < b",))), _independent(), CONTEXT)
    assert model.sampler.schema.names == ("a",)
    drawn = model.sample(500)
    assert np.array_equal(drawn.numbers("b"), drawn.numbers("a") + 7)


def _independent():
    return make_generator("tabular.independent")


@pytest.mark.parametrize(
    ("rules", "derived"),
    [
        (["total - tax == net"], "net = total - tax"),  # what stands alone on a side is computed
        (["total == net + tax", "net == total - tax"], "total = net + tax"),  # a circle: the second is checked
        (["net + tax == total + 0 * low"], "net = (total + (0 * low)) - tax"),
    ],
)
def test_what_is_computed(rules, derived):
    schema = table(()).schema
    made = compiled(schema, rules_of(replace(schema, constraints=tuple(rules))), INFO)
    assert [step.words()[1] for step in made.steps] == [derived]
    assert obeys(fitted(rules=rules).sample(300, seed=1), table(rules))


def test_a_ratio_is_solved_for_the_column_whose_grid_holds_it():
    rng = np.random.default_rng(0)
    qty, price = rng.integers(1, 9, 300), rng.integers(1, 9, 300)
    reference = read_table(pd.DataFrame({"qty": qty, "cost": qty * price, "price": price}))
    reference = reference.with_schema(replace(reference.schema, constraints=("price == cost / qty",)))
    model = fit_model(reference, _independent(), CONTEXT)
    assert model.constraints.told() == {"derived": ["cost = price * qty"]}


def test_dividing_by_zero_leaves_the_column_as_it_was_drawn():
    rng = np.random.default_rng(0)
    whole = np.where(rng.random(400) < 0.3, 0.0, rng.integers(1, 9, 400))
    part = rng.integers(0, 9, 400)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(whole == 0, -1.0, part / whole)
    reference = read_table(pd.DataFrame({"part": part, "whole": whole, "share": share}))
    reference = reference.with_schema(replace(reference.schema, constraints=("share == part / whole",)))
    drawn = fit_model(reference, _independent(), CONTEXT).sample(2_000, seed=1)
    assert obeys(drawn, reference)
    assert 0.2 < (drawn.numbers("whole") == 0).mean() < 0.4
    assert np.isfinite(drawn.numbers("share")).all()


@pytest.mark.parametrize("kind", ["int8", "uint16", "decimal128(6, 2)", "float"])
def test_what_does_not_fit_the_type_is_drawn_again(kind):
    """Products of independent columns pass the largest number of a narrow type: none is cut off or wrapped around."""
    rng = np.random.default_rng(1)
    a = rng.integers(1, 300, 400)
    b = np.maximum(1, 120 // a)
    decimals = 2 if kind.startswith("decimal") else None
    kinds = "integer" if "int" in kind else "float"
    columns = (
        Column(name="a", kind="integer"),
        Column(name="b", kind="integer"),
        Column(name="c", kind=kinds, decimals=decimals, dtype=kind),
    )
    keep = a * b < 125
    data = pa.table({"a": a[keep], "b": b[keep], "c": pa.array((a * b)[keep]).cast(pa.float64())})
    narrow = data.set_column(2, "c", data["c"].cast(sw_type(kind)))
    reference = Table(Schema(columns, ("c == a * b",)), narrow)
    drawn = fit_model(reference, _independent(), CONTEXT).sample(500, seed=1)
    assert drawn.data["c"].type == narrow["c"].type
    assert np.allclose(drawn.numbers("c"), drawn.numbers("a") * drawn.numbers("b"), rtol=1e-6)


def sw_type(text):
    from synthwright.data.arrow_types import parse_type

    return parse_type(text)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (["low <= top", "top < low"], "contradict"),
        (["low < some", "some < top", "top < low"], "contradict"),
        (["low <= top - 3", "top <= low + 2"], "contradict"),
        (["low >= 30", "some <= 10", "low <= some"], "contradict"),
        (["low == top", "low < top"], "contradict"),
        (["begins < ends", "ends < '2020-01-01'", "begins > '2021-01-01'"], "contradict"),
        (["low > 10 and low < 5"], "contradict"),
        (["not (low <= top or low <= some)", "low <= top"], "contradict"),
        (["net > 1000"], "broken by most rows"),
        (["total == net * tax"], "broken by most rows"),
        (["city matches '[0-9]+'"], "broken by most rows"),
        (["red == green and green == blue and not red"], "broken by most rows"),
    ],
)
def test_rules_that_no_row_or_hardly_a_real_one_obeys_are_refused_before_fitting(rules, words):
    with pytest.raises(BadInput) as caught:
        fitted(rules=rules)
    assert words in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "rules",
    [
        ["low.real > 1"],
        ["__import__('os') == 1"],
        ["low ** 99999999 > 1"],
        ["low > 1; low"],
        ["(" * 60 + "low > 1" + ")" * 60],
        ["lambda: low"],
        ["low > 9" + "9" * 3_000],
        ["unique(nothing)"],
        ["low + city > 3"],
        [""],
    ],
)
def test_hostile_rules_end_in_one_error(rules):
    with pytest.raises(BadInput):
        sw.fit(frame(), "tabular.independent", constraints=rules)


@pytest.mark.parametrize("text", ["low / (low - low) > 1", "1 / 0 > low", "low * 1e308 * 1e308 >= 0"])
def test_what_can_not_be_computed_breaks_no_rule(text):
    drawn = fitted(rules=[text]).sample(100, seed=1)
    assert len(drawn) == 100


def test_combinations_rarer_than_five_rows_are_neither_saved_nor_drawn(tmp_path):
    rare = frame(600)
    rare.loc[:3, ["country", "city"]] = ["DK", "Kastrup"]
    reference = read_table(rare, target="label")
    declared = [replace(reference.schema[name], source="data") for name in ("country", "city")]
    reference = reference.with_schema(replace(reference.schema.replacing(*declared), constraints=RULES[4:5]))
    model = fit_model(reference, make_generator("tabular.bayes_network"), CONTEXT)
    assert "Kastrup" not in set(model.sample(5_000).data["city"].to_pylist())
    model.save(tmp_path / "model")
    assert not any(b"Kastrup" in path.read_bytes() for path in (tmp_path / "model").rglob("*.*"))


def test_without_a_combination_of_five_rows_there_is_one_error():
    wide = pd.DataFrame({"a": np.arange(60) % 30, "b": np.arange(60) % 7, "x": np.arange(60) % 3})
    with pytest.raises(BadInput, match="no combination may be drawn"):
        sw.fit(wide, "tabular.independent", constraints=["combinations(a, b)"])


@pytest.mark.parametrize("method", ["tabular.independent", "tabular.bayes_network"])
@pytest.mark.parametrize(
    "asked",
    [
        {"total": (40, 60)},
        {"low": 20, "some": (22, 25)},
        {"country": "SE"},
        {"red": True},
        {"ends": None},
        {"city": {"Oslo", "Lund"}, "top": (20, 30)},
        {"low": 10, "some": 12},
        {"country": "NO", "city": "Oslo"},
    ],
)
def test_conditions_on_computed_and_encoded_columns_hold(method, asked):
    model = fitted(method)
    drawn = model.sample(60, seed=2, given=asked)
    assert obeys(drawn, table())
    for predicate in Given.of(asked, model.schema).where:
        assert predicate.holds(drawn).all()
    assert drawn.head(13).digest() == model.sample(13, seed=2, given=asked).digest()


def test_known_columns_are_translated_where_that_is_exact():
    source = source_of(fitted("tabular.bayes_network"), Tally())
    assert source.conditions_on(frozenset({"low", "some"}))  # the gap is known
    assert source.conditions_on(frozenset({"net", "tax", "total"}))
    assert source.conditions_on(frozenset({"country", "city"}))
    for names in ({"some"}, {"total"}, {"city"}, {"net", "total"}):
        assert not source.conditions_on(frozenset(names))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"low": 40, "some": 20}, "can't be"),
        ({"total": 1_000_000}, "never has such a value"),
        ({"red": True, "green": True}, "can't be"),
        ({"country": "SE", "city": "Oslo"}, "can't be"),
        ({"city": "Oslo", "low": 45}, "can't be"),
    ],
)
def test_conditions_that_no_row_can_meet_end_with_count_and_rate(asked, words):
    with pytest.raises(BadInput) as caught:
        fitted().sample(3, given=asked)
    assert words in str(caught.value)
    assert caught.value.evidence


def test_fixed_rows_that_break_a_rule_are_named_at_once():
    rows = read_table(frame(40)).select(["low", "top"])
    values = {"low": rows.numbers("low"), "top": rows.numbers("low") - np.where(np.arange(len(rows)) == 7, 1, 0)}
    reference = table(["low <= top"])
    fixed = Table.of(reference.schema.select(["low", "top"]), values)
    model = fit_model(reference, _independent(), CONTEXT)
    with pytest.raises(BadInput, match=r"1 of .* fixed rows break the rule 'low <= top'") as caught:
        model.sample(len(fixed), given=Given(fixed=fixed))
    assert "row 7" in str(caught.value)


def test_fixed_columns_come_out_as_they_went_in_and_the_rows_obey():
    fixed = table().select(["low", "some", "city", "label"]).head(150)
    for method in ("tabular.independent", "tabular.bayes_network"):
        drawn = fitted(method).sample(150, seed=3, given=Given(fixed=fixed))
        assert drawn.select(fixed.names).digest() == fixed.digest()
        assert obeys(drawn, table())


def test_impute_keeps_known_cells_and_obeys():
    model = fitted("tabular.bayes_network")
    holes = frame(200, seed=5).astype({"tax": float, "total": float})
    holes.loc[::3, "tax"] = np.nan  # implied by the sum
    holes.loc[1::3, "total"] = np.nan
    holes["ends"] = pd.NaT
    with pytest.warns(UserWarning, match="Known cells of 'top' were held to the constraints"):
        filled = model.impute(holes, seed=1)
    back = filled.to_pandas()
    assert not back[["tax", "total", "ends"]].isna().any().any()
    assert (back.total == back.net + back.tax).all()
    assert (back.begins <= back.ends).all()
    assert ((back.low <= back.some) & (back.some <= back.top)).all()
    known = holes.tax.notna()
    assert (back.tax[known] == holes.tax[known]).all()
    true = frame(200, seed=5)
    assert (back.tax == true.tax).all()  # what a rule says is not drawn


def test_rows_that_break_a_rule_already_are_filled_without_it():
    holes = frame(60, seed=5)
    holes["low"] += 1_000  # above all that is compared with it
    holes["ends"] = pd.NaT
    filled = fitted("tabular.bayes_network", rules=["low <= top", "begins <= ends"]).impute(holes).to_pandas()
    assert (filled.low == holes.low).all()
    assert (filled.begins <= filled.ends).all()


def test_rules_may_come_after_fitting_and_are_checked():
    model = fitted(rules=())
    later = model.with_constraints(["low + 10 <= top", "unique(net, low)"])
    made = later.draw(300, seed=1)
    drawn, tally = made.table, made.tally
    assert obeys(drawn, table(()), "low + 10 <= top", "unique(net, low)")
    assert 0 < tally.rate < 0.9
    assert later.schema.constraints == ("low + 10 <= top", "unique(net, low)")
    assert model.schema.constraints == ()
    assert later.sample(40, seed=1).digest() == drawn.head(40).digest()


def test_rules_after_fitting_are_saved(tmp_path):
    later = fitted(rules=RULES[:2]).with_constraints(["low < 30"])
    later.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    assert loaded.schema.constraints == (*RULES[:2], "low < 30")
    assert loaded.constraints.told() == later.constraints.told()
    assert loaded.sample(200, seed=1).digest() == later.sample(200, seed=1).digest()


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (["combinations(country, city)"], "no rows that show combinations"),
        (["low > top", "low <= top"], "contradict"),
        (["nothing > 3"], "no column"),
        ("low > 3", "one text"),
    ],
)
def test_rules_after_fitting_that_can_not_be_kept_are_refused(rules, words):
    with pytest.raises(SynthwrightError, match=words):
        fitted(rules=RULES[1:2]).with_constraints(rules)


def test_a_rule_that_hardly_any_row_obeys_ends_with_count_and_rate():
    later = fitted(rules=()).with_constraints(["net == 3 and tax == 2 and low == 1 and label == 'yes'"])
    with pytest.raises(BadInput, match=r"0 of 5 rows were found") as caught:
        later.sample(5)
    assert "candidates obey" in caught.value.evidence
    assert "net == 3" in caught.value.evidence


def test_unique_rows_stay_unique_over_blocks_and_processes():
    n = BLOCK_ROWS + 2_000
    reference = read_table(pd.DataFrame({"a": np.arange(2_000) % 400, "b": np.arange(2_000) % 370}))
    reference = reference.with_schema(replace(reference.schema, constraints=("unique(a, b)",)))
    model = fit_model(reference, _independent(), CONTEXT)
    drawn = model.sample(n, seed=1)
    assert len(set(zip(drawn.numbers("a"), drawn.numbers("b"), strict=True))) == n
    assert drawn.head(BLOCK_ROWS + 5).digest() == model.sample(BLOCK_ROWS + 5, seed=1).digest()
    apart = Context(streams=Streams(0), engine=Processes(2))
    assert model.sample(n, seed=1, context=apart).digest() == drawn.digest()


def test_unique_over_too_small_a_domain_is_refused_at_once():
    model = fitted(rules=["unique(city, label)"], columns=["city", "label", "low"])
    assert len(model.sample(6)) == 6
    with pytest.raises(BadInput, match="7 different rows can't be drawn"):
        model.sample(7)
    with pytest.raises(BadInput, match="can't be kept unique"):
        fitted("tabular.random_oversample", rules=["unique(low, net)"]).sample(2_000)


def test_made_up_identifiers_stay_with_their_rows_where_rows_are_drawn_again():
    rows = pd.DataFrame({"code": [f"A{i:05}" for i in range(300)], "x": np.arange(300) % 60, "y": np.arange(300) % 7})
    reference = read_table(rows)
    rules = ("unique(x, y)", "unique(code)", "x >= y")
    reference = reference.with_schema(replace(reference.schema, constraints=rules))
    model = fit_model(reference, _independent(), CONTEXT)
    assert "identifiers never repeat" in model.constraints.told()["measured"][0]
    drawn = model.sample(250, seed=1)
    assert obeys(drawn, reference)
    assert len(set(drawn.data["code"].to_pylist())) == 250


@pytest.mark.parametrize("method", ["tabular.smote_nc", "tabular.random_oversample", "tabular.noise"])
def test_classes_are_balanced_under_rules_and_originals_come_first(method):
    reference = table((*RULES[:-1], "unique(net, tax, low)"), n=500)
    reference = reference.take(~reference.to_pandas().duplicated(["net", "tax", "low"]).to_numpy())
    if method == "tabular.random_oversample":
        reference = reference.with_schema(replace(reference.schema, constraints=RULES[:-1]))
    balanced = oversample(reference, make_generator(method), seed=1)
    labels = balanced.data["label"].to_pylist()
    assert labels.count("yes") == labels.count("no")
    assert balanced.head(len(reference)).digest() == replace(reference, origin=None).digest()
    assert obeys(balanced, reference)


@pytest.mark.parametrize("workers", [2])
def test_processes_leave_every_cell_alone(workers):
    model, n = fitted(), BLOCK_ROWS + 300
    apart = Context(streams=Streams(0), engine=Processes(workers))
    assert model.sample(n, seed=4).digest() == model.sample(n, seed=4, context=apart).digest()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["steps", 0, "step"], "exec"),
        (["steps", 0, "column"], "nothing"),
        (["steps", 1, "column"], "total"),
        (["checks", 0], "low <= nothing"),
        (["checks", 0], "__import__('os')"),
        (["columns"], ["low"]),
        (["columns"], "low"),
        (["constant"], {"low": {}}),
        (["unique"], [3]),
        (["measured"], []),
        (["steps"], [{"step": "joint", "columns": ["city"], "rule": "low > 1", "joint": None}]),
    ],
)
def test_a_saved_plan_that_was_tampered_with_is_refused(path, value, tmp_path):
    from synthwright.canonical import digest_file

    fitted().save(tmp_path / "model")
    file = tmp_path / "model" / "constraints.json"
    state = json.loads(file.read_text())
    place = state["constraints"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    file.write_text(json.dumps(state))
    about = tmp_path / "model" / "model.json"
    told = json.loads(about.read_text())
    told["files"]["constraints.json"] = {"size": file.stat().st_size, "sha256": digest_file(file)}
    about.write_text(json.dumps(told))
    with pytest.raises(BadInput):
        Model.load(tmp_path / "model")


def test_a_model_without_rules_is_saved_as_before(tmp_path):
    fitted(rules=()).save(tmp_path / "model")
    assert not (tmp_path / "model" / "constraints.json").exists()


def test_constraints_given_to_fit_stand_behind_those_of_the_schema():
    model = sw.fit(frame(), "tabular.independent", schema=table(RULES[:1]).schema, constraints=["low <= top"])
    assert model.schema.constraints == (RULES[0], "low <= top")
    with pytest.raises(UsageError):
        sw.fit(frame(), "tabular.independent", constraints="low <= top")


def test_a_gap_that_is_or_is_allowed_is_the_same_rule():
    rules = ["ends is missing or begins <= ends"]
    assert fitted(rules=rules).constraints.told() == {"encoded": ["ends = begins + gap"]}


def test_the_target_is_not_taken_where_another_column_can_be():
    reference = read_table(frame(), target="top")
    reference = reference.with_schema(replace(reference.schema, constraints=("low <= top",)))
    model = fit_model(reference, _independent(), CONTEXT)
    assert model.constraints.told() == {"encoded": ["low = top - gap"]}
    assert model.sampler.schema.target.name == "top"


def test_several_limits_are_kept_together():
    model = fitted(rules=["low <= top", "some <= top", "net <= 1000"])
    assert model.constraints.told()["encoded"] == ["top = max(low, some) + gap"]
    drawn = model.sample(2_000, seed=1)
    assert obeys(drawn, table(["low <= top", "some <= top"]))
    assert Range("top", -1e9, 1e9).holds(drawn).all()


COMPARISONS = st.tuples(
    st.sampled_from("abcd"),
    st.sampled_from(["<=", "<", "==", ">=", ">"]),
    st.sampled_from(["a", "b", "c", "d", "a + b", "c - d", "b + 3", "2 * a", "7"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(COMPARISONS, min_size=1, max_size=4), st.integers(0, 3))
def test_whatever_rules_are_declared_each_row_obeys_all_or_there_is_one_error(rules, seed):
    """Sums, orders, equalities and ranges at random: circles, contradictions and rules that no row obeys included."""
    rng = np.random.default_rng(seed)
    values = pd.DataFrame({name: rng.integers(0, 20, 300) for name in "abcd"})
    texts = tuple(dict.fromkeys(" ".join(rule) for rule in rules))
    reference = read_table(values)
    reference = reference.with_schema(replace(reference.schema, constraints=texts))
    with suppress(BadInput):  # anything else would fail here
        drawn = fit_model(reference, _independent(), CONTEXT).sample(40, seed=seed)
        assert obeys(drawn, reference)


def test_methods_of_whole_entities_keep_no_rule_and_say_so():
    entities = replace(INFO, unit="entity")
    plan, encoded = learn_plan(table(), table().names, [], [], entities)
    assert encoded.names == table().names
    assert all("whole entities" in line for line in plan.told()["measured"])
    assert not plan.checks_rows


def test_polars_frames_keep_rules_and_types():
    pl = pytest.importorskip("polars")
    rows = pl.from_pandas(frame()).with_columns(pl.col("city").cast(pl.Categorical), pl.col("net").cast(pl.Int16))
    model = sw.fit(rows, "tabular.bayes_network", constraints=RULES)
    drawn = model.sample(200, seed=1)
    assert obeys(drawn, table())
    assert drawn.to_native().schema == rows.schema


def test_a_run_refuses_contradictions_before_anything_is_spent(tmp_path):
    from synthwright.pipeline.plan import make_plan
    from synthwright.pipeline.recipe_file import recipe_of

    frame().to_parquet(tmp_path / "rows.parquet")
    recipe = recipe_of({"data": str(tmp_path / "rows.parquet"), "out": str(tmp_path / "run"), "target": "label"})
    contradicting = table(["low <= top", "top < low"])
    with pytest.raises(BadInput, match="contradict"):
        make_plan(recipe, tables={"data": contradicting})


def test_a_settled_column_may_stand_in_a_rule():
    rows = frame(300).assign(limit=40)
    model = sw.fit(rows, "tabular.independent", constraints=["low <= limit", "limit - low >= 0"])
    assert model.around.names == {"limit"}
    assert (model.sample(400, seed=1).to_pandas().low <= 40).all()


def test_the_tally_counts_what_was_drawn_for_what_was_kept():
    model = fitted(rules=["when city == 'Oslo' then low < 40"])
    tally = model.draw(4_000, seed=1).tally
    assert tally.obeyed >= 4_000
    assert tally.candidates > tally.obeyed
    again = fitted(rules=["low <= top"]).draw(100).tally
    assert (again.candidates, again.obeyed) == (100, 100)
    unique = fitted(rules=["unique(low, net)"]).draw(1_000, seed=1).tally
    assert unique.obeyed == 1_000 < unique.candidates


def test_labels_compared_with_labels_are_drawn_together():
    rng = np.random.default_rng(0)
    first, more = rng.integers(0, 3, 500), rng.integers(0, 3, 500)
    levels = np.array(["low", "mid", "high"])
    columns = tuple(
        Column(name=name, kind="ordinal", categories=("low", "mid", "high"), dtype="string", missing=name == "best")
        for name in ("grade", "best", "same")
    )
    best = pa.array(levels[np.maximum(first, more)], mask=rng.random(500) < 0.2)
    data = pa.table({"grade": levels[first], "best": best, "same": levels[first]})
    reference = Table(Schema(columns, ("grade <= best", "same == grade")), data)
    model = fit_model(reference, _independent(), CONTEXT)
    assert model.constraints.told()["encoded"] == ["grade, best as one column of 9 combinations"]
    drawn = model.sample(2_000, seed=1)
    assert obeys(drawn, reference)
    assert abs(drawn.missing("best").mean() - 0.2) < 0.05


def test_a_strict_gap_begins_one_step_away():
    """b = a + .1 on a grid of tenths touches its limit: the gap is 0; a <= b has gaps of .1."""
    a = np.arange(60) / 10
    columns = tuple(Column(name=name, kind="float", decimals=1) for name in "ab")
    for rule, gap in (("a < b", 0.0), ("a <= b", 0.1), ("a + 0.1 <= b", 0.0)):
        reference = Table.of(Schema(columns, (rule,)), {"a": a, "b": a + 0.1})
        plan, _ = learn_plan(reference, reference.names, [], [], INFO)
        encoded = plan.encode(reference.with_schema(replace(reference.schema, constraints=())))
        assert np.allclose(encoded.numbers(plan.steps[0].gives[0].name), gap, atol=1e-12)
