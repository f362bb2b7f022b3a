"""Members are told from non-members where something was learnt by heart, and not where nothing was."""

import numpy as np
import pyarrow as pa
import pytest
from planted_learnable import binary, changed, joined, mixed, told

from synthwright.data.schema import Column, Schema
from synthwright.data.splitting import split
from synthwright.data.table import Table
from synthwright.evaluation._neighbours.attacks import attacked, candidates, radii_with_copy, scores_of
from synthwright.evaluation._neighbours.crossfit import Half, area, chosen_elsewhere, odds, rate, rate_at
from synthwright.evaluation._neighbours.exchanging import confounded
from synthwright.evaluation._neighbours.planting import smallest_share
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Skipped
from synthwright.evaluation.privacy.exchangeable import Exchangeable
from synthwright.evaluation.privacy.membership import Membership
from synthwright.gates.judging import judge
from synthwright.gates.presets import load_gates
from synthwright.matching.nearest import nearest
from synthwright.matching.ruler import Ruler
from synthwright.seeding import Streams

TRAIN, HOLDOUT, FRESH = mixed(4_000, 11), mixed(2_000, 12), mixed(4_000, 13)
AREA, RATE, OUTLIERS, OUTLYING = Membership.info.measures


def found(train, synthetic, holdout, seed=0):
    return told(Membership(), train, synthetic, holdout, seed=seed)


def moved(table, seed, share=1e-4):
    """Every number moved a little, so that no cell is equal."""
    rng = np.random.default_rng(seed)
    names = [column.name for column in table.schema if column.kind == "float"]
    return changed(table, **{name: table.numbers(name) * (1 + share * rng.normal(size=len(table))) for name in names})


def halves(members, others):
    return [{name: Half(*scores) for name, scores in half.items()} for half in (members, others)]


def test_the_rate_at_each_rank_by_hand():
    """Of non-members 3.5, 2.5, 0.5 the first is exceeded by 1/4 of further ones and by one of four members."""
    half = Half(np.array([4.0, 3.0, 2.0, 1.0]), np.array([0.5, 2.5, 3.5]))
    assert [rate_at(half, share) for share in (0, 0.25, 0.5, 0.75, 1)] == [0, 0.25, 0.5, 1, 1]
    assert rate_at(half, 0.01) == pytest.approx(0.01)


def test_equal_scores_recognise_nobody():
    half = Half(np.ones(50), np.ones(7))
    assert rate_at(half, 0.01) == pytest.approx(0.01)
    assert area(half)[0] == 0.5


@pytest.mark.parametrize("n", [60, 300])
def test_the_rate_of_guessing_is_one_percent_at_every_size(n):
    """400 tables: the mean is .01 within 4 standard errors, and its 95 % interval misses at most 8 in 100."""
    rng = np.random.default_rng(n)
    rates = [rate([Half(rng.normal(size=2 * n), rng.normal(size=n)) for _ in range(2)]) for _ in range(400)]
    values = np.array([one.value for one in rates])
    assert abs(values.mean() - 0.01) < 4 * values.std() / 20
    assert np.mean([not one.low <= 0.01 <= one.high for one in rates]) <= 0.08


def test_the_bound_of_epsilon_by_hand():
    """1,000 of 1,000 members, none of 1,000 others: log(.99632 / .003682) = 5.6, the most that so few can show."""
    assert odds(1_000, 1_000, 0, 1_000) == pytest.approx(5.6005, abs=1e-3)
    assert odds(10, 1_000, 10, 1_000) == 0


def test_both_attacks_by_hand():
    near, apart = np.array([[1.0, 2.0, 4.0]]), np.array([[2.0, 4.0, 8.0]])
    assert scores_of("distance_difference", near, apart) == pytest.approx([1])
    assert scores_of("density_ratio", near, apart) == pytest.approx([np.log(2)], abs=1e-4)
    assert radii_with_copy(near)[0].tolist() == [2.0**-16, 1, 2]


def test_the_better_attack_is_chosen_where_it_is_not_judged():
    good, bad = (np.array([3.0, 4.0]), np.array([1.0, 2.0])), (np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    chosen = chosen_elsewhere(halves({"a": good, "b": bad}, {"a": bad, "b": good}), lambda half: area(half)[0])
    assert [area(half)[0] for half in chosen] == [0, 0]  # each did well on the other half only


def test_the_better_of_two_guesses_is_a_guess():
    """300 tables, standard error .002; the larger of both areas would be .512 in the mean."""
    rng = np.random.default_rng(1)

    def one():
        made = [{name: (rng.normal(size=200), rng.normal(size=200)) for name in "ab"} for _ in range(2)]
        return np.mean([area(half)[0] for half in chosen_elsewhere(halves(*made), lambda half: area(half)[0])])

    assert np.mean([one() for _ in range(300)]) == pytest.approx(0.5, abs=0.006)


def test_fresh_rows_raise_no_alarm():
    """Oracle 1."""
    results = found(TRAIN, FRESH, HOLDOUT)
    for name, chance in ((AREA, 0.5), (RATE, 0.01), (OUTLIERS, 0.5), (OUTLYING, 0.01)):
        one = results[name]
        assert one.estimate.low <= chance <= one.estimate.high
        assert one.excess.low <= 0 <= one.excess.high
    assert results[AREA].parts["epsilon_at_least"].value == 0
    assert results[AREA].baseline.value == pytest.approx(0.5, abs=0.04)


def test_a_full_copy_gives_every_member_away():
    """Oracle 2."""
    results = found(TRAIN, TRAIN.take(np.random.default_rng(0).permutation(4_000)), HOLDOUT)
    assert results[AREA].estimate.value > 0.99
    assert results[RATE].estimate.low > 0.9
    assert results[OUTLIERS].estimate.value > 0.99
    parts = results[AREA].parts
    assert parts["advantage"].low > 0.95
    assert 4 < parts["epsilon_at_least"].value <= parts["epsilon_ceiling"].value


def test_two_percent_of_moved_copies_are_recognised_though_the_area_looks_fine():
    """Oracles 3 and 4: the area moves by .01, within its interval; the rate doubles or more."""
    results = found(TRAIN, joined(FRESH.head(3_920), moved(TRAIN.head(80), 0)), HOLDOUT)
    assert results[AREA].estimate.high < 0.55
    assert results[RATE].estimate.low > 0.012
    assert results[RATE].detectable < 0.02


def extreme(table):
    """Minus how far each row lies from the middle."""
    return -np.nansum(np.stack([table.numbers(f"x{at}") ** 2 for at in range(3)]), axis=0)


def alone(table):
    """Minus how far each row lies from the next one."""
    points = Ruler.of(table).place(table)
    return -nearest(points, points, itself=np.arange(len(table))).distance[:, 0]


@pytest.mark.parametrize("kind", [extreme, alone])
def test_copies_of_the_outliers_alone_are_seen_among_outliers(kind):
    """Oracle 5: half a percent of 20,000 rows, each copied once among fresh ones."""
    train, holdout, fresh = mixed(20_000, 1), mixed(7_000, 2), mixed(20_000, 3)
    far = np.argsort(kind(train))[:100]
    results = found(train, joined(fresh.head(19_900), moved(train.take(far), 0)), holdout)
    assert results[AREA].estimate.high < 0.53
    assert results[OUTLYING].estimate.low > 0.03
    verdict = judge(_Told(tuple(results.values())), load_gates("default"), declared=["holdout"])
    assert verdict.risks[OUTLYING] == "high"


class _Told:
    def __init__(self, measurements):
        self.measurements, self.skipped = measurements, ()


@pytest.mark.parametrize("rows", [500, 1_000, 8_000])
def test_sizes_of_train_and_holdout_do_not_matter(rows):
    """Oracle 15."""
    results = found(TRAIN.head(2_000), FRESH.head(3_000), mixed(rows, 4))
    assert results[AREA].estimate.low <= 0.5 <= results[AREA].estimate.high
    assert results[RATE].estimate.low <= 0.01 <= results[RATE].estimate.high


def test_one_absurd_row_moves_nothing():
    """Oracle 15."""
    plain = found(TRAIN, FRESH, HOLDOUT)[AREA].estimate.value
    spoilt = changed(HOLDOUT, x0=np.append(HOLDOUT.numbers("x0")[:-1], 1e12))
    assert found(TRAIN, FRESH, spoilt)[AREA].estimate.value == pytest.approx(plain, abs=0.01)


def test_a_table_of_few_combinations_gives_nobody_away():
    """Oracle 16: every row is shared by many, whether the synthetic rows are fresh or train itself."""
    train = binary(1_000, 1)
    for made in (binary(1_000, 2), train):
        one = found(train, made, binary(1_000, 3))[AREA]
        assert one.estimate.low <= 0.5 <= one.estimate.high


def later(table, shift):
    """Another month: one number a little higher."""
    return changed(table, x0=table.numbers("x0") + shift)


def test_other_months_are_called_confounded_and_not_leakage():
    """Oracle 25: nothing was copied, yet the holdout lies elsewhere."""
    results = found(TRAIN, FRESH, later(HOLDOUT, 0.5))
    assert all(isinstance(one, Skipped) and one.reason.startswith("confounded") for one in results.values())
    (blind,) = told(Exchangeable(), TRAIN, FRESH, later(HOLDOUT, 0.5)).values()
    assert blind.estimate.low > 0.55


@pytest.mark.parametrize("seed", range(3))
def test_a_split_that_keeps_equal_rows_together_is_not_called_confounded(seed):
    """A third of the rows have twins; as they are, train and holdout have other records often."""
    table = joined(mixed(1_000, 1), mixed(500, 2), mixed(500, 2))
    train, holdout = split(table, holdout=0.25, seed=seed)
    assert confounded(Comparison(train, mixed(500, 3), holdout)) == ""
    (blind,) = told(Exchangeable(), train, mixed(500, 3), holdout).values()
    assert blind.estimate.low <= 0.5 <= blind.estimate.high


def test_rows_with_twins_are_no_targets():
    table = joined(mixed(200, 1), mixed(300, 2), mixed(300, 2))
    train, holdout = split(table, holdout=0.25, seed=0)
    comparison = Comparison(train, mixed(500, 3), holdout)
    kept = len(candidates(comparison, "train")), len(candidates(comparison, "holdout"))
    assert sum(kept) == 200
    assert min(kept) > 40


GROUPED = Schema((Column(name="who", kind="id", role="group"), *(Column(name=n, kind="float") for n in "xyz")))


def visits(groups, first, seed):
    """Twelve rows of each person, who lie close together."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(first, first + groups), 12)
    at = np.repeat(rng.normal(size=(3, groups)), 12, axis=1) + 0.05 * rng.normal(size=(3, 12 * groups))
    columns = {name: pa.array(at[k]) for k, name in enumerate("xyz")}
    return Table(GROUPED, pa.table({"who": pa.array([f"p{one}" for one in who]), **columns}))


def test_rows_of_one_person_are_set_aside_together():
    """Twelve tables: their other rows among the known ones would make non-members look known, an area of .2."""
    found_areas = [
        found(visits(120, 0, 3 * seed), visits(100, 500, 3 * seed + 1), visits(60, 900, 3 * seed + 2), seed)[AREA]
        for seed in range(12)
    ]
    assert sum(not one.estimate.low <= 0.5 <= one.estimate.high for one in found_areas) <= 3
    assert np.mean([one.holdout.value for one in found_areas]) == pytest.approx(0.5, abs=0.08)
    assert "epsilon_at_least" not in found_areas[0].parts


def test_few_groups_and_few_rows_are_skipped_with_the_number():
    few = found(visits(120, 0, 1), visits(100, 500, 2), visits(9, 900, 3))
    assert all("has 9" in one.reason for one in few.values())
    small = found(mixed(300, 1), mixed(300, 2), mixed(30, 3))
    assert all(isinstance(one, Skipped) and "20 rows" in one.reason for one in small.values())


def test_small_tables_are_told_the_area_and_why_there_is_no_rate():
    results = found(mixed(300, 1), mixed(300, 2), mixed(100, 3))
    assert results[AREA].estimate.low <= 0.5 <= results[AREA].estimate.high
    assert "1 in 100" in results[RATE].reason


def test_false_alarms_are_rare():
    """30 honest tables: 95 % intervals of area and rate miss 6 times or more in 1 % of seeds."""
    misses = np.zeros(2, int)
    for seed in range(30):
        tables = mixed(600, 3 * seed), mixed(600, 3 * seed + 1), mixed(300, 3 * seed + 2)
        attacked_once = found(*tables, seed)
        misses += [
            not attacked_once[name].estimate.low <= chance <= attacked_once[name].estimate.high
            for name, chance in ((AREA, 0.5), (RATE, 0.01))
        ]
    assert (misses < 6).all(), misses


def test_the_limit_of_detection_by_hand():
    """100 rows, at least five hits needed: a binomial count of mean 8.9 gives them in 95 of 100 plantings."""
    share = smallest_share(
        np.zeros(1_000),
        np.ones(1_000),
        rows=100,
        hit=lambda share: share,
        seen=lambda mean, _: mean > 0.045,
        noise=0.0,
        least=1e-4,
        streams=Streams(0),
    )
    assert share == pytest.approx(0.0894, rel=0.15)


def test_what_nothing_shows_has_no_limit_but_one():
    never = smallest_share(
        np.zeros(10),
        np.ones(10),
        rows=10,
        hit=lambda share: share,
        seen=lambda mean, _: mean > 2,
        noise=0.0,
        least=0.1,
        streams=Streams(0),
    )
    assert never == 1


def test_a_planted_share_at_the_limit_of_detection_is_found_nearly_always():
    """20 tables of 1,000 rows; of 95 % power 15 or fewer finds happen once in 400 runs."""
    limit = np.median(
        [found(mixed(1_000, s), mixed(1_000, 50 + s), mixed(500, 90 + s))[RATE].detectable for s in (1, 2, 3)]
    )
    copies, seen = round(limit * 1_000), 0
    for seed in range(20):
        train, fresh, holdout = (mixed(rows, 200 + 3 * seed + at) for at, rows in enumerate((1_000, 1_000, 500)))
        planted = joined(fresh.head(1_000 - copies), moved(train.head(copies), seed))
        seen += found(train, planted, holdout, seed)[RATE].estimate.low > 0.01
    assert seen > 15


def test_what_is_detectable_does_not_depend_on_what_was_found():
    fresh, copied = (found(TRAIN, made, HOLDOUT) for made in (FRESH, TRAIN))
    for name in (AREA, RATE):
        assert 0.002 < copied[name].detectable < 0.1
        assert copied[name].detectable == pytest.approx(fresh[name].detectable, rel=0.4)


def test_known_rows_are_no_targets_and_targets_are_real():
    comparison = Comparison(TRAIN, FRESH, HOLDOUT)
    found_sides = attacked(comparison, targets=6_000, references=40_000)
    assert set(np.unique(found_sides.others.fold)) == {0, 1}
    assert len(found_sides.others.rows) == 1_600  # four fifths of 2,000
    assert (found_sides.others.apart > 0).all()  # nobody is among the rows that they are compared with
