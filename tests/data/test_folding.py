"""Labels that few rows hold are folded into one, everywhere and for good, and the record says how many."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import synthwright as sw
from synthwright.data.folding import Folding
from synthwright.errors import BadInput, UnknownName, UsageError

METHODS = ("honest_trees", "gaussian_copula", "bayes_network", "independent", "smote_nc", "random_oversample", "noise")


def many_levels(rows=800, seed=0):
    """About 300 levels, most of them in one row; text that is nearly unique; prose; a class."""
    rng = np.random.default_rng(seed)
    tail = np.minimum(rng.zipf(1.5, rows), 10_000)
    words = ["the plane was late again and nobody knew", "a long wait at the gate because of fog today"]
    return pd.DataFrame(
        {
            "tail": [f"N{one:05d}" for one in tail],
            "place": ["town" if rng.random() < 0.4 else f"spot {at}" for at in range(rows)],
            "remark": [f"{words[at % 2]} number {at}" for at in range(rows)],
            "delay": rng.normal(size=rows) + np.log(tail),
            "late": rng.choice(["yes", "no"], rows),
        }
    )


def rare_in(values, below):
    counts = values.value_counts()
    return set(counts[counts < below].index)


@pytest.mark.parametrize("method", METHODS)
def test_no_label_of_fewer_rows_than_asked_is_drawn_by_any_method(method):
    frame = many_levels()
    rare = rare_in(frame["tail"], 20)
    share = frame["tail"].isin(rare).mean()
    drawn = sw.fit(frame, f"tabular.{method}", target="late", fold_rare=20).sample(800, seed=1).to_pandas()
    assert not rare & set(drawn["tail"])
    assert (
        abs((drawn["tail"] == "other").mean() - share) < 0.09
    )  # 4 standard errors of the difference of two shares of .3 in 800 rows


def test_a_saved_model_holds_no_folded_label(tmp_path):
    frame = many_levels()
    sw.fit(frame, "tabular.smote_nc", target="late", fold_rare=20).save(tmp_path / "model")
    whole = b"".join(path.read_bytes() for path in sorted((tmp_path / "model").rglob("*")) if path.is_file())
    rare = rare_in(frame["tail"], 20)
    assert len(rare) > 100
    assert not [one for one in rare if one.encode() in whole]


def test_texts_that_are_mostly_unique_become_labels_and_prose_stays_prose():
    table = sw.read(many_levels(), target="late")
    assert table.schema["place"].kind == "text"
    folded = sw.fold_rare(table, 20)
    assert folded.schema["place"].kind == "categorical"
    assert set(folded.schema["place"].categories) == {"town", "other"}
    assert folded.schema["remark"].kind == "text"
    assert folded.data["remark"].equals(table.data["remark"])


def test_a_holdout_is_folded_like_train():
    train, holdout = many_levels(seed=0), many_levels(seed=1)
    seen = sw.fold_rare(sw.read(train, target="late"), 20)
    unseen = sw.fold_rare(holdout, 20, like=sw.read(train, target="late"))
    assert set(unseen["tail"]) <= set(seen.schema["tail"].categories)
    frequent = set(seen.schema["tail"].categories) - {"other"}
    assert unseen["tail"][holdout["tail"].isin(frequent)].equals(holdout["tail"][holdout["tail"].isin(frequent)])


def test_missing_cells_classes_and_categorical_dtypes_stay():
    frame = many_levels()
    frame["tail"] = frame["tail"].astype("category")
    frame.loc[:9, "tail"] = None
    frame.loc[3, "late"] = "perhaps"
    folded = sw.fold_rare(sw.read(frame, target="late"), 20).to_pandas()
    assert folded["tail"].dtype == "category"
    assert folded["tail"].isna().sum() == 10
    assert (folded["late"] == "perhaps").sum() == 1


def test_numbers_by_column_fold_these_columns_alone():
    table = sw.read(many_levels(), target="late")
    folding = Folding.of(table, {"tail": 50})
    assert list(folding.kept) == ["tail"]
    counts = folding.applied(table).to_pandas()["tail"].value_counts().drop("other")
    assert counts.min() >= 50
    rare = rare_in(many_levels()["tail"], 50)
    assert folding.told["tail"].startswith(f"the {len(rare):,} values in fewer than 50 rows stand as 'other' (")


@pytest.mark.parametrize(
    ("below", "error", "told"),
    [
        (4, UsageError, "at least 5"),
        (True, UsageError, "at least 5"),
        ({"tail": 2.5}, UsageError, "at least 5"),
        ({"tial": 20}, UnknownName, "tail"),
        ({"delay": 20}, BadInput, "Its kind is float"),
    ],
)
def test_what_can_not_be_folded_is_refused(below, error, told):
    with pytest.raises(error, match=told):
        sw.fold_rare(many_levels(100), below)


def test_a_run_says_what_it_folded_and_releases_none_of_it(tmp_path):
    frame = many_levels()
    options = {"target": "late", "metrics": ["fidelity.validity"], "rows": 300}
    asked = sw.run(frame, out=tmp_path / "asked", method="tabular.independent", fold_rare=20, **options)
    record = json.loads((asked.folder / "record.json").read_text())
    assert record["folded"]["tail"].endswith("of its rows)")
    assert "Folded: `tail`" in (asked.folder / "README.md").read_text()
    assert not rare_in(frame["tail"], 20) & set(pd.read_parquet(asked.folder / "synthetic.parquet")["tail"])


def test_a_run_with_a_method_that_keeps_records_folds_what_fewer_than_5_rows_hold(tmp_path):
    frame = many_levels()
    options = {"target": "late", "metrics": ["fidelity.validity"], "rows": 300}
    found = sw.run(frame, out=tmp_path / "kept", method="tabular.smote_nc", **options)
    train = pd.read_parquet(found.folder / "private" / "mixed.parquet").query("source == 'real'")
    drawn = pd.read_parquet(found.folder / "synthetic.parquet")
    assert "other" in set(drawn["tail"])
    assert not rare_in(train["tail"], 5) & set(drawn["tail"])
    assert not rare_in(frame["tail"], 2) & set(drawn["tail"])
