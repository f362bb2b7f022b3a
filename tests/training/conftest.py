"""What the tests of training share."""

from __future__ import annotations

import subprocess

import pytest


@pytest.fixture(scope="session")
def subprocess_says():
    def says(*command):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.stderr == ""
        return done.stdout.strip()

    return says
