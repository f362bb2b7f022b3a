"""What goes wrong with schemas that give data, rules, expressions and metadata: one coded error each, that names the cause.

Causes of files, frames and splits are in tests/data/test_bad_tables.py, those of the command line in
tests/cli/test_bad_input.py, of over-samplers beside them; here are those of wide tables.
"""

# ruff: noqa: E501  # one cause per line reads as a table

from __future__ import annotations

import json

import pytest

import synthwright as sw
from synthwright import files
from synthwright.cli.main import main
from synthwright.errors import SynthwrightError


def of(kind, /, **more):
    """One column `a` of `kind`."""
    return {"columns": {"a": {"kind": kind, **more}}}


def family(name, kind="float", /, **settings):
    """One column `a` from a distribution."""
    return of(kind, distribution={"family": name, **settings})


def beside(column, /, **others):
    """Column `a` beside others."""
    return {"columns": {**others, **column["columns"]}}


def sdv(columns, /, **more):
    """Metadata of one table."""
    return {"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": columns, **more}


def ruled(*rules, **columns):
    """A schema with rules between columns of numbers."""
    return {
        "columns": columns or {"x": {"kind": "integer", "bounds": [0, 9]}, "y": {"kind": "float", "bounds": [0, 1]}},
        "constraints": list(rules),
    }


N = {"kind": "integer", "bounds": [0, 9]}
DAY = {"kind": "datetime", "unit": "day", "bounds": ["2024-01-01", "2024-12-31"]}
NUMBER = {"sdtype": "numerical"}

# What is wrong, the schema or metadata, the exit code, a part of what is said.
SCHEMAS = [
    # Words that do not exist
    ("a locale of nowhere", family("company", "text", locale="xx-de"), 2, "locale"),
    ("a locale that is a path", family("name", "text", locale="../../etc"), 2, "locale"),
    ("a family with a slip", family("poison", "integer", mean=3), 3, "Did you mean 'poisson'"),
    ("a family of a library", family("scipy.stats.norm", mean=0, sd=1), 3, "no family"),
    ("a kind with a slip", of("categoric", categories=["p"]), 3, "categoric"),
    ("a setting of another family", family("exponential", mean=3, sd=1), 3, "no setting 'sd'"),
    ("a unit of another world", of("datetime", unit="week", bounds=["2024-01-01", "2024-02-01"]), 3, "unit 'week'"),
    # Numbers out of their range
    ("a negative scale", family("gamma", shape=2, scale=-1), 3, "scale is -1"),
    ("a scale of nothing", family("gamma", shape=2, scale=0), 3, "scale is 0"),
    ("a negative standard deviation", family("normal", mean=0, sd=-0.5), 3, "sd is -0.5"),
    ("a negative rate", family("exponential", mean=-3), 3, "mean is -3"),
    ("an endless mean", family("normal", mean=1e301, sd=1), 3, "no finite number"),
    ("a chance above one", family("binomial", "integer", n=5, p=1.01), 3, "p is 1.01"),
    ("a chance below nothing", family("binomial", "integer", n=5, p=-0.01), 3, "p is -0.01"),
    ("a chance of nothing", family("negative_binomial", "integer", successes=2, p=0), 3, "p is 0"),
    ("a share missing of more than all", of("float", missing=True, distribution={"family": "normal", "mean": 0, "sd": 1, "missing_share": 1.5}), 3, "missing_share is 1.5"),
    ("a share missing below nothing", of("float", missing=True, distribution={"family": "normal", "mean": 0, "sd": 1, "missing_share": -0.1}), 3, "missing_share is -0.1"),
    ("missing when, and no share", of("float", missing=True, distribution={"family": "normal", "mean": 0, "sd": 1, "missing_when": "a > 1"}), 3, "missing_when needs missing_share"),
    ("missing when nobody knows", of("float", missing=True, distribution={"family": "normal", "mean": 0, "sd": 1, "missing_share": 0.1, "missing_when": "b > 1"}), 3, "no column 'b'"),
    ("anomalies in more than all rows", family("normal", mean=0, sd=1, anomaly_share=2, anomaly={"family": "uniform", "low": 0, "high": 1}), 3, "anomaly_share is 2"),
    ("anomalies without a share", family("normal", mean=0, sd=1, anomaly={"family": "uniform", "low": 0, "high": 1}), 3, "belong together"),
    ("anomalies of a label nobody planted", beside(family("anomaly", "boolean", of=["n"]), n=N), 3, "No anomalies are planted"),
    ("bounds the wrong way round", of("integer", bounds=[9, 0]), 3, "lower bound is above"),
    ("low above high", family("uniform", low=5, high=1), 3, "above high"),
    ("too many decimals", of("float", decimals=40, bounds=[0, 1]), 3, "decimals"),
    ("whole numbers that are not", family("zipf", "integer", exponent=1.1, size=2.5), 3, "no whole number"),
    # Weights
    ("a weight too few", of("categorical", categories=["p", "q", "r"], distribution={"family": "weights", "weights": [1, 2]}), 3, "2 weights for 3"),
    ("a negative weight", of("categorical", categories=["p", "q"], distribution={"family": "weights", "weights": [1, -2]}), 3, "weights is -2"),
    ("no weight at all", of("categorical", categories=["p", "q"], distribution={"family": "weights", "weights": [0, 0]}), 3, "all weights are 0"),
    ("a weight that is a text", of("categorical", categories=["p", "q"], distribution={"family": "weights", "weights": [1, "much"]}), 3, "no finite number"),
    ("weights of a mixture", family("mixture", weights=[1], parts=[{"family": "uniform", "low": 0, "high": 1}] * 2), 3, "1 weights for 2 parts"),
    ("a category twice", of("categorical", categories=["p", "p"]), 3, "listed twice"),
    # Patterns, sequences, keys
    ("a pattern with a star", family("pattern", "id", regex="[A-Z]*"), 3, "can't stand here"),
    ("a pattern that looks back", family("pattern", "id", regex=r"(a)\1"), 3, "position"),
    ("a pattern that explodes", family("pattern", "id", regex="(" * 500 + "a" + ")" * 500), 3, "a group holds plain words"),
    ("a pattern of nothing", family("pattern", "id", mask=""), 3, "makes 0 characters"),
    ("a mask and a pattern", family("pattern", "id", mask="##", regex="[0-9]"), 3, "either mask"),
    ("too few codes to be unique", family("pattern", "id", mask="#", unique=True), 3, "too few"),
    ("too few numbers to be unique", of("integer", bounds=[1, 9], distribution={"family": "uniform", "unique": True}), 3, "9 values"),
    ("a sequence that goes nowhere", family("sequence", "id", step=0), 3, "step is 0"),
    ("a sequence of fractions", family("sequence", "id", start=0.5), 3, "no whole number"),
    ("a sequence wider than a page", family("sequence", "id", width=5_000), 3, "width is 5000"),
    ("a sequence of floats", family("sequence", "float"), 3, "can't have the family sequence"),
    ("a template of nobody", family("template", "text", template="{who}"), 3, "who"),
    # Dates
    ("a day that is not in the calendar", of("datetime", unit="day", bounds=["2024-02-30", "2024-03-01"]), 3, "2024-02-30"),
    ("dates beyond what is stored", of("datetime", unit="day", bounds=["1500-01-01", "2024-01-01"], dtype="timestamp[ns]"), 3, "beyond what can be stored"),
    ("dates without a unit", of("datetime", bounds=["2024-01-01", "2024-02-01"]), 3, "need a unit"),
    ("a sum that leaves the calendar", beside(of("datetime", unit="day", distribution={"family": "value", "value": "d + 99999999"}), d=DAY), 3, "beyond"),
    ("office hours that end before they begin", of("datetime", unit="hour", bounds=["2024-01-01", "2024-02-01"], distribution={"family": "calendar", "hours": [17, 9]}), 3, "no pair"),
    # Expressions
    ("a circle of three", {"columns": {one: {"kind": "float", "distribution": {"family": "value", "value": f"{other} + 1"}} for one, other in ("ab", "bc", "ca")}}, 3, "a needs b needs c needs a"),
    ("a circle through a case", {"columns": {"a": {"kind": "float", "distribution": {"family": "cases", "cases": [{"when": "b > 1", "family": "uniform", "low": 0, "high": 1}, {"family": "uniform", "low": 2, "high": 3}]}}, "b": {"kind": "float", "distribution": {"family": "value", "value": "a"}}}}, 3, "depends on itself"),
    ("division by zero", beside(family("value", value="1 / (n - n)"), n=N), 3, "divide by zero"),
    ("division by a column with zeros", beside(family("value", value="7 / n"), n=N), 3, "divide by zero"),
    ("an attribute", family("value", value="a.__class__.__bases__"), 3, "does not belong in a rule"),
    ("a call", family("value", value="open('/etc/passwd')"), 3, "nothing can follow"),
    ("a huge power", beside(family("value", value="9 ** 9 ** 9"), n=N), 3, "before '*'"),
    ("a subscript", beside(family("value", value="n[0]"), n=N), 3, "does not belong in a rule"),
    ("a lambda", family("value", value="lambda: 1"), 3, "position"),
    ("an endless expression", beside(family("value", value="n + " * 900 + "n"), n=N), 3, "2,000"),
    ("a number that is a sentence", family("value", value="'ten'"), 3, "gives a text"),
    ("noise on a text", of("categorical", categories=["p"], distribution={"family": "value", "value": "'p'", "noise": {"family": "normal", "mean": 0, "sd": 1}}), 3, "noise is added to numbers"),
    ("an expression that leaves its bounds", beside(of("integer", bounds=[0, 3], distribution={"family": "value", "value": "n * 2"}), n=N), 3, "leaves the bounds"),
    # Rules
    ("a rule on nobody", ruled("x <= z"), 3, "no column 'z'"),
    ("a rule that is no condition", ruled("x + y"), 3, "not a condition"),
    ("a rule with one sign of equality", ruled("x = y"), 3, "=="),
    ("a rule that compares a number with a text", ruled("x == 'many'"), 3, "can't be compared"),
    ("a rule that runs code", ruled("__import__('os').system('true') == 0"), 3, "position"),
    ("a rule that is a number", ruled(3), 3, "is no text"),
    ("rules that are one text", {"columns": {"x": N}, "constraints": "x <= 9"}, 3, "no list"),
]  # fmt: skip

# What is wrong, the metadata as text, the exit code, a part of what is said.
METADATA = [
    ("metadata cut short", '{"columns": {"a": {"sdtype": "num', 3, "not JSON"),
    ("metadata of a column without an sdtype", json.dumps(sdv({"a": {"regex_format": "x"}})), 3, "no sdtype"),
    ("metadata of a key that is gone", json.dumps(sdv({"a": NUMBER}, primary_key="id")), 3, "'id' is no column"),
    ("metadata of two tables", json.dumps({"METADATA_SPEC_VERSION": "V1", "tables": {"t": {"columns": {"a": NUMBER}}, "u": {"columns": {"a": NUMBER}}}}), 3, "linked tables come later"),
    ("metadata with a constraint of one's own", json.dumps(sdv({"a": NUMBER}, constraints=[{"constraint_class": "Mine", "constraint_parameters": {}}])), 3, "can't take over"),
    ("metadata with a key twice", '{"columns": {"a": {"sdtype": "id"}}, "columns": {"b": {"sdtype": "id"}}}', 3, "twice"),
]  # fmt: skip

# Through the command itself: what is wrong, a file and its text, the command line, the exit code, a part of what is said.
COMMANDS = [
    ("a schema that divides by zero", "s.yaml", "columns: {n: {kind: integer, bounds: [0, 3]}, a: {kind: float, distribution: {family: value, value: 1 / n}}}\n", ("sample", "s.yaml", "-n", "50", "-o", "out.csv"), 3, "divide by zero"),
    ("a schema in a circle", "s.yaml", "columns:\n  a: {kind: float, distribution: {family: value, value: b}}\n  b: {kind: float, distribution: {family: value, value: a}}\n", ("sample", "s.yaml", "-n", "5", "-o", "out.csv"), 3, "depends on itself"),
    ("a schema with a pattern without end", "s.yaml", "columns:\n  a:\n    kind: id\n    distribution: {family: pattern, regex: 'a+'}\n", ("sample", "s.yaml", "-n", "5", "-o", "out.csv"), 3, "s.yaml, line 4"),
    ("a schema with too small a domain", "s.yaml", "columns: {a: {kind: id, distribution: {family: pattern, mask: '##', unique: true}}}\n", ("sample", "s.yaml", "-n", "101", "-o", "out.csv"), 3, "too few"),
    ("a schema with a rule on nobody", "s.yaml", "columns: {x: {kind: integer}}\nconstraints:\n  - 'x <= z'\n", ("inspect", "people.csv", "--schema", "s.yaml"), 3, "s.yaml, line 3"),
    ("metadata that are no JSON", "m.json", '{"columns": {"age": {"sdtype": "numerical"}', ("inspect", "people.csv", "--sdv-metadata", "m.json"), 3, "m.json is not JSON"),
    ("metadata of another table", "m.json", json.dumps(sdv({"wage": NUMBER})), ("inspect", "people.csv", "--sdv-metadata", "m.json"), 3, "'wage'"),
    ("metadata as a schema that say too much", "m.json", json.dumps(sdv({"age": NUMBER}, column_relationships=[{"type": "gps", "column_names": ["age"]}])), ("inspect", "people.csv", "--schema", "m.json"), 3, "--sdv-metadata m.json"),
    ("metadata of a table that is not there", "m.json", json.dumps({"METADATA_SPEC_VERSION": "V1", "tables": {"people": {"columns": {"age": NUMBER}}}}), ("inspect", "people.csv", "--sdv-metadata", "m.json", "--table", "peopel"), 2, "Did you mean 'people'"),
    ("a table of no metadata", "m.json", "{}", ("inspect", "people.csv", "--table", "people"), 2, "--sdv-metadata"),
    ("a text as a number", "m.json", json.dumps(sdv({"sex": NUMBER})), ("inspect", "people.csv", "--sdv-metadata", "m.json"), 3, "'sex' does not hold"),
    ("two schemas", "m.json", json.dumps(sdv({"age": NUMBER})), ("inspect", "people.csv", "--sdv-metadata", "m.json", "--schema", "m.json"), 2, "given twice"),
]  # fmt: skip


def told(error):
    return f"{error.problem} {error.evidence} {error.remedy}"


@pytest.mark.parametrize(
    ("schema", "code", "words"), [one[1:] for one in SCHEMAS], ids=[one[0].replace(" ", "-") for one in SCHEMAS]
)
def test_a_bad_schema_ends_in_one_coded_error(schema, code, words):
    with pytest.raises(SynthwrightError) as caught:
        sw.sample(schema, 300)
    assert words in told(caught.value)
    assert caught.value.exit_code == code
    assert caught.value.remedy or caught.value.evidence
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize(
    ("text", "code", "words"), [one[1:] for one in METADATA], ids=[one[0].replace(" ", "-") for one in METADATA]
)
def test_bad_metadata_end_in_one_coded_error(text, code, words, tmp_path):
    path = tmp_path / "metadata.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SynthwrightError) as caught:
        sw.sample(path, 3)
    assert words in told(caught.value)
    assert caught.value.exit_code == code


@pytest.mark.parametrize(
    ("name", "text", "command", "code", "words"),
    [one[1:] for one in COMMANDS],
    ids=[one[0].replace(" ", "-") for one in COMMANDS],
)
def test_the_command_says_it_once_and_leaves_nothing(name, text, command, code, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    files.write_text(
        tmp_path / "people.csv", "age,sex\n" + "".join(f"{20 + n % 40},{'MF'[n % 2]}\n" for n in range(60))
    )
    files.write_text(tmp_path / name, text)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main(list(command)) == code
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert "bug in synthwright" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_tables_name_each_cause_once_and_are_long_enough():
    names = [one[0] for table in (SCHEMAS, METADATA, COMMANDS) for one in table]
    assert len(names) == len(set(names)) >= 60
    assert len(COMMANDS) >= 10
