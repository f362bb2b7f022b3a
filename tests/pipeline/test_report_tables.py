"""What `evaluate` returns, as tables and as notes in all places."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

import synthwright as sw
from synthwright.data.intake import SYNTHETIC_MARK
from synthwright.errors import MissingExtra
from synthwright.evaluation.records import PART, RECORD, Records

METRICS = ["fidelity.column_shapes", "fidelity.tails", "privacy.exact_copies", "utility.tstr"]
SLICE = Path(__file__).parents[1] / "data" / "adult_1000.csv"


@pytest.fixture(scope="module")
def report():
    table = sw.read(SLICE, target="income")
    rows = table.to_arrow()
    marked = rows.slice(0, 500).replace_schema_metadata({SYNTHETIC_MARK: b"{}"})
    made = rows.slice(500, 250).rename_columns([name.replace("-", ".") for name in rows.column_names])
    return sw.evaluate(train=marked, synthetic=made, against={"exam": rows.slice(700, 100)}, metrics=METRICS)


def test_frames_of_all_three_libraries_hold_the_same(report):
    arrow, pandas, polars = report.to_arrow(), report.to_pandas(), report.to_polars()
    assert arrow.column_names == [*RECORD, "risk"] == polars.columns == ["metric", *pandas.columns]
    assert arrow["metric"].to_pylist() == list(pandas.index) == polars["metric"].to_list()
    assert arrow["value"].to_pylist() == polars["value"].to_list()
    row = pandas.loc["fidelity.column_shapes"]
    one = report["fidelity.column_shapes"]
    assert (row["value"], row["n_real"], row["sampled"]) == (one.estimate.value, 500, False)
    assert (
        "needs" in str(pandas.loc["utility.tstr", "reason"]) or "not measured" in pandas.loc["utility.tstr", "reason"]
    )


def test_types_are_the_same_whatever_was_measured():
    assert Records((), RECORD).to_arrow().schema == pa.schema(list(RECORD.items()))
    assert len(Records((), PART).to_pandas()) == 0


def test_parts_are_a_long_table_worst_first(report):
    parts = report.parts().to_pandas()
    shapes = parts[parts["metric"] == "fidelity.column_shapes"]
    assert len(shapes) == 15
    assert shapes["value"].is_monotonic_decreasing
    assert len(report.parts()) == len(report.parts().to_polars()) == sum(len(one.parts) for one in report.measurements)
    assert report.parts()[0]["metric"] == report.measurements[0].metric


def test_a_library_that_is_not_there_is_named(report, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(MissingExtra, match="polars"):
        report.to_polars()


def test_notes_are_in_the_object_the_json_the_folder_and_the_page(report, tmp_path):
    told = "Train carries the mark that synthwright writes into synthetic rows"
    renamed = "'capital.gain' as 'capital-gain'"
    report.write(tmp_path / "out")
    saved = json.loads((tmp_path / "out" / "measurements.json").read_text(encoding="utf-8"))
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for notes in (report.notes, report.to_json_value()["notes"], saved["notes"]):
        joined = " ".join(notes)
        assert told in joined
        assert renamed in joined
        assert "exam: compared in 15 of 15 columns" in joined
    assert told in page
    assert "capital.gain" in page


def test_the_json_is_complete(report):
    value = report.to_json_value()
    assert set(value) == {"measurements", "skipped", "not_measured", "notes", "verdict"}
    assert len(value["measurements"]) == len(report.measurements)
    assert all(len(one["parts"]) == len(report[one["metric"]].parts) for one in value["measurements"])
