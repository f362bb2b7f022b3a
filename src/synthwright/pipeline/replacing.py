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
    """A second folder with the files of the run: when the block ends well, what was written there is in the run.

    Until then the run is untouched, whatever happens. From then on `settle` carries on after a kill; the manifest comes
    last, as in a new run. The caller holds the lock of the run.
    """
    name = f".{folder.path.resolve().name}.0-00000000.tmp"  # one for all tries: what a kill left is cleared away
    beside = RunFolder(folder.path.resolve().parent / name)
    files.remove(beside.path)
    try:
        for one in files_below(folder.path):
            if folder.path / one != folder.lock:
                files.share(folder.path / one, beside.path / one)
        yield beside
        files.remove(beside.manifest)
        for one in list(files_below(beside.path)):
            if (folder.path / one).exists() and (folder.path / one).samefile(beside.path / one):
                files.remove(beside.path / one)
        files.rename(beside.path, folder.next)
    finally:
        files.remove(beside.path)
    settle(folder)


def settle(folder: RunFolder) -> bool:
    """Changes that were decided upon have taken their places, and the manifest says so; False if there were none."""
    if not folder.next.is_dir():
        return False
    files.remove(folder.manifest)  # the run is not whole in between, and `resume` is what makes it so
    for name in list(files_below(folder.next)):
        files.make_folder((folder.path / name).parent)
        files.rename(folder.next / name, folder.path / name)
    if folder.synthetic.is_file():  # rows are released or withheld, never both, and nothing waits any more
        files.remove(folder.rejected.parent)
        files.remove(folder.work)
    files.remove(folder.next)
    write_manifest(folder.path, leave_out=frozenset({folder.lock_name}))
    return True
