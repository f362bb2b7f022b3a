"""One thread for numerical libraries."""

from __future__ import annotations

from contextlib import AbstractContextManager

__all__ = ["one_thread"]


def one_thread() -> AbstractContextManager[object]:
    """While it lasts, BLAS and OpenMP use one thread.

    Two pools of spinning threads on busy cores cost minutes instead of seconds, and sums depend on the thread count.
    """
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(limits=1)
    return limits
