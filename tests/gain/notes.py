"""Short texts as the subject of a gain experiment: no table anywhere, and a learner that counts words."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from synthwright.errors import BadInput
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.roc import auc_influence
from synthwright.pipeline.gain.arms import DUPLICATES

WORDS = tuple(f"word{number}" for number in range(40))


@dataclass(frozen=True)
class Notes:
    """Texts and whether each is praise."""

    texts: tuple[str, ...]
    praise: tuple[bool, ...]

    def __len__(self):
        return len(self.texts)

    def digest(self):
        return hashlib.sha256(repr((self.texts, self.praise)).encode()).hexdigest()

    def take(self, rows):
        return Notes(tuple(self.texts[at] for at in rows), tuple(self.praise[at] for at in rows))

    def __add__(self, other):
        return Notes(self.texts + other.texts, self.praise + other.praise)


def written(count, seed):
    """Every word leans a little towards praise or away from it; a text has eight of them."""
    rng = np.random.default_rng(seed)
    lean = np.linspace(-1, 1, len(WORDS))
    picked = rng.integers(len(WORDS), size=(count, 8))
    praise = lean[picked].sum(axis=1) + rng.normal(size=count) > 0
    return Notes(tuple(" ".join(WORDS[at] for at in row) for row in picked), tuple(bool(one) for one in praise))


def counts(texts):
    return np.array([[text.split().count(word) for word in WORDS] for text in texts], dtype=float)


@dataclass(frozen=True)
class Praise:
    """The test texts: the area under the curve of the chance that they are praise."""

    truth: np.ndarray
    n_real: int
    headline: str = "auc"

    def scores(self, made):
        area, moves = auc_influence(made[:, 1], self.truth)
        return {"auc": Figure(area, {"holdout": moves})}

    def parts(self, made):
        return {}

    def without_skill(self):
        return self.scores(np.full((len(self.truth), 2), 0.5))


@dataclass(frozen=True)
class NotesSubject:
    """The odds of each word (naive Bayes), and how the texts are split."""

    seed: int = 0

    def bench(self, train, test):
        return Praise(np.array(test.praise), len(train))

    def inner(self, train, seed):
        order = np.random.default_rng(self.seed + seed).permutation(len(train))
        cut = 3 * len(train) // 4
        return train.take(order[:cut]), train.take(order[cut:])

    def admitted(self, arm, train, holdout):
        if arm.rows is not None and set(arm.rows.texts) & set(holdout.texts):
            raise BadInput(f"{arm.name} holds texts of the holdout.")
        return arm

    def controls(self, arms, bench):
        return (DUPLICATES,)

    def balance(self, train):
        return 0.0

    def fitted(self, arm, train, context):
        raise AssertionError("no arm draws")

    def made(self, arm, train, count, context, model):
        if arm.rows is not None:
            return arm.rows.take(range(min(count, len(arm.rows))))
        return train.take(np.arange(max(count, 1)) % len(train))

    def dealt(self, made, count, context):
        return replace(made, praise=made.praise[::-1])

    def predicted(self, train, made, test, wanted, draw):
        for blend, _ in wanted:
            parts, at = blend.part
            real = train.take(np.arange(at, len(train), parts)) if blend.real else train.take([])
            both = real + made.take(range(round(blend.ratio * len(train))))
            X, y = counts(both.texts), np.array(both.praise)
            odds = np.log(X[y].sum(axis=0) + 1) - np.log(X[~y].sum(axis=0) + 1)
            chance = 1 / (1 + np.exp(-counts(test.texts) @ odds))
            yield np.column_stack([1 - chance, chance])

    def told(self, records):
        return records.digest()
