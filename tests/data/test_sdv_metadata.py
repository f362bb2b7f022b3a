"""SDV metadata becomes a schema; what it says beyond a schema is listed, and nothing is dropped in silence."""

# ruff: noqa: E501  # one cause per line reads as a table

import json

import pandas as pd
import pyarrow as pa
import pytest

import synthwright as sw
from synthwright.data.sdv.constraints import rules_from
from synthwright.errors import BadInput, SynthwrightError

HOTEL = {
    "METADATA_SPEC_VERSION": "SINGLE_TABLE_V1",
    "primary_key": "guest_email",
    "alternate_keys": ["card"],
    "columns": {
        "guest_email": {"sdtype": "email", "pii": True},
        "card": {"sdtype": "credit_card_number", "pii": True},
        "has_rewards": {"sdtype": "boolean"},
        "room_type": {"sdtype": "categorical"},
        "grade": {"sdtype": "categorical", "order": ["low", "mid", "high"]},
        "nights": {"sdtype": "numerical", "computer_representation": "Int64"},
        "fee": {"sdtype": "numerical", "computer_representation": "Float"},
        "rate": {"sdtype": "numerical"},
        "checkin": {"sdtype": "datetime", "datetime_format": "%Y-%m-%d"},
        "checkout": {"sdtype": "datetime", "datetime_format": "%Y-%m-%d"},
        "code": {"sdtype": "id", "regex_format": "HID_[0-9]{3}"},
        "note": {"sdtype": "unknown", "pii": True},
    },
    "column_relationships": [{"type": "address", "column_names": ["a", "b"]}],
}
CONSTRAINTS = [
    {
        "constraint_class": "Inequality",
        "constraint_parameters": {
            "low_column_name": "checkin",
            "high_column_name": "checkout",
            "strict_boundaries": True,
        },
    },
    {"constraint_class": "FixedIncrements", "constraint_parameters": {"column_name": "fee", "increment_value": 5}},
]


def single(columns, **more):
    return {"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": columns, **more}


def test_sdtypes_become_kinds_and_keys_become_roles():
    found = sw.schema_from_sdv(HOTEL, constraints=CONSTRAINTS)
    kinds = {column.name: column.kind for column in found.schema}
    assert kinds == {
        "guest_email": "text",
        "card": "text",
        "has_rewards": "boolean",
        "room_type": "categorical",
        "grade": "ordinal",
        "nights": "integer",
        "fee": "float",
        "rate": "float",
        "checkin": "datetime",
        "checkout": "datetime",
        "code": "id",
        "note": "text",
    }
    schema = found.schema
    assert schema["guest_email"].role == "key"
    assert schema["grade"].categories == ("low", "mid", "high")
    assert schema["checkin"].unit == "day"
    assert schema["code"].distribution.get("regex") == "HID_[0-9]{3}"
    assert schema["guest_email"].distribution.family == "email"
    assert "checkin < checkout" in schema.constraints


def test_what_is_not_taken_over_is_listed():
    left_out = sw.schema_from_sdv(HOTEL, constraints=CONSTRAINTS).left_out
    for words in ("FixedIncrements", "credit_card_number", "'note'", "column_relationships", "address"):
        assert any(words in sentence for sentence in left_out) or words == "address", words
    assert not [sentence for sentence in left_out if "Inequality" in sentence]


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ({"sdtype": "numerical", "computer_representation": "UInt8"}, "integer"),
        ({"sdtype": "numerical", "computer_representation": "Float32"}, "float"),
        ({"sdtype": "categorical", "order_by": "alphabetical"}, "ordinal"),
        ({"sdtype": "city", "pii": False}, "categorical"),
        ({"sdtype": "city", "pii": True}, "text"),
        ({"sdtype": "latitude", "pii": False}, "float"),
        ({"sdtype": "text", "regex_format": "[A-Z]{3}"}, "id"),
        ({"sdtype": "text"}, "text"),
        ({"type": "numerical", "subtype": "integer"}, "integer"),
        ({"type": "numerical", "subtype": "float"}, "float"),
        ({"type": "id", "subtype": "integer"}, "id"),
        ({"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"}, "datetime"),
        ({"type": "categorical", "pii": True, "pii_category": "name"}, "text"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else value,
)
def test_an_sdtype_has_its_kind(entry, kind):
    found = sw.schema_from_sdv(single({"x": entry}))
    assert found.schema["x"].kind == kind
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("pattern", "unit"),
    [("%Y-%m-%d", "day"), ("%Y-%m-%d %H:%M", "minute"), ("%Y-%m-%dT%H:%M:%SZ", "second"), ("%d %b %Y", "day")],
)
def test_a_date_format_says_the_unit(pattern, unit):
    found = sw.schema_from_sdv(single({"x": {"sdtype": "datetime", "datetime_format": pattern}}))
    assert found.schema["x"].unit == unit
    assert bool(found.left_out) == pattern.startswith("%d")


COLUMNS = {
    "a": {"sdtype": "numerical"},
    "b": {"sdtype": "numerical"},
    "c d": {"sdtype": "numerical"},
    "s": {"sdtype": "categorical"},
    "yes": {"sdtype": "boolean"},
    "day": {"sdtype": "datetime", "datetime_format": "%Y-%m-%d"},
}


@pytest.mark.parametrize(
    ("name", "settings", "rule"),
    [
        ("Inequality", {"low_column_name": "a", "high_column_name": "c d"}, "a <= `c d`"),
        ("sdv.cag.Inequality", {"low_column_name": "a", "high_column_name": "b", "strict_boundaries": True}, "a < b"),
        ("Range", {"low_column_name": "a", "middle_column_name": "b", "high_column_name": "c d"}, "a <= b <= `c d`"),
        ("ScalarInequality", {"column_name": "a", "relation": ">=", "value": -1.5}, "a >= -1.5"),
        ("ScalarInequality", {"column_name": "day", "relation": "<", "value": "2024-05-31"}, "day < '2024-05-31'"),
        ("ScalarRange", {"column_name": "a", "low_value": 0, "high_value": 9, "strict_boundaries": True}, "0 < a < 9"),
        ("Positive", {"column_name": "a", "strict_boundaries": True}, "a > 0"),
        ("Negative", {"column_name": "b"}, "b <= 0"),
        ("GreaterThan", {"low": "a", "high": "b", "strict": True}, "a < b"),
        ("GreaterThan", {"low": 3, "high": "b", "scalar": "low"}, "3 <= b"),
        ("Between", {"constraint_column": "a", "low": 0, "high": "b"}, "0 <= a <= b"),
    ],
)
def test_a_constraint_becomes_the_rule_that_says_it(name, settings, rule):
    constraint = {"constraint_class": name, "constraint_parameters": settings}
    found = sw.schema_from_sdv(single(COLUMNS), constraints=[constraint])
    assert found.schema.constraints == (rule,)
    assert found.left_out == ()
    old = single(COLUMNS, constraints=[{"constraint": f"sdv.constraints.tabular.{name}", **settings}])
    assert sw.schema_from_sdv(old).schema.constraints == (rule,)


def test_groups_are_said_or_listed():
    """Whether the language of rules reads these forms or not, none is lost."""
    for name, word in (("FixedCombinations", "combinations"), ("Unique", "unique"), ("OneHotEncoding", "one_hot")):
        constraint = {"constraint_class": name, "constraint_parameters": {"column_names": ["s", "c d"]}}
        found = sw.schema_from_sdv(single(COLUMNS), constraints=[constraint])
        assert found.schema.constraints == (f"{word}(s, `c d`)",) or any(name in one for one in found.left_out)


@pytest.mark.parametrize(
    ("constraint", "why"),
    [
        ({"constraint_class": "FixedIncrements", "constraint_parameters": {"column_name": "a"}}, "no rule says it"),
        ({"constraint_class": "MyOwn", "constraint_parameters": {}}, "no rule says it"),
        ({"constraint_class": "Inequality", "constraint_parameters": {"low_column_name": "a"}}, "names no column"),
        ({"constraint_class": "Inequality", "constraint_parameters": [1]}, "no object"),
        ({"constraint_class": "Positive", "constraint_parameters": {"column_names": [3]}}, "no list of columns"),
        ({"constraint_class": "Positive", "constraint_parameters": {"column_name": "zz"}}, "no column 'zz'"),
        ({"constraint_class": "ScalarInequality", "constraint_parameters": {"column_name": "a", "relation": "~"}}, "comparison"),
        (
            {"constraint_class": "ScalarInequality", "constraint_parameters": {"column_name": "a", "relation": ">", "value": None}},
            "neither a number",
        ),
        ({"constraint_class": "ScalarInequality", "constraint_parameters": {"column_name": "day", "relation": ">", "value": "x"}}, "no date"),
        ({"constraint_class": "Positive", "constraint_parameters": {"column_name": "yes"}}, "can't be compared"),
        ({"constraint_parameters": {}}, "names no class"),
        ("Inequality", "no object"),
    ],
)  # fmt: skip
def test_a_constraint_that_cannot_be_said_is_listed_with_its_reason(constraint, why):
    rules, told = rules_from(constraint, sw.schema_from_sdv(single(COLUMNS)).schema)
    assert rules == ()
    assert why in told
    assert sw.schema_from_sdv(single(COLUMNS), constraints=[constraint]).left_out == (told,)


LINKED = {
    "METADATA_SPEC_VERSION": "V1",
    "tables": {
        "hotels": {"primary_key": "h", "columns": {"h": {"sdtype": "id"}, "city": {"sdtype": "categorical"}}},
        "guests": {"columns": {"h": {"sdtype": "id"}, "paid": {"sdtype": "numerical"}}},
    },
    "relationships": [
        {
            "parent_table_name": "hotels",
            "parent_primary_key": "h",
            "child_table_name": "guests",
            "child_foreign_key": "h",
        }
    ],
}


def test_one_of_several_tables_is_taken_and_its_links_are_listed():
    found = sw.schema_from_sdv(LINKED, table="guests")
    assert found.schema.names == ("h", "paid")
    assert any("hotels -> guests" in one for one in found.left_out)
    only = {**LINKED, "tables": {"guests": LINKED["tables"]["guests"]}, "relationships": []}
    assert sw.schema_from_sdv(only).schema.names == ("h", "paid")


def deep(n):
    return '{"columns": ' + "[" * n + "]" * n + "}"


BROKEN = {
    "cut short": ('{"METADATA_SPEC_VERSION": "V1", "columns": {"a": {"sdtype"', 3, "not JSON"),
    "a list": ('[{"sdtype": "numerical"}]', 3, "no JSON object"),
    "a key twice": ('{"columns": {"a": {"sdtype": "id"}, "a": {"sdtype": "id"}}}', 3, "the key 'a' twice"),
    "nested too deep": (deep(200_000), 3, "nested too deep"),
    "a version of the future": (json.dumps({"METADATA_SPEC_VERSION": "V7", "columns": {}}), 3, "version 'V7'"),
    "no columns": (json.dumps(single({})), 3, "lists no columns"),
    "columns that are a list": (json.dumps(single([{"name": "a"}])), 3, "lists no columns"),
    "a column that is a text": (json.dumps(single({"a": "numerical"})), 3, "column 'a' is no object"),
    "a column without an sdtype": (json.dumps(single({"a": {"pii": True}})), 3, "no sdtype"),
    "an sdtype that is a number": (json.dumps(single({"a": {"sdtype": 3}})), 3, "no sdtype"),
    "a key that is no column": (json.dumps(single({"a": {"sdtype": "id"}}, primary_key="b")), 3, "key 'b' is no column"),
    "a key that is a number": (json.dumps(single({"a": {"sdtype": "id"}}, primary_key=3)), 3, "names no column"),
    "a sequence key that is no column": (json.dumps(single({"a": {"sdtype": "id"}}, sequence_key="b")), 3, "sequence key 'b'"),
    "constraints that are a text": (json.dumps(single({"a": {"sdtype": "id"}}, constraints="a < b")), 3, "no list"),
    "several tables": (json.dumps(LINKED), 3, "describes 2 tables"),
    "no tables": (json.dumps({"METADATA_SPEC_VERSION": "V1", "tables": {}}), 3, "describes no table"),
    "a table that is a list": (json.dumps({"METADATA_SPEC_VERSION": "V1", "tables": {"t": []}}), 3, "is no object"),
}  # fmt: skip


@pytest.mark.parametrize("cause", BROKEN)
def test_broken_metadata_end_in_one_coded_error(cause, tmp_path):
    text, code, told = BROKEN[cause]
    path = tmp_path / "metadata.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SynthwrightError) as caught:
        sw.schema_from_sdv(path)
    assert told in str(caught.value)
    assert caught.value.exit_code == code
    assert len(str(caught.value)) < 600


def test_a_table_that_is_not_there_brings_the_nearest_name(tmp_path):
    with pytest.raises(sw.UnknownName, match="Did you mean 'guests'"):
        sw.schema_from_sdv(LINKED, table="guest")
    with pytest.raises(sw.UsageError, match="without a name"):
        sw.schema_from_sdv(single(COLUMNS), table="t")
    with pytest.raises(BadInput, match="no metadata file"):
        sw.schema_from_sdv(tmp_path / "nowhere.json")


@pytest.fixture
def files(tmp_path):
    frame = pd.DataFrame(
        {"id": [f"K{n:03}" for n in range(60)], "low": range(60), "high": range(3, 63), "s": list("xy") * 30}
    )
    frame.to_csv(tmp_path / "rows.csv", index=False)
    columns = {
        "id": {"sdtype": "id", "regex_format": "K[0-9]{3}"},
        "low": {"sdtype": "numerical"},
        "high": {"sdtype": "numerical"},
        "s": {"sdtype": "categorical"},
    }
    low = {
        "constraint_class": "Inequality",
        "constraint_parameters": {"low_column_name": "low", "high_column_name": "high"},
    }
    (tmp_path / "whole.json").write_text(json.dumps(single(columns, constraints=[low])), encoding="utf-8")
    own = {"constraint_class": "MyOwn", "constraint_parameters": {}}
    (tmp_path / "more.json").write_text(json.dumps(single(columns, constraints=[low, own])), encoding="utf-8")
    return tmp_path


def test_metadata_serve_wherever_a_schema_does_if_nothing_is_lost(files):
    table = sw.read(files / "rows.csv", schema=files / "whole.json")
    assert table.schema["id"].kind == "id"
    assert table.schema.constraints == ("low <= high",)
    with pytest.raises(BadInput, match=r"1 thing .*\n.*MyOwn.*\n.*--sdv-metadata more.json"):
        sw.read(files / "rows.csv", schema=files / "more.json")


def test_inspect_converts_metadata_once_and_says_what_is_lost(files, capsys):
    from synthwright.cli.main import main

    made = files / "schema.yaml"
    assert main(["inspect", str(files / "rows.csv"), "--sdv-metadata", str(files / "more.json"), "-o", str(made)]) == 0
    assert "Not taken over: constraint MyOwn" in capsys.readouterr().err
    text = made.read_text(encoding="utf-8")
    assert "# Not taken over: constraint MyOwn" in text
    table = sw.read(files / "rows.csv", schema=made)
    assert table.schema["low"].kind == "integer"  # as the data store it: the metadata say only that it is a number
    assert table.schema.constraints == ("low <= high",)
    fake = sw.fit(table, "tabular.independent").sample(20, seed=1)
    assert all(code.startswith("K") for code in fake.data["id"].to_pylist())


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--sdv-metadata", "none.json"], 3, "no metadata file"),
        (["--table", "t"], 2, "--sdv-metadata"),
        (["--sdv-metadata", "whole.json", "--schema", "whole.json"], 2, "given twice"),
        (["--sdv-metadata", "whole.json", "--table", "t"], 2, "without a name"),
    ],
)
def test_options_that_do_not_go_together_are_refused(files, capsys, monkeypatch, options, code, told):
    from synthwright.cli.main import main

    monkeypatch.chdir(files)
    assert main(["inspect", "rows.csv", *options]) == code
    assert told in capsys.readouterr().err


def test_rows_can_be_drawn_from_metadata_alone_where_they_say_enough(tmp_path):
    columns = {
        "code": {"sdtype": "id", "regex_format": "[A-Z]{2}-[0-9]{3}"},
        "who": {"sdtype": "name"},
        "yes": {"sdtype": "boolean"},
    }
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps(single(columns)), encoding="utf-8")
    rows = sw.sample(path, 5)
    assert pa.types.is_string(rows.data["code"].type)
    assert all(len(code) == 6 for code in rows.data["code"].to_pylist())
    assert all(rows.data["who"].to_pylist())


def test_our_own_schemas_in_json_stay_ours(tmp_path):
    path = tmp_path / "schema.json"
    path.write_text(json.dumps({"columns": {"a": {"kind": "integer", "bounds": [0, 9]}}}), encoding="utf-8")
    assert sw.sample(path, 3).schema["a"].kind == "integer"
