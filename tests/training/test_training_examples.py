"""The examples in the docstrings of training run."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["sampler", "monitor"])
def test_examples_in_docstrings_hold(name):
    found = doctest.testmod(importlib.import_module(f"synthwright.training.{name}"))
    assert found.attempted >= 3
    assert found.failed == 0
