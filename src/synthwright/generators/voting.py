"""The label of a new row: the one that most of the neighbours have (Chawla et al. 2002, 6.1)."""

from __future__ import annotations

import numpy as np

__all__ = ["voted"]


def voted(
    codes: np.ndarray, partners: np.ndarray, slot: np.ndarray, ends: np.ndarray, along: np.ndarray, ties: np.ndarray
) -> np.ndarray:
    """For each new row the position of a row whose label it takes.

    `codes` (n,) are the labels of all rows, -1 missing; `partners` (m, k) the neighbours of each base, of which `slot`
    names one per new row; `ends` (r, 2) the rows it lies between, at `along`; `ties` (r,) uniforms in [0, 1).

    The nearer end decides whether the label is missing, so that gaps stay as frequent as they are; of the labels that
    are there the most frequent among the neighbours wins, of equally frequent ones any with equal chance.
    """
    near = np.where(np.abs(along) < 0.5, ends[:, 0], ends[:, 1])
    chosen, count = _winners(codes[partners])
    which = (ties * np.maximum(count[slot], 1)).astype(np.int64)
    winner = partners[slot, chosen[slot, which]]
    return np.where((codes[near] < 0) | (count[slot] == 0), near, winner)


def _winners(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The columns of `labels` (m, k) that hold a most frequent label for the first time, in front, and their number."""
    rows, k = labels.shape
    votes = np.zeros((rows, k), np.int64)
    first = labels >= 0
    for column in range(k):
        same = labels == labels[:, [column]]
        votes[:, column] = same.sum(axis=1)
        first[:, column] &= ~same[:, :column].any(axis=1)
    votes = np.where(first, votes, 0)
    wins = first & (votes == votes.max(axis=1, keepdims=True))
    return np.argsort(~wins, axis=1, kind="stable"), wins.sum(axis=1)
