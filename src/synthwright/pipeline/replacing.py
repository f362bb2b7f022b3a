"""Several files of a finished run change together: after a kill the run is as it was, or goes on to what it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from synthwright import files
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.manifest import files_below, write_manifest

__all__ = ["replacing", "settle"]


@contextmanager
def replacing(folder: RunFolder) -> Iterator[RunFolder]:
    """A folder beside the run, laid out like it: when the block ends well, the files in it are those of the run.

    Until then the run is untouched, whatever happens. From then on `settle` carries on after a kill; the manifest comes
    last, as in a new run. The caller holds the lock of the run.
    """
    name = f".{folder.path.resolve().name}.0-00000000.tmp"  # one for all tries: what a kill left is cleared away
    beside = folder.path.resolve().parent / name
    files.remove(beside)
    try:
        yield RunFolder(files.make_folder(beside))
        files.rename(beside, folder.next)
    finally:
        files.remove(beside)
    settle(folder)


def settle(folder: RunFolder) -> bool:
    """Changes that were decided upon have taken their places, and the manifest says so; False if there were none."""
    if not folder.next.is_dir():
        return False
    files.remove(folder.manifest)  # the run is not whole in between, and `resume` is what makes it so
    for name in list(files_below(folder.next)):
        files.make_folder((folder.path / name).parent)
        files.rename(folder.next / name, folder.path / name)
    if folder.synthetic.is_file():  # rows are released or withheld, never both
        files.remove(folder.rejected.parent)
    files.remove(folder.next)
    write_manifest(folder.path, leave_out=frozenset({folder.lock.relative_to(folder.path).as_posix()}))
    return True
