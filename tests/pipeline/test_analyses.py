"""What a table holds, counted by hand."""

from __future__ import annotations

import pytest

from synthwright.data.reading import read_table
from synthwright.pipeline.analysis import analyse, task_of
from synthwright.pipeline.working import get_table, put_table


@pytest.fixture
def shop():
    """Twelve rows: 6 no, 5 yes and 1 maybe; one repeated row; two cells of `n` missing."""
    answers = ["no"] * 6 + ["yes"] * 5 + ["maybe"]
    numbers = [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, None, None]
    return read_table({"answer": answers, "n": numbers}, target="answer")


def test_a_small_table_is_counted_right(shop):
    assert analyse(shop) == {
        "rows": 12,
        "columns": 2,
        "target": "answer",
        "task": "classification",
        "classes": {"no": 6, "yes": 5},  # one maybe is fewer than 5 and not told
        "imbalance": 6 / 5,
        "missing": {"answer": 0.0, "n": 2 / 12},
        "duplicates": 1,
        "unlisted": {},
        "kinds": {"answer": "categorical", "n": "integer"},
        "contents": {},
    }


def test_what_is_not_listed_and_what_is_made_up_is_told():
    """Of 200 rows 20 have a word that 2 rows share: 10 percent; the addresses are nobody's category."""
    words = ["often"] * 180 + [f"seldom {n // 2}" for n in range(20)]
    found = analyse(read_table({"word": words, "mail": [f"a{n}@b.org" for n in range(200)]}))
    assert found["unlisted"] == {"word": 0.1}
    assert found["contents"] == {"mail": "email"}


def test_without_a_target_there_are_no_classes(shop):
    found = analyse(shop.with_schema(shop.schema.with_target(None)))
    assert (found["target"], found["task"], found["classes"], found["imbalance"]) == (None, None, {}, None)


def test_a_numeric_target_is_a_regression(beijing):
    found = analyse(beijing)
    assert found["task"] == "regression"
    assert found["classes"] == {}
    assert task_of(beijing) == "regression"


def test_boolean_classes_have_names(shoppers):
    assert set(analyse(shoppers)["classes"]) == {"True", "False"}


def test_tables_between_stages_come_back_equal(adult, beijing, birdstrikes, tmp_path):
    for at, table in enumerate((adult, beijing, birdstrikes)):
        put_table(tmp_path / f"{at}.parquet", table)
        back = get_table(tmp_path / f"{at}.parquet")
        assert back.data.equals(table.data)
        assert back.schema == table.schema
        assert back.frame == table.frame
