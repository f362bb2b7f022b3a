"""A schema learnt from data makes rows like them column by column, and keeps no value that fewer than 5 rows share."""

import json

import numpy as np
import pytest

import synthwright as sw
from synthwright.data.schema_file import read_schema, schema_to_yaml
from synthwright.generators.describing import describe


@pytest.fixture
def people():
    rng = np.random.default_rng(1)
    n = 2_000
    wage = np.round(np.exp(rng.normal(10, 0.4, n)), 2)
    wage[0] = 98_765_432.25
    city = np.where(rng.random(n) < 0.7, "Lima", "Quito").astype(object)
    city[:3] = "Zanzibar"
    member = np.zeros(n, dtype=bool)
    member[:2] = True
    age = rng.integers(18, 80, n).astype(float)
    age[rng.random(n) < 0.25] = np.nan
    sent = [None, *["2024-01-01"] * (n - 1)]
    return sw.read({"wage": wage, "city": city.tolist(), "member": member, "age": age, "sent": sent})


def test_rows_from_a_learnt_schema_have_its_columns_shapes(people):
    made = sw.sample(describe(people), 4_000, seed=1)
    assert abs(np.median(made.numbers("wage")) / np.median(people.numbers("wage")) - 1) < 0.05
    assert abs(made.missing("age").mean() - people.missing("age").mean()) < 0.04
    lima = [table.data["city"].to_pylist().count("Lima") / len(table) for table in (made, people)]
    assert abs(lima[0] - lima[1]) < 0.04


def test_no_value_of_fewer_than_five_rows_is_kept(people):
    text = schema_to_yaml(describe(people))
    assert "Zanzibar" not in text
    assert "98765432" not in text
    described = describe(people)
    assert described["member"].distribution.get("weights") == (1998, 0)  # two members are nobody's business
    assert described["sent"].distribution.get("missing_share") == 0  # nor is the one missing date
    counts = [*described["wage"].distribution.get("counts"), *described["age"].distribution.get("counts")]
    assert min(counts) >= 5


def test_a_distribution_that_a_person_wrote_stays(people):
    first = describe(people)
    assert describe(people.with_schema(first)) == first


def test_too_few_rows_say_nothing():
    described = describe(sw.read({"x": [1.5, 2.5, 3.5], "y": ["a", "b", "c"]}))
    assert all(column.distribution is None for column in described)


def test_inspect_writes_a_schema_that_sample_draws_from(tmp_path, people):
    from synthwright.cli.main import main

    people.to_pandas().to_csv(tmp_path / "people.csv", index=False)
    schema, out = tmp_path / "schema.yaml", tmp_path / "made.csv"
    assert main(["inspect", str(tmp_path / "people.csv"), "--distributions", "-o", str(schema)]) == 0
    assert read_schema(schema)["wage"].distribution.family == "histogram"
    assert main(["sample", str(schema), "-n", "40", "-o", str(out)]) == 0
    assert len(sw.read(out)) == 40


def test_inspect_shows_the_distributions_as_json(tmp_path, people, capsys):
    from synthwright.cli.main import main

    people.to_pandas().to_csv(tmp_path / "people.csv", index=False)
    assert main(["inspect", str(tmp_path / "people.csv"), "--distributions", "--json"]) == 0
    columns = {column["name"]: column for column in json.loads(capsys.readouterr().out)["schema"]}
    assert columns["city"]["distribution"]["family"] == "weights"
