"""A run that waits for experts: withheld, released or failed by what they say, whole after a kill at any point."""

from __future__ import annotations

import csv
import io
import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from quick import Stop, again, killed_at, render

from synthwright import files
from synthwright.canonical import digest_file
from synthwright.data.reading import is_marked, read_table
from synthwright.errors import BadInput, NotReleased, UsageError
from synthwright.generators.model import Model
from synthwright.pipeline import replacing, reviewing
from synthwright.pipeline.exporting import export_sheet
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.journal import Journal
from synthwright.pipeline.manifest import files_below, update_manifest, verify
from synthwright.pipeline.reviewing import import_verdicts
from synthwright.pipeline.running import STAGES, resume
from synthwright.provenance.data_card import data_card
from synthwright.provenance.facts import RunFacts
from synthwright.report.page import render_report
from synthwright.report.review_sheet import review_sheet
from synthwright.review.sheet import ReviewKey


@pytest.fixture(scope="session")
def made_before(tmp_path_factory):
    """Finished runs by what was asked for: many tests begin with the same one."""
    return tmp_path_factory.mktemp("made"), {}


@pytest.fixture
def waiting(quick_run, made_before, tmp_path):
    """A maker of runs that are fine but for the review that they wait for; children lie in the children's ward."""
    place, made = made_before

    def make(name="run", **changes):
        key = str(changes)
        if key not in made:
            made[key] = place / str(len(made))
            shutil.copytree(fresh(name, **changes), made[key])
        elif not (tmp_path / name).exists():
            shutil.copytree(made[key], tmp_path / name)
        return RunFolder(tmp_path / name)

    def fresh(name, **changes):
        rng, rows = np.random.default_rng(0), 500
        age = rng.integers(0, 90, rows)
        ward = np.where(age < 16, "children", np.where(rng.random(rows) < 0.5, "surgery", "maternity"))
        table = read_table({"age": age, "ward": ward, "nights": rng.poisson(3, rows)}, target="ward")
        told = {
            "data": "table",
            "target": "ward",
            "method": "tabular.bayes_network",
            "require_review": True,
            "rows": 900,
        }
        return quick_run(name, tables={"data": table}, **{**told, **changes}).folder

    return make


def exported(folder, out, **options):
    told = {"rows": 120, "seed": 0, "good": None, "draw": review_sheet, **options}
    return export_sheet(folder.path, out, **told)


def filled(folder, made, path, *, planted="bad", sampled="good", name="ann", rejected=0):
    """The form of a sheet, filled in by somebody who says this of each kind of row."""
    key = ReviewKey.read(folder.reviews / f"{made.sheet}.json")
    lines = list(csv.reader(io.StringIO(made.form.read_text(encoding="utf-8-sig"))))
    words = {"planted": planted, "sampled": sampled, "good": "good"}
    for line in lines[1:]:
        row = key.rows[int(line[0]) - 1]
        line[1], line[3] = words[row.kind], name
        if row.kind == "sampled" and row.stratum and rejected:
            line[1], line[2], rejected = "bad", "odd", rejected - 1
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    files.write_text(path, text.getvalue())
    return path


def state(folder):
    return {name: digest_file(folder.path / name) for name in files_below(folder.path)}


def test_rows_wait_until_experts_have_spoken(waiting):
    folder = waiting()
    verdict = json.loads(folder.verdict.read_text())
    (gate,) = (one for one in verdict["gates"] if one["gate"] == "experts agree")
    assert (verdict["overall"], verdict["withheld"], gate["verdict"]) == ("UNDECIDED", True, "UNDECIDED")
    assert "review export DIR" in gate["sentence"]
    assert "review import DIR" in gate["sentence"]
    assert not folder.synthetic.exists()
    assert not folder.mixed.exists()
    with pytest.raises(NotReleased):
        Model.load(folder.model).sample(1)
    assert folder.work.is_dir()  # what the rows are going to be released from
    assert verify(folder.path) == []


def test_the_mix_that_was_asked_for_comes_with_the_rows_that_a_review_lets_go(waiting, tmp_path):
    folder = waiting(mix={"ratio": 0.4})
    assert not folder.mixed.exists()
    made = exported(folder, tmp_path / "sheet")
    import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv")], render=render_report)
    assert verify(folder.path) == []
    assert pq.read_table(folder.mixed)["source"].to_pylist().count("tabular.bayes_network") == 150
    assert "The mix" in folder.card.read_text(encoding="utf-8")


def test_a_good_review_releases_the_rows_and_says_so_everywhere(waiting, tmp_path):
    folder = waiting()
    rows = read_table(folder.rejected)
    made = exported(folder, tmp_path / "sheet")
    assert verify(folder.path) == []
    review = import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv")], render=render_report)
    assert verify(folder.path) == []
    assert (review.panel.caught.hits, review.panel.caught.rows) == (24, 24)
    assert json.loads(folder.verdict.read_text())["overall"] == "PASS"
    assert read_table(folder.synthetic).digest() == rows.digest()
    assert is_marked(folder.synthetic)
    assert pq.read_table(folder.mixed)["source"].to_pylist() == ["real"] * 375 + ["tabular.bayes_network"] * 900
    assert folder.mix.is_file()
    assert not folder.rejected.parent.exists()
    assert not folder.work.exists()
    assert Model.load(folder.model).judged["verdict"] == "PASS"
    assert len(Model.load(folder.model).sample(5)) == 5
    record = json.loads(folder.record.read_text())
    assert record["released"]
    assert record["digests"]["synthetic.parquet"] == digest_file(folder.synthetic)
    assert "## What experts said" in folder.card.read_text()
    assert "24 of 24 caught" in folder.card.read_text()
    assert "Expert review" in folder.report.read_text()
    assert "experts agree" in folder.report.read_text().lower()


def test_the_mix_that_was_asked_for_is_made_when_the_rows_are_released(waiting, tmp_path):
    folder = waiting(mix={"balance": "target"})
    assert not folder.mix.exists()
    made = exported(folder, tmp_path / "sheet")
    import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv")], render=render)
    wards = pq.read_table(folder.mixed)["ward"].to_pylist()
    assert len({wards.count(ward) for ward in ("children", "surgery", "maternity")}) == 1
    assert folder.mix.is_file()
    assert verify(folder.path) == []


def test_the_journal_of_a_reviewed_run_is_that_of_a_finished_one(waiting, tmp_path):
    folder = waiting()
    made = exported(folder, tmp_path / "sheet")
    import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv")], render=render)
    journal = Journal.read(folder)
    assert [done.stage for done in journal.kept(folder, tuple(STAGES)).done] == list(STAGES)
    with pytest.raises(UsageError, match="is finished"):
        resume(folder.path, None, render=render)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"rejected": 40}, "FAIL"),
        ({"rejected": 4}, "UNDECIDED"),
        ({"planted": "good"}, "UNDECIDED"),
        ({"planted": "bad", "sampled": "bad"}, "UNDECIDED"),
        ({"sampled": "unsure"}, "UNDECIDED"),
    ],
)
def test_any_other_review_keeps_the_rows_back(waiting, tmp_path, said, outcome):
    folder = waiting()
    made = exported(folder, tmp_path / "sheet")
    import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv", **said)], render=render)
    verdict = json.loads(folder.verdict.read_text())
    assert (verdict["overall"], verdict["withheld"]) == (outcome, True)
    assert json.loads(folder.review.read_text())["outcome"] == outcome
    assert folder.rejected.is_file()
    assert not folder.synthetic.exists()
    assert verify(folder.path) == []
    with pytest.raises(NotReleased):
        Model.load(folder.model).sample(1)


def test_a_second_review_may_release_and_the_first_stays_on_record(waiting, tmp_path):
    folder = waiting()
    made = exported(folder, tmp_path / "sheet")
    lazy = filled(folder, made, tmp_path / "lazy.csv", planted="good", name="lazy")
    import_verdicts(folder.path, [lazy], render=render)
    import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv")], render=render)
    assert folder.synthetic.is_file()
    review = json.loads(folder.review.read_text())
    assert [one["outcome"] for one in review["earlier"]] == ["UNDECIDED"]
    assert "1: UNDECIDED" in data_card(RunFacts.load(folder.path))
    with pytest.raises(UsageError, match="released after a review"):
        import_verdicts(folder.path, [lazy], render=render)


def test_experts_release_nothing_that_another_gate_withholds(waiting, tmp_path):
    folder = waiting(limit=1e-9)
    made = exported(folder, tmp_path / "sheet")
    import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv")], render=render)
    verdict = json.loads(folder.verdict.read_text())
    assert {gate["gate"]: gate["verdict"] for gate in verdict["gates"]} == {"shapes": "FAIL", "experts agree": "PASS"}
    assert verdict["withheld"]
    assert not folder.synthetic.exists()


def test_a_run_that_asks_for_no_review_may_have_one_and_keeps_its_rows(waiting, tmp_path):
    folder = waiting(require_review=False)
    before = state(folder)
    made = exported(folder, tmp_path / "sheet")
    import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv", rejected=40)], render=render)
    after = state(folder)
    changed = {name for name in after if before.get(name) != after[name]} - {"record.json"}  # it holds times
    assert changed == {
        "README.md", "manifest.json", "private/journal.json", "report.html", "review.json",
        f"private/review/{made.sheet}.json", f"private/review/{made.sheet}.answers.json",
    }  # fmt: skip
    assert set(before) <= set(after)
    assert "## What experts said" in folder.card.read_text()
    assert verify(folder.path) == []


def test_names_and_comments_stay_private(waiting, tmp_path):
    folder = waiting()
    made = exported(folder, tmp_path / "sheet")
    path = filled(folder, made, tmp_path / "x.csv", name="Dr Zebulon", rejected=1)
    review = import_verdicts(folder.path, [path], render=render_report)
    (comment,) = review.comments
    assert (comment.text, comment.reviewer, comment.kind) == ("odd", "Dr Zebulon", "sampled")
    for name in files_below(folder.path):
        if not name.startswith("private/") and not name.endswith(".parquet"):
            assert "Zebulon" not in (folder.path / name).read_text(encoding="utf-8"), name
    assert "Zebulon" in (folder.reviews / f"{made.sheet}.answers.json").read_text()


def test_one_seed_gives_one_sheet_and_another_seed_another(waiting, tmp_path):
    folder = waiting()
    one, two, other = (exported(folder, tmp_path / name, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert one.sheet == two.sheet != other.sheet
    assert one.page.read_bytes() == two.page.read_bytes() != other.page.read_bytes()
    assert one.form.read_bytes() == two.form.read_bytes() != other.form.read_bytes()
    assert {path.stem for path in folder.reviews.iterdir()} == {one.sheet, other.sheet}


def test_the_key_is_not_in_the_sheet_and_adds_up(waiting, tmp_path):
    folder = waiting()
    made = exported(folder, tmp_path / "sheet")
    assert sorted(path.name for path in made.folder.iterdir()) == ["review.html", "verdicts.csv"]
    key = ReviewKey.read(folder.reviews / f"{made.sheet}.json")
    sampled = [row for row in key.rows if row.kind == "sampled"]
    assert (len(key.rows), len(sampled), made.planted) == (120, 96, 24)
    assert sum(1 / row.probability for row in sampled) == pytest.approx(900)
    rows = read_table(folder.rejected)
    lines = list(csv.DictReader(io.StringIO(made.form.read_text(encoding="utf-8-sig"))))
    for line, row in zip(lines, key.rows, strict=True):
        if row.kind == "sampled":
            assert int(line["age"]) == rows.data["age"][row.position].as_py()


def test_rows_known_to_be_good_measure_false_alarms(waiting, tmp_path):
    folder = waiting()
    good = read_table({"age": [50 + at for at in range(40)], "ward": ["surgery"] * 40, "nights": [2] * 40})
    made = exported(folder, tmp_path / "sheet", good=good)
    assert (made.rows, made.good) == (120, 24)
    assert "may be real" in made.page.read_text()
    review = import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv")], render=render)
    assert review.panel.specificity.value == 1
    with pytest.raises(BadInput, match="does not have"):
        exported(folder, tmp_path / "other", good=good.select(["age"]))
    with pytest.raises(BadInput, match="too few"):
        exported(folder, tmp_path / "other", good=good.head(3))
    assert not (tmp_path / "other").exists()


def test_answers_to_another_run_are_refused_and_change_nothing(waiting, tmp_path):
    mine, other = waiting("mine"), waiting("other", seed=1)
    made, theirs = exported(mine, tmp_path / "a"), exported(other, tmp_path / "b")
    before = state(mine)
    with pytest.raises(BadInput, match="no sheet of the run"):
        import_verdicts(mine.path, [filled(other, theirs, tmp_path / "x.csv")], render=render)
    copied = mine.reviews / f"{theirs.sheet}.json"
    shutil.copy(other.reviews / copied.name, copied)
    with pytest.raises(BadInput, match="not what its manifest says"):
        import_verdicts(mine.path, [filled(mine, made, tmp_path / "y.csv")], render=render)
    update_manifest(mine.path, copied.relative_to(mine.path).as_posix())
    with pytest.raises(BadInput, match="made from other rows"):
        import_verdicts(mine.path, [tmp_path / "x.csv"], render=render)
    assert {name: digest for name, digest in state(mine).items() if name in before and name != "manifest.json"} == {
        name: digest for name, digest in before.items() if name != "manifest.json"
    }


def test_a_changed_run_is_not_reviewed(waiting, tmp_path):
    folder = waiting()
    made = exported(folder, tmp_path / "sheet")
    path = filled(folder, made, tmp_path / "ann.csv")
    files.write_text(folder.measurements, folder.measurements.read_text() + " ")
    with pytest.raises(BadInput, match="not what its manifest says"):
        import_verdicts(folder.path, [path], render=render)
    with pytest.raises(BadInput, match="not what its manifest says"):
        exported(folder, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_what_is_no_finished_run_is_not_reviewed(tmp_path, waiting):
    with pytest.raises(BadInput, match="no run to review"):
        import_verdicts(tmp_path, [tmp_path / "x.csv"], render=render)

    with killed_at("judge"):
        waiting(rows=901)  # a run that no other test has made
    with pytest.raises(BadInput, match="is not finished"):
        exported(RunFolder(tmp_path / "run"), tmp_path / "sheet")


@pytest.mark.parametrize("rows", [29, 5_001, 0, -1])
def test_sheets_that_make_no_review_are_refused(waiting, tmp_path, rows):
    folder = waiting()
    with pytest.raises(UsageError, match="30 to 5,000"):
        exported(folder, tmp_path / "sheet", rows=rows)


# Until the changes stand together, which is one rename.
BEFORE = [
    ("share", 1),
    ("share", 9),
    ("write_json", 1),
    ("write_json", 3),
    ("write_text", 2),
    ("conclude", 1),
    ("carry_on", 1),
    ("rename", 1),
]
AFTER = ["remove", "make_folder", "rename", "write_manifest"]


@pytest.mark.parametrize(("step", "call"), BEFORE)
def test_an_import_killed_before_it_is_whole_leaves_the_run_as_it_was(waiting, tmp_path, monkeypatch, step, call):
    folder = waiting()
    made = exported(folder, tmp_path / "sheet")
    path = filled(folder, made, tmp_path / "ann.csv")
    before, beside = state(folder), sorted(tmp_path.iterdir())
    _kill(monkeypatch, reviewing if step in {"conclude", "carry_on"} else files, step, call)
    with pytest.raises(Stop):
        import_verdicts(folder.path, [path], render=render)
    monkeypatch.undo()
    assert state(folder) == before
    assert sorted(tmp_path.iterdir()) == beside
    assert verify(folder.path) == []


@pytest.mark.parametrize("step", AFTER)
@pytest.mark.parametrize("call", [1, 2, 3, 5])
def test_an_import_killed_later_is_completed_by_resume(waiting, tmp_path, monkeypatch, step, call):
    folder = waiting()
    made = exported(folder, tmp_path / "sheet")
    path = filled(folder, made, tmp_path / "ann.csv")
    files.rename(folder.path, tmp_path / "kept")
    shutil.copytree(tmp_path / "kept", folder.path)
    import_verdicts(folder.path, [path], render=render)
    whole = state(folder)
    files.remove(folder.path)
    files.rename(tmp_path / "kept", folder.path)

    settle = replacing.settle

    def killed(found):
        _kill(monkeypatch, replacing if step == "write_manifest" else files, step, call)
        return settle(found)

    monkeypatch.setattr(replacing, "settle", killed)
    try:
        import_verdicts(folder.path, [path], render=render)
    except Stop:
        monkeypatch.undo()
        resume(folder.path, again, render=render)
    monkeypatch.undo()
    after = state(folder)
    timed = {"record.json", "README.md", "manifest.json", "private/journal.json", "report.html"}  # these hold times
    assert set(after) == set(whole)
    assert {name: after[name] for name in after if name not in timed} == {
        name: whole[name] for name in whole if name not in timed
    }
    assert verify(folder.path) == []
    assert folder.synthetic.is_file()


def _kill(monkeypatch, place, name, call):
    """The function `name` of `place` ends in a kill the `call`-th time."""
    calls, real = [], getattr(place, name)

    def killed(*arguments, **options):
        calls.append(name)
        if len(calls) == call:
            raise Stop
        return real(*arguments, **options)

    monkeypatch.setattr(place, name, killed)


def test_two_imports_at_once_are_refused(waiting, tmp_path):
    folder = waiting()
    made = exported(folder, tmp_path / "sheet")
    path = filled(folder, made, tmp_path / "ann.csv")
    with files.locked(folder.lock), pytest.raises(UsageError, match="Another process"):
        import_verdicts(folder.path, [path], render=render)


def test_hostile_review_files_do_not_break_the_papers(waiting):
    folder = waiting()
    for content in (
        {},
        {"panel": 3, "reviewers": "x", "by_stratum": [1, {"stratum": "<b>|x"}], "reject_rate": {"value": "a"}},
        {"earlier": [None]},
    ):
        files.write_json(folder.review, content)
        assert "<b>" not in data_card(RunFacts.load(folder.path)).partition("## What experts said")[2]
        assert "<b>|x" not in render_report(folder.path)


def test_columns_that_were_left_out_and_personal_ones_are_no_obstacle(waiting, tmp_path, quick_run):
    rng, rows = np.random.default_rng(1), 300
    table = read_table(
        {
            "note": pa.array([f"a free text of its own, number {at} of many, and long" for at in range(rows)]),
            "account": [f"AC{at:06d}" for at in range(rows)],
            "age": rng.integers(0, 90, rows),
            "when": pa.array(rng.integers(0, 10**9, rows).astype("datetime64[s]")),
            "yes": rng.random(rows) < 0.5,
        }
    )
    told = {"data": "table", "target": None, "require_review": True}
    folder = RunFolder(quick_run("odd", tables={"data": table}, **told).folder)
    made = exported(folder, tmp_path / "sheet", rows=60)
    assert made.rows == 60
    assert made.planted == 0
    review = import_verdicts(folder.path, [filled(folder, made, tmp_path / "ann.csv")], render=render)
    assert "0 rows made wrong on purpose" in review.panel.why_not
    assert verify(folder.path) == []
