"""A real Secret Service of our own: gnome-keyring on a private D-Bus, in a private home.

A test runs Python code beside it; values come back as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")

SHELL = """
printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1
"$PYTHON" -W error -c "$CODE"
"""


class SecretService:
    """A home with a keyring; each `run` is a new D-Bus with a new daemon, as after signing in again."""

    def __init__(self, home: Path) -> None:
        missing = [name for name in NEEDED if shutil.which(name) is None]
        if missing:
            pytest.skip(
                f"NO SECRET SERVICE: {', '.join(missing)} missing, the keyring is not tested on this machine"
            )
        self.home = home
        for name in ("data", "run", "config"):
            (home / name).mkdir(mode=0o700, parents=True)

    def run(self, code: str, password: str = "口令", keyring: bool = True, timeout: float = 60) -> object:
        """Run code with `directory` (a Path) set; its variable `result` comes back."""
        prelude = (
            f"from pathlib import Path\nimport json\ndirectory = Path({str(self.home / 'yichuang')!r})\n"
        )
        epilogue = "\nprint('RESULT' + json.dumps(result))\n"
        environment = {
            **{name: value for name, value in os.environ.items() if name != "YICHUANG_SECRETS"},
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "PYTHON": sys.executable,
            "KEYRING_PASSWORD": password,
            "CODE": prelude + code + epilogue,
        }
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            environment.pop(name, None)
        shell = SHELL if keyring else '"$PYTHON" -W error -c "$CODE"'
        done = subprocess.run(
            ["dbus-run-session", "--", "bash", "-c", shell],
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
        assert lines, f"{done.stdout}\n{done.stderr}"
        return json.loads(lines[-1].removeprefix("RESULT"))
