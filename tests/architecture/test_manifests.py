"""Every shipped plugin is what its manifest says, and starts on both databases."""

import importlib.util
import sqlite3
from pathlib import Path

import pytest
from source_tree import PLUGINS

from yichuang.host.manifest import read_manifest
from yichuang.host.plugins import State


@pytest.fixture
def manifest(plugin):
    found, problems = read_manifest(plugin.package)
    assert [str(problem) for problem in problems] == []
    return found


def test_the_manifest_agrees_with_the_distribution(plugin, manifest):
    assert manifest.id == plugin.folder.name
    assert manifest.version == plugin.project["version"]
    assert plugin.project["name"] == f"yichuang-{manifest.id}"
    assert "yichuang==0.1.0" in plugin.project["dependencies"]
    assert (plugin.folder / "README.md").is_file()


def test_the_schema_is_the_newest_migration(plugin, manifest):
    newest = max((file.stem for file in (plugin.package / "migrations").glob("v*.py")), default="v")
    assert newest.removeprefix("v") == manifest.schema


def test_every_icon_exists(manifest):
    folder = Path(importlib.util.find_spec("lucide").origin).parent
    with sqlite3.connect(folder / "data" / "lucide-icons.db") as icons:
        known = {name for (name,) in icons.execute("SELECT name FROM icons")}
    icons.close()
    assert {manifest.icon, *(page.icon for page in manifest.pages)} <= known


def test_all_plugins_start_together(open_suite):
    suite = open_suite(plugins=[plugin.folder.name for plugin in PLUGINS])
    states = {plugin.id: (plugin.state, str(plugin.reason)) for plugin in suite.plugins.all()}
    assert {name: state for name, state in states.items() if state[0] is not State.ACTIVE} == {}


def test_the_next_one_is_called_from_the_home_page():
    """F2 belongs to the caller, wherever pages are added in the queue's manifest."""
    package = next(plugin.package for plugin in PLUGINS if plugin.folder.name == "queue")
    queue, _ = read_manifest(package)
    keys = {page.id: dict(page.keys) for page in queue.pages if page.keys}
    assert keys == {"queue.caller": {"F2": "Call next"}}
