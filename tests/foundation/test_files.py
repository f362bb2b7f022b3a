"""Whole files or nothing: whatever filesystem call fails, nothing half-written is ever in place."""

import errno
import io
import os
import subprocess
import sys

import pytest

from synthwright import files
from synthwright.errors import OutOfResource, UsageError

CALLS = [(os, "replace"), (os, "fsync"), (os, "open"), (os, "mkdir"), (os, "rmdir"), (os, "unlink"), (io, "open")]


class FailingDisk:
    """Lets the first `good` calls through; the next one fails with `code`, and so do all after it if `dead`."""

    def __init__(self, monkeypatch, good, code=errno.EIO, *, dead=False):
        self.left, self.failed = good, False

        def wrapped(real):
            def call(*args, **kwargs):
                if self.left == 0 and (dead or not self.failed):
                    self.failed = True
                    raise OSError(code, os.strerror(code))
                self.left = max(0, self.left - 1)
                return real(*args, **kwargs)

            return call

        for module, name in CALLS:
            monkeypatch.setattr(module, name, wrapped(getattr(module, name)))


def visible(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def every_failure(monkeypatch, tmp_path, act, check, **disk):
    """Run `act` with the first, second … call failing, each in a fresh folder with an old file, until none fails."""
    for good in range(100):
        place = tmp_path / str(good)
        place.mkdir()
        (place / "x").write_text("old")
        with monkeypatch.context() as patch:
            failing = FailingDisk(patch, good, **disk)
            try:
                act(place)
                error = None
            except (UsageError, OutOfResource) as caught:
                error = caught
        check(place, error)
        if not failing.failed:
            return good
    raise AssertionError("a hundred calls were not enough")


@pytest.mark.parametrize("dead", [False, True])
def test_a_file_is_old_or_new_whatever_call_fails(monkeypatch, tmp_path, dead):
    def act(place):
        files.write_text(place / "x", "new")

    def check(place, error):
        assert (place / "x").read_text() in ({"old", "new"} if error else {"new"})
        assert visible(place) == ["x"]

    assert every_failure(monkeypatch, tmp_path, act, check, dead=dead) >= 7


@pytest.mark.parametrize("dead", [False, True])
def test_a_folder_is_whole_or_absent_whatever_call_fails(monkeypatch, tmp_path, dead):
    def act(place):
        with files.writing_folder(place / "model") as folder:
            files.write_text(folder / "a", "1")
            files.write_text(files.make_folder(folder / "b") / "c", "2")

    def check(place, error):
        if error is None:
            assert (place / "model" / "b" / "c").read_text() == "2"
        if (place / "model").exists():
            assert (place / "model" / "a").read_text() == "1"
            assert (place / "model" / "b" / "c").read_text() == "2"
        assert set(visible(place)) <= {"model", "x"}

    assert every_failure(monkeypatch, tmp_path, act, check, dead=dead) >= 12


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_out_of_a_resource(monkeypatch, tmp_path, code):
    (tmp_path / "x").write_text("old")
    with monkeypatch.context() as patch:
        FailingDisk(patch, 0, code)
        with pytest.raises(OutOfResource, match="no room left") as caught:
            files.write_text(tmp_path / "x", "new")
    assert caught.value.exit_code == 4
    assert (tmp_path / "x").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_really_full_disk_is_out_of_a_resource(tmp_path):
    """A file size limit of the process, the way a quota bites: EFBIG would be a signal, so the real /dev/full."""
    if not os.path.exists("/dev/full"):  # noqa: PTH110  # a device, not a file
        pytest.skip("this system has no /dev/full")

    def fill(_):
        with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123  # a device, not a file
            full.write(b"x")

    with pytest.raises(OutOfResource):
        files.write(tmp_path / "x", fill)
    assert not any(tmp_path.iterdir())


def test_an_error_inside_leaves_nothing_behind(tmp_path):
    def fill(temporary):
        temporary.write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.write(tmp_path / "x", fill)
    with pytest.raises(KeyboardInterrupt), files.writing_folder(tmp_path / "run") as folder:
        files.write(folder / "x", fill)
    assert not any(tmp_path.iterdir())


def test_a_scratch_folder_is_gone_afterwards():
    with files.scratch_folder() as place:
        files.write_text(place / "x", "1")
    assert not place.exists()


def test_a_killed_process_leaves_nothing_that_looks_finished(tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path; from synthwright import files\n"
        "with files.writing_folder(Path(sys.argv[1]) / 'run') as folder:\n"
        "    files.write_text(folder / 'manifest.json', '{}'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode == -9
    assert visible(tmp_path) == []


def test_a_place_that_is_taken_is_refused(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("full", "file"):
        with pytest.raises(UsageError, match="exists already"), files.writing_folder(tmp_path / name):
            pass
    assert (tmp_path / "full" / "x").read_text() == "mine"


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "run").mkdir()
    with files.writing_folder(tmp_path / "run") as folder:
        files.write_json(folder / "a.json", {"b": 1})
    assert (tmp_path / "run" / "a.json").read_text() == '{\n "b": 1\n}\n'


def test_a_place_that_can_not_be_written_is_a_usage_error(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "x", tmp_path / "nowhere" / "x", tmp_path / ("n" * 300)):
        with pytest.raises(UsageError, match="can't be written"):
            files.write_text(path, "x")


def test_a_file_is_renamed_and_removed(tmp_path):
    files.write_text(tmp_path / "a", "1")
    files.rename(tmp_path / "a", tmp_path / "b")
    assert visible(tmp_path) == ["b"]
    files.remove(tmp_path / "b")
    files.remove(tmp_path / "b")
    files.write_text(files.make_folder(tmp_path / "c" / "d") / "e", "1")
    (tmp_path / "link").symlink_to(tmp_path / "c")
    files.remove(tmp_path / "link")
    assert visible(tmp_path) == ["c"]
    files.remove(tmp_path / "c")
    assert visible(tmp_path) == []


def test_a_lock_admits_one_process(tmp_path):
    script = (
        "import sys; from pathlib import Path; from synthwright import files\n"
        "with files.locked(Path(sys.argv[1])): pass\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / ".lock")]
    with files.locked(tmp_path / ".lock"):
        assert "UsageError" in subprocess.run(command, check=False, capture_output=True, text=True).stderr
    assert subprocess.run(command, check=False).returncode == 0
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("can_share", [True, False])
def test_a_shared_file_keeps_its_content_when_one_name_gets_another(tmp_path, monkeypatch, can_share):
    def refuse(*_):
        raise OSError(errno.EXDEV, "another disk")

    if not can_share:
        monkeypatch.setattr(files.os, "link", refuse)
    files.write_text(tmp_path / "a", "first")
    files.share(tmp_path / "a", tmp_path / "deep" / "b")
    assert (tmp_path / "a").samefile(tmp_path / "deep" / "b") == can_share
    files.write_text(tmp_path / "deep" / "b", "second")
    assert (tmp_path / "a").read_text() == "first"
    assert (tmp_path / "deep" / "b").read_text() == "second"
