"""Losses by epoch above the share of synthetic rows: what stands where, by numbers checked by hand."""

from xml.etree import ElementTree as ET

import pytest

from synthwright.errors import BadInput
from synthwright.report.charts.curves import GAP, LEFT, PLOT, RIGHT, STRIP, TOP, WIDTH, curves

SPACE = "{http://www.w3.org/2000/svg}"


def of_class(drawing, name):
    return [each for each in ET.fromstring(str(drawing)).iter() if each.get("class") == name]  # noqa: S314 - drawn by us


def test_lines_run_through_known_losses_and_break_where_none_is_known():
    """Four epochs of 129.5 each; losses 0 to 2 over 220: epochs 0 and 1 at 34 and 254, epoch 3 alone in the middle."""
    drawn = curves({"train <real>": [2.0, 0.0, float("nan"), 1.0]}, [1.0, 0.5, 0.0, 0.0], "A & B")
    step = (WIDTH - LEFT - RIGHT) / 4
    path, key = (each.get("d") for each in of_class(drawn, "line"))
    at = [f"{LEFT + (epoch + 0.5) * step:.1f}" for epoch in range(4)]
    assert path == f"M{at[0]} {TOP:.1f}h0L{at[1]} {TOP + PLOT:.1f}M{at[3]} {TOP + PLOT / 2:.1f}h0"
    assert key.startswith(f"M{WIDTH - RIGHT + 8:.1f} {TOP + PLOT / 2:.1f}")
    heights = [float(each.get("height")) for each in of_class(drawn, "share")]
    assert heights == [STRIP, STRIP / 2, 0, 0]
    assert float(of_class(drawn, "share")[1].get("y")) == TOP + PLOT + GAP + STRIP / 2
    assert "train &lt;real&gt;: 2 to 1" in str(drawn)
    assert "epoch 1: 50 % synthetic" in str(drawn)


def test_labels_of_lines_that_end_together_stand_apart():
    drawn = curves({"a": [1.0, 0.5], "b": [0.0, 0.5], "c": [0.2, 0.5]}, [0.5, 0.5], "t")
    places = {each.text: float(each.get("y")) for each in ET.fromstring(str(drawn)).iter(f"{SPACE}text")}  # noqa: S314
    assert [places["b"] - places["a"], places["c"] - places["b"]] == [15, 15]


def test_equal_losses_have_a_place():
    assert "h0L" in of_class(curves({"a": [0.7, 0.7]}, [0, 0], "t"), "line")[0].get("d")


@pytest.mark.parametrize("lines", [{}, {"a": [float("nan")]}, {"a": [1.0, 2.0]}])
def test_nothing_to_draw_is_refused(lines):
    with pytest.raises(BadInput, match="no losses to draw, or more of them than epochs"):
        curves(lines, [0.5], "t")
