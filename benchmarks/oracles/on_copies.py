"""Planted tables for copies, distances and disclosure, with what has to be said about each."""

from __future__ import annotations

import plants_on_copies
from checks import NO_COPIES_SEEN, SHAPES_HOLD, any_of, at_gate, confounded, no_surer, sure
from oracle import LABELS, NUMBERS, Oracle

__all__ = ["ON_COPIES"]

AS_NEAR_TO_BOTH = (no_surer("privacy.dcr_share", above=0.03), no_surer("privacy.dcr_share", below=-0.03))
SEEN_AS_COPIES = any_of(
    at_gate("no copies", "FAIL"),
    at_gate("no near copies", "FAIL"),
    sure("privacy.partial_copies", above=0.01),
    sure("privacy.rounded_copies", above=0.01),
)

ON_COPIES = (
    Oracle(
        number=2,
        name="exact copy",
        plant=plants_on_copies.copied,
        areas=("copies",),
        fault=True,
        must="Fidelity at its ceiling, copies found.",
        checks=(
            *SHAPES_HOLD,
            at_gate("pairs alike", "PASS"),
            at_gate("no copies", "FAIL"),
            at_gate("no near copies", "FAIL"),
        ),
    ),
    Oracle(
        number=3,
        name="1 % copies",
        plant=plants_on_copies.one_in_a_hundred_copied,
        areas=("copies",),
        fault=True,
        least=2_000,
        must="Copies found, although the share of rows nearer to train is close to one half.",
        checks=(
            at_gate("no copies", "FAIL"),
            no_surer("privacy.dcr_share", above=0.55, of="estimate"),
        ),
    ),
    Oracle(
        number=4,
        name="copies with jitter",
        plant=plants_on_copies.copied_with_jitter,
        areas=("copies",),
        fault=True,
        must="Copies found by nearness, not by equality.",
        checks=(SEEN_AS_COPIES,),
    ),
    Oracle(
        number=4,
        name="copies but for one column",
        plant=plants_on_copies.copied_but_for_one_column,
        areas=("copies",),
        fault=True,
        must="Copies found in the other columns.",
        checks=(SEEN_AS_COPIES,),
    ),
    Oracle(
        number=5,
        name="outliers copied",
        plant=plants_on_copies.outliers_copied,
        areas=("copies",),
        fault=True,
        least=3_000,
        must="Copies found, although 99.5 % of the rows are fresh.",
        checks=(SEEN_AS_COPIES,),
    ),
    Oracle(
        number=13,
        name="independent secret",
        plant=plants_on_copies.secret_independent,
        reference=None,
        areas=("attribute",),
        fault=False,
        must="No disclosure is claimed.",
        checks=(
            *NO_COPIES_SEEN,
            no_surer("privacy.membership", above=0.53, of="estimate"),
        ),
    ),
    Oracle(
        number=14,
        name="negative secret copied",
        plant=plants_on_copies.negative_secret_copied,
        reference=plants_on_copies.negative_secret,
        areas=("attribute",),
        fault=True,
        must="Disclosure found, whatever the sign of the numbers.",
        checks=(
            sure("privacy.exact_copies", above=0.5),
            at_gate("no copies", "FAIL"),
        ),
    ),
    Oracle(
        number=15,
        name="train twice the holdout",
        plant=plants_on_copies.train_twice_as_large,
        areas=("copies",),
        fault=False,
        must="Nearer to train as often as to the holdout, sizes allowed for.",
        checks=(
            *NO_COPIES_SEEN,
            *AS_NEAR_TO_BOTH,
        ),
    ),
    Oracle(
        number=15,
        name="outlier in the holdout",
        plant=plants_on_copies.outlier_in_the_holdout,
        areas=("copies",),
        fault=False,
        must="As if it were not there.",
        populations=NUMBERS,
        checks=(
            *NO_COPIES_SEEN,
            *AS_NEAR_TO_BOTH,
        ),
    ),
    Oracle(
        number=15,
        name="outlier in train",
        plant=plants_on_copies.outlier_in_train,
        areas=("copies",),
        fault=False,
        must="As if it were not there.",
        populations=NUMBERS,
        checks=(
            *NO_COPIES_SEEN,
            *AS_NEAR_TO_BOTH,
        ),
    ),
    Oracle(
        number=16,
        name="few coarse columns",
        plant=plants_on_copies.few_coarse_columns,
        reference=None,
        areas=("copies",),
        fault=False,
        must="Rows that equal by chance are no copies.",
        populations=LABELS,
        checks=(
            *NO_COPIES_SEEN,
            sure("privacy.exact_copies", above=0.3, of="estimate"),
        ),
    ),
    Oracle(
        number=20,
        name="addresses kept",
        plant=plants_on_copies.addresses_kept,
        reference=plants_on_copies.new_addresses,
        areas=("copies",),
        fault=True,
        must="The kept addresses found.",
        checks=(any_of(SEEN_AS_COPIES, sure("privacy.kept_identifiers", above=0.01)),),
    ),
    Oracle(
        number=25,
        name="other months",
        plant=plants_on_copies.other_months,
        areas=("copies",),
        fault=False,
        must="'Confounded' instead of leakage.",
        checks=(confounded("privacy.membership"), *NO_COPIES_SEEN),
    ),
    Oracle(
        number=25,
        name="other months in coarse columns",
        plant=plants_on_copies.few_coarse_columns_of_other_months,
        reference=None,
        areas=("copies",),
        fault=False,
        must="'Confounded' instead of leakage.",
        checks=(confounded("privacy.membership"), *NO_COPIES_SEEN),
        populations=LABELS,
    ),
)
