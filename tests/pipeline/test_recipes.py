"""Recipes are strict, say where they are wrong, and come back as they were written."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from synthwright import files
from synthwright.data.yaml_file import load_yaml
from synthwright.errors import BadInput
from synthwright.pipeline.recipe import Recipe, default_out, published_schema, recipe_schema
from synthwright.pipeline.recipe_file import load_recipe, recipe_of, recipe_text
from synthwright.pipeline.recipe_template import recipe_template


def written(tmp_path, text):
    path = tmp_path / "mine.yaml"
    files.write_text(path, text)
    return path


def test_the_published_schema_is_that_of_the_model():
    """If this fails: write_json(Path("src/synthwright/pipeline/recipe.schema.json"), recipe_schema())."""
    assert published_schema() == json.loads(json.dumps(recipe_schema()))


def test_a_recipe_comes_back_as_it_was_written(tmp_path):
    recipe = recipe_of({"data": "people.csv", "target": "no", "rows": 10, "holdout": 0.5, "settings": {"leaf": 5}})
    assert load_recipe(written(tmp_path, recipe_text(recipe.to_mapping()))) == recipe


def test_keys_without_a_value_are_not_given(tmp_path):
    recipe = load_recipe(written(tmp_path, "data: people.csv\npurpose:\nrows:\n"))
    assert (recipe.purpose, recipe.rows) == ("", None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("data: a.csv\ntarjet: income\n", ["mine.yaml, line 2", "'tarjet'", "Did you mean 'target'?"]),
        ("data: a.csv\nsplit:\n  gruop: id\n", ["line 3", "split.gruop", "Did you mean 'group'?"]),
        ("data: a.csv\nsplit:\n  group: a\n  time: b\n", ["line 2", "not by both"]),
        ("data: a.csv\nrows: 0\n", ["line 2", "rows is 0", "greater than or equal to 1"]),
        ("data: a.csv\nrows: many\n", ["line 2", "rows is 'many'", "a whole number"]),
        ("data: a.csv\nseed: -1\n", ["line 2", "seed is -1"]),
        ("data: a.csv\nholdout: 1.5\n", ["line 2", "holdout is 1.5", "less than 1"]),
        ("data: a.csv\nkind: tabel\n", ["line 2", "kind is 'tabel'", "'table'"]),
        ("data: a.csv\nsettings: fast\n", ["line 2", "settings is 'fast'", "a mapping"]),
        ("data: a.csv\nmetrics: all\n", ["line 2", "metrics is 'all'", "a list"]),
        ("data: 3\n", ["line 1", "data is 3", "a text"]),
        ("target: income\n", ["'data' is missing"]),
        ("- data\n", ["not a recipe"]),
        ("", ["not a recipe"]),
    ],
)
def test_a_mistake_is_named_with_file_line_and_key(tmp_path, text, told):
    with pytest.raises(BadInput) as caught:
        load_recipe(written(tmp_path, text))
    for part in told:
        assert part in str(caught.value)


def test_several_mistakes_are_told_at_once(tmp_path):
    with pytest.raises(BadInput) as caught:
        load_recipe(written(tmp_path, "data: a.csv\nrows: 0\nseed: x\ntarjet: y\n"))
    assert all(f"line {line}" in str(caught.value) for line in (2, 3, 4))


@pytest.mark.parametrize(
    "text",
    [
        "data: [\n",
        "data: &a x\ntarget: *a\n",
        "data: a\ndata: b\n",
        "data: " + "[" * 60 + "]" * 60 + "\n",
        "data: \x00\n",
    ],
    ids=["broken", "alias", "twice", "deep", "null byte"],
)
def test_yaml_that_is_broken_or_hostile_is_refused(tmp_path, text):
    with pytest.raises(BadInput, match=r"mine\.yaml"):
        load_recipe(written(tmp_path, text))


def test_a_recipe_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"absent\.yaml"):
        load_recipe(tmp_path / "absent.yaml")


@pytest.mark.parametrize(
    ("given", "fine"),
    [
        ({"data": "a.csv"}, True),
        ({"data": "a.csv", "holdout": "b.csv"}, True),
        ({"data": "a.csv", "holdout": 2}, False),
        ({"data": "a.csv", "tarjet": "x"}, False),
        ({}, False),
    ],
)
def test_editors_and_the_loader_agree(given, fine):
    """The JSON Schema accepts what the loader accepts."""
    problems = list(jsonschema.Draft202012Validator(published_schema()).iter_errors(given))
    assert (not problems) == fine
    if fine:
        assert isinstance(recipe_of(given), Recipe)
    else:
        with pytest.raises(BadInput):
            recipe_of(given)


@pytest.mark.parametrize("target", ["income", "yes", 'a "quoted": name', "ümläut", "a\nb"])
def test_a_written_template_is_a_recipe_for_its_data(adult, target, tmp_path):
    from dataclasses import replace

    from synthwright.data.schema import Schema
    from synthwright.data.table import Table

    columns = [replace(c, name=target) if c.role == "target" else c for c in adult.schema]
    table = Table(Schema(tuple(columns)), adult.data.rename_columns([column.name for column in columns]))
    text = recipe_template("some where/people.csv", table, schema="my schema.yaml")
    recipe = load_recipe(written(tmp_path, text))
    assert (recipe.target, recipe.data, recipe.schema_file) == (target, "some where/people.csv", "my schema.yaml")
    assert "purpose:" in text
    assert "because:" in text


def test_every_optional_key_of_a_template_is_explained(adult):
    text = recipe_template("people.csv", adult)
    told = {line.lstrip("# ").partition(":")[0] for line in text.splitlines()}
    assert {"data", "target", "schema", "method", "settings", "rows", "seed", "holdout", "split", "gates"} <= told
    assert yaml.safe_load(text)["kind"] == "table"
    assert load_yaml(text, name="x")[0]["seed"] == 0


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("data/people.csv.gz", "runs/people"),
        ("example:adult", "runs/adult"),
        ("example:nycflights13/flights", "runs/flights"),
        ("my.recipe.yaml", "runs/my.recipe"),
        (".csv", "runs/.csv"),
    ],
)
def test_a_run_is_named_after_its_data(name, out):
    assert default_out(name) == Path(out)
