"""docs/operations.md lists every operation and query with its permission and request, and nothing else."""

from __future__ import annotations

import subprocess
import sys

from source_tree import ROOT


def test_the_list_of_operations_is_true(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "yichuang.cli", "operations", "--markdown", "--data-dir", str(tmp_path)],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    written = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert done.stdout == written, "run: yichuang operations --markdown > docs/operations.md"
