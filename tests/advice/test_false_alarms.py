"""Of clean tables nothing is warned: no leak, no groups, no order, no copies."""

import pytest

import synthwright as sw
from clean_tables import clean_table, false_alarms, null_table


def alarmed(seeds):
    return [seed for seed in seeds if false_alarms(sw.advise(clean_table(seed), target="y").findings)]


def test_clean_tables_are_not_warned_of():
    """At a rate of 1 in 50 one of four alarms in one such test of thirteen; these seeds are fixed."""
    assert alarmed(range(4)) == []


def test_tables_without_signal_are_seldom_said_to_show_one():
    """At a rate of 1 in 40 two of ten do once in 50 such tests; these seeds are fixed."""
    found = [sw.advise(null_table(seed), target="y") for seed in range(10)]
    assert sum(any(one.code == "learning.signal" for one in advice.findings) for advice in found) <= 1


@pytest.mark.slow
def test_at_most_five_of_a_hundred_clean_tables_are_warned_of():
    assert len(alarmed(range(100))) <= 5
