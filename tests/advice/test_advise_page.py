"""The output on the page is what the command says: words and codes, not the last digit."""

import re
from pathlib import Path

import synthwright as sw

PAGE = Path(__file__).parents[2] / "docs" / "advise.md"
SLICE = "tests/data/adult_1000.csv"


def words(text):
    return re.sub(r"[+\u2212-]?[<>]?\d[\d,.]*", "#", text)


def test_the_output_on_the_page_is_what_is_said(monkeypatch):
    monkeypatch.chdir(PAGE.parents[1])
    shown = PAGE.read_text(encoding="utf-8").partition("```text\n")[2].partition("\n```")[0]
    assert words(shown) == words(str(sw.advise(SLICE, target="income")))


def test_the_page_names_every_code():
    source = PAGE.parents[1] / "src" / "synthwright" / "pipeline" / "advice"
    told = PAGE.read_text(encoding="utf-8")
    areas = "size|target|classes|gaps|repeats|order|groups|kind|leak|learning|slices"
    for path in sorted(source.glob("*.py")):
        for code in re.findall(rf'"((?:{areas})\.[a-z_]+)"', path.read_text(encoding="utf-8")):
            assert f"`{code}`" in told or f"`{code.partition('.')[0]}.*`" in told, code
