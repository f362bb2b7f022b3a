"""The only module that writes to disk: whole files or nothing, folders that never look finished too early."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from synthwright.canonical import to_json
from synthwright.errors import OutOfResource, UsageError

__all__ = [
    "locked",
    "make_folder",
    "remove",
    "rename",
    "scratch_folder",
    "share",
    "write",
    "write_bytes",
    "write_json",
    "write_text",
    "writing_folder",
]


def write(path: Path, fill: Callable[[Path], object]) -> None:
    """`fill(temporary)` writes a file that then takes the place of `path` in one step.

    After a crash at any point `path` holds the old content or the new one, never a part.

    Raises
    ------
    OutOfResource
        The disk or the quota is full; the temporary file is gone and `path` is as it was.
    UsageError
        The place can't be written to.
    """
    temporary = path.with_name(f".{path.name[:80]}.{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
    with _explained(path):
        try:
            fill(temporary)
            _sync(temporary)
            os.replace(temporary, path)
            _sync(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """`path` holds exactly `content`."""
    write(path, lambda temporary: temporary.write_bytes(content))


def write_text(path: Path, content: str) -> None:
    """`path` holds `content` in UTF-8 with LF line ends on every system."""
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    """`path` holds `value` in canonical JSON."""
    write_text(path, to_json(value))


def make_folder(path: Path) -> Path:
    """`path` is a folder; parents are made as needed."""
    with _explained(path):
        path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def writing_folder(path: Path) -> Iterator[Path]:
    """A temporary folder that becomes `path` when the block ends well, and vanishes when it does not.

    Raises
    ------
    UsageError
        `path` exists and is not an empty folder.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UsageError(f"{path} exists already.", remedy="Choose another place, or remove it first.")
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name[:80]}.{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
    with _explained(path):
        temporary.mkdir()
        try:
            yield temporary
            if path.exists():
                path.rmdir()
            os.replace(temporary, path)
            _sync(path.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder in the system's temporary place that is gone after the block."""
    with _explained(Path(tempfile.gettempdir())):
        place = tempfile.TemporaryDirectory(prefix="synthwright-")
    with place as name:
        yield Path(name)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """No other process is inside a block with the same `path`; the file is gone afterwards.

    The system drops the lock when its process ends, however it ends: there are no stale locks.

    Raises
    ------
    UsageError
        Another process holds the lock.
    """
    with _explained(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # The second condition: whoever held it may have removed the file between our opening and our locking it.
        if not _lock(handle) or not path.exists() or not os.path.samestat(os.fstat(handle), path.stat()):
            raise UsageError(
                f"Another process is at work in {path.parent}.", remedy="Wait for it, or choose another place."
            )
        try:
            yield
        finally:
            if os.name != "nt":
                path.unlink(missing_ok=True)
    finally:
        os.close(handle)
    if os.name == "nt":  # Windows removes closed files only
        path.unlink(missing_ok=True)


def rename(old: Path, new: Path) -> None:
    """`old` is now called `new`, in one step, on the same disk; a file at `new` is replaced."""
    with _explained(new):
        os.replace(old, new)
        _sync(new.parent)


def share(old: Path, new: Path) -> None:
    """`new` is another name of the file `old`, or a copy where the disk can't share; folders are made as needed.

    Nothing here writes into a file that stands, so one name can be given another content without harm to the other.
    """
    make_folder(new.parent)
    try:
        os.link(old, new)
    except OSError:
        write(new, lambda temporary: shutil.copyfile(old, temporary))


def remove(path: Path) -> None:
    """Nothing is at `path` any more."""
    with _explained(path):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # Windows can't open folders
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise OutOfResource(
                f"There is no room left to write {path}.",
                evidence=str(error),
                remedy="Free some space, then run the same command again (`synthwright resume` for a run).",
            ) from error
        raise UsageError(f"{path} can't be written.", evidence=str(error), remedy="Choose another place.") from error
