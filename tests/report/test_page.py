"""The page as a whole: safe, self-contained, complete, small."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from runs import measurements, verdict

from synthwright.canonical import to_json
from synthwright.errors import BadInput
from synthwright.provenance.facts import RunFacts
from synthwright.report import page, render_report
from synthwright.report.reading import readings

HOSTILE = "<script>alert(1)</script>\"'&\u202egnp.exe\x00" + "x" * 100_000


class Seen(HTMLParser):
    """Tags, attributes and visible text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, key, value or "") for key, value in attrs]

    def handle_data(self, data):
        self.text.append(data)


def svgs(html: str) -> list[ET.Element]:
    return [ET.fromstring(found) for found in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]  # noqa: S314 - our own page


def copied(folder: Path, place: Path, **changed: object) -> Path:
    """A copy of a run folder with some files replaced (``None``: removed)."""
    shutil.copytree(folder, place)
    for name, content in changed.items():
        file = place / {"views": "private/views.json"}.get(name, f"{name}.json")
        file.unlink() if content is None else file.write_text(to_json(content), encoding="utf-8")
    return place


@pytest.mark.parametrize("overall", ["PASS", "FAIL", "UNDECIDED"])
def test_the_verdict_is_the_first_heading_after_the_title(run_folder, overall):
    html = render_report(run_folder(overall=overall))
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", html)
    assert re.sub(r"<.*?>", "", headings[1]).endswith(overall)
    tone = {"PASS": "pass", "FAIL": "fail", "UNDECIDED": "doubt"}[overall]
    assert f'class="verdict {tone}"' in html


def test_a_failed_run_says_why_and_that_rows_were_withheld(run_folder):
    html = render_report(run_folder(overall="FAIL"))
    banner = html[html.index('id="verdict"') : html.index('class="tiles"')]
    assert "2 of 5 blocking gates failed, 1 undecided. The synthetic rows were withheld." in banner
    assert banner.index("Column shapes is 0.101") < banner.index("Utility is 0.101")
    assert "<code>synthwright list generators</code>" in banner


def test_a_page_loads_nothing_and_runs_nothing(run_folder):
    html = render_report(run_folder(columns=15))
    seen = Seen(html)
    assert not {"script", "iframe", "object", "embed", "link", "img", "base", "form"} & set(seen.tags)
    links = [value for _, key, value in seen.attributes if key in {"src", "href", "xlink:href", "action", "data"}]
    assert links
    assert all(value.startswith("#") for value in links)
    assert not [key for _, key, _ in seen.attributes if key.startswith("on")]
    assert "url(" not in html
    assert "@import" not in html


def test_a_page_forbids_the_browser_to_load_anything(run_folder):
    seen = Seen(render_report(run_folder()))
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert ("meta", "content", policy) in seen.attributes


def test_every_inner_link_leads_somewhere(run_folder):
    seen = Seen(render_report(run_folder()))
    ids = [value for _, key, value in seen.attributes if key == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, key, value in seen.attributes if key == "href"} <= set(ids)


def test_every_measurement_and_every_missing_one_is_listed(run_folder):
    folder = run_folder()
    html = render_report(folder)
    table = html[html.index('id="measurements"') :]
    named = json.loads((folder / "measurements.json").read_text())
    for entry in named["measurements"]:
        assert f"<code>{entry['metric']}</code>" in table
    assert "<code>diversity.density</code>" in table
    assert "fewer than 1,000 distinct rows" in table
    assert "<code>contamination</code>" in table


def test_every_drawing_is_valid_xml_with_a_title_and_a_description(run_folder):
    drawings = [svg for svg in svgs(render_report(run_folder())) if svg.get("role") == "img"]
    assert len(drawings) > 40
    for svg in drawings:
        children = [child.tag.rpartition("}")[2] for child in svg]
        assert children[:2] == ["title", "desc"]
        assert svg[0].text
        assert svg[1].text


def test_colours_have_a_light_and_a_dark_value(run_folder):
    html = render_report(run_folder())
    style = html[html.index("<style>") : html.index("</style>")]
    light, dark = style.split("@media (prefers-color-scheme: dark)", 1)
    used = set(re.findall(r"var\((--[\w-]+)\)", style)) - {"--tone", "--wash-of"}
    assert len(used) > 25
    assert all(f"{name}:" in light for name in used)
    assert all(f"{name}:" in dark[: dark.index("}")] for name in used)
    assert not re.search(r'(?:fill|stroke)="#', html)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    linear = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    r, g, b = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in linear)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_text_has_a_contrast_of_at_least_four_and_a_half(run_folder):
    html = render_report(run_folder())
    style = html[html.index("<style>") : html.index("</style>")]
    light, dark = style.split("@media (prefers-color-scheme: dark)", 1)
    pairs = [(ink, paper) for ink in ("ink", "soft", "faint") for paper in ("paper", "card")]
    pairs += [(tone, f"{tone}-wash") for tone in ("pass", "fail", "doubt", "none")] + [("doubt", "card")]
    for scheme in (light, dark[: dark.index("  }")]):
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", scheme))
        for ink, paper in pairs:
            one, other = sorted((luminance(colours[ink]), luminance(colours[paper])))
            assert (other + 0.05) / (one + 0.05) >= 4.5, (ink, paper)


def test_sixty_columns_stay_below_a_megabyte(run_folder):
    folder = run_folder(columns=60, overall="FAIL")
    assert len(render_report(folder).encode()) < 1_000_000
    assert (folder / "private" / "views.json").stat().st_size < 400_000


def test_the_worst_columns_come_first_and_most_columns_are_folded(run_folder):
    html = render_report(run_folder(columns=60, overall="FAIL"))
    section = html[html.index('id="distributions"') : html.index('id="pairs"')]
    shown, _, folded = section.partition('<details class="more">')
    assert shown.count('<figure class="small">') == 12
    assert folded.count('<figure class="small">') == 48
    figures = [float(found) for found in re.findall(r'class="figures"><b>([\d.]+)', section)]
    assert min(figures[:12]) > max(figures[-12:])


def test_options_are_set_as_code_wherever_they_are_named(run_folder):
    folder = run_folder()
    measured = json.loads((folder / "measurements.json").read_text(encoding="utf-8"))
    measured["not_measured"] = ["bias.outcomes", "contamination.overlap"]
    (folder / "measurements.json").write_text(to_json(measured), encoding="utf-8")
    html = render_report(folder)
    assert "sensitive columns (<code>--sensitive</code>)" in html
    assert "(`--" not in html


def test_no_text_is_nan_or_none_or_unfilled(run_folder):
    for how in ({}, {"overall": "FAIL", "columns": 60}, {"columns": 2, "holdout": False}):
        texts = Seen(render_report(run_folder(**how))).text
        words = {word for text in texts for word in re.split(r"[^\w{}\[\]]+", text)}
        assert not words & {"nan", "NaN", "inf", "undefined", "[]", "{{", "}}"}
        assert "None" not in {text.strip() for text in texts}


def test_no_banned_word_is_on_the_page(run_folder):
    for overall in ("PASS", "FAIL"):
        html = render_report(run_folder(overall=overall)).lower()
        assert not re.search(r"anonym|complian|zero risk", html)


def test_closeness_is_called_similarity_and_not_privacy(run_folder):
    html = render_report(run_folder())
    section = html[html.index('id="privacy"') : html.index('id="worst"')]
    assert "Similarity, not privacy" in section


def test_every_measured_metric_is_explained_by_its_question(run_folder):
    html = render_report(run_folder())
    section = html[html.index('id="reading"') : html.index('id="next"')]
    assert "Can boosted trees tell" in section
    assert "best at 0.5000" in section
    assert "<code>utility.tatr.linear.auc</code>" in section


def test_several_figures_of_one_metric_are_explained_under_the_name_of_the_first():
    names = ("diversity.mode_collapse", "diversity.smallest_mode", "diversity.lost_categories")
    figures = [{"metric": name, "value": 0.5, "better": "higher"} for name in names]
    (one,) = readings(RunFacts.of(measurements={"measurements": figures}))
    assert (one.title, one.names) == ("Mode collapse", names)


def test_hostile_names_are_escaped_and_shortened(run_folder, tmp_path):
    folder = run_folder()
    content = {
        name: json.loads((folder / name).read_text().replace('"income"', json.dumps(HOSTILE)))
        for name in ("measurements.json", "private/views.json")
    }
    gates = verdict("FAIL")
    gates["gates"][1]["sentence"] = gates["gates"][1]["gate"] = HOSTILE
    record = {"method": HOSTILE, "command": HOSTILE, "inputs": [{"name": HOSTILE, "digest": HOSTILE, "rows": 7}]}
    record |= {"settings": {HOSTILE: HOSTILE}, HOSTILE: HOSTILE, "versions": {HOSTILE: [HOSTILE]}, "created": HOSTILE}
    analysis = {"target": HOSTILE, "classes": {HOSTILE: 50}, "missing": {HOSTILE: 0.5}, "kinds": {"a": HOSTILE}}
    content["measurements.json"]["skipped"] = [{"metric": HOSTILE, "reason": HOSTILE}]
    content["measurements.json"]["measurements"][0]["metric"] = f"fidelity.{HOSTILE}"
    place = copied(
        folder, tmp_path / "run", measurements=content["measurements.json"], views=content["private/views.json"],
        verdict=gates, record=record, analysis=analysis,
    )  # fmt: skip
    html = render_report(place)
    assert "&lt;script&gt;alert(1)" in html
    assert "script" not in Seen(html).tags
    assert "\u202e" not in html
    assert "\x00" not in html
    assert "x" * 1000 not in html
    assert len(html) < 500_000
    assert svgs(html)


def test_a_name_in_backticks_stays_text():
    facts = RunFacts.of(
        measurements={"measurements": []},
        verdict={"overall": "FAIL", "gates": [{"gate": "g", "verdict": "FAIL", "blocking": True, "sentence": "`<b>`"}]},
    )
    assert "<code>&lt;b&gt;</code>" in page(facts)


@pytest.mark.parametrize("gone", ["views", "verdict", "record", "analysis", "recipe"])
def test_a_page_renders_without_one_of_its_files(run_folder, tmp_path, gone):
    place = copied(run_folder(), tmp_path / "run", **({} if gone == "recipe" else {gone: None}))
    if gone == "recipe":
        (place / "recipe.yaml").unlink()
    html = render_report(place)
    assert "Overall quality" in html
    assert ("NOT JUDGED" in html) == (gone == "verdict")
    assert ('id="distributions"' in html) == (gone != "views")


def test_a_page_renders_from_measurements_alone(tmp_path):
    (tmp_path / "measurements.json").write_text(to_json(measurements(["age"], bad=False)))
    html = render_report(tmp_path)
    assert "No gates were applied" in html
    assert "Provenance" not in html
    assert "released" not in html


def test_a_page_renders_where_nothing_could_be_measured():
    facts = RunFacts.of(
        "empty", measurements={"measurements": [], "skipped": [{"metric": "fidelity.c2st", "reason": "no rows"}]}
    )
    html = page(facts)
    assert "Nothing was measured." in html
    assert "no rows" in html


def test_without_a_holdout_the_page_says_what_is_missing(run_folder, tmp_path):
    folder = run_folder(columns=2, holdout=False)
    found = json.loads((folder / "measurements.json").read_text())
    for entry in found["measurements"]:
        entry["holdout"] = entry["excess"] = None
    html = render_report(copied(folder, tmp_path / "run", measurements=found))
    assert "no holdout was declared" in html
    assert "Declare a holdout" in html
    assert 'class="mark-ceiling"' not in html


def test_an_evaluation_neither_releases_nor_withholds(run_folder, tmp_path):
    place = copied(run_folder(), tmp_path / "run", record={"command": "synthwright evaluate --train a --synthetic b"})
    (place / "recipe.yaml").unlink()
    banner = render_report(place)
    assert "All 5 blocking gates passed." in banner
    assert "were released" not in banner


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("measurements.json", '{"measurements": [{"metric": "a", "value": NaN}]}'),
        ("measurements.json", '{"measurements": [{"metric": "a"}]}'),
        ("measurements.json", '{"measurements": [{"metric": "a", "value": 1, "low": 2, "high": 3}]}'),
        ("measurements.json", '{"measurements": ['),
        ("analysis.json", '{"rows": NaN}'),
        ("verdict.json", "[" * 100_000),
        ("recipe.yaml", "a: [1"),
    ],
)
def test_a_damaged_file_is_bad_input(run_folder, tmp_path, name, content):
    place = copied(run_folder(), tmp_path / "run")
    (place / name).write_text(content)
    with pytest.raises(BadInput):
        render_report(place)


def test_a_folder_without_results_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match=r"no results to report"):
        render_report(tmp_path)
