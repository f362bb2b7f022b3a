"""YAML from people is read by YAML 1.2 without surprises, and nothing in it can explode."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from synthwright.data.yaml_file import load_yaml
from synthwright.errors import BadInput

# PyYAML's dumper leaves three rare line ends (NEL, LS, PS) in single quotes, where every parser folds them.
WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x85\u2028\u2029"), max_size=8)
LEAVES = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | WORDS
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4))


def value(text):
    return load_yaml(text, name="f.yaml")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("2024-05-31", "2024-05-31"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-7", -7),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".inf", float("inf")),
        ("'1'", "1"),
        ('"true"', "true"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        ("9" * 5000, "9" * 5000),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_a_scalar_is_what_yaml_1_2_says(text, expected):
    assert value(text) == expected
    assert type(value(text)) is type(expected)


@settings(max_examples=200, deadline=None, derandomize=True, phases=[Phase.generate])
@given(TREES)
def test_what_a_dumper_writes_is_read_back(tree):
    text = yaml.safe_dump(tree, allow_unicode=True)
    if "&id" not in text:
        assert value(text) == tree


def test_keys_are_text_as_written():
    assert value("{1: a, no: b, ~: c, 2024-01-01: d}") == {"1": "a", "no": "b", "~": "c", "2024-01-01": "d"}


def test_every_key_and_item_has_its_line():
    _, lines = load_yaml("# note\nname: x\ncolumns:\n  age:\n    kind: integer\n  tags: [a,\n    b]\n", name="f")
    assert lines["name",] == 2
    assert lines["columns", "age", "kind"] == 5
    assert lines["columns", "tags", 0] == 6
    assert lines["columns", "tags", 1] == 7
    assert lines[()] == 2


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = {
    "bomb": (BOMB, "anchor"),
    "alias alone": ("a: *x\n", "x"),
    "anchor": ("a: &x 1\n", "anchor"),
    "merge by alias": ("a: {x: 1}\nb:\n  <<: *a\n", "alias"),
    "tag": ("a: !!python/object/apply:os.system [ls]\n", "tag"),
    "own tag": ("a: !thing 1\n", "tag"),
    "binary tag": ("a: !!binary aGVsbG8=\n", "tag"),
    "key twice": ("a: 1\nb: 2\na: 3\n", "line 3"),
    "key twice in flow": ("{a: 1, a: 2}", "twice"),
    "deep lists": ("[" * 60 + "]" * 60, "levels"),
    "very deep lists": ("[" * 100_000, "levels"),
    "deep mappings": ("".join(" " * depth + "a:\n" for depth in range(60)), "levels"),
    "two documents": ("a: 1\n---\nb: 2\n", "second document"),
    "list as key": ("? [a, b]\n: 1\n", "key"),
    "mapping as key": ("? {a: b}\n: 1\n", "key"),
    "bracket not closed": ("a: [1, 2\n", "YAML"),
    "quote not closed": ('a: "x\n', "YAML"),
    "tab as indent": ("a:\n\tb: 1\n", "YAML"),
    "indent that does not line up": ("a:\n    b: 1\n  c: 2\n", "line 3"),
    "control character": ("a: \x07\n", "YAML"),
    "half a character": ("a: \ud800\n", "YAML"),
    "too large": ("a: " + "x" * 1_000_001, "too large"),
}


@pytest.mark.parametrize("cause", REFUSED)
def test_hostile_or_broken_yaml_is_refused_at_once(cause):
    text, word = REFUSED[cause]
    start = time.perf_counter()
    with pytest.raises(BadInput) as caught:
        value(text)
    assert word in str(caught.value)
    assert str(caught.value).startswith("f.yaml")
    assert time.perf_counter() - start < 5
