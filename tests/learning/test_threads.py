import sys
from types import ModuleType

import pytest
from threadpoolctl import ThreadpoolController, threadpool_info

from synthwright.learning import threads
from synthwright.learning.threads import one_thread


@pytest.fixture
def scans(monkeypatch):
    """How often the loaded libraries were looked for."""
    found = []

    def scan():
        found.append(None)
        return ThreadpoolController()

    monkeypatch.setattr("threadpoolctl.ThreadpoolController", scan)
    threads._libraries.cache_clear()
    yield found
    threads._libraries.cache_clear()


def test_libraries_use_one_thread_inside_and_what_they_had_before_outside():
    import numpy  # noqa: F401  # brings a BLAS

    before = [pool["num_threads"] for pool in threadpool_info()]
    with one_thread(), one_thread():
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}
    assert [pool["num_threads"] for pool in threadpool_info()] == before


def test_libraries_are_looked_for_again_only_after_an_import(scans, monkeypatch):
    for _ in range(3):
        with one_thread():
            pass
    assert len(scans) == 1
    monkeypatch.setitem(sys.modules, "a_library_that_came_later", ModuleType("a_library_that_came_later"))
    with one_thread():
        pass
    assert len(scans) == 2
