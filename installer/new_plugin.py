"""Makes a department plugin out of the example of the plugin guide: `make new-plugin NAME=parks`."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "docs" / "examples" / "lostfound"
NAME = re.compile(r"[a-z][a-z0-9]{2,20}")


def make(name: str, into: Path) -> Path:
    """Copy the example under a new name and return its folder.

    Raises:
        SystemExit: The name cannot be a package's, or the folder is there already.
    """
    if not NAME.fullmatch(name):
        raise SystemExit(f"{name!r}: use 3 to 21 small letters and digits, a letter first.")
    target = into / name
    if target.exists():
        raise SystemExit(f"{target} is there already; choose another name.")
    shutil.copytree(EXAMPLE, target, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "*.egg-info"))
    (target / "yichuang_lostfound").rename(target / f"yichuang_{name}")
    for path in sorted(target.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("lostfound", name), encoding="utf-8")
    for path in sorted(target.rglob("*lostfound*")):
        path.rename(path.with_name(path.name.replace("lostfound", name)))
    return target


def main() -> int:
    """Make the plugin, install it into the environment that runs this, and say what next."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="such as parks; becomes yichuang_parks")
    parser.add_argument("--into", type=Path, default=ROOT / "plugins", help="folder to make it in")
    options = parser.parse_args()
    made = make(options.name, options.into)
    if options.into == ROOT / "plugins":
        uv = Path(sys.executable).with_name("uv")
        subprocess.run(
            [uv, "pip", "install", "-q", "--python", sys.executable, "--no-deps", "-e", made], check=True
        )
    print(f"{made}: a working plugin (lost and found) under your name. Next:")
    print("  1. manifest.toml: what it is, its pages and permissions")
    print("  2. rules.py, tables.py, operations.py: what it does")
    print(
        f"  3. pytest {made.relative_to(ROOT) if made.is_relative_to(ROOT) else made}/tests, then docs/plugin-guide.md"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
