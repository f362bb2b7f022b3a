"""A keyed permutation of row numbers: distinct rows get distinct numbers that look like drawn ones."""

from __future__ import annotations

import numpy as np

from synthwright.data.hashing import mix

__all__ = ["permuted"]

_ROUNDS = 6  # of a balanced Feistel network; four make it pseudorandom (Luby and Rackoff 1988), two are margin


def permuted(numbers: np.ndarray, size: int, key: int) -> np.ndarray:
    """Position of each of `numbers` (uint64, below `size`) in a permutation of ``range(size)`` that `key` picks.

    A Feistel network on the next even number of bits; what falls outside ``range(size)`` is sent through it again
    until it falls inside (Black and Rogaway 2002, cycle walking), which takes four goes on average at most.
    """
    half = max(1, (max(size - 1, 1).bit_length() + 1) // 2)
    out = _feistel(numbers.astype(np.uint64), np.uint64(half), key)
    while (outside := out >= np.uint64(size)).any():
        out[outside] = _feistel(out[outside], np.uint64(half), key)
    return out


def _feistel(values: np.ndarray, half: np.uint64, key: int) -> np.ndarray:
    mask = (np.uint64(1) << half) - np.uint64(1)
    left, right = values >> half, values & mask
    for step in range(_ROUNDS):
        salt = np.uint64((key + (step + 1) * 0x9E3779B97F4A7C15) % 2**64)
        left, right = right, left ^ (mix(right + salt) & mask)
    return np.asarray((left << half) | right)
