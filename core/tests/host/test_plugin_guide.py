"""The plugin guide is true: its code is the example's, and the example runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import yichuang.api

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "plugin-guide.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "lostfound"
BLOCKS = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize(("file", "block"), BLOCKS, ids=[file for file, _ in BLOCKS])
def test_the_code_in_the_guide_is_the_examples(file, block):
    source = (EXAMPLE / file).read_text(encoding="utf-8")
    for part in re.split(r"\n+\.\.\.\n+", block):
        assert part.strip("\n") in source


def test_the_guide_shows_every_kind_of_file():
    assert {Path(file).name for file, _ in BLOCKS} >= {
        "manifest.toml",
        "rules.py",
        "tables.py",
        "operations.py",
        "plugin.py",
        "list.py",
        "test_lostfound.py",
    }


def test_the_guide_names_all_of_the_api():
    table = GUIDE.partition("`yichuang.api` offers:")[2].partition("## Licence")[0]
    assert sorted(re.findall(r"`(\w+)`", table)) == sorted(yichuang.api.__all__)


def test_every_name_of_the_api_exists():
    for name in yichuang.api.__all__:
        assert getattr(yichuang.api, name) is not None


def test_the_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDE):
        assert (ROOT / "docs" / target).exists(), target


@pytest.mark.slow
def test_the_examples_own_tests_pass():
    """On the import path, as after an editable installation."""
    places = [str(EXAMPLE), *filter(None, [os.environ.get("PYTHONPATH")])]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(EXAMPLE / "tests")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert " passed" in ran.stdout


COPIED = """
import json
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor

clerk = Actor(1, "clerk", "Clerk", "11", permissions=frozenset({"lostfound.use"}))
with Suite.open(plugins=["lostfound"]) as suite:
    suite.run(clerk, "lostfound.record", {"what": "伞", "place": "便民服务厅"})
    plugin = suite.plugins.get("lostfound")
    print(json.dumps([plugin.state, plugin.title("zh_CN"), str(plugin.folder)]))
"""


def test_a_copied_folder_is_enough(data_dir):
    shutil.copytree(EXAMPLE, data_dir / "plugins" / "lostfound")
    ran = subprocess.run(
        [sys.executable, "-c", COPIED],
        env={**os.environ, "YICHUANG_DATA": str(data_dir)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    state, title, folder = json.loads(ran.stdout)
    assert (state, title) == ("active", "失物招领")
    assert Path(folder) == data_dir / "plugins" / "lostfound" / "yichuang_lostfound"
