"""How likely columns that know nothing of one another would obey a rule in every row, given each column's values.

All chances are those of a random permutation: the values of each column stay, which row they stand in is drawn. They
are natural logarithms, because the chance that 10,000 rows obey is often below the smallest number.
"""

from __future__ import annotations

import numpy as np

__all__ = ["dependent", "exclusive", "implied", "matching", "no_repeats", "ordered", "rarely_broken"]

_BROKEN_SHARE = 0.01  # of the rows: a rule on one column that fewer rows break is not told from one that none breaks


def ordered(low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
    """The log chance of ``low <= high`` in every row, and the share of rows that one pair of cells obeys by chance.

    The largest of `low` has to meet one of the values of `high` that are not below it, the next one of those left, and
    so on: the number of such permutations is a product.
    """
    n = len(low)
    upper = np.sort(high)
    fitting = n - np.searchsorted(upper, np.sort(low)[::-1], side="left")
    taken = np.arange(n)
    log = np.log(np.maximum(fitting - taken, 1)).sum() - np.log(n - taken).sum()
    return float(min(log, 0.0)), float(fitting.sum() / n**2)


def matching(counts: np.ndarray) -> float:
    """The log chance that a column with these counts of equal values meets a given column of the same values."""
    from scipy.special import gammaln

    return float(gammaln(counts + 1.0).sum() - gammaln(counts.sum() + 1.0))


def dependent(groups: int, counts: np.ndarray) -> float:
    """At most this is the log chance that a column with these counts of values is constant in each of `groups` groups.

    Each way to give every group a value fixes the column, and there are at most ``len(counts) ** groups`` such ways.
    """
    return min(groups * float(np.log(max(len(counts), 1))) + matching(counts), 0.0)


def implied(rows: np.ndarray, having: np.ndarray, both: np.ndarray) -> np.ndarray:
    """The log chance that `both` rows drawn from `rows` all lie among the `having`: hypergeometric."""
    from scipy.special import gammaln

    log = gammaln(rows - both + 1.0) - gammaln(rows + 1.0) + gammaln(having + 1.0) - gammaln(having - both + 1.0)
    return np.asarray(np.minimum(log, 0.0))


def exclusive(rows: int, counts: np.ndarray) -> float:
    """The log chance that marks in `counts` of the rows, column by column, meet every row exactly once."""
    from scipy.special import gammaln

    every = gammaln(rows + 1.0) - gammaln(counts + 1.0) - gammaln(rows - counts + 1.0)
    return float(min(gammaln(rows + 1.0) - gammaln(counts + 1.0).sum() - every.sum(), 0.0))


def no_repeats(rows: int, share: float) -> float:
    """The log chance that no two of `rows` rows agree, if any two do with chance `share` (Poisson)."""
    return -0.5 * rows * (rows - 1.0) * share


def rarely_broken(rows: int) -> float:
    """The log chance to see none in `rows` rows of what one row in a hundred does."""
    return float(rows * np.log1p(-_BROKEN_SHARE))
