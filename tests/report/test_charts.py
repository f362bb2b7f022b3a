"""Drawings: what stands in them, by numbers that can be checked by hand."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.report.charts.density import density
from synthwright.report.charts.heatmap import heatmap
from synthwright.report.charts.histogram import histogram
from synthwright.report.charts.scores import Score, scores
from synthwright.report.charts.strip import strip
from synthwright.report.svg import tag, ticks

SPACE = "{http://www.w3.org/2000/svg}"


def parsed(drawing) -> ET.Element:
    return ET.fromstring(str(drawing))  # noqa: S314 - drawn by us


def of_class(drawing, name: str) -> list[ET.Element]:
    return [element for element in parsed(drawing).iter() if element.get("class") == name]


def test_texts_and_attributes_are_escaped():
    assert tag("text", "<b>&", class_='"x"') == '<text class="&#34;x&#34;">&lt;b&gt;&amp;</text>'


def test_ticks_are_round_and_inside():
    assert ticks(0.0, 1.0, 5) == [0.0, 0.25, 0.5, 0.75, 1.0] or ticks(0.0, 1.0, 5) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert ticks(-0.3, 0.9, 4)[0] >= -0.3
    assert ticks(3.0, 3.0) == [3.0]


def test_a_step_chart_has_the_heights_of_the_shares():
    view = {
        "axis": "line",
        "labels": ["a", "b"],
        "train": [10, 20],
        "synthetic": [20, 10],
        "holdout": None,
        "ticks": [],
    }
    drawing = histogram(view, {"train": 40, "synthetic": 40, "holdout": None}, "age")
    (area,) = of_class(drawing, "area-train")
    (line,) = of_class(drawing, "line-synthetic")
    # Top of the chart is y = 6 for the largest share (.5), its floor 112: half of that is y = 59.
    assert area.get("d") == "M0 112L0 59H160V6H320V112z"
    assert line.get("d") == "M0 6H160V59H320"


def test_a_spike_is_cut_and_told_in_words():
    view = {"axis": "line", "labels": ["a", "b", "c"], "train": [90, 4, 6], "synthetic": [80, 10, 10], "holdout": None}
    drawing = histogram(view, {"train": 100, "synthetic": 100}, "gain")
    assert len(of_class(drawing, "cut")) == 1
    assert "train 90 %, synthetic 80 %" in [element.text for element in of_class(drawing, "tick")]
    (line,) = of_class(drawing, "line-synthetic")
    assert line.get("d") == "M0 6H106.7V59H213.3V59H320"  # the second highest, .1, stands at half the height


def test_a_blank_cell_has_no_bar():
    view = {"axis": "list", "labels": ["a", "b"], "train": [30, None], "synthetic": [28, 2], "holdout": [15, None]}
    drawing = histogram(view, {"train": 31, "synthetic": 30, "holdout": 16}, "job")
    assert len(of_class(drawing, "bar-train")) == 1
    assert len(of_class(drawing, "bar-synthetic")) == 2
    assert len(of_class(drawing, "mark-holdout")) == 1


def test_the_description_names_the_largest_difference():
    view = {"axis": "list", "labels": ["a", "b", "c"], "train": [10, 10, 20], "synthetic": [12, 20, 8], "holdout": None}
    drawing = parsed(histogram(view, {"train": 40, "synthetic": 40}, "job"))
    assert drawing.find(f"{SPACE}desc").text == "3 cells. They differ most at c: train 50 %, synthetic 20 %."


def test_a_heat_map_has_one_cell_per_pair_at_its_level():
    drawing = heatmap(["a", "b", "c"], [0.001, 0.03, 0.5], "pairs")
    groups = {element.get("class"): element for element in parsed(drawing).iter(f"{SPACE}g")}
    assert {name: len(group) for name, group in groups.items()} == {"heat0": 1, "heat3": 1, "heat7": 1}
    assert groups["heat7"][0][0].text == "c and b: 0.5000"


def test_density_shades_grow_with_counts_and_blank_cells_stay_blank():
    drawing = density([None, 5, 500, None], 2, 500, "train")
    (faint,), (full,) = of_class(drawing, "shade0"), of_class(drawing, "shade5")
    assert faint.get("d") == "M1 1h1v1h-1z"  # second cell of the lower row
    assert full.get("d") == "M0 0h1v1h-1z"  # first cell of the upper row
    assert len(parsed(drawing).findall(f"{SPACE}path")) == 2


def test_score_bars_start_at_zero_and_carry_intervals():
    entry = Score(
        label="AUC",
        bars=[("TRTR", Estimate(0.9, 0.88, 0.92)), ("TSTR", Estimate(0.45, 0.4, 0.5))],
        floor=Estimate.exact(0.5),
    )
    drawing = scores([entry], "boosted")
    (real,), (made,) = of_class(drawing, "bar-trtr"), of_class(drawing, "bar-tstr")
    assert float(real.get("x")) == float(made.get("x"))
    assert float(real.get("width")) == 2 * float(made.get("width"))
    assert len(of_class(drawing, "whisker")) == 2
    assert len(of_class(drawing, "mark-floor")) == 1


def test_a_negative_score_has_its_bar_left_of_zero():
    drawing = scores(
        [Score(label="R2", bars=[("TRTR", Estimate(0.5, 0.4, 0.6)), ("TSTR", Estimate(-0.5, -0.6, -0.4))])], "r2"
    )
    (real,), (made,) = of_class(drawing, "bar-trtr"), of_class(drawing, "bar-tstr")
    zero = float(real.get("x"))
    assert abs(float(made.get("x")) + float(made.get("width")) - zero) < 0.2


def test_a_strip_orders_its_marks_by_value():
    measurement = Measurement(
        metric="m", estimate=Estimate(0.5, 0.4, 0.6), better="higher", n_real=10, n_synthetic=10,
        holdout=Estimate.exact(0.9), baseline=Estimate.exact(0.1),
    )  # fmt: skip
    drawing = strip(measurement, "m")
    (dot,), (floor,), (ceiling,) = (
        of_class(drawing, "dot"),
        of_class(drawing, "mark-floor"),
        of_class(drawing, "mark-ceiling"),
    )
    assert float(floor.get("x1")) < float(dot.get("cx")) < float(ceiling.get("d").split("M")[1].split()[0])
    assert "no skill 0.1000" in parsed(drawing).find(f"{SPACE}desc").text
