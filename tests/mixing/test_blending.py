"""Blends of any two tables: counts by pencil, originals first, and an error for whatever can't be mixed."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import synthwright as sw
from synthwright.errors import BadInput, OutOfResource, SynthwrightError, UnknownName, UsageError


def people(groups, seed=0, **more):
    """Rows of (sex, paid) as often as said, and a number."""
    rng = np.random.default_rng(seed)
    rows = [(sex, paid) for (sex, paid), count in groups.items() for _ in range(count)]
    columns = {"sex": [sex for sex, _ in rows], "paid": [paid for _, paid in rows]}
    return sw.read({**columns, "age": rng.integers(20, 60, len(rows)), **more}, target="paid")


REAL = people({("f", "no"): 30, ("f", "yes"): 10, ("m", "no"): 40, ("m", "yes"): 40})
POOL = people({("f", "no"): 300, ("f", "yes"): 100, ("m", "no"): 200, ("m", "yes"): 200}, seed=1)


def counted(mixed, *columns):
    frame = mixed.to_pandas()
    return {key: int(n) for key, n in frame[frame["source"] != "real"].groupby(list(columns)).size().items()}


def test_real_rows_come_first_as_they_were_and_sources_are_told():
    made = sw.blend(REAL, POOL, ratio=0.5)
    assert made.table.data.select(list(REAL.names)).slice(0, 120).equals(REAL.data.replace_schema_metadata(None))
    assert made.table.data["source"].to_pylist() == ["real"] * 120 + ["synthetic"] * 60
    assert made.table.data["depth"].to_pylist() == [0] * 120 + [1] * 60
    assert made.ratio == 0.5
    assert made.told["synthetic_share"] == pytest.approx(1 / 3)


def test_without_a_balance_classes_keep_their_proportions():
    """70 of 120 are no: of 60 rows 35."""
    assert counted(sw.blend(REAL, POOL, ratio=0.5), "paid") == {"no": 35, "yes": 25}


@pytest.mark.parametrize(
    "balance", ["target", "auto", "equal", "not majority", "paid", ["paid"], {"yes": 70}, "yes=70"]
)
def test_a_balanced_target_has_classes_of_one_size(balance):
    assert counted(sw.blend(REAL, POOL, balance=balance), "paid") == {"yes": 20}


def test_a_balanced_group_keeps_its_own_proportions_of_classes():
    """40 more women: three in four of them are not paid, as among the real ones."""
    made = sw.blend(REAL, POOL, balance="sex")
    assert counted(made, "sex", "paid") == {("f", "no"): 30, ("f", "yes"): 10}
    assert {one["label"]: (one["real"], one["added"]) for one in made.told["groups"]["sex"]} == {
        "sex=f": (40, 40),
        "sex=m": (80, 0),
    }


def test_intersections_are_evened_out():
    made = sw.blend(REAL, POOL, balance=["sex", "paid"])
    assert counted(made, "sex", "paid") == {("f", "no"): 10, ("f", "yes"): 30}


def test_a_ratio_fills_the_smallest_first():
    """20 rows: 10 paid women become 30."""
    assert counted(sw.blend(REAL, POOL, ratio=20 / 120, balance="sex,paid"), "sex", "paid") == {("f", "yes"): 20}
    made = sw.blend(REAL, POOL, ratio=1, balance=["sex", "target"])
    assert counted(made, "sex", "paid") == {("f", "no"): 30, ("f", "yes"): 50, ("m", "no"): 20, ("m", "yes"): 20}


def test_one_seed_gives_one_mix_and_another_seed_another():
    one, two, other = (sw.blend(REAL, POOL, ratio=1, seed=seed).table.digest() for seed in (3, 3, 4))
    assert one == two != other


def test_more_rows_keep_those_that_fewer_had():
    few, many = (sw.blend(REAL, POOL, ratio=ratio).table.data.slice(120) for ratio in (0.5, 2))
    kept = {tuple(row.values()) for row in many.to_pylist()}
    assert all(tuple(row.values()) in kept for row in few.to_pylist())


def test_the_kind_of_frame_that_came_in_goes_out():
    frames = REAL.to_pandas(), POOL.to_pandas()
    frames[0]["sex"] = frames[0]["sex"].astype("category")
    made = sw.blend(*frames, ratio=1, target="paid").to_native()
    assert isinstance(made, pd.DataFrame)
    assert isinstance(made["sex"].dtype, pd.CategoricalDtype)
    assert isinstance(sw.blend(pl.DataFrame(frames[0]), POOL, ratio=1).to_native(), pl.DataFrame)


def test_columns_that_synthetic_rows_lack_are_missing_in_them():
    real = people({("f", "no"): 30, ("m", "yes"): 30}, note=[f"a text of its own {at}" for at in range(60)])
    made = sw.blend(real, people({("f", "no"): 60, ("m", "yes"): 60}), ratio=1)
    assert made.table.data["note"].null_count == 60
    assert made.table.data["note"].slice(0, 60).null_count == 0


def test_columns_called_source_and_depth_stay_what_they_are():
    more = {"source": ["x"] * 60, "depth": [7] * 60}
    real = people({("f", "no"): 30, ("m", "yes"): 30}, **more)
    table = sw.blend(real, people({("f", "no"): 30, ("m", "yes"): 30}, **more), ratio=1).table.data
    assert table["source"].unique().to_pylist() == ["x"]
    assert table["synthwright_source"].to_pylist() == ["real"] * 60 + ["synthetic"] * 60
    assert table["synthwright_depth"].to_pylist() == [0] * 60 + [1] * 60


def test_provenance_says_the_method_and_the_depth():
    made = sw.fit(REAL, "tabular.independent").sample(200)
    told = sw.blend(REAL, made, ratio=1).table.data.slice(120)
    assert set(told["source"].to_pylist()) == {"tabular.independent"}
    assert set(told["depth"].to_pylist()) == {1}
    again = sw.fit(made, "tabular.independent").sample(200)
    assert set(sw.blend(REAL, again, ratio=1).table.data.slice(120)["depth"].to_pylist()) == {2}


def test_what_is_lacking_is_told_and_taken_only_when_asked():
    few = people({("f", "no"): 100, ("m", "yes"): 7})
    with pytest.raises(BadInput, match=r"13 synthetic rows are lacking \(13 of paid=yes\)"):
        sw.blend(REAL, few, balance="target")
    made = sw.blend(REAL, few, balance="target", short="return")
    assert counted(made, "paid") == {"yes": 7}
    assert "13 synthetic rows are lacking" in made.warnings[0]


def test_classes_that_chance_left_a_little_short_are_made_up_for_by_others():
    """Of 120 rows 50 are to be yes; there are 45, and 80 others."""
    pool = people({("f", "no"): 80, ("m", "yes"): 45})
    made = sw.blend(REAL, pool, ratio=1)
    assert counted(made, "paid") == {"no": 75, "yes": 45}
    assert made.told["notes"] == [
        "5 rows of other classes stand in for classes of which there were, by chance, too few."
    ]
    with pytest.raises(BadInput, match="28 of paid=yes"):
        sw.blend(REAL, people({("f", "no"): 180, ("m", "yes"): 22}), ratio=1)


def test_a_class_without_synthetic_rows_is_named():
    with pytest.raises(BadInput, match="50 of paid=yes"):
        sw.blend(REAL, people({("f", "no"): 500}), ratio=1)


def test_groups_of_fewer_than_five_real_rows_stay_as_they_are_and_are_not_named():
    real = people({("f", "no"): 40, ("m", "no"): 80, ("x", "no"): 3})
    made = sw.blend(real, people({("f", "no"): 90, ("m", "no"): 90, ("x", "no"): 90}), balance="sex")
    assert counted(made, "sex") == {"f": 40}
    assert made.told["notes"] == ["1 group of fewer than 5 real rows stay as they are."]
    assert "sex=x" not in str(made.told)


def test_a_group_of_few_real_rows_that_is_filled_up_is_warned_of():
    real, pool = people({("f", "no"): 6, ("m", "no"): 80}), people({("f", "no"): 90, ("m", "no"): 90})
    assert "above all sex=f (12 for each)" in " ".join(sw.blend(real, pool, balance="sex").warnings)


def test_a_mix_with_other_shares_of_classes_warns_of_chances():
    told = " ".join(sw.blend(REAL, POOL, balance={"yes": 180}).warnings)
    assert "paid=no makes up 28% of the mix and 58% of the real rows" in told
    assert not sw.blend(REAL, POOL, ratio=1).warnings


FEW = REAL.select(["sex", "age"])
HOSTILE = {
    "negative ratio": ({"ratio": -1}, UsageError, "-1 is no mix ratio"),
    "no number": ({"ratio": float("nan")}, UsageError, "nan is no mix ratio"),
    "endless ratio": ({"ratio": float("inf")}, UsageError, "inf is no mix ratio"),
    "true as ratio": ({"ratio": True}, UsageError, "True is no mix ratio"),
    "huge ratio": ({"ratio": 1e12}, OutOfResource, "more than this machine can hold"),
    "more than there are": ({"ratio": 9}, BadInput, "too few synthetic rows"),
    "numeric column": ({"balance": "age"}, BadInput, "'age' has no classes to even out"),
    "missing column": ({"balance": "sxe"}, UnknownName, "Did you mean 'sex'?"),
    "long name": ({"balance": "s" * 100_000}, UnknownName, "There is no column"),
    "no name": ({"balance": [3]}, UsageError, "3 is no name"),
    "no names": ({"balance": []}, UsageError, "names nothing"),
    "commas only": ({"balance": ","}, UsageError, "names no column"),
    "a number": ({"balance": 0.5}, UsageError, "says nothing"),
    "unknown class": ({"balance": {"maybe": 90}}, UnknownName, "There is no class"),
    "fewer than there are": ({"balance": {"yes": 3}}, UsageError, "can't have 3 rows"),
    "counts and a ratio": ({"balance": {"yes": 90}, "ratio": 1}, UsageError, "Leave the ratio out"),
    "a strategy and a column": ({"balance": "minority,sex"}, UsageError, "speaks of the target"),
    "no target": ({"real": FEW, "synthetic": FEW, "balance": "target"}, UsageError, "no column has the role target"),
    "unknown choice": ({"select": "best"}, UnknownName, "way to choose rows"),
    "unknown shortness": ({"short": "never"}, UnknownName, "were not found"),
    "choice without classes": ({"real": FEW, "synthetic": FEW, "select": "minority"}, UsageError, "needs classes"),
    "choice from few rows": ({"real": REAL.head(40), "select": "density"}, UsageError, "40 real rows teach"),
    "other columns": ({"synthetic": POOL.select(["age"])}, BadInput, "does not have train's columns"),
    "no rows": ({"synthetic": POOL.head(0)}, BadInput, "has no rows"),
    "sensitive number missing": ({"sensitive": ["race"]}, UnknownName, "no column called 'race'"),
}


@pytest.mark.parametrize(("given", "error", "told"), HOSTILE.values(), ids=HOSTILE)
def test_what_can_t_be_mixed_is_one_error_that_says_why(given, error, told):
    call = {"real": REAL, "synthetic": POOL, **given}
    with pytest.raises(error) as caught:
        sw.blend(call.pop("real"), call.pop("synthetic"), **call)
    assert isinstance(caught.value, SynthwrightError)
    assert told in str(caught.value)
    assert len(str(caught.value)) < 2_000


def test_rows_that_are_marked_as_synthetic_are_no_real_rows(tmp_path):
    from synthwright.api import write

    write(sw.blend(REAL, POOL, ratio=1).table, tmp_path / "mixed.parquet", judged=None)
    for marked in (sw.fit(REAL, "tabular.independent").sample(100), tmp_path / "mixed.parquet"):
        with pytest.raises(BadInput, match="carry the mark"):
            sw.blend(marked, POOL, ratio=1)


def test_synthetic_rows_alone_are_evened_out_among_themselves():
    from synthwright.engines.context import Context
    from synthwright.pipeline.mixing.asking import mixing_of
    from synthwright.pipeline.mixing.blending import blend_tables
    from synthwright.seeding import Streams

    for asked in ({"ratio": 1, "balance": "sex", "real": False}, {"balance": "sex", "real": False}):
        made = blend_tables(REAL, POOL, mixing_of(asked), Context(streams=Streams(0)))
        assert counted(made, "sex") == {"f": 60, "m": 60}
        assert len(made.table) == 120
        assert made.told["synthetic_share"] == 1
