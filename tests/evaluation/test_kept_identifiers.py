"""Identifiers and free text of train beside rows that may be fresh."""

import numpy as np
import pytest

import synthwright as sw

NAME = "privacy.kept_identifiers"
SCHEMA = sw.Schema(
    (
        sw.Column(name="email", kind="id"),
        sw.Column(name="note", kind="text"),
        sw.Column(name="x", kind="float"),
    )
)


def people(rows, first, rng):
    """Fresh numbers, and addresses that nobody else has."""
    return {
        "email": [f"p{at}@example.org" for at in range(first, first + rows)],
        "note": [f"note number {at} is long enough" for at in range(first, first + rows)],
        "x": rng.normal(size=rows),
    }


def judged(made, *, holdout=True):
    rng = np.random.default_rng(1)
    train, unseen = people(2_000, 0, rng), people(600, 2_000, rng)
    report = sw.evaluate(
        train=train, synthetic=made, holdout=unseen if holdout else None, schema=SCHEMA, metrics=[NAME]
    )
    gate = next(one for one in report.verdict.gates if one.gate == "no identifiers kept")
    return report[NAME], gate.verdict


@pytest.mark.parametrize("holdout", [True, False])
def test_made_up_addresses_keep_the_bound(holdout):
    kept, verdict = judged(people(2_000, 9_000, np.random.default_rng(2)), holdout=holdout)
    assert kept.estimate.value == 0
    assert verdict == "PASS"


@pytest.mark.parametrize("holdout", [True, False])
@pytest.mark.parametrize("column", ["email", "note"])
def test_one_kept_column_beside_fresh_rows_breaks_it(column, holdout):
    made = people(2_000, 9_000, np.random.default_rng(2))
    made[column] = people(2_000, 0, np.random.default_rng(2))[column]
    kept, verdict = judged(made, holdout=holdout)
    assert kept.excess.value == 1
    assert kept.parts[column].value == 1
    assert verdict == "FAIL"


def test_one_kept_address_in_a_hundred_is_seen():
    made = people(2_000, 9_000, np.random.default_rng(2))
    made["email"][:20] = people(20, 0, np.random.default_rng(2))["email"]
    kept, verdict = judged(made)
    assert kept.excess.value == pytest.approx(0.01)
    assert verdict == "FAIL"


def test_running_numbers_coincide_by_chance():
    """Numbers from 0 on are in train and holdout in proportion to their sizes."""
    rng = np.random.default_rng(3)
    order = rng.permutation(2_600)
    schema = sw.Schema((sw.Column(name="row", kind="id"), sw.Column(name="x", kind="float")))
    parts = [
        {"row": rows, "x": rng.normal(size=len(rows))} for rows in (order[:2_000], np.arange(2_000), order[2_000:])
    ]
    report = sw.evaluate(train=parts[0], synthetic=parts[1], holdout=parts[2], schema=schema, metrics=[NAME])
    assert report[NAME].estimate.value > 0.7
    assert report[NAME].excess.low < 0 < report[NAME].excess.high


def test_empty_cells_name_nobody():
    rng = np.random.default_rng(4)
    made = people(2_000, 9_000, rng)
    made["email"] = [None] * 2_000
    train = people(2_000, 0, rng)
    train["email"][7] = None
    report = sw.evaluate(train=train, synthetic=made, schema=SCHEMA, metrics=[NAME])
    assert report[NAME].estimate.value == 0
    assert report[NAME].excess.value == 0


def test_tables_without_such_columns_are_not_asked():
    rng = np.random.default_rng(5)
    report = sw.evaluate(train={"x": rng.normal(size=50)}, synthetic={"x": rng.normal(size=50)}, metrics=[NAME])
    assert NAME in report.evaluation.not_measured
    assert "no identifiers kept" in report.verdict.not_measured
