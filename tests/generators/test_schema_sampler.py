"""Rows from a schema alone: known moments, keys, patterns, dates, dependence, missing cells, anomalies, bad schemas."""

import datetime
import json
import math
import re
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

import synthwright as sw
from synthwright.data.constraints import evaluate_rule, rules_of
from synthwright.data.schema_fields import schema_from_yaml
from synthwright.data.schema_file import schema_from_json, schema_to_json, schema_to_yaml
from synthwright.data.table import BLOCK_ROWS
from synthwright.engines.context import Context
from synthwright.errors import BadInput, MissingExtra, SynthwrightError, UnknownName, UsageError
from synthwright.generators.rules.schema_sampler import SchemaSampler
from synthwright.generators.schema_model import schema_model
from synthwright.seeding import Streams

ORDERS = Path(__file__).parents[2] / "examples" / "schemas" / "orders.yaml"
N = 20_000


def one(column, n=N, seed=0, name="x"):
    """The cells of a schema's only column."""
    return drawn({name: column}, n, seed).data[name].to_pylist()


def drawn(columns, n=N, seed=0, constraints=()):
    return sw.sample({"columns": columns, "constraints": list(constraints)}, n, seed=seed)


def family(name, kind="float", **settings):
    return {"kind": kind, "distribution": {"family": name, **settings}}


# Mean and standard deviation by the textbook; with 20,000 draws and 5 standard errors a right family fails once in
# two million tests.
MOMENTS = [
    (family("normal", mean=3, sd=2), 3, 2),
    (family("lognormal", mu=0, sigma=0.5), math.exp(0.125), math.exp(0.125) * math.sqrt(math.exp(0.25) - 1)),
    (family("uniform", low=-1, high=5), 2, 6 / math.sqrt(12)),
    (family("triangular", low=0, mode=1, high=5), 2, math.sqrt((0 + 1 + 25 - 0 - 0 - 5) / 18)),
    (family("exponential", mean=4), 4, 4),
    (family("gamma", shape=3, scale=2), 6, math.sqrt(12)),
    (family("beta", a=2, b=3), 0.4, 0.2),
    (family("poisson", "integer", mean=7), 7, math.sqrt(7)),
    (family("binomial", "integer", n=10, p=0.3), 3, math.sqrt(2.1)),
    (family("negative_binomial", "integer", successes=3, p=0.5), 3, math.sqrt(6)),
    (family("zipf", "integer", exponent=1, size=3), 18 / 11, math.sqrt(36 / 11 - (18 / 11) ** 2)),
    (
        family(
            "mixture",
            weights=[1, 3],
            parts=[{"family": "normal", "mean": 0, "sd": 1}, {"family": "normal", "mean": 4, "sd": 1}],
        ),
        3,
        2,
    ),
    (family("histogram", low=[0, 10], high=[2, 12], counts=[1, 1]), 6, math.sqrt(25 + 4 / 12)),
    ({"kind": "integer", "bounds": [1, 6]}, 3.5, math.sqrt(35 / 12)),
]


@pytest.mark.parametrize(("column", "mean", "sd"), MOMENTS, ids=lambda value: str(value)[:60])
def test_a_family_has_the_moments_of_the_textbook(column, mean, sd):
    values = np.array(one(column), dtype=float)
    assert abs(values.mean() - mean) < 5 * sd / math.sqrt(N)
    assert abs(values.std() / sd - 1) < 0.08


@pytest.mark.parametrize("column", [case[0] for case in MOMENTS], ids=lambda value: str(value)[:60])
def test_the_first_draws_of_a_family_never_depend_on_how_many_follow(column):
    assert one(column, 50) == one(column, 900)[:50] != one(column, 50, seed=1)


def test_what_falls_outside_the_bounds_is_drawn_again_not_moved_onto_them():
    values = np.array(one({**family("normal", mean=0, sd=1), "bounds": [0.5, 3]}))
    assert values.min() >= 0.5
    assert values.max() <= 3
    assert (values == 0.5).sum() == (values == 3).sum() == 0
    # A normal above .5 has the mean phi(.5) / (1 - Phi(.5)) = 1.1410; the cut at 3 takes .008 of it.
    assert abs(values.mean() - 1.132) < 0.02


def test_categories_come_in_their_weights():
    values = one(
        {"kind": "categorical", "categories": ["a", "b", "c"], **family("weights", "categorical", weights=[6, 3, 0])}
    )
    assert abs(values.count("a") / N - 2 / 3) < 5 * math.sqrt(2 / 9 / N)
    assert "c" not in values


def test_codes_have_the_form_of_their_pattern():
    assert all(re.fullmatch(r"[0-9]{2}-[A-Z]{2}", code) for code in one(family("pattern", "id", mask="##-??"), 500))
    regex = r"[A-F]{2}-\d{1,3}(X|YY)?\."
    codes = one(family("pattern", "id", regex=regex), 2_000)
    assert all(re.fullmatch(regex, code) for code in codes)
    assert {len(re.sub(r"[^0-9]", "", code)) for code in codes} == {1, 2, 3}
    assert 0.2 < sum("YY" in code for code in codes) / 2_000 < 0.3  # half of the half that has an ending


def test_keys_are_unique_over_blocks():
    columns = {
        "code": family("pattern", "id", mask="##-???", unique=True),
        "number": {"kind": "integer", "bounds": [1, 100_000], "distribution": {"family": "uniform", "unique": True}},
        "count": family("sequence", "id", start=10, step=5, prefix="K", width=7),
        "mail": family("email", "text", unique=True),
    }
    table = drawn(columns, BLOCK_ROWS + 10)
    for name in columns:
        assert pc.count_distinct(table.data[name]).as_py() == BLOCK_ROWS + 10
    assert table.data["count"][BLOCK_ROWS].as_py() == f"K{10 + 5 * BLOCK_ROWS:07}"


def test_a_counter_may_stand_alone():
    assert one(family("sequence", "id", start=5, prefix="N"), 3) == ["N5", "N6", "N7"]
    assert one(family("sequence", "integer", step=2), 3) == [1, 3, 5]


def test_a_unique_key_uses_every_value_once():
    column = {"kind": "integer", "bounds": [3, 1_002], "distribution": {"family": "uniform", "unique": True}}
    values = one(column, 1_000)
    assert sorted(values) == list(range(3, 1_003))
    assert values != sorted(values)


def test_a_business_calendar_keeps_its_days_and_hours():
    column = {
        "kind": "datetime",
        "unit": "minute",
        "bounds": ["2024-12-20T12:00", "2025-01-10"],
        "distribution": {"family": "calendar", "hours": [9, 17], "holidays": ["2024-12-25", "2024-12-26"]},
    }
    times = one(column, 3_000)
    assert {time.weekday() for time in times} == {0, 1, 2, 3, 4}
    assert {time.hour for time in times} == set(range(9, 17))
    assert {time.date() for time in times}.isdisjoint({datetime.date(2024, 12, 25), datetime.date(2024, 12, 26)})
    assert min(times) >= datetime.datetime(2024, 12, 20, 12)  # noqa: DTZ001  # the column has no zone


def test_expressions_hold_to_the_last_digit():
    columns = {
        "total": {**family("value", value="price * pieces - rebate"), "decimals": 2},
        "price": {"kind": "float", "decimals": 2, "bounds": [1, 100]},
        "pieces": {"kind": "integer", "bounds": [1, 9]},
        "rebate": {"kind": "float", "decimals": 1, "bounds": [0, 1]},
        "big": family("value", "boolean", value="pieces > 5"),
        "copy": family("value", "text", value="label"),
        "label": {"kind": "categorical", "categories": ["p", "q"]},
        "end": {**family("value", "datetime", value="start + pieces"), "unit": "day"},
        "start": {"kind": "datetime", "unit": "day", "bounds": ["2020-01-01", "2020-12-31"]},
    }
    table = drawn(columns, 3_000, constraints=["total == price * pieces - rebate"])
    # Rounded to cents, as the grid of the column wants it.
    exact = table.numbers("price") * table.numbers("pieces") - table.numbers("rebate")
    assert np.allclose(table.numbers("total"), exact, atol=1e-9)
    assert evaluate_rule(table, rules_of(table.schema)[0]).all()
    assert (table.data["big"].to_numpy() == (table.numbers("pieces") > 5)).all()
    assert table.data["copy"].to_pylist() == table.data["label"].to_pylist()
    assert (table.numbers("end") - table.numbers("start") == table.numbers("pieces")).all()


def test_each_case_speaks_of_its_own_rows_alone():
    """The division by zero lies in rows that the first case takes."""
    columns = {
        "n": {"kind": "integer", "bounds": [0, 3]},
        "share": family(
            "cases",
            cases=[
                {"when": "n == 0", "family": "uniform", "low": -2, "high": -1},
                {"family": "value", "value": "6 / n"},
            ],
        ),
    }
    table = drawn(columns, 1_000)
    n, share = table.numbers("n"), table.numbers("share")
    assert (share[n > 0] == 6 / n[n > 0]).all()
    assert ((share[n == 0] >= -2) & (share[n == 0] <= -1)).all()
    assert len(set(share[n == 0])) > 100


def test_noise_is_added_around_an_expression():
    columns = {
        "x": {"kind": "float", "bounds": [0, 1]},
        "y": family("value", value="10 * x", noise={"family": "normal", "mean": 0, "sd": 1}),
    }
    table = drawn(columns)
    rest = table.numbers("y") - 10 * table.numbers("x")
    assert abs(rest.mean()) < 5 / math.sqrt(N)
    assert abs(rest.std() - 1) < 0.03


def test_cells_are_missing_by_chance_by_others_and_by_themselves():
    half = {"missing_share": 0.5}
    columns = {
        "age": {"kind": "integer", "bounds": [0, 99]},
        "mcar": {"kind": "float", "bounds": [0, 1], "missing": True, "distribution": {"family": "uniform", **half}},
        "mar": {
            "kind": "float",
            "bounds": [0, 1],
            "missing": True,
            "distribution": {"family": "uniform", **half, "missing_when": "age < 50"},
        },
        "mnar": {
            "kind": "float",
            "bounds": [0, 1],
            "missing": True,
            "distribution": {"family": "uniform", **half, "missing_when": "mnar > 0.5"},
        },
        "plain": {"kind": "boolean", "missing": True},
    }
    table = drawn(columns)
    young = table.numbers("age") < 50
    assert abs(table.missing("mcar").mean() - 0.5) < 0.02
    assert abs(table.missing("mcar")[young].mean() - 0.5) < 0.03
    assert abs(table.missing("mar")[young].mean() - 0.5) < 0.03
    assert not table.missing("mar")[~young].any()
    # Half of the upper half is gone: the lower half makes up two thirds of what is left.
    left = table.numbers("mnar")[~table.missing("mnar")]
    assert abs((left <= 0.5).mean() - 2 / 3) < 0.02
    assert abs(table.missing("plain").mean() - 0.1) < 0.02  # the method's default


def test_planted_anomalies_are_labelled_and_nothing_else_is():
    columns = {
        "x": {
            "kind": "float",
            "bounds": [0, 200],
            "missing": True,
            "distribution": {
                "family": "normal",
                "mean": 50,
                "sd": 5,
                "missing_share": 0.3,
                "anomaly_share": 0.02,
                "anomaly": {"family": "uniform", "low": 150, "high": 200},
            },
        },
        "twice": family("value", value="x * 2"),
        "odd": family("anomaly", "boolean", of=["x"]),
    }
    table = drawn(columns)
    odd = table.data["odd"].to_numpy()
    assert abs(odd.mean() - 0.02) < 0.006
    assert (table.numbers("x")[odd] >= 150).all()  # none of them is missing either
    assert np.nanmax(table.numbers("x")[~odd]) < 150
    assert table.numbers("twice").max() < 200  # what follows from x follows from its honest value


def test_names_come_by_locale_and_mail_goes_nowhere():
    columns = {
        "name": family("name", "text", locale="de"),
        "japanese": family("name", "text", locale="ja"),
        "mail": family("email", "text", of="name"),
        "address": family("address", "text", locale="de_DE"),
        "phone": family("phone", "text", locale="fr"),
        "firm": family("company", "text", locale="de"),
    }
    table = drawn(columns, 400)
    cells = {name: table.data[name].to_pylist() for name in columns}
    assert all(" " in name for name in cells["name"])
    assert all(" " not in name for name in cells["japanese"])
    assert all(re.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)", mail) for mail in cells["mail"])
    assert (
        sum(mail.startswith(name.split()[0].lower()) for name, mail in zip(cells["name"], cells["mail"], strict=True))
        > 300
    )
    assert all(re.search(r"\d+, \d{5} \S", address) for address in cells["address"])
    assert all(re.fullmatch(r"0[1-7]\d{8}|\+33 [1-7]\d{8}", phone) for phone in cells["phone"])
    assert len(set(cells["name"])) > 350


def test_the_missing_package_is_named(monkeypatch):
    from synthwright.data import word_lists

    monkeypatch.setattr(word_lists, "find_spec", lambda name: None)
    word_lists.pools_of.cache_clear()
    with pytest.raises(MissingExtra, match="pip install mimesis"):
        one(family("city", "text"), 3)


@pytest.mark.parametrize("locale", ["ar-ae", "en-au", "en-ca", "fa", "is", "ja", "nl-be", "pt-br", "zh"])
def test_every_pool_of_a_locale_gives_texts(locale):
    """Locales that lack a list of their own, write from right to left or order names otherwise."""
    kinds = ("name", "company", "street", "city", "address", "phone", "email")
    table = drawn({kind: family(kind, "text", locale=locale) for kind in kinds}, 50)
    for kind in kinds:
        cells = table.data[kind].to_pylist()
        assert all(cell and "{" not in cell and "#" not in cell for cell in cells)
        assert len(set(cells)) > 5, kind


def test_gendered_family_names_go_with_their_first_names():
    names = one(family("name", "text", locale="ru"), 3_000)
    women = [name for name in names if name.split()[0] in {"Анна", "Мария", "Ольга", "Елена", "Наталья", "Татьяна"}]
    assert women
    assert not any(re.search(r"(ов|ев|ин)$", name) for name in women)


def test_the_example_of_25_columns_is_the_same_twice_and_wholly_valid():
    first, second = (sw.sample(ORDERS, 5_000, seed=3) for _ in range(2))
    assert len(first.schema) == 25
    assert first.digest() == second.digest() != sw.sample(ORDERS, 5_000, seed=4).digest()
    assert first.head(700).digest() == sw.sample(ORDERS, 700, seed=3).digest()
    for rule in rules_of(first.schema):
        assert evaluate_rule(first, rule).all()
    report = sw.evaluate(train=first, synthetic=second, metrics=["fidelity.validity"])
    assert report["fidelity.validity"].estimate.value == 0  # of the rows break a rule, a bound or a list


def test_a_saved_model_of_a_schema_draws_the_same_rows(tmp_path):
    model = schema_model(sw.sample(ORDERS, 0).schema, Context(streams=Streams(0)))
    model.save(tmp_path / "model")
    assert sw.load(tmp_path / "model").sample(50, seed=2).digest() == model.sample(50, seed=2).digest()


@pytest.mark.parametrize(
    "lie",
    [
        {"family": "pattern", "regex": "(" * 9_000},
        {"family": "normal", "mean": 1e400, "sd": 1},
        {"family": "value", "value": "x.__class__"},
        {"family": "email", "of": "nobody"},
        ["normal"],
    ],
)
def test_a_saved_model_that_lies_is_refused(lie, tmp_path):
    model = schema_model(
        sw.sample(
            {"columns": {"x": {"kind": "text", "distribution": {"family": "constant", "constant": "a"}}}}, 0
        ).schema,
        Context(streams=Streams(0)),
    )
    model.save(tmp_path / "model")
    rules = tmp_path / "model" / "sampler" / "rules.json"
    state = json.loads(rules.read_text())
    state["schema"]["columns"][0]["distribution"] = lie
    rules.write_text(json.dumps(state))
    with pytest.raises(SynthwrightError):
        SchemaSampler.sampler.load(rules.parent)


def test_a_schema_with_distributions_survives_yaml_and_json():
    schema = schema_from_yaml(ORDERS.read_text(encoding="utf-8"), name="orders.yaml")
    assert schema_from_yaml(schema_to_yaml(schema), name="again") == schema
    assert schema_from_json(json.loads(json.dumps(schema_to_json(schema)))) == schema
    assert hash(schema)


def test_conditions_hold_and_what_follows_from_them_follows():
    columns = {
        "a": {"kind": "integer", "bounds": [0, 9]},
        "b": family("value", value="a * 2"),
        "k": family("sequence", "id"),
    }
    rows = sw.sample({"columns": columns}, 20, given={"a": 7}).to_arrow().to_pydict()
    assert set(rows["a"]) == {7}
    assert set(rows["b"]) == {14}
    assert rows["k"] == [str(i) for i in range(1, 21)]
    rows = sw.sample({"columns": columns}, 20, given={"b": (8, 14)}).to_arrow().to_pydict()
    assert set(rows["a"]) == {4, 5, 6, 7}
    assert rows["k"] == [str(i) for i in range(1, 21)]


def test_keys_that_rejected_rows_would_use_up_are_refused():
    columns = {
        "a": {"kind": "integer", "bounds": [0, 9]},
        "k": {"kind": "integer", "bounds": [0, 99], "distribution": {"family": "uniform", "unique": True}},
    }
    for key in (columns["k"], family("email", "text", unique=True), family("pattern", "id", mask="####", unique=True)):
        with pytest.raises(BadInput, match="can't be kept unique"):
            sw.sample({"columns": {**columns, "k": key}}, 5, given={"a": (2, 3)})


BAD = [
    ("circle", {"a": family("value", value="b + 1"), "b": family("value", value="a + 1")}, "depends on itself"),
    ("itself", {"a": family("value", value="a + 1")}, "depends on itself"),
    ("locale", {"a": family("name", "text", locale="xx")}, "no locale called 'xx'"),
    ("pattern backwards", {"a": family("pattern", "id", regex="a{5,2}")}, "no code can have 5,2"),
    ("pattern empty class", {"a": family("pattern", "id", regex="[]x")}, "class is empty"),
    ("pattern without end", {"a": family("pattern", "id", regex="a+")}, "'+' can't stand here"),
    ("pattern lookahead", {"a": family("pattern", "id", regex="(?=a)b")}, "plain words"),
    ("pattern open", {"a": family("pattern", "id", regex="[A-Z")}, "is missing"),
    ("pattern range", {"a": family("pattern", "id", regex="[Z-A]")}, "range Z-A"),
    ("pattern long", {"a": family("pattern", "id", regex="a{999}")}, "beyond 200"),
    ("pattern varying and unique", {"a": family("pattern", "id", regex="a{1,2}", unique=True)}, "several lengths"),
    ("pattern of two kinds", {"a": family("pattern", "id", regex="a", mask="#")}, "either mask"),
    ("unique codes", {"a": family("pattern", "id", mask="##", unique=True)}, "100 codes, too few"),
    (
        "unique numbers",
        {"a": {"kind": "integer", "bounds": [1, 50], "distribution": {"family": "uniform", "unique": True}}},
        "50 values",
    ),
    (
        "date beyond",
        {"a": {"kind": "datetime", "unit": "day", "bounds": ["2000-01-01", "12000-01-01"]}},
        "beyond what can be stored",
    ),
    (
        "date beyond nanoseconds",
        {"a": {"kind": "datetime", "unit": "day", "bounds": ["2000-01-01", "2400-01-01"], "dtype": "timestamp[ns]"}},
        "beyond what can be stored",
    ),
    (
        "sum beyond year 9999",
        {
            "d": {"kind": "datetime", "unit": "day", "bounds": ["2000-01-01", "2001-01-01"]},
            "a": {**family("value", "datetime", value="d + 9000000"), "unit": "day"},
        },
        "beyond the years",
    ),
    (
        "calendar without days",
        {
            "a": {
                "kind": "datetime",
                "unit": "day",
                "bounds": ["2024-06-01", "2024-06-02"],
                "distribution": {"family": "calendar"},
            }
        },
        "no day of its calendar",
    ),
    (
        "weekday",
        {
            "a": {
                "kind": "datetime",
                "unit": "day",
                "bounds": ["2024-06-01", "2024-06-02"],
                "distribution": {"family": "calendar", "weekdays": ["Montag"]},
            }
        },
        "no weekday",
    ),
    (
        "holiday",
        {
            "a": {
                "kind": "datetime",
                "unit": "day",
                "bounds": ["2024-06-01", "2024-07-02"],
                "distribution": {"family": "calendar", "holidays": ["soon"]},
            }
        },
        "holiday is no date",
    ),
    ("zero", {"n": {"kind": "integer", "bounds": [0, 1]}, "a": family("value", value="1 / n")}, "divide by zero"),
    ("attribute", {"a": family("value", value="x.__class__")}, "does not belong in a rule"),
    ("call", {"n": {"kind": "integer", "bounds": [0, 1]}, "a": family("value", value="n('x')")}, "nothing can follow"),
    ("power", {"n": {"kind": "integer", "bounds": [0, 1]}, "a": family("value", value="9 ** 9")}, "before '*'"),
    ("import", {"a": family("value", value="__import__('os')")}, "nothing can follow"),
    (
        "brackets",
        {"n": {"kind": "integer", "bounds": [0, 1]}, "a": family("value", value="(" * 50 + "n" + ")" * 50)},
        "more than 40",
    ),
    ("overflow", {"n": {"kind": "float", "bounds": [1e200, 1e201]}, "a": family("value", value="n * n")}, "too large"),
    ("no such column", {"a": family("value", value="salary * 2")}, "no column 'salary'"),
    ("text for number", {"a": family("value", value="'x'")}, "gives a text"),
    (
        "no such category",
        {"a": {"kind": "categorical", "categories": ["p"], "distribution": {"family": "value", "value": "'q'"}}},
        "no category",
    ),
    ("family", {"a": family("gausian", mean=0, sd=1)}, "no family 'gausian'"),
    ("family of another kind", {"a": family("normal", "text", mean=0, sd=1)}, "can't have the family normal"),
    ("setting", {"a": family("normal", mean=0, sdd=1)}, "Did you mean 'sd'"),
    ("setting left out", {"a": family("normal", mean=0)}, "lacks its setting 'sd'"),
    ("negative sd", {"a": family("normal", mean=0, sd=-1)}, "sd is -1"),
    ("share above one", {"a": family("binomial", "integer", n=3, p=1.5)}, "p is 1.5"),
    ("text as number", {"a": family("normal", mean="zero", sd=1)}, "no finite number"),
    (
        "weights",
        {"a": {"kind": "categorical", "categories": ["p", "q"], "distribution": {"family": "weights", "weights": [1]}}},
        "1 weights for 2",
    ),
    (
        "weights of zero",
        {"a": {"kind": "boolean", "distribution": {"family": "weights", "weights": [0, 0]}}},
        "all weights are 0",
    ),
    ("mode outside", {"a": family("triangular", low=0, mode=9, high=1)}, "does not lie between"),
    ("histogram", {"a": family("histogram", low=[0], high=[1, 2], counts=[1])}, "1, 2 and 1 items"),
    ("bounds missed", {"a": {**family("normal", mean=0, sd=1), "bounds": [50, 60]}}, "hardly ever falls"),
    (
        "expression beyond bounds",
        {"n": {"kind": "integer", "bounds": [0, 9]}, "a": {**family("value", value="n * 9"), "bounds": [0, 10]}},
        "leaves the bounds",
    ),
    ("nothing said", {"a": {"kind": "float"}}, "says nothing about its values"),
    ("no categories", {"a": {"kind": "categorical", "categories": [], "distribution": None}}, "No column is left"),
    (
        "open last case",
        {"a": family("cases", cases=[{"when": "a > 1", "family": "uniform"}])},
        "last case has a `when`",
    ),
    (
        "label of nothing",
        {"x": {"kind": "integer", "bounds": [0, 1]}, "a": family("anomaly", "boolean", of=["x"])},
        "No anomalies are planted",
    ),
    ("share without anomaly", {"a": family("normal", mean=0, sd=1, anomaly_share=0.1)}, "belong together"),
    ("missing not allowed", {"a": family("normal", mean=0, sd=1, missing_share=0.1)}, "needs `missing: true`"),
    (
        "condition that is none",
        {
            "n": {"kind": "integer", "bounds": [0, 1]},
            "a": {**family("normal", mean=0, sd=1, missing_share=0.1, missing_when="n + 1"), "missing": True},
        },
        "not a condition",
    ),
    ("template", {"a": family("template", "text", template="{nobody}")}, "nobody"),
    ("sequence beyond bounds", {"a": {**family("sequence", "integer"), "bounds": [1, 20]}}, "leaves the bounds"),
    ("too large", {"a": family("gamma", shape=1e299, scale=1e299)}, "too large for a number"),
    ("no mapping", {"a": {"kind": "float", "distribution": "normal"}}, "names its family"),
    (
        "too deep",
        {
            "a": {
                "kind": "float",
                "distribution": json.loads('{"family":"cases","cases":[' * 12 + '{"family":"uniform"}' + "]}" * 12),
            }
        },
        "within one another",
    ),
]


@pytest.mark.parametrize(("columns", "said"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_schema_that_cannot_be_drawn_from_ends_in_one_clear_error(columns, said):
    with pytest.raises(SynthwrightError) as caught:
        drawn(columns, 300)
    assert said in str(caught.value)
    assert caught.value.exit_code in {2, 3}
    assert str(caught.value).count("\n") <= 2


def test_a_mistake_in_a_file_is_named_with_its_line(tmp_path):
    path = tmp_path / "s.yaml"
    above = "columns:\n  a: {kind: integer, bounds: [0, 9]}\n  b:\n    kind: float\n"
    path.write_text(above + "    distribution:\n      family: normal\n      mean: x\n      sd: 1\n")
    with pytest.raises(BadInput, match=r"s\.yaml, line 7"):
        sw.sample(path, 1)
    path.write_text(above + "    distribution: {family: value, value: a + c}\n")
    with pytest.raises(BadInput, match=r"s\.yaml, line 5: Column 'b'.*position 5"):
        sw.sample(path, 1)


def test_free_text_that_a_person_declared_is_never_dropped_in_silence():
    columns = {"a": {"kind": "boolean"}, "note": {"kind": "text"}}
    with pytest.raises(BadInput, match="'note' says nothing about its texts"):
        drawn(columns, 3)
    columns["note"]["source"] = "data"  # read off a table, where free text is left out
    assert drawn(columns, 3).names == ("a",)


def test_what_is_no_schema_is_refused():
    for source in (3, None, [1]):
        with pytest.raises(BadInput, match="is no schema"):
            sw.sample(source, 1)
    with pytest.raises(BadInput, match="no schema file"):
        sw.sample("nowhere.yaml", 1)
    with pytest.raises(UsageError):
        sw.sample({"columns": {"a": {"kind": "boolean"}}}, -1)
    with pytest.raises(UnknownName):
        sw.sample({"columns": {"a": {"kind": "boolean"}}}, 1, given={"b": 1})
    with pytest.raises(BadInput):
        SchemaSampler(missing_share=2)
