"""The gain curve: a line per arm, a point per ratio, names that do not lie on one another, nothing unescaped."""

import itertools
import re

from synthwright.evaluation.measurement import Estimate
from synthwright.report.charts.gain_curve import APART, Curve, gain_curve


def curve(arm, values, **options):
    points = [(ratio, Estimate(gain, gain - 0.01, gain + 0.01)) for ratio, gain in values.items()]
    return Curve(arm=arm, points=points, **options)


def test_every_arm_has_a_line_and_every_ratio_a_point_with_its_interval():
    drawn = gain_curve(
        [curve("trees", {0.5: 0.01, 1: 0.02, 5: 0.03}), curve("weights", {1: 0.0}, control=True)], "Gain"
    )
    assert drawn.count("<polyline") == 1  # one point makes no line
    assert drawn.count('class="bar') == 4
    assert "trees 0.5: +0.0100 (0 to +0.0200)" in drawn
    assert "tone-control" in drawn


def test_names_at_the_edge_stand_apart_though_all_lines_end_at_one_height():
    drawn = gain_curve([curve(f"arm {at}", {1: 0.01, 2: 0.01}) for at in range(6)], "Gain")
    heights = sorted(float(y) for y in re.findall(r'<text x="[\d.]+" y="([\d.]+)" class="label">arm', drawn))
    assert len(heights) == 6
    assert min(high - low for low, high in itertools.pairwise(heights)) >= APART - 0.11


def test_one_hopeless_arm_does_not_press_the_others_flat():
    near = {1: 0.01, 2: -0.01}
    drawn = gain_curve([curve("near", near), Curve(arm="far", points=[(1, Estimate(-0.02, -9.0, 9.0))])], "Gain")
    (one, other) = re.search(r'points="[\d.]+,([\d.]+) [\d.]+,([\d.]+)"', drawn).groups()
    assert float(other) - float(one) > 20


def test_names_are_escaped_and_shortened():
    drawn = gain_curve([curve("<script>alert(1)</script>" + "x" * 100, {1: 0.01, 2: 0.02})], "Gain")
    assert "<script" not in drawn
    assert "x" * 100 not in re.sub(r"<(title|desc)>.*?</\1>", "", drawn)
