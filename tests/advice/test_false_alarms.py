"""Of clean tables nothing is warned: no leak, no groups, no order, no copies."""

import pytest

import synthwright as sw
from clean_tables import clean_table, false_alarms


def alarmed(seeds):
    return [seed for seed in seeds if false_alarms(sw.advise(clean_table(seed), target="y").findings)]


def test_clean_tables_are_not_warned_of():
    """At the stated rate of 1 in 50 two of six alarm once in 170 such tests; these seeds are fixed."""
    assert len(alarmed(range(6))) <= 1


@pytest.mark.slow
def test_at_most_five_of_a_hundred_clean_tables_are_warned_of():
    assert len(alarmed(range(100))) <= 5
