"""Which rows an epoch holds: exact counts by schedule, every row in turn, the same from any process."""

import sys
import warnings
from collections import Counter

import numpy as np
import pytest

from synthwright.errors import BadInput, UsageError
from synthwright.training import Constant, Interleaved, Ramp, Schedule, Shares, SourceAwareSampler, SyntheticFirst

REAL, MADE = 10, 25
SOURCE = ["real"] * REAL + ["tabular.smote"] * MADE


def sampler(schedule=0.5, epochs=6, source=SOURCE, **settings):
    return SourceAwareSampler(source, schedule=schedule, epochs=epochs, **{"batch_size": 4} | settings)


def drawn(one, epoch):
    return np.concatenate(list(one.batches(epoch)))


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (0.3, [3, 3, 3, 3, 3, 3]),
        (Constant(value=1), [10] * 6),
        (SyntheticFirst(), [10, 10, 10, 0, 0, 0]),
        (SyntheticFirst(first=1, then=0.25), [10, 3, 3, 3, 3, 3]),  # 2.5 rows, halves up
        (Ramp(), [10, 8, 6, 4, 2, 0]),
        (Ramp(start=0, end=0.5, first=1, last=3), [0, 0, 3, 5, 5, 5]),
        (Ramp(shape="cosine"), [10, 9, 7, 3, 1, 0]),  # (1 + cos(pi t)) / 2 at t = .2: .905; at .4: .655
        (Interleaved(unit="epoch", synthetic=2), [10, 10, 0, 10, 10, 0]),
        ([1, 0.5, 0.1], [10, 5, 1, 1, 1, 1]),
        (np.array([0.7]), [7] * 6),  # .7 * 10 is 6.999... in floating point
    ],
)
def test_every_epoch_holds_exactly_its_share(schedule, expected):
    one = sampler(schedule)
    for epoch, count in enumerate(expected):
        rows = drawn(one, epoch)
        assert len(rows) == one.rows_per_epoch == REAL
        assert (rows >= REAL).sum() == count == one.counts(epoch).sum()
        assert one.share(epoch) == count / REAL


def test_batches_hold_their_share_to_less_than_a_row():
    one = sampler(0.37, rows_per_epoch=1_003, batch_size=16)
    off = [(rows >= REAL).sum() - 0.37 * len(rows) for rows in one.batches(0)]
    assert len(off) == len(one) == 63
    assert max(map(abs, off)) < 1
    assert one.counts(0).sum() == 371


def test_interleaved_batches_are_of_one_kind_and_take_turns_across_epochs():
    one = sampler(Interleaved(synthetic=1, real=1), rows_per_epoch=12)
    kinds = [[set((rows >= REAL).tolist()) for rows in one.batches(epoch)] for epoch in range(2)]
    assert kinds == [[{True}, {False}, {True}], [{False}, {True}, {False}]]
    assert [one.share(epoch) for epoch in range(2)] == [2 / 3, 1 / 3]


def test_at_any_time_rows_of_a_kind_have_come_up_equally_often_or_once_more():
    one = sampler(Ramp(), epochs=40)
    seen = Counter()
    for epoch in range(40):
        seen.update(drawn(one, epoch).tolist())
        for kind in (range(REAL), range(REAL, REAL + MADE)):
            counts = [seen[row] for row in kind]
            assert max(counts) - min(counts) <= 1


def test_real_rows_alone_are_one_pass_per_epoch():
    assert sorted(drawn(sampler(0.0), 3)) == list(range(REAL))


def test_an_epoch_depends_on_seed_and_epoch_alone():
    one, other = sampler(Ramp(), seed=3), sampler(Ramp(), seed=3)
    for epoch in (4, 0, 2):
        drawn(other, epoch)  # in another order: it leaves no trace
    for epoch in range(6):
        assert drawn(one, epoch).tolist() == drawn(other, epoch).tolist()
    assert drawn(one, 2).tolist() != drawn(sampler(Ramp(), seed=4), 2).tolist()
    assert drawn(one, 2).tolist() != drawn(one, 3).tolist()


def test_every_pass_is_shuffled_anew():
    """Who shares a batch with whom, and where in it real and synthetic rows stand, is another thing in each epoch."""
    alone, mixed = sampler(0.0, epochs=20), sampler(0.5, epochs=20, batch_size=10)
    together = {frozenset(next(iter(alone.batches(epoch))).tolist()) for epoch in range(20)}
    assert len(together) > 10
    places = {tuple((drawn(mixed, epoch) >= REAL).tolist()) for epoch in range(20)}
    assert len(places) > 10


def test_known_rows_of_a_known_seed():
    """The rows of one epoch, written down: what an epoch holds is a promise to whoever repeats a training."""
    assert drawn(sampler(0.5, seed=1), 0).tolist() == [16, 9, 0, 29, 4, 6, 22, 34, 25, 7]


def test_iterating_gives_the_epoch_set_and_warns_when_it_stands_still():
    one = sampler(SyntheticFirst())
    assert (np.concatenate(list(one)) >= REAL).all()
    with pytest.warns(UserWarning, match=r"call set_epoch\(epoch\) before each one"):
        list(one)
    one.set_epoch(5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (np.concatenate(list(one)) < REAL).all()


def test_an_epoch_without_a_last_short_batch_has_exact_counts_too():
    one = sampler(0.5, drop_last=True)
    assert one.rows_per_epoch == 8
    assert [len(rows) for rows in one.batches(0)] == [4, 4]
    assert one.counts(0).tolist() == [2, 2]


def test_weights_count_as_the_epoch_does():
    """10 real and 25 synthetic rows at one fifth: the synthetic ones weigh 2 / 25 each, the real ones 8 / 10."""
    one = sampler(Shares(values=(0.2, 0)))
    assert np.unique(one.weights(0)).tolist() == [0.08, 0.8]
    assert one.weights().sum() == pytest.approx(REAL)
    assert one.weights(1).tolist() == [1.0] * REAL + [0.0] * MADE


def test_a_schedule_of_ones_own_is_checked_where_it_is_used():
    class Odd(Schedule):
        def share(self, epoch, epochs):
            return 2.0

    class Full(Schedule):
        def share(self, epoch, epochs):
            return 1.0

        def counts(self, sizes, epoch, epochs):
            return sizes + 1

    with pytest.raises(UsageError, match=r"\(epoch 0\) is no number from 0 to 1"):
        sampler(Odd())
    with pytest.raises(UsageError, match="don't fit the batches of epoch 0"):
        sampler(Full())


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda: sampler(1.5), UsageError, "from 0 to 1"),
        (lambda: sampler(float("nan")), UsageError, "from 0 to 1"),
        (lambda: sampler([]), UsageError, "at least one"),
        (lambda: sampler([0.5, "x"]), UsageError, "epoch 1"),
        (lambda: sampler("ramp"), UsageError, "is no schedule"),
        (lambda: sampler(None), UsageError, "is no schedule"),
        (lambda: sampler(epochs=0), UsageError, "epochs is no whole number"),
        (lambda: sampler(epochs=True), UsageError, "epochs is no whole number"),
        (lambda: sampler(batch_size=2.5), UsageError, "batch_size is no whole number"),
        (lambda: sampler(rows_per_epoch=-1), UsageError, "rows_per_epoch is no whole number"),
        (lambda: sampler(batch_size=11, drop_last=True), UsageError, "no whole batch"),
        (lambda: sampler(SyntheticFirst(first=6)), UsageError, "No epoch is left for the real rows"),
        (lambda: SyntheticFirst(first=-1), UsageError, "first for -1 epochs"),
        (lambda: Ramp(shape="square"), UsageError, "no ramp called"),
        (lambda: Ramp(first=3, last=3), UsageError, "ends after it began"),
        (lambda: Interleaved(real=0), UsageError, "at least one unit"),
        (lambda: sampler().set_epoch(6), UsageError, "Epochs count from 0 to 5"),
        (lambda: sampler().share(-1), UsageError, "no epoch -1"),
        (lambda: sampler(source=[True] * 5), BadInput, "no real rows"),
        (lambda: sampler(source=[False] * 5, schedule=[0, 1]), BadInput, "Epoch 1 takes 5"),
    ],
)
def test_what_can_t_be_sampled_is_refused_with_what_was_found(call, kind, says):
    with pytest.raises(kind, match=says):
        call()


def test_sampling_loads_no_torch(subprocess_says):
    script = "import sys; from synthwright.training import SourceAwareSampler as S; list(S([0, 1], epochs=1)); "
    script += "print('torch' in sys.modules)"
    assert subprocess_says(sys.executable, "-c", script) == "False"
