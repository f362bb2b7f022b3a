"""Keys and reviewers made up for the tests of reviews."""

from __future__ import annotations

import numpy as np

from synthwright.review.sheet import ReviewKey, RowKey, Stratum
from synthwright.review.verdicts import Answers


def key_of(taken, sizes, *, planted=24, good=0, seed=0):
    """A key with `taken` sampled rows of strata of `sizes` rows, then planted ones, then good ones."""
    rows = [
        RowKey(kind="sampled", position=len(taken) * at + of, stratum=of, probability=count / size)
        for of, (count, size) in enumerate(zip(taken, sizes, strict=True))
        for at in range(count)
    ]
    rows += [RowKey(kind="planted", why="wrong")] * planted + [RowKey(kind="good")] * good
    strata = tuple(Stratum(f"stratum {at}", size) for at, size in enumerate(sizes))
    return ReviewKey(run="rows", seed=seed, rows=tuple(rows), strata=strata)


def reviewer(key, truth, rng, *, sensitivity=1.0, specificity=1.0, name="ann"):
    """Answers of somebody who calls bad rows bad with one chance and good rows good with another.

    ``truth[s]`` is the share of bad rows in stratum s.
    """
    words = {}
    for at, row in enumerate(key.rows):
        bad = row.kind == "planted" or (row.kind == "sampled" and rng.random() < truth[row.stratum])
        called = rng.random() < (sensitivity if bad else 1 - specificity)
        words[at] = "bad" if called else "good"
    return Answers(reviewer=name, words=words)


def said(key, *, planted="bad", sampled="good", name="ann"):
    """Answers by kind of row."""
    word = {"planted": planted, "sampled": sampled, "good": "good"}
    return Answers(reviewer=name, words={at: word[row.kind] for at, row in enumerate(key.rows)})


def rng_of(seed):
    return np.random.default_rng(seed)
