"""Chinese is typed for real: through our fcitx 4 filter and through the ibus portal that fcitx 5 answers.

The protocol test runs everywhere; typing with the programs themselves needs an X server and the program.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SECONDS = 90
PROFILES = {
    "fcitx": (
        "fcitx/profile",
        "[Profile]\nFullWidth=False\nIMName=pinyin\nEnabledIMList=fcitx-keyboard-us:True,pinyin:True\n",
    ),
    "fcitx5": (
        "fcitx5/profile",
        """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin
[Groups/0/Items/0]
Name=keyboard-us
Layout=
[Groups/0/Items/1]
Name=pinyin
Layout=
[GroupOrder]
0=Default
""",
    ),
}


def in_a_bus(*command: str, **environment: str) -> dict[str, object]:
    """Run a driver in a session bus of its own and read its answer."""
    if shutil.which("dbus-run-session") is None:
        pytest.skip("NOT TESTED: no dbus-run-session (apt-get install dbus)")
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def test_the_filter_speaks_the_protocol_of_fcitx_4() -> None:
    assert in_a_bus(str(HERE / "fcitx_driver.py")) == {
        "way": "fcitx4",
        "connected": True,
        "composed": ["n", "ni", "nih", "niha", "nihao"],
        "committed": "你好",
        "with_digit": "你好1",
        "after_backspace": "你好",
    }


@pytest.mark.slow
@pytest.mark.parametrize("program", ["fcitx", "fcitx5"])
def test_pinyin_typed_by_hand_becomes_characters(program: str, display: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(
            f"NOT TESTED WITH {program}: not on this machine (Debian's fcitx and fcitx5 exclude each other)"
        )
    name, text = PROFILES[program]
    profile = tmp_path / ".config" / name
    profile.parent.mkdir(parents=True)
    profile.write_text(text)
    answer = in_a_bus(
        str(HERE / "typing_driver.py"), program, "-D", "-r",
        DISPLAY=display, HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path / ".config"), QT_QPA_PLATFORM="xcb",
    )  # fmt: skip
    assert answer == {"platform": "xcb", "text": "你好"}
