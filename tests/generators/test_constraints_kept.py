"""A small version of benchmarks/constraints_kept.py: each kind of rule under each method, counted without our code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from constraints_kept import KINDS, METHODS, constrained, fitted, reference
from synthwright import registry
from synthwright.errors import BadInput, SynthwrightError
from synthwright.generators.model import Model

FRAME = reference(900)
INFO = {name: registry.find("generator", name).info for name in METHODS}
FOR_NUMBERS = {"sum", "product", "ratio", "whole ratio", "order", "strict order", "one-hot of numbers", "negation"}
FOR_NUMBERS |= {"range", "unique"}
PAIRS = [
    (method, kind)
    for method in METHODS
    for kind in KINDS
    if kind in FOR_NUMBERS - {"unique"} or INFO[method].takes == "mixed"
]


@pytest.mark.parametrize(("method", "kind"), PAIRS)
def test_every_row_obeys_and_the_first_rows_never_depend_on_how_many(method, kind, tmp_path):
    model = fitted(method, constrained(FRAME, KINDS[kind], method))
    rows = 200 if kind == "unique" and method == "tabular.random_oversample" else 1_500
    drawn = model.sample(rows, seed=1)
    assert len(drawn) == rows
    assert not np.asarray(KINDS[kind].broken(drawn.to_pandas())).any()
    assert model.sample(77, seed=1).digest() == drawn.head(77).digest()
    model.save(tmp_path / "model")
    assert Model.load(tmp_path / "model").sample(77, seed=1).digest() == drawn.head(77).digest()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_real_rows_break_what_is_only_checked_and_nothing_else(kind):
    """The table can show a failure: without a rule, a method that links nothing breaks nearly all of them."""
    free = constrained(FRAME, KINDS[kind], "tabular.independent")
    free = free.with_schema(replace(free.schema, constraints=()))
    broken = np.asarray(KINDS[kind].broken(fitted("tabular.independent", free).sample(1_500, seed=1).to_pandas()))
    assert broken.any() or kind in {"range", "unique"}


@pytest.mark.parametrize("method", [name for name in METHODS if INFO[name].takes == "numbers"])
def test_methods_for_numbers_refuse_the_rest_with_one_error(method):
    for kind in sorted(set(KINDS) - FOR_NUMBERS):
        with pytest.raises(SynthwrightError) as caught:
            fitted(method, constrained(FRAME, KINDS[kind], method)).sample(10)
        assert isinstance(caught.value, BadInput)
