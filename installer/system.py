"""What the suite needs of the operating system, how to see whether it is there, and how to get it on Debian.

Standard library only: this runs with the system's Python before anything is installed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """One thing of the system.

    Attributes:
        package: The Debian package that brings it.
        probe: How it is seen: the name of a shared library, of a program, or the path of a file.
        why: What fails without it; empty for a library that Qt loads at start.
        for_tests: Whether only the tests need it.
        optional: Whether the suite works without it, only with less.
    """

    package: str
    probe: str
    why: str = ""
    for_tests: bool = False
    optional: bool = False


# Qt needs the first group on every platform plugin, even offscreen; the second for a window on X11.
QT = {
    "libglib2.0-0": "libglib-2.0.so.0",
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libfontconfig1": "libfontconfig.so.1",
    "libx11-6": "libX11.so.6",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libfreetype6": "libfreetype.so.6",
    "libdbus-1-3": "libdbus-1.so.3",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libx11-xcb1": "libX11-xcb.so.1",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-render0": "libxcb-render.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-shm0": "libxcb-shm.so.0",
    "libxcb-sync1": "libxcb-sync.so.1",
    "libxcb-util1": "libxcb-util.so.1",
    "libxcb-xfixes0": "libxcb-xfixes.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
}
VERSION = f"python{sys.version_info[0]}.{sys.version_info[1]}"
MONGOLIAN = "/usr/share/fonts/truetype/noto/NotoSansMongolian-Regular.ttf"
NEEDS = (
    *(Need(package, library) for package, library in QT.items()),
    Need(f"{VERSION}-venv", "module:ensurepip", "no environment can be made"),
    Need("libpulse0", "libpulse.so.0", "no voice calls, no cameras of the system"),
    Need("poppler-utils", "pdfsig", "the demo day cannot have its signatures verified independently"),
    Need("fonts-noto-core", MONGOLIAN, "no Mongolian on citizens' screens and papers", optional=True),
    Need("libcups2", "libcups.so.2", "no printers", optional=True),
    Need("sane-utils", "scanimage", "no scanners", optional=True),
    Need("libusb-1.0-0", "libusb-1.0.so.0", "no ticket printers on USB", optional=True),
    Need("postgresql", "server:postgres", "nothing is tested on PostgreSQL", for_tests=True),
    Need("xvfb", "Xvfb", "nothing is tested on a real X server", for_tests=True),
    Need("xauth", "xauth", "Xvfb does not start", for_tests=True),
    Need("xdotool", "xdotool", "no test types as a person does", for_tests=True),
    Need("fcitx5", "fcitx5", "no test types Chinese", for_tests=True, optional=True),
    Need(
        "fcitx5-pinyin",
        "/usr/share/fcitx5/inputmethod/pinyin.conf",
        "no test types Chinese",
        for_tests=True,
        optional=True,
    ),
    Need("dbus", "dbus-run-session", "no test has a session bus", for_tests=True),
    Need("gnome-keyring", "gnome-keyring-daemon", "the keyring is not tested on a real one", for_tests=True),
    Need("libnss3-tools", "certutil", "no test can make pdfsig trust the hall's own CA", for_tests=True),
    Need("chromium", "chromium", "the web pages are not tested in a browser", for_tests=True),
    Need("openssl", "openssl", "certificates are not judged by OpenSSL", for_tests=True),
)


class SystemLacksError(Exception):
    """Something of the system is missing and cannot be installed from here; `remedy` is the command that does."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def is_there(probe: str, libraries: str) -> bool:
    """Says whether a probe finds its thing; `libraries` is what `ldconfig -p` printed."""
    kind, _, name = probe.rpartition(":")
    if kind == "module":
        return importlib.util.find_spec(name) is not None
    if kind == "server":
        return any(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")) or shutil.which(name) is not None
    if ".so." in probe:
        return f"\t{probe} " in libraries
    return Path(probe).exists() if probe.startswith("/") else shutil.which(probe) is not None


def missing(tests: bool) -> list[Need]:
    """Returns what is not there, in the order of `NEEDS`."""
    ldconfig = shutil.which("ldconfig") or "/sbin/ldconfig"
    known = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    return [need for need in NEEDS if (tests or not need.for_tests) and not is_there(need.probe, known)]


def ensure(tests: bool) -> str:
    """Installs what is missing, with apt as root or through sudo.

    Returns:
        One line about what was done.

    Raises:
        SystemLacksError: Something needed is missing and stays so.
    """
    if sys.platform != "linux":
        return "nothing to install on this platform"
    lacking = missing(tests)
    if not lacking:
        return "all there"
    if shutil.which("apt-get"):
        failure = _apt_install([need.package for need in lacking])
        lacking = missing(tests)
    else:
        failure = "this system has no apt-get"
    needed = [need for need in lacking if not need.optional]
    if needed:
        packages = " ".join(need.package for need in needed)
        sentence = "; ".join(f"{need.package}: {need.why or 'Qt does not start'}" for need in needed)
        how = f"sudo apt-get update && sudo apt-get install -y {packages}"
        if not shutil.which("apt-get"):
            how = f"install what your system calls these Debian packages: {packages}"
        raise SystemLacksError(
            f"{failure or 'still missing after apt-get install'}. Missing: {sentence}", how
        )
    return "; ".join(f"without {need.package}: {need.why}" for need in lacking) or "installed"


def _apt_install(packages: list[str]) -> str:
    """Installs Debian packages. Returns why it could not, or nothing."""
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo"):
        prefix = ["sudo"]
    else:
        return "not root, and there is no sudo"
    print(f"  apt-get install {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wait = ["-o", "DPkg::Lock::Timeout=300", "-qq"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*prefix, "apt-get", *wait, *command],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            return f"apt-get {command[0]} failed: {(done.stderr or done.stdout).strip()[-600:]}"
    return ""
