"""The disk fills up at every single write of a run: nothing looks finished, and what was begun can be finished."""

from __future__ import annotations

import errno
import os

import pytest
from quick import again, render, results

from synthwright.errors import OutOfResource
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.manifest import verify
from synthwright.pipeline.running import resume


class Disk:
    """Moves files into place until the n-th time, then is full."""

    def __init__(self):
        self.move, self.calls, self.full_at = os.replace, 0, None

    def __call__(self, *names, **options):
        self.calls += 1
        if self.calls == self.full_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.move(*names, **options)


@pytest.mark.parametrize("start", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_a_disk_that_fills_up_at_any_write_is_survived(start, quick_run, tmp_path, monkeypatch):
    disk = Disk()
    monkeypatch.setattr("synthwright.files.os.replace", disk)
    whole = results(quick_run("whole").folder)
    writes = disk.calls
    assert writes > 20
    for full_at in range(start, writes + 1, 3):  # every third write; three starts make all of them
        name = f"run{full_at}"
        disk.calls, disk.full_at = 0, full_at
        with pytest.raises(OutOfResource) as caught:
            quick_run(name)
        assert caught.value.exit_code == 4
        disk.full_at = None
        folder = RunFolder(tmp_path / name)
        assert not folder.manifest.exists()
        if not folder.path.exists():  # it was full before the run had a folder
            quick_run(name)
        else:
            resume(folder.path, again, render=render)
        found = results(folder.path)
        assert {key: found[key] for key in found if key != "recipe.yaml"} == {
            key: whole[key] for key in whole if key != "recipe.yaml"
        }
        assert verify(folder.path) == []
    assert not list(tmp_path.rglob("*.tmp"))
