"""What a first user has to be able to rely on, shown through the public functions on real tables.

Elsewhere: any stage killed and resumed (pipeline/test_running.py), workers, prefixes and loading for every method on
made-up tables (contracts/test_generator_contract.py), one value that one row has (there as well), what a saved forest
may hold (generators/test_honest_trees.py). Here the same promises are held against whole runs on real tables.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from planting import collapsed_rows, ending_in_copies

import real_tables
import synthwright as sw
from synthwright import registry
from synthwright.canonical import digest_file
from synthwright.pipeline.manifest import files_below
from synthwright.seeding import Streams

ROOT = Path(__file__).parents[1]
SLICES = ROOT / "tests" / "data"

# A table, its target, a coarse column to collapse, a number to shift: mixed, wide and numeric, timed with gaps.
SHAPES = {
    "adult": ("adult_1000.csv", "income", "relationship", "hours-per-week"),
    "default_credit": ("default_1000.parquet", "default payment next month", "EDUCATION", "LIMIT_BAL"),
    "beijing_pm25": ("beijing_1000.parquet", "pm2.5", "cbwd", "TEMP"),
}
MEASURES = {  # enough to see each fault, for the quick tests
    "copied": ("privacy.exact_copies", "privacy.near_copies"),
    "a hundredth copied": ("privacy.exact_copies", "privacy.near_copies"),
    "shuffled": ("fidelity.pair_trends", "fidelity.correlations"),
    "collapsed": ("diversity.mode_collapse", "diversity.coverage"),
    "shifted": ("fidelity.column_shapes",),
}
REASONS = {  # the gates that may reject it, each of them for the right reason
    "copied": {"no copies", "no near copies", "no identifiers kept"},
    "a hundredth copied": {"no copies", "no near copies", "no identifiers kept"},
    "shuffled": {"pairs alike", "strong links kept"},
    "collapsed": {"modes kept", "regions covered", "worst column"},
    "shifted": {"worst column", "columns alike"},
}
FAULTS = sorted(REASONS)


def whole(name):
    """The full table, or a loud skip."""
    file = real_tables.find(name)
    if file is None:
        pytest.skip(f"{name} is neither in $SYNTHWRIGHT_DATA nor in ../shared/data")
    return sw.read(file, target=SHAPES[name][1])


def parts(name, table, rows):
    """Train and holdout from `rows` rows, and as many fresh rows as train has that neither holds."""
    order = Streams(0).at("must show", name).rng().permutation(len(table))
    train, holdout = sw.split(table.take(np.sort(order[:rows])), holdout=0.25, seed=0)
    return train, holdout, table.take(order[rows : rows + len(train)]), table.take(order[rows:])


def faulty(fault, name, train, fresh, beyond):
    """A table with one fault: what a bad method would hand over."""
    rng = Streams(1).at("must show", fault, name).rng()
    _, _, coarse, number = SHAPES[name]
    if fault == "copied":
        return train
    if fault == "a hundredth copied":
        return ending_in_copies(fresh, train, rng.choice(len(train), max(1, len(train) // 100), replace=False))
    if fault == "collapsed":
        return beyond.take(collapsed_rows(beyond.data[coarse].to_numpy(zero_copy_only=False), len(train)))
    data = train.data
    for at, column in enumerate(data.column_names):
        cells = data[column]
        if fault == "shuffled":
            cells = cells.take(rng.permutation(len(train)))
        elif column == number:
            values = fresh.numbers(number)
            moved = np.round(values + 2 * np.nanstd(values))
            cells = sw.read({number: moved}).data[number].cast(cells.type)
        else:
            cells = fresh.data[column].slice(0, len(train))
        data = data.set_column(at, column, cells)
    return sw.read(data)


def judged(name, train, synthetic, holdout, metrics=None):
    report = sw.evaluate(train=train, synthetic=synthetic, holdout=holdout, metrics=metrics)
    failed = {gate.gate for gate in report.verdict.gates if gate.blocking and gate.verdict == "FAIL"}
    return report.verdict, failed


@pytest.fixture(scope="module", params=sorted(SHAPES))
def small(request):
    """400 rows to learn from, 200 kept, 400 fresh ones."""
    name = request.param
    file, target, *_ = SHAPES[name]
    return name, *parts(name, sw.read(SLICES / file, target=target), 533)


@pytest.fixture(scope="module", params=sorted(SHAPES))
def large(request):
    """6,000 rows to learn from, 2,000 kept, 6,000 fresh ones."""
    return request.param, *parts(request.param, whole(request.param), 8_000)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_never_passes_on_a_small_table(fault, small):
    name, train, holdout, fresh, beyond = small
    verdict, failed = judged(name, train, faulty(fault, name, train, fresh, beyond), holdout, MEASURES[fault])
    if fault in {"a hundredth copied", "collapsed"}:  # 4 copies, and under 400 rows of modes, may stay undecided
        assert not {gate.gate for gate in verdict.gates if gate.verdict == "PASS"} >= REASONS[fault]
    else:
        assert verdict.overall == "FAIL"
        assert failed & REASONS[fault]


def test_fresh_real_rows_are_not_rejected_on_a_small_table(small):
    name, train, holdout, fresh, _ = small
    verdict, failed = judged(name, train, fresh, holdout)
    assert verdict.overall != "FAIL", failed


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_rejected_for_its_own_reason(fault, large):
    name, train, holdout, fresh, beyond = large
    verdict, failed = judged(name, train, faulty(fault, name, train, fresh, beyond), holdout)
    assert verdict.overall == "FAIL"
    assert failed & REASONS[fault], failed
    assert any(sentence.strip() for sentence in verdict.reasons)
    if fault in {"copied", "a hundredth copied"}:
        assert failed <= REASONS["copied"], "copies of real rows have no other fault"


@pytest.mark.slow
def test_fresh_real_rows_pass(large):
    name, train, holdout, fresh, _ = large
    verdict, _ = judged(name, train, fresh, holdout)
    assert verdict.overall == "PASS", verdict.reasons


# 50 rows that are like no other: a word, and numbers far apart (primes) that only they have.
PLANTED = 50
UNUSUAL = {
    "adult": ("adult_1000.csv", "income", ("workclass", "occupation"), ("fnlwgt", "capital-gain", "age")),
    "default_credit": ("default_1000.parquet", SHAPES["default_credit"][1], (), ("LIMIT_BAL", "BILL_AMT1", "PAY_AMT1")),
    "birdstrikes": (
        "birdstrikes_1000.parquet",
        "Effect Amount of damage",
        ("Airport Name", "Wildlife Species"),
        ("Cost Other", "Cost Repair", "Speed IAS in knots"),
    ),
}
HONEST = registry.names("generator", kind="table", keeps_records=False)


def planted(name):
    """The slice with 50 unique rows somewhere in it; their words and their numbers by column."""
    file, target, texts, numbers = UNUSUAL[name]
    table = sw.read(SLICES / file, target=target)
    rng = Streams(7).at("planted", name).rng()
    data = table.data
    rows = rng.choice(len(table), PLANTED, replace=False)
    words, values = {}, {}
    for at, column in enumerate(data.column_names):
        cells = data[column].to_pylist()
        if column in texts:
            words[column] = [f"Zq{column[:2]}{number:03d}x" for number in range(PLANTED)]
        elif column in numbers:
            first, step = (20_000_003, 104_729) if numbers[0] == column else (3_000_017, 15_485_863)
            values[column] = [first + step * int(number) for number in rng.permutation(PLANTED)]
        new = words.get(column) or values.get(column)
        if new is not None:
            for row, value in zip(rows, new, strict=True):
                cells[row] = value
            data = data.set_column(at, column, [cells])
    return sw.read(data, target=target), words, values


def seen_together(drawn, words, values):
    """How many drawn rows have at least two of the unusual values of one planted row."""
    columns = {name: drawn.data[name].to_pylist() for name in [*words, *values]}
    unusual = [{name: cells[row] for name, cells in {**words, **values}.items()} for row in range(PLANTED)]
    return sum(
        sum(columns[name][row] == value for name, value in one.items()) >= 2
        for one in unusual
        for row in np.flatnonzero(np.any([np.isin(columns[n], [v]) for n, v in one.items()], axis=0))
    )


def held(folder, words, values):
    """Which unusual words or numbers the bytes of any file below `folder` hold, as text or as 8 binary bytes."""
    needles = {word.encode() for column in words.values() for word in column}
    for column in values.values():
        for value in column:
            needles |= {str(value).encode(), np.int64(value).tobytes(), np.float64(value).tobytes()}
    return {
        (name, needle) for name in files_below(folder) for needle in needles if needle in (folder / name).read_bytes()
    }


def arrays_holding(folder, values):
    """Which arrays below `folder` hold an unusual number in any number type, however it is packed."""
    from safetensors.numpy import load_file

    unusual = np.array(sorted({value for column in values.values() for value in column}), dtype=np.float64)
    return {
        (path.name, key)
        for path in folder.rglob("*.safetensors")
        for key, array in load_file(path).items()
        if np.isin(np.asarray(array, dtype=np.float64), unusual).any()
    }


@pytest.mark.parametrize("method", HONEST)
@pytest.mark.parametrize("name", sorted(UNUSUAL))
def test_what_fifty_rows_alone_have_together_is_neither_emitted_nor_saved(name, method, tmp_path):
    """In five times as many rows as were learnt from; a copier of rows would emit each of them five times."""
    table, words, values = planted(name)
    assert seen_together(table, words, values) == PLANTED
    model = sw.fit(table, method, seed=0)
    drawn = model.sample(5 * len(table), seed=1)
    assert seen_together(drawn, words, values) == 0
    for column, rare in words.items():
        assert not set(rare) & set(drawn.data[column].to_pylist())
    model.save(tmp_path / "model")
    assert held(tmp_path / "model", words, values) == set()
    assert arrays_holding(tmp_path / "model", values) == set()


def test_a_copier_is_caught_by_that_search(tmp_path):
    """The search itself works: the over-sampler, which keeps rows and says so, is found out."""
    table, words, values = planted("adult")
    model = sw.fit(table, "tabular.random_oversample", seed=0)
    assert seen_together(model.sample(5 * len(table), seed=1), words, values) > PLANTED
    model.save(tmp_path / "model")
    assert held(tmp_path / "model", words, values)


LOOSE = """\
name: loose
gates:
  - {gate: shapes, metric: fidelity.column_shapes, at_most: 0.9, subject: The column shape error, advice: Try more.}
"""
OPTIONS = {"target": "income", "seed": 3, "rows": 2_000}
KILLED = """
import os, signal, sys, synthwright as sw
def tell(event):
    if event.stage == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
sw.run("people.csv", gates="loose.yaml", out=sys.argv[1], progress=tell, **eval(sys.argv[3]))
"""


def fixed(folder):
    """Digests of everything that depends on seed and inputs alone."""
    names = ("synthetic.parquet", "measurements.json", "verdict.json", "schema.yaml", "analysis.json")
    kept = [name for name in files_below(folder) if name in names or name.startswith("private/model/")]
    assert set(names) <= set(kept)
    return {name: digest_file(folder / name) for name in kept}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with the planted table and loose gates, and one finished run of the default method on one worker."""
    folder = tmp_path_factory.mktemp("must_show")
    table, words, values = planted("adult")
    table.to_pandas().to_csv(folder / "people.csv", index=False)
    (folder / "loose.yaml").write_text(LOOSE, encoding="utf-8")
    sw.run(folder / "people.csv", gates=folder / "loose.yaml", out=folder / "one", **OPTIONS)
    return folder, words, values


def test_what_may_be_shared_of_a_run_tells_nothing_that_one_row_alone_has(place):
    """Report, card, record, schema, analysis, figures and model; private/mixed.parquet is real rows by design."""
    folder, words, values = place
    found = {name for name, _ in held(folder / "one", words, values)}
    assert {name for name in found if not name.startswith("private/") or name.startswith("private/model/")} == set()
    assert seen_together(sw.read(folder / "one" / "synthetic.parquet"), words, values) == 0


def test_two_workers_write_what_one_worker_writes(place):
    folder, *_ = place
    sw.run(folder / "people.csv", gates=folder / "loose.yaml", out=folder / "two", workers=2, **OPTIONS)
    assert fixed(folder / "two") == fixed(folder / "one")


@pytest.mark.parametrize("stage", ["fit", "evaluate"])
def test_a_process_that_was_killed_is_finished_by_another_to_the_same_bytes(stage, place, monkeypatch):
    folder, *_ = place
    monkeypatch.chdir(folder)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    told = [sys.executable, "-c", KILLED, f"killed_{stage}", stage, repr(OPTIONS)]
    assert subprocess.run(told, env=environment, check=False, timeout=300).returncode == -9
    killed = folder / f"killed_{stage}"
    assert not (killed / "manifest.json").exists()
    assert not (killed / "synthetic.parquet").exists()
    sw.resume(killed, workers=2 if stage == "fit" else None)
    assert fixed(killed) == fixed(folder / "one")
    assert sw.verify(killed) == []


def test_the_saved_model_draws_the_run_again_and_its_first_thousand_rows_are_a_thousand_rows(place):
    folder, *_ = place
    model = sw.load(folder / "one" / "private" / "model")
    released = sw.read(folder / "one" / "synthetic.parquet", schema=model.schema)
    assert model.sample(2_000, seed=OPTIONS["seed"]).digest() == released.digest()
    assert model.sample(1_000, seed=OPTIONS["seed"]).digest() == released.head(1_000).digest()
