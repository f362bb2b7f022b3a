"""A schema is the same after writing and reading; every complaint about an edited one names the line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from synthwright.data.schema import Column, Schema
from synthwright.data.schema_fields import schema_from_yaml
from synthwright.data.schema_file import read_schema, schema_from_json, schema_to_json, schema_to_yaml, write_schema
from synthwright.errors import BadInput

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=15)
HARD = [
    "NO",
    "yes",
    "null",
    "~",
    "1",
    "1.5",
    "2024-01-01",
    "- x",
    "a: b",
    "a #b",
    "#",
    "'",
    '"',
    "\\",
    "{",
    "[x]",
    "é\n\t\x00\x85\u2028",
]


def bare(schema):
    """`schema` without reasons, which are comments in the file."""
    return replace(schema, columns=tuple(replace(column, reason="") for column in schema))


@pytest.mark.parametrize("name", ["adult", "shoppers", "beijing", "birdstrikes", "default_credit"])
def test_an_inferred_schema_is_the_same_after_writing_and_reading(name, request, tmp_path):
    schema = request.getfixturevalue(name).schema
    write_schema(schema, tmp_path / "schema.yaml")
    assert read_schema(tmp_path / "schema.yaml") == bare(schema)
    assert schema_from_json(schema_to_json(schema)) == schema


@settings(max_examples=100, deadline=None, derandomize=True, phases=[Phase.generate])
@given(names=st.lists(TEXT | st.sampled_from(HARD), min_size=1, max_size=6, unique=True), reason=TEXT)
def test_any_text_is_the_same_after_writing_and_reading(names, reason):
    columns = tuple(
        Column(name=name, kind="categorical", categories=tuple(names), pattern=name, reason=reason) for name in names
    )
    assert schema_from_yaml(schema_to_yaml(Schema(columns)), name="s") == bare(Schema(columns))


@pytest.mark.parametrize(
    "column",
    [
        Column(name="n" * 100_000, kind="integer"),
        Column(name="é" * 800, kind="float", bounds=(-1e300, 0.1 + 0.2), decimals=9),
        Column(name="c", kind="ordinal", categories=tuple(f"level {n}" for n in range(2000))),
        Column(name="c", kind="categorical", categories=(2**63 - 1, -1, 2**53 + 1), dtype="int64"),
        Column(name="c", kind="categorical", categories=(True, False)),
        Column(name="c", kind="categorical", categories=(0.1, 1e-300, 3.0)),
        Column(name="c", kind="categorical", categories=()),
        Column(name="d", kind="datetime", unit="day", bounds=(-719_162, 2_932_896)),
        Column(
            name="d", kind="datetime", unit="microsecond", bounds=(-1, 1.0), dtype="timestamp[us, tz=Europe/Berlin]"
        ),
        Column(name="d", kind="datetime", unit="hour", bounds=(350_640, 394_464), role="time", missing=True),
        Column(name="i", kind="id", pattern='{"a": "\\"}'),
    ],
)
def test_extreme_columns_are_the_same_after_writing_and_reading(column, tmp_path):
    write_schema(Schema((column,)), tmp_path / "s.yaml")
    assert read_schema(tmp_path / "s.yaml")[column.name] == column


def test_the_file_is_readable():
    column = Column(
        name="date",
        kind="datetime",
        role="time",
        unit="day",
        bounds=(10_957, 11_322),
        dtype="date32[day]",
        reason="Dates (date32[day]).",
    )
    flag = Column(name="paid", kind="categorical", categories=("NO", "yes please"), source="declared")
    text = schema_to_yaml(Schema((column, flag)))
    assert text.partition("columns:\n")[2] == (
        "  # Dates (date32[day]).\n"
        "  date:\n"
        "    kind: datetime\n"
        "    role: time\n"
        "    missing: false\n"
        "    bounds: [2000-01-01, 2000-12-31]\n"
        "    unit: day\n"
        "    source: data\n"
        '    dtype: "date32[day]"\n'
        "  paid:\n"
        "    kind: categorical\n"
        "    role: feature\n"
        "    missing: false\n"
        '    categories: ["NO", yes please]\n'
        "    source: declared\n"
        "constraints: []\n"
    )


def test_constraints_come_back_as_they_were_written():
    rules = ("a <= `b: c`", "when a > 1 then s in ('x', \"it's\")")
    columns = (
        Column(name="a", kind="integer"),
        Column(name="b: c", kind="integer"),
        Column(name="s", kind="categorical", categories=("x", "it's")),
    )
    schema = Schema(columns, rules)
    assert schema_from_yaml(schema_to_yaml(schema), name="s").constraints == rules
    assert schema_from_json(schema_to_json(schema)).constraints == rules


def test_a_schema_that_a_person_wrote_is_declared():
    found = schema_from_yaml("columns: {age: {kind: integer, bounds: [0, 120]}}", name="s")["age"]
    assert (found.source, found.bounds, found.role) == ("declared", (0, 120), "feature")


# text of the file, where the complaint points to, and a word of it
WRONG = {
    "nothing": ("", 1, "columns"),
    "a list": ("- a\n", 1, "columns"),
    "no columns": ("columns: {}\n", 1, "no columns"),
    "columns as a list": ("columns: [age]\n", 1, "no columns"),
    "unknown section": ("columns: {a: {kind: text}}\ncolums: 1\n", 2, "'columns'"),
    "unknown key": ("columns:\n  a:\n    kind: text\n    bound: [1, 2]\n", 4, "'bounds'"),
    "block missing": ("columns:\n  a:\n  b: {kind: text}\n", 2, "'a'"),
    "block is text": ("columns:\n  a: integer\n", 2, "'a'"),
    "no kind": ("columns:\n  a: {role: feature}\n", 2, "kind"),
    "unknown kind": ("columns:\n  a:\n    kind: integr\n", 3, "'integer'"),
    "kind is a list": ("columns:\n  a:\n    kind: [integer]\n", 3, "kind"),
    "unknown role": ("columns:\n  a: {kind: text, role: targt}\n", 2, "'target'"),
    "unknown source": ("columns:\n  a: {kind: text, source: me}\n", 2, "source"),
    "unknown unit": ("columns:\n  a: {kind: datetime, unit: week}\n", 2, "unit"),
    "missing is NO": ("columns:\n  a:\n    kind: text\n    missing: NO\n", 4, "true nor false"),
    "dtype is a number": ("columns:\n  a: {kind: text, dtype: 7}\n", 2, "dtype"),
    "dtype unknown": ("columns:\n  a: {kind: text, dtype: int7}\n", 2, "int7"),
    "pattern is a list": ("columns:\n  a: {kind: id, pattern: [x]}\n", 2, "pattern"),
    "one bound": ("columns:\n  a:\n    kind: float\n    bounds: [1]\n", 4, "pair"),
    "bound is text": ("columns:\n  a: {kind: float, bounds: [1, x]}\n", 2, "numbers"),
    "bound is true": ("columns:\n  a: {kind: float, bounds: [true, 2]}\n", 2, "numbers"),
    "bounds the wrong way": ("columns:\n  a: {kind: float, bounds: [2, 1]}\n", 2, "above"),
    "bound is infinite": ("columns:\n  a: {kind: float, bounds: [0, .inf]}\n", 2, "finite"),
    "bound is not a number": ("columns:\n  a: {kind: float, bounds: [.nan, 1]}\n", 2, "finite"),
    "bounds of categories": ("columns:\n  a: {kind: categorical, bounds: [1, 2]}\n", 2, "no bounds"),
    "dates without unit": ("columns:\n  a: {kind: datetime, bounds: [2020-01-01, 2021-01-01]}\n", 2, "unit"),
    "date that is none": ("columns:\n  a: {kind: datetime, unit: day, bounds: [2020-13-01, 2021-01-01]}\n", 2, "2020"),
    "date as number": ("columns:\n  a: {kind: datetime, unit: day, bounds: [1, 2]}\n", 2, "no date"),
    "decimals negative": ("columns:\n  a: {kind: float, decimals: -1}\n", 2, "decimals"),
    "decimals true": ("columns:\n  a: {kind: float, decimals: true}\n", 2, "decimals"),
    "decimals text": ("columns:\n  a: {kind: float, decimals: two}\n", 2, "decimals"),
    "categories of numbers": ("columns:\n  a: {kind: integer, categories: [1, 2]}\n", 2, "no categories"),
    "categories is text": ("columns:\n  a: {kind: categorical, categories: x}\n", 2, "no list"),
    "category is empty": ("columns:\n  a:\n    kind: categorical\n    categories:\n      - x\n      -\n", 6, "empty"),
    "category twice": ("columns:\n  a:\n    kind: categorical\n    categories:\n      - x\n      - x\n", 6, "twice"),
    "categories mixed": ("columns:\n  a: {kind: categorical, categories: [x, 1]}\n", 2, "mix"),
    "category is a list": ("columns:\n  a: {kind: categorical, categories: [[x]]}\n", 2, "list"),
    "two targets": ("columns:\n  a: {kind: text, role: target}\n  b: {kind: text, role: target}\n", None, "target"),
    "constraint on a column that is not there": (
        "columns: {a: {kind: text}}\nconstraints:\n  - a is missing\n  - a == b\n",
        4,
        "position 6: there is no column 'b'",
    ),
    "constraint without quotes": ("columns: {a: {kind: text}}\nconstraints:\n  - a: b\n", 3, "no text"),
    "constraints as text": ("columns: {a: {kind: text}}\nconstraints: a <= b\n", 2, "no list"),
    "column twice": ("columns:\n  a: {kind: text}\n  a: {kind: text}\n", 3, "twice"),
    "broken": ("columns:\n  a: {kind: text\n", None, "YAML"),
}


@pytest.mark.parametrize("cause", WRONG)
def test_an_edited_schema_with_a_slip_is_refused_at_its_line(cause):
    text, line, word = WRONG[cause]
    with pytest.raises(BadInput) as caught:
        schema_from_yaml(text, name="schema.yaml")
    assert str(caught.value).startswith("schema.yaml" if line is None else f"schema.yaml, line {line}:")
    assert word in str(caught.value)


def test_a_schema_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(BadInput, match="inspect"):
        read_schema(tmp_path / "schema.yaml")
    (tmp_path / "schema.yaml").write_bytes(b"columns:\n  \xff\xfe: {}\n")
    with pytest.raises(BadInput, match="UTF-8"):
        read_schema(tmp_path / "schema.yaml")


@pytest.mark.parametrize(
    "state", [{}, {"columns": 5, "constraints": []}, {"columns": [{"nme": "x"}], "constraints": []}]
)
def test_a_saved_schema_that_was_tampered_with_is_refused(state):
    with pytest.raises(BadInput):
        schema_from_json(state)
