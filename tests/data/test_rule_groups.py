"""Patterns, groups of columns, combinations and uniqueness: what they say of rows, and what they refuse to be."""

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.constraints import evaluate_rule, parse_rule
from synthwright.data.rule_text import parse
from synthwright.data.rule_wording import rule_text
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput

SCHEMA = Schema(
    (
        Column(name="a", kind="boolean", missing=True),
        Column(name="b", kind="boolean"),
        Column(name="n", kind="integer", missing=True),
        Column(name="t", kind="categorical", categories=("x", "AB12"), dtype="string"),
        Column(name="f", kind="float"),
        Column(name="unique", kind="integer"),
    )
)
TABLE = Table(
    SCHEMA,
    pa.table(
        {
            "a": [True, False, None, None],
            "b": [False, False, True, False],
            "n": [1, 1, None, 2],
            "t": ["x", "AB12", "AB12", "x"],
            "f": [0.0, -0.0, 1.0, 2.5],
            "unique": [1, 2, 3, 4],
        }
    ),
)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("one_hot(a, b)", [1]),  # none is set; rows 2 and 3 have a gap that may be
        ("one_hot(n, unique)", [0, 1, 2, 3]),  # two are set; 2, 3 and 4 are neither 0 nor 1
        ("unique(n)", [1]),  # the first row may stay; a gap repeats nothing
        ("unique(n, t)", []),
        ("unique(f)", [1]),  # -0.0 is 0.0
        ("combinations(n, t)", [1, 3]),  # row 0 alone is known
        ("combinations(n, t) in ((1, 'x'), (2, 'x'))", [1, 2]),  # AB12 goes with no n at all
        ("t matches '[A-Z]+[0-9]+'", [0, 3]),
        ("t matches '[A-Z]+'", [0, 1, 2, 3]),  # the whole text
        ("t not matches 'x'", [0, 3]),
        ("when b then t matches 'A.*'", []),
        ("when b then one_hot(a, b)", []),
        ("unique > 1", [0]),  # the word is still good for a column
    ],
)
def test_a_rule_is_broken_by_exactly_these_rows(text, broken):
    rule = parse_rule(text, SCHEMA)
    assert np.flatnonzero(~evaluate_rule(TABLE, rule, TABLE.head(1))).tolist() == broken
    assert evaluate_rule(TABLE.head(0), rule, TABLE).tolist() == []


def test_combinations_are_known_by_the_reference_alone():
    rule = parse_rule("combinations(n, t)", SCHEMA)
    assert evaluate_rule(TABLE, rule).all()
    assert evaluate_rule(TABLE, rule, TABLE).all()


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        (r"t matches '(a+)+\1'", 3, ["RE2"]),  # a back reference
        ("t matches '(?=a)b'", 3, ["look-around"]),
        ("t matches '(a'", 3, ["can't be used"]),
        ("t matches '((a{99}){99}){99}'", 3, ["can't be used"]),  # 970,299 states
        ("t matches '" + "a" * 201 + "'", 3, ["200"]),
        ("n matches '1'", 3, ["a number, not a text"]),
        ("t matches n", 11, ["the pattern is missing"]),
        ("n + 1 matches 'a'", 7, ["only a column"]),
        ("unique()", 8, ["a column is missing"]),
        ("unique(n, n)", 11, ["listed twice"]),
        ("unique(n, m)", 11, ["no column 'm'"]),
        ("unique(n, 3)", 11, ["a column is missing"]),
        ("when b then unique(n)", 13, ["whole table"]),
        ("b or combinations(n, t)", 6, ["whole table"]),
        ("one_hot(a)", 1, ["one column alone"]),
        ("one_hot(a, f)", 12, ["neither true nor false"]),
        ("one_hot(a, t)", 12, ["neither true nor false"]),
        ("combinations(n, f)", 17, ["no fixed values"]),
        ("combinations(n, t) in ((1, 'x', 2))", 25, ["3 values stand for 2 columns"]),
        ("combinations(n, t) in (('x', 1))", 25, ["can't be compared"]),
        ("combinations(n, t) in (1, 'x')", 24, ["(", "missing"]),
        ("unique(n) and b", 1, ["whole table"]),
    ],
)
def test_a_slip_is_told_with_its_place(text, at, words):
    with pytest.raises(BadInput) as caught:
        parse_rule(text, SCHEMA)
    told = str(caught.value)
    assert f"position {at}:" in told
    assert all(word in told for word in words), told


def test_a_pattern_that_explodes_elsewhere_takes_no_time():
    """(a|a)*b on 30 letters takes minutes where patterns are tried one way after the other."""
    table = Table(Schema((Column(name="t", kind="text"),)), pa.table({"t": ["a" * 100_000]}))
    assert not evaluate_rule(table, parse_rule("t matches '(a|a)*(a|aa)+b'", table.schema)).any()


@pytest.mark.parametrize(
    "text",
    [
        "a + b * 2 == c - -3",
        "not (a < 1 or b is missing) and `marital-status` in ('it''s', 'x')",
        "when `when` > 1.5e300 then one_hot(a, b)",
        "combinations(a, `b c`) in (('x', 1), ('y', -2))",
        "unique(a, `not`)",
        "t not matches '[A-Z]''+'",
        "d <= '2024-05-31' and flag == true",
        "(a - b) / (c - d) > 0.1",
    ],
)
def test_the_words_of_a_tree_are_read_as_the_same_tree(text):
    again = rule_text(parse(text))
    assert rule_text(parse(again)) == again
    assert _bare(parse(again)) == _bare(parse(text))


def _bare(node):
    """A tree as nested tuples, without positions."""
    if isinstance(node, tuple):
        return tuple(_bare(one) for one in node)
    if hasattr(node, "__slots__"):
        return (type(node).__name__, *(_bare(getattr(node, name)) for name in node.__slots__ if name != "at"))
    return node
