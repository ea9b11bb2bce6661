"""Plugins are found by looking into folders; nothing is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from yichuang.host.discovery import discover

BAD = Path(__file__).parents[3] / "tests" / "faults" / "bad_plugins"


def plugin(place: Path, plugin_id: str, order: int = 10) -> Path:
    folder = place / f"yichuang_{plugin_id}"
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(
        f'id = "{plugin_id}"\nname = "x"\nversion = "1.0"\napi = "1"\npublisher = "x"\n'
        f'order = {order}\ngroup = "department"\n'
    )
    return folder


def test_plugins_come_in_manifest_order_and_bad_ones_last(tmp_path):
    plugin(tmp_path, "b", order=5)
    plugin(tmp_path, "a", order=7)
    (plugin(tmp_path, "broken") / "manifest.toml").write_text("id =")
    (tmp_path / "yichuang_resources").mkdir()
    found = discover(path=[str(tmp_path)])
    assert [each.id for each in found] == ["b", "a", "broken"]
    assert found[2].manifest is None
    assert found[2].problems


def test_extra_folders_one_level_deep(tmp_path):
    plugin(tmp_path, "near")
    plugin(tmp_path / "far_folder", "far")
    plugin(tmp_path / "a" / "b", "too_far")
    assert {each.id for each in discover([tmp_path], path=[])} == {"near", "far"}


def test_the_import_path_goes_before_extra_folders_and_doubles_are_reported(tmp_path):
    first = plugin(tmp_path / "one", "twin")
    plugin(tmp_path / "two", "twin")
    found = discover([tmp_path / "two"], path=[str(tmp_path / "one"), str(tmp_path / "one")])
    assert [(each.folder, bool(each.problems)) for each in found] == [
        (first, False),
        (tmp_path / "two" / "yichuang_twin", True),
    ]
    assert str(first) in found[1].problems[0].in_language("zh_CN")


def test_one_folder_under_two_names_is_one_plugin(tmp_path):
    plugin(tmp_path / "one", "single")
    os.symlink(tmp_path / "one", tmp_path / "two")
    assert len(discover(path=[str(tmp_path / "one"), str(tmp_path / "two")])) == 1


def test_entries_that_are_no_folders_are_passed_over(tmp_path):
    archive = tmp_path / "archive.zip"
    archive.write_bytes(b"PK")
    assert discover([tmp_path / "gone"], path=[str(archive), str(tmp_path / "missing")]) == []


def test_looking_imports_nothing():
    """What it costs is measured with the whole start, in benchmarks/start.py."""
    script = (
        "import sys; from pathlib import Path; from yichuang.host.discovery import discover\n"
        "found = discover([Path(sys.argv[1])])\n"
        "heavy = {'sqlalchemy', 'pydantic', 'pluggy', 'alembic', 'PyQt6', 'babel', 'importlib.metadata'}\n"
        "print(len(found), sorted(heavy & set(sys.modules)),\n"
        "      [name for name in sys.modules if name.startswith('yichuang_')])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(BAD)], capture_output=True, text=True, check=True, timeout=60
    )
    count, rest = ran.stdout.split(" ", 1)
    assert int(count) >= 20
    assert rest.strip() == "[] []"
