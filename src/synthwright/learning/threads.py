"""One thread for numerical libraries."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

__all__ = ["one_thread"]


def one_thread() -> AbstractContextManager[object]:
    """While it lasts, BLAS and OpenMP use one thread.

    Two pools of spinning threads on busy cores cost minutes instead of seconds, and sums depend on the thread count.
    """
    # Numerical libraries come with imports: the last module and their number tell whether another may have come.
    limits: AbstractContextManager[object] = _libraries(len(sys.modules), next(reversed(sys.modules))).limit(limits=1)
    return limits


@lru_cache(maxsize=1)
def _libraries(_modules: int, _last: str) -> ThreadpoolController:
    """The numerical libraries among so many loaded modules, of which this is the last: looking for them takes 4 ms."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
