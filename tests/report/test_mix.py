"""The section and the card about a mix: every figure that the record has, and no markup from it."""

from runs import measurements, verdict

from synthwright.provenance.data_card import data_card
from synthwright.provenance.facts import RunFacts
from synthwright.report import page

HOSTILE = "<script>alert(1)</script>" + "x" * 100_000
FIGURE = {"value": 0.2, "low": 0.1, "high": 0.3}
MIX = {
    "asked": {"ratio": 2.0, "select": "density"},
    "ratio": 2.0,
    "real_rows": 1_000,
    "synthetic_rows": 2_000,
    "synthetic_share": 2 / 3,
    "released": 1_500,
    "drawn": 500,
    "balanced": ["sex"],
    "groups": {"sex": [{"label": "sex=f", "real": 300, "added": 1_700}, {"label": "sex=m", "real": 700, "added": 300}]},
    "selection": {
        "by": "density",
        "sentence": "Rows were chosen by a discriminator",
        "candidates": 8_000,
        "effective": 3_210.5,
        "told_apart": 0.61,
    },
    "notes": ["2 groups of fewer than 5 real rows stay as they are."],
    "audit": {
        "evenness": [{"division": "sex", "columns": ["sex"], "before": 0.429, "after": 1.0}],
        "changes": [
            {
                "division": "sex",
                "figure": "calibration",
                "before": FIGURE,
                "after": FIGURE,
                "change": FIGURE,
                "widened": False,
            },
            {
                "division": "sex",
                "figure": "outcome gap",
                "before": FIGURE,
                "after": FIGURE,
                "change": FIGURE,
                "widened": True,
            },
        ],
        "reason": "",
    },
    "warnings": ["Between the groups of sex the gap of outcomes is larger."],
}


def facts(mix):
    names = ["age", "sex"]
    return RunFacts.of(
        "mine",
        measurements=measurements(names, bad=False),
        verdict=verdict("PASS"),
        record={"method": "tabular.independent", "mix": mix},
    )


def section(mix):
    return page(facts(mix)).partition('<section id="mix"')[2].partition("</section>")[0]


def test_the_section_has_counts_choice_warnings_and_groups():
    said = " ".join(section(MIX).split())
    for part in (
        "1,000 real rows of train and 2,000 synthetic ones: 67 % of the mix is synthetic",
        "by a discriminator; 8,000 candidates, worth 3,210 equally likely ones; the classifier&#39;s AUC is 0.6100",
        "1,500 of them are released rows, 500 were drawn",
        "the gap of outcomes is larger",
        "2 groups of fewer than 5 real rows",
        "sex=f",
        "1,700",
        "Outcome gap",
        "+0.1000 to +0.3000",
        "0.4290",
    ):
        assert part in said, part
    assert said.index("Outcome gap") < said.index("Calibration")  # what grew comes first
    assert said.count("? grew") == 1


def test_the_card_tells_the_same():
    card = data_card(facts(MIX))
    assert "67 % of the mix is synthetic" in card
    assert "Mind: Between the groups of sex" in card
    assert "| sex | outcome gap | 0.2000 (0.1000 to 0.3000) |" in card
    assert "discriminator" in card


def test_a_run_that_asked_for_no_mix_has_its_share_in_the_card_and_no_section():
    plain = {"ratio": 1.0, "real_rows": 100, "synthetic_rows": 100, "synthetic_share": 0.5}
    assert "50 % of the mix is synthetic" in data_card(facts(plain))
    assert section(plain) == ""
    assert "## The mix" not in data_card(facts({}))


def test_damaged_and_hostile_accounts_are_shown_as_far_as_they_go():
    odd = [3, HOSTILE, [], {}, [HOSTILE], {"x": HOSTILE}, True, None]
    for name in MIX:
        for value in odd:
            mix = {**MIX, name: value}
            html, card = page(facts(mix)), data_card(facts(mix))
            assert "<script>" not in html + card
            assert len(html) < 400_000
    for value in odd:
        audit = {"evenness": [value], "changes": [value, {"division": value, "figure": value}], "reason": value}
        mix = {**MIX, "audit": audit, "groups": {"sex": [value]}, "selection": {"sentence": value, "effective": value}}
        assert "<script>" not in page(facts(mix)) + data_card(facts(mix))
