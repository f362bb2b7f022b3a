"""What people get wrong, and what they are told: one coded error each, no traceback, no half folder.

Causes inside files (encodings, ragged lines, odd types) are in tests/data; here is what only the command line can meet.
"""

# ruff: noqa: E501  # one cause per line reads as a table

from __future__ import annotations

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from synthwright import files

RUN = ("run", "people.csv", "--method", "tabular.independent", "--gates", "loose.yaml")
QUICK = ("--method", "tabular.independent", "--metric", "fidelity.column_shapes", "--gates", "loose.yaml")
DEEP = "data: " + "[" * 60 + "]" * 60


def put(name, content):
    """A step that writes a file into the current folder."""

    def step(here):
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_bytes(path, content.encode("utf-8") if isinstance(content, str) else content)

    return step


def people(change):
    """A step that writes `odd.csv`: the lines of people.csv, changed."""

    def step(here):
        lines = (here / "people.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        files.write_text(here / "odd.csv", "".join(change(lines)))

    return step


def folder(name, *inside):
    """A step that makes a folder with files in it."""

    def step(here):
        files.make_folder(here / name)
        for one in inside:
            files.write_text(here / name / one, "mine")

    return step


def parquet(name, table):
    """A step that writes a Parquet file."""

    def step(here):
        pq.write_table(table, here / name)

    return step


def model(change):
    """A step that fits a model and changes its folder."""

    def step(here):
        from synthwright import api

        api.fit("people.csv", "tabular.independent").save(here / "model")
        change(here / "model")

    return step


def edit(change):
    """A change of model.json."""

    def step(place):
        path = place / "model.json"
        state = json.loads(path.read_text(encoding="utf-8"))
        change(state)
        path.write_text(json.dumps(state), encoding="utf-8")

    return step


def finished(change):
    """A step that makes a finished run in `runs/people` and changes it."""

    def step(here):
        from synthwright import api

        options = {"metrics": ["fidelity.column_shapes"], "gates": "loose.yaml", "out": "runs/people"}
        api.run("people.csv", method="tabular.independent", **options)
        change(here / "runs/people")

    return step


def nothing(here):
    """No step."""


def linked(place):
    (place / "sampler" / "margins.json").rename(place.parent / "elsewhere.json")
    (place / "sampler" / "margins.json").symlink_to(place.parent / "elsewhere.json")


# fmt: off
# (what is wrong, what is there, the command line, the exit code, a part of what is said)
CAUSES = [
    # Recipes
    ("no recipe", nothing, ("run", "no.yaml"), 3, "no.yaml can't be read"),
    ("a folder as recipe", folder("dir.yaml"), ("run", "dir.yaml"), 3, "can't be read"),
    ("broken YAML", put("r.yaml", "data: [\n"), ("run", "r.yaml"), 3, "r.yaml"),
    ("a YAML bomb", put("r.yaml", "a: &a [x, x]\nb: &b [*a, *a]\ndata: *b\n"), ("run", "r.yaml"), 3, "r.yaml"),
    ("deep YAML", put("r.yaml", DEEP), ("run", "r.yaml"), 3, "r.yaml"),
    ("a key twice", put("r.yaml", "data: a\ndata: b\n"), ("run", "r.yaml"), 3, "line 2"),
    ("an unknown key", put("r.yaml", "data: people.csv\nmetod: x\n"), ("run", "r.yaml"), 3, "Did you mean 'method'?"),
    ("no data in a recipe", put("r.yaml", "target: income\n"), ("run", "r.yaml"), 3, "'data' is missing"),
    ("a text for rows", put("r.yaml", "data: people.csv\nrows: ten\n"), ("validate", "r.yaml"), 3, "line 2: rows"),
    ("another kind", put("r.yaml", "data: people.csv\nkind: video\n"), ("validate", "r.yaml"), 3, "'table'"),
    ("a recipe in Latin-1", put("r.yaml", b"data: caf\xe9.csv\n"), ("run", "r.yaml"), 3, "UTF-8"),
    ("an endless recipe", put("r.yaml", "# x\n" * 300_000), ("run", "r.yaml"), 3, "too large"),
    # Data
    ("no data", nothing, ("run", "no.csv"), 3, "no.csv does not exist"),
    ("data on the network", nothing, ("run", "https://example.com/no.csv"), 3, "reads no network"),
    ("an unknown example", nothing, ("run", "example:nothing"), 3, "no example"),
    ("an example that climbs", nothing, ("run", "example:../../etc/passwd"), 3, "names no example"),
    ("an empty file", put("odd.csv", ""), ("run", "odd.csv", *QUICK), 3, "odd.csv"),
    ("a header only", put("odd.csv", "a,b\n"), ("run", "odd.csv", *QUICK), 3, "no rows"),
    ("one row", put("odd.csv", "a,b\n1,2\n"), ("run", "odd.csv", *QUICK), 3, "can't be split"),
    ("twelve rows", people(lambda lines: lines[:13]), ("run", "odd.csv", *QUICK), 3, "too few"),
    ("equal rows only", people(lambda lines: [lines[0]] + lines[1:2] * 99), ("run", "odd.csv", *QUICK), 3, "split"),
    ("a column twice", put("odd.csv", "a,a\n1,2\n"), ("inspect", "odd.csv"), 3, "'a'"),
    ("a truncated gzip", put("odd.csv.gz", gzip.compress(b"a,b\n1,2\n" * 99)[:-10]), ("inspect", "odd.csv.gz"), 3, "odd"),
    ("a truncated Parquet", put("odd.parquet", b"PAR1" + b"\0" * 40), ("inspect", "odd.parquet"), 3, "odd.parquet"),
    ("a workbook", put("odd.csv", b"PK\x03\x04" + b"\0" * 40), ("inspect", "odd.csv"), 3, "Excel"),
    ("identifiers only", people(lambda _: ["id\n", *(f"u{n:05}\n" for n in range(99))]), ("run", "odd.csv", *QUICK), 3, "nothing to learn from"),
    ("nested columns", parquet("odd.parquet", pa.table({"a": [[1], [2]]})), ("inspect", "odd.parquet"), 3, "'a'"),
    ("infinite numbers", parquet("odd.parquet", pa.table({"a": [1.0, float("inf")]})), ("inspect", "odd.parquet"), 3, "inf"),
    # Columns
    ("no such target", nothing, (*RUN, "--target", "incme"), 2, "Did you mean 'income'?"),
    ("a target with one value", people(lambda x: [x[0], *(y for y in x if "<=50K" in y)]),
     ("run", "odd.csv", *QUICK, "--target", "income"), 3, "one value only"),
    ("a schema that is not there", nothing, (*RUN, "--schema", "no.yaml"), 3, "no.yaml"),
    ("a schema with an unknown kind", put("s.yaml", "columns: {age: {kind: numbr}}\n"), (*RUN, "--schema", "s.yaml"), 3, "kind"),
    ("a schema of other columns", put("s.yaml", "columns: {wage: {kind: integer}}\n"), (*RUN, "--schema", "s.yaml"), 3, "wage"),
    # Options
    ("no rows", nothing, (*RUN, "--rows", "0"), 2, "--rows"),
    ("negative rows", nothing, (*RUN, "--rows", "-5"), 2, "--rows"),
    ("a negative seed", nothing, (*RUN, "--seed", "-1"), 2, "--seed"),
    ("no workers", nothing, (*RUN, "--workers", "0"), 2, "--workers"),
    ("an unknown option", nothing, (*RUN, "--fast"), 2, "--fast"),
    ("an unknown verb", nothing, ("generate", "people.csv"), 2, "generate"),
    ("an unknown method", nothing, ("run", "people.csv", "--method", "tabular.gan"), 2, "tabular.gan"),
    ("an unknown setting", nothing, (*RUN, "--set", "leaf=3"), 2, "leaf"),
    ("a setting without a value", nothing, (*RUN, "--set", "leaf"), 2, "NAME=VALUE"),
    ("an unknown metric", nothing, (*RUN, "--metric", "fidelity.beauty"), 2, "fidelity.beauty"),
    ("unknown gates", nothing, ("run", "people.csv", "--method", "tabular.independent", "--gates", "lose"), 2, "gate preset"),
    ("a gate file that is not there", nothing,
     ("run", "people.csv", "--method", "tabular.independent", "--gates", "no.yaml"), 3, "no.yaml"),
    ("gates without a bound", put("g.yaml", "gates:\n  - {gate: a, metric: fidelity.c2st}\n"),
     ("run", "people.csv", "--method", "tabular.independent", "--gates", "g.yaml"), 3, "at_most"),
    ("something unknown to list", nothing, ("list", "models"), 2, "models"),
    # Holdouts
    ("a holdout of everything", nothing, (*RUN, "--holdout", "1"), 2, "between 0 and 1"),
    ("a holdout of nothing", nothing, (*RUN, "--holdout", "0"), 2, "between 0 and 1"),
    ("a holdout that is not there", nothing, (*RUN, "--holdout", "no.csv"), 3, "no.csv"),
    ("a holdout that train has seen", nothing, (*RUN, "--holdout", "people.csv"), 3, "shares rows with train"),
    # Places
    ("a run folder with something in it", folder("mine", "a.txt"), (*RUN, "--out", "mine"), 2, "not empty"),
    ("a run folder that is a file", put("mine", "x"), (*RUN, "--out", "mine"), 2, "mine"),
    ("a run below a file", put("mine", "x"), (*RUN, "--out", "mine/run"), 2, "mine/run"),
    ("a run below a device", nothing, (*RUN, "--out", "/dev/null/run"), 2, "/dev/null"),
    ("a model folder with something in it", folder("mine", "a.txt"),
     ("fit", "people.csv", "--method", "tabular.independent", "-o", "mine"), 2, "not empty"),
    ("an existing output", put("rows.csv", "mine"), ("sample", "model", "-n", "1", "-o", "rows.csv"), 2, "exists already"),
    ("an output without a format", model(lambda _: None), ("sample", "model", "-n", "1", "-o", "rows.xyz"), 2, "rows.xyz"),
    # Models and samples
    ("no model", nothing, ("sample", "model", "-n", "1", "-o", "a.csv"), 3, "no model"),
    ("a schema to draw from that is not there", nothing, ("sample", "s.yaml", "-n", "1", "-o", "a.csv"), 3, "no schema file"),
    ("a schema that says too little", put("s.yaml", "columns: {age: {kind: integer}}\n"), ("sample", "s.yaml", "-n", "1", "-o", "a.csv"), 3, "bounds"),
    ("a schema of an unknown locale", put("s.yaml", "columns: {a: {kind: text, distribution: {family: name, locale: qq}}}\n"), ("sample", "s.yaml", "-n", "1", "-o", "a.csv"), 2, "locale"),
    ("a schema that divides by zero", put("s.yaml", "columns: {n: {kind: integer, bounds: [0, 0]}, a: {kind: float, distribution: {family: value, value: 1 / n}}}\n"), ("sample", "s.yaml", "-n", "1", "-o", "a.csv"), 3, "divide by zero"),
    ("a schema with code in it", put("s.yaml", "columns: {a: {kind: float, distribution: {family: value, value: \"__import__('os')\"}}}\n"), ("sample", "s.yaml", "-n", "1", "-o", "a.csv"), 3, "nothing can follow"),
    ("more rows than memory", model(lambda _: None), ("sample", "model", "-n", "99999999999999", "-o", "a.csv"), 4, "can hold"),
    ("a model below a file", put("place", "mine"), ("fit", "people.csv", "-o", "place/model"), 2, "can't be made"),
    ("negative n", model(lambda _: None), ("sample", "model", "-n", "-1", "-o", "a.csv"), 2, "-1 rows"),
    ("a condition on no column", model(lambda _: None),
     ("sample", "model", "-n", "1", "--given", "sx=Male", "-o", "a.csv"), 2, "Did you mean 'sex'?"),
    ("a condition that can't be met", model(lambda _: None),
     ("sample", "model", "-n", "1", "--given", "sex=Martian", "-o", "a.csv"), 3, "Martian"),
    ("a condition without a value", model(lambda _: None),
     ("sample", "model", "-n", "1", "--given", "sex", "-o", "a.csv"), 2, "COLUMN=VALUE"),
    ("a model of another version", model(edit(lambda state: state.update(version=99))),
     ("sample", "model", "-n", "1", "-o", "a.csv"), 3, "format 99"),
    ("a model of an unknown method", model(edit(lambda state: state.update(method="tabular.mine"))),
     ("sample", "model", "-n", "1", "-o", "a.csv"), 3, "tabular.mine"),
    ("a model with a link in it", model(linked), ("sample", "model", "-n", "1", "-o", "a.csv"), 3, ""),
    ("a model with a pickle in it", model(lambda place: (place / "sampler" / "a.pkl").write_bytes(b"cos\n")),
     ("sample", "model", "-n", "1", "-o", "a.csv"), 3, "a.pkl"),
    ("a model whose size is a lie", model(lambda place: (place / "sampler" / "margins.json").write_text("{}")),
     ("sample", "model", "-n", "1", "-o", "a.csv"), 3, "margins.json"),
    ("model.json that is no JSON", model(lambda place: (place / "model.json").write_text("{")),
     ("sample", "model", "-n", "1", "-o", "a.csv"), 3, "not JSON"),
    # Evaluations
    ("no synthetic table", nothing, ("evaluate", "--train", "people.csv"), 2, "--synthetic"),
    ("a synthetic table of other columns", put("odd.csv", "a,b\n1,2\n3,4\n"),
     ("evaluate", "--train", "people.csv", "--synthetic", "odd.csv", "--gates", "loose.yaml"), 3, "Missing"),
    ("an evaluation into a full folder", folder("mine", "a.txt"),
     ("evaluate", "--train", "people.csv", "--synthetic", "people.csv", "--gates", "loose.yaml", "--out", "mine"), 2, "not empty"),
    # Finished and unfinished runs
    ("a run that is not there", nothing, ("verify", "runs/none"), 3, "no run folder"),
    ("a folder that is no run", folder("mine", "a.txt"), ("verify", "mine"), 3, "not a finished run"),
    ("nothing to resume", folder("mine", "a.txt"), ("resume", "mine"), 3, "no run to resume"),
    ("a finished run to resume", finished(lambda _: None), ("resume", "runs/people"), 2, "finished"),
    ("a journal that is no journal", put("mine/private/journal.json", '{"done": 3}'), ("resume", "mine"), 3, "can't be read"),
    ("a manifest that points elsewhere", finished(lambda run: files.write_text(
        run / "manifest.json", '{"files": [{"name": "../people.csv", "size": 1, "sha256": ""}]}')),
     ("verify", "runs/people"), 3, "outside the run"),
    ("a manifest that lists nothing", finished(lambda run: files.write_text(run / "manifest.json", "{}")),
     ("verify", "runs/people"), 3, "run it again"),
    ("figures that were changed", finished(lambda run: files.write_text(run / "measurements.json", "{}")),
     ("report", "runs/people"), 3, "changed"),
    ("a report on nothing", folder("mine", "a.txt"), ("report", "mine"), 3, "no results"),
]
# fmt: on


def listing(place):
    return {str(path.relative_to(place)): path.is_dir() or path.read_bytes() for path in place.rglob("*")}


@pytest.mark.parametrize(
    ("step", "command", "code", "told"),
    [cause[1:] for cause in CAUSES],
    ids=[cause[0].replace(" ", "-") for cause in CAUSES],
)
def test_a_mistake_ends_in_one_coded_error_and_leaves_nothing(call, here, step, command, code, told):
    step(here)
    before = listing(here)
    said = call(*command)
    assert said.code == code, said.err
    assert told in said.err
    assert "Traceback" not in said.err
    assert "bug in synthwright" not in said.err
    assert listing(here) == before


def test_the_table_names_each_cause_once_and_is_long_enough():
    names = [cause[0] for cause in CAUSES]
    assert len(names) == len(set(names)) >= 70


@pytest.mark.parametrize(
    ("step", "command"),
    [
        (people(lambda lines: [line.rstrip("\n") + f",{'ü' * 50_000 if at == 0 else 1}\n" for at, line in enumerate(lines)]),
         ("run", "odd.csv", *QUICK)),
        (people(lambda lines: [line.rstrip("\n") + (",\n" if at else ",empty\n") for at, line in enumerate(lines)]),
         ("run", "odd.csv", *QUICK)),
        (people(lambda lines: [line.rstrip("\n") + (",7\n" if at else ",constant\n") for at, line in enumerate(lines)]),
         ("run", "odd.csv", *QUICK)),
        (people(lambda lines: [line.split(",")[0] + "\n" for line in lines]), ("run", "odd.csv", *QUICK, "--rows", "30")),
        (put("name with space.csv", "\ufeffa;b\n" + "1;x\n2;y\n3;x\n4;y\n" * 10), ("inspect", "name with space.csv")),
    ],
    ids=["100-kB-name", "all-missing", "constant", "one-column", "bom-and-semicolons"],
)  # fmt: skip
def test_what_is_odd_but_usable_works(call, here, step, command):
    step(here)
    said = call(*command)
    assert said.code == 0, said.err
    assert len(said.err) < 20_000


def test_a_recipe_for_data_beside_it_runs_from_anywhere(call, here, monkeypatch):
    put("project/rows.csv", (here / "people.csv").read_bytes())(here)
    recipe = {"data": "rows.csv", "method": "tabular.independent", "metrics": ["fidelity.column_shapes"]}
    put("project/r.yaml", yaml.safe_dump(recipe))(here)
    assert call("run", "project/r.yaml", "--gates", "loose.yaml").code == 0
    assert (here / "runs/r/manifest.json").is_file()
