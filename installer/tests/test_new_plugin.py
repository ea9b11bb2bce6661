"""A new department plugin is made, and its own tests pass, before anybody has written a line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from new_plugin import make


@pytest.mark.slow
def test_a_new_plugin_passes_its_own_tests(tmp_path):
    made = make("parks", tmp_path)
    assert (made / "yichuang_parks" / "manifest.toml").read_text(encoding="utf-8").count("lostfound") == 0
    options = ["-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-k", "not page"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(made / "tests")],
        capture_output=True, text=True, check=False, cwd=made, timeout=110, env={**os.environ, "PYTHONPATH": str(made)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


@pytest.mark.parametrize("name", ["Parks", "a", "1park", "my-plugin", "x" * 30])
def test_a_name_that_cannot_be_a_package_is_refused(tmp_path, name):
    with pytest.raises(SystemExit):
        make(name, tmp_path)
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "desk"])


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "parks").mkdir()
    with pytest.raises(SystemExit):
        make("parks", tmp_path)
