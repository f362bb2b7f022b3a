"""Conditions met by rejection: exact, aligned with their rows, stable under growth, and bounded."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.predicates import OneOf, Range
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.generators.protocol import Given
from synthwright.generators.rejection import draw_given
from synthwright.seeding import Streams

SCHEMA = Schema(
    (
        Column(name="coin", kind="categorical", categories=("head", "tail")),
        Column(name="die", kind="integer", bounds=(1, 9)),
        Column(name="sum", kind="integer", bounds=(1, 20)),
    )
)
CONTEXT = Context(streams=Streams(4))


@dataclass
class Game:
    """A coin (head 1 in 4), a fair die of six, and their sum where head counts ten; it conditions on `honours`."""

    honours: frozenset = frozenset()
    calls: list = field(default_factory=list)
    paths: list = field(default_factory=list)
    schema = SCHEMA

    def conditions_on(self, names):
        return names <= self.honours

    def block(self, index, n, context, given=None):
        self.calls.append(n)
        self.paths.append(context.streams.path)
        at = context.streams.at("block", index)
        coin = (at.at("coin").rng().random(n) >= 0.25).astype(np.int32)
        die = at.at("die").rng().integers(1, 7, n).astype(float)
        if given is not None and given.fixed is not None:
            assert frozenset(given.fixed.names) <= self.honours
            coin = given.fixed.levels("coin") if "coin" in given.fixed.names else coin
            die = given.fixed.numbers("die") if "die" in given.fixed.names else die
        return Table.of(SCHEMA, {"coin": coin, "die": die, "sum": die + 10 * (coin == 0)})


def fixed(**columns):
    return Table(SCHEMA.select(list(columns)), pa.table(columns))


def rows(sampler, n, *, known=None, where=()):
    return draw_given(sampler, 0, n, CONTEXT, Given(known, where)).table.data.to_pylist()


def test_without_conditions_nothing_is_rejected():
    game = Game()
    drawn = draw_given(game, 0, 30, CONTEXT, Given())
    assert (game.calls, drawn.candidates) == ([30], 30)


def test_every_row_satisfies_every_predicate():
    found = rows(Game(), 500, where=(Range("sum", 12, 14), OneOf("die", (3.0, 4.0))))
    assert len(found) == 500
    assert {row["sum"] for row in found} == {13, 14}


def test_fixed_rows_keep_their_places():
    coins = ["tail", "head", "head", "tail", "head"] * 40
    assert [row["coin"] for row in rows(Game(), 200, known=fixed(coin=coins))] == coins


def test_the_rest_follows_the_conditional_distribution():
    """Given a sum from 4 to 11, the six pairs are tail-4, tail-5, tail-6 with 3/4 and head-1 with 1/4 each.

    So head has (1/4) / (3 x 3/4 + 1/4) = 1/10: of 4,000 rows 400, sd 19. Beyond 95 (5 sd) once in a million seeds.
    """
    found = rows(Game(), 4_000, where=(Range("sum", 4, 11),))
    assert abs(sum(row["coin"] == "head" for row in found) - 400) < 95


def test_what_the_sampler_honours_is_handed_to_it():
    game = Game(honours=frozenset({"coin"}))
    drawn = draw_given(game, 0, 100, CONTEXT, Given(where=(OneOf("coin", ("head",)),)))
    assert game.calls == [100]
    assert drawn.candidates == 100
    assert set(drawn.table.data["coin"].to_pylist()) == {"head"}


def test_what_it_honours_in_part_is_rejected_for_the_rest():
    """Die fixed and honoured, coin fixed and matched: both come out row by row."""
    known = {"coin": ["head", "tail", "head"] * 30, "die": [1, 1, 6] * 30}
    found = rows(Game(honours=frozenset({"die"})), 90, known=fixed(**known))
    assert [row["coin"] for row in found] == known["coin"]
    assert [row["die"] for row in found] == known["die"]


@pytest.mark.parametrize("honours", [frozenset(), frozenset({"die"}), frozenset({"die", "coin"})])
def test_the_first_rows_never_depend_on_how_many_are_drawn(honours):
    coins, dice = ["tail", "head", "tail"] * 100, [1, 2, 3, 4] * 75
    where = (Range("sum", 1, 15),)
    whole = rows(Game(honours), 300, known=fixed(coin=coins, die=dice), where=where)
    for k in (1, 2, 65, 299):
        assert rows(Game(honours), k, known=fixed(coin=coins[:k], die=dice[:k]), where=where) == whole[:k]


def test_blocks_draw_other_candidates():
    where = (Range("sum", 1, 6),)
    first, second = (draw_given(Game(), index, 40, CONTEXT, Given(where=where)).table.digest() for index in (0, 1))
    assert first != second


def test_a_condition_that_nothing_meets_ends_with_the_count():
    with pytest.raises(BadInput) as caught:
        rows(Game(), 10, where=(Range("die", 7, 9),))
    assert "0 of 10 rows were found" in caught.value.problem
    assert caught.value.evidence.startswith("0 of 267,584 candidates")  # 64 + 256 + 1,024 + 4,096 + 16 x 16,384
    assert "conditions exactly" in caught.value.remedy


def test_a_rare_class_that_never_comes_ends_although_others_do():
    with pytest.raises(BadInput, match="99 of 100 rows were found"):
        rows(Game(), 100, known=fixed(die=[1] * 99 + [9]))


def test_every_batch_of_candidates_is_a_new_one():
    """Three values of the die that is honoured, some batches for each: no two from one stream."""
    game = Game(honours=frozenset({"die"}))
    rows(game, 300, known=fixed(coin=["head"] * 300, die=[1, 2, 3] * 100))
    assert len(game.paths) >= 6
    assert len(set(game.paths)) == len(game.paths)


def test_candidates_are_counted():
    drawn = draw_given(Game(), 0, 64, CONTEXT, Given(where=(OneOf("coin", ("head",)),)))
    assert drawn.candidates in {64 + 256, 64 + 256 + 1024}


def test_an_empty_draw_needs_no_candidates():
    game = Game()
    assert rows(game, 0, where=(Range("die", 7, 9),)) == []
    assert game.calls == [0]


def test_two_single_values_of_one_column_contradict_each_other():
    with pytest.raises(BadInput, match="0 of 3 rows"):
        rows(Game(), 3, where=(OneOf("coin", ("head",)), OneOf("coin", ("tail",))))
