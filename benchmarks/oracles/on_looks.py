"""Planted tables for fidelity, diversity and usefulness, with what has to be said about each."""

from __future__ import annotations

import planting
import plants_on_copies
import plants_on_looks
from checks import (
    NO_COPIES_SEEN,
    SHAPES_HOLD,
    any_of,
    at_gate,
    complete,
    mirrored,
    no_surer,
    overall,
    steady,
    sure,
    worse_than_beside,
)
from oracle import LABELS, NUMBERS, Oracle

__all__ = ["ON_LOOKS"]

LOOKS = ("columns", "pairs", "joint", "coverage")
GATES_OF_COLLAPSE = ("regions covered", "modes kept", "worst column", "columns alike", "not collapsed")
SEEN_AS_COLLAPSE = any_of(*(at_gate(gate, "FAIL") for gate in GATES_OF_COLLAPSE))

# What one absurd row may not move: figures that count rows. Learners and k-means are noisy by more than a row.
COUNTED = (
    "fidelity.column_shapes",
    "fidelity.pair_trends",
    "fidelity.correlations",
    "fidelity.wasserstein",
    "fidelity.shifts",
    "diversity.coverage",
    "diversity.density",
    "diversity.duplicates",
    "privacy.exact_copies",
    "privacy.near_copies",
    "privacy.dcr_share",
)

ON_LOOKS = (
    Oracle(
        number=1,
        name="fresh rows",
        plant=planting.fresh,
        reference=None,
        areas=(*LOOKS, "copies", "utility"),
        fault=False,
        must="Nothing is found: no gate fails.",
        checks=(overall("PASS", "UNDECIDED"),),
    ),
    Oracle(
        number=6,
        name="half of the modes",
        plant=plants_on_looks.half_of_the_modes,
        areas=LOOKS,
        fault=True,
        must="Collapse found.",
        checks=(
            SEEN_AS_COLLAPSE,
            sure("diversity.coverage", below=-0.05),
        ),
    ),
    Oracle(
        number=6,
        name="99 % in one mode",
        plant=plants_on_looks.one_mode_in_99_of_100_rows,
        areas=LOOKS,
        fault=True,
        must="Collapse found.",
        checks=(
            SEEN_AS_COLLAPSE,
            sure("diversity.coverage", below=-0.05),
        ),
    ),
    Oracle(
        number=6,
        name="rare mode dropped",
        plant=plants_on_looks.rare_mode_dropped,
        areas=LOOKS,
        fault=True,
        must="The loss of a class of 3 % found.",
        least=3_000,
        checks=(
            any_of(
                sure("diversity.lost_categories", above=0.5),
                sure("diversity.smallest_mode", below=-0.2),
                sure("diversity.coverage", below=0.0),
            ),
        ),
    ),
    Oracle(
        number=7,
        name="columns shuffled",
        plant=plants_on_looks.columns_shuffled,
        areas=("pairs", "joint"),
        fault=True,
        must="Columns at their ceiling, pairs broken, told apart, useless.",
        checks=(
            *SHAPES_HOLD,
            any_of(at_gate("pairs alike", "FAIL"), at_gate("strong links kept", "FAIL")),
            sure("fidelity.pair_trends", above=0.02),
            sure("fidelity.c2st", above=0.75, of="estimate"),
            sure("utility.relative", below=0.6, of="estimate"),
        ),
    ),
    Oracle(
        number=8,
        name="shift of 0.5 deviations",
        plant=plants_on_looks.shifted_a_little,
        areas=("columns",),
        fault=True,
        must="The column found, alone and in its pairs.",
        populations=NUMBERS,
        checks=(
            at_gate("columns in place", "FAIL"),
            any_of(sure("fidelity.pair_trends", above=0.0), sure("fidelity.pair_trends.worst", above=0.0)),
        ),
    ),
    Oracle(
        number=8,
        name="shift of 100 deviations",
        plant=plants_on_looks.shifted_far,
        areas=("pairs",),
        fault=True,
        must="The column found, alone and in its pairs, and worse than a small shift.",
        populations=NUMBERS,
        beside=plants_on_looks.shifted_a_little,
        checks=(
            at_gate("worst column", "FAIL"),
            at_gate("columns in place", "FAIL"),
            at_gate("pairs alike", "FAIL"),
            worse_than_beside("fidelity.column_shapes", 0.02),
            worse_than_beside("fidelity.pair_trends", 0.05),
            worse_than_beside("fidelity.wasserstein", 0.1),
        ),
    ),
    Oracle(
        number=9,
        name="one absurd row",
        plant=plants_on_looks.one_absurd_row,
        areas=("columns", "pairs", "copies"),
        fault=False,
        must="No figure but those of ranges moves by more than a few rows.",
        populations=NUMBERS,
        beside=planting.fresh,
        checks=(
            steady(COUNTED, 20),
            *SHAPES_HOLD,
            *NO_COPIES_SEEN,
        ),
    ),
    Oracle(
        number=10,
        name="disjoint labels",
        plant=plants_on_looks.labels_renamed,
        areas=("columns",),
        fault=True,
        must="A distance of 1 for the columns with other labels.",
        populations=LABELS,
        checks=(
            sure("fidelity.column_shapes.worst", above=0.99, of="estimate"),
            sure("fidelity.pair_trends.worst", above=0.99, of="estimate"),
            at_gate("worst column", "FAIL"),
        ),
    ),
    Oracle(
        number=11,
        name="target reversed",
        plant=plants_on_looks.target_flipped,
        areas=("utility", "pairs", "joint"),
        fault=True,
        must="Columns hold; a model learns the mirror image, which pencil and paper give.",
        checks=(
            *SHAPES_HOLD,
            at_gate("useful", "FAIL"),
            mirrored(0.1),
        ),
    ),
    Oracle(
        number=11,
        name="30 % of targets dealt anew",
        plant=plants_on_looks.target_noisy,
        areas=("utility", "pairs", "joint"),
        fault=True,
        least=3_000,
        must="Columns hold; a model learns less.",
        checks=(
            *SHAPES_HOLD,
            sure("utility.tstr", below=0.0),
        ),
    ),
    Oracle(
        number=12,
        name="exclusive or lost",
        plant=plants_on_looks.exclusive_or,
        reference=plants_on_looks.exclusive_or_kept,
        areas=("joint", "triples"),
        fault=True,
        least=2_000,
        must="Pairs hold; what needs three columns at once is found.",
        checks=(
            at_gate("pairs alike", "PASS", "UNDECIDED"),
            at_gate("triples alike", "FAIL"),
            sure("fidelity.triples.lost", above=0.05),
        ),
    ),
    Oracle(
        number=17,
        name="missing in the wrong rows",
        plant=plants_on_looks.missing_in_the_wrong_rows,
        reference=plants_on_looks.missing_at_random,
        areas=("pairs", "joint"),
        fault=True,
        must="The rates hold, the pairs do not.",
        checks=(
            at_gate("missing values", "PASS", "UNDECIDED"),
            at_gate("missing in the right rows", "FAIL"),
            sure("fidelity.pair_trends.worst", above=0.03),
            sure("fidelity.missing_patterns.worst", above=0.03),
        ),
    ),
    Oracle(
        number=17,
        name="odd columns",
        plant=plants_on_looks.odd_columns,
        reference=None,
        areas=(),
        fault=False,
        must="Nothing breaks, nothing is lost without a reason, and no fault is found.",
        checks=(complete(), overall("PASS", "UNDECIDED")),
    ),
    Oracle(
        number=17,
        name="ten thousand labels",
        plant=plants_on_looks.ten_thousand_labels,
        reference=None,
        areas=(),
        fault=False,
        must="Nothing breaks, and fresh rows are as far from train as other fresh rows.",
        checks=(
            *SHAPES_HOLD,
            at_gate("pairs alike", "PASS", "UNDECIDED"),
            no_surer("fidelity.c2st", above=0.03),
            no_surer("fidelity.c2st", below=-0.03),
        ),
    ),
    Oracle(
        number=17,
        name="a single row",
        plant=plants_on_looks.a_single_row,
        reference=None,
        areas=(),
        fault=False,
        must="Nothing breaks, nothing is lost without a reason, nothing is certified.",
        checks=(
            complete(),
            overall("UNDECIDED", "FAIL"),
        ),
    ),
    Oracle(
        number=21,
        name="train as its own addition",
        plant=plants_on_copies.copied,
        areas=("augmentation",),
        fault=False,
        must="No gain claimed for adding copies of what is there.",
        least=2_000,
        checks=(no_surer("utility.tatr", above=0.01),),
    ),
    Oracle(
        number=22,
        name="minority thinned",
        plant=plants_on_looks.minority_thinned,
        areas=("columns", "bias"),
        fault=True,
        must="The group's loss found, while the overall score stays high.",
        populations=LABELS,
        checks=(
            sure("fidelity.quality", above=0.8, of="estimate"),
            any_of(sure("bias.representation", below=-0.3), sure("fidelity.column_shapes.worst", above=0.02)),
        ),
    ),
)
