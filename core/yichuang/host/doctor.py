"""Looks at this machine the way an administrator would: what the suite needs, whether it is there, what to do if not.

Needs neither Qt nor a running suite. Every finding carries a sentence and, unless all is well, a remedy.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from yichuang.hall.errors import Text, UserError
from yichuang.hall.words import core as words
from yichuang.hall.words import in_language

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from yichuang.devices import DeviceManager, DeviceStatus

L = words.lazy
log = logging.getLogger(__name__)

State = Literal["ok", "warn", "fail"]
_ORDER: tuple[State, ...] = ("ok", "warn", "fail")
PROGRAM_WITHIN = 10.0
"""Seconds that a program asked by a check may take."""


@dataclass(frozen=True)
class Check:
    """One finding.

    Attributes:
        id: Stable name, such as `database.space`.
        name: Title for people.
        state: ok, warn (works, but somebody should look) or fail (something of the suite does not work).
        sentence: What was found.
        remedy: What to do; empty when all is well.
    """

    id: str
    name: Text
    state: State
    sentence: Text
    remedy: Text = ""

    def as_dict(self, language: str | None = None) -> dict[str, str]:
        """JSON-able, in the current or the given language."""
        return {
            "id": self.id,
            "name": in_language(self.name, language),
            "state": self.state,
            "sentence": in_language(self.sentence, language),
            "remedy": in_language(self.remedy, language),
        }


class HasDatabase(Protocol):
    """A suite: its `database` has an `engine`."""

    @property
    def database(self) -> HasEngine:
        """The open database."""


class HasEngine(Protocol):
    """An open database."""

    @property
    def engine(self) -> Engine:
        """Its SQLAlchemy engine."""


def run_checks(
    source: HasDatabase | Engine | str | None = None,
    *,
    data_dir: Path | None = None,
    devices: DeviceManager | None = None,
) -> list[Check]:
    """Look at everything. Takes a few seconds: not for the UI thread.

    Args:
        source: A suite, an engine or the address of a database; None leaves the database out.
        data_dir: The desk's folder, for secrets and backups.
        devices: The devices that are open, if any.
    """
    from yichuang.host.doctor_database import check_backup, check_clock, check_database, engine_of

    checks: list[Check] = []
    with engine_of(source) as found:
        engine = None if isinstance(found, Check) else found
        if isinstance(found, Check):
            checks.append(found)
        elif found is not None:
            checks += _guarded("database", lambda: check_database(found))
        checks += _guarded("clock", lambda: check_clock(engine))
    if data_dir is not None:
        checks += _guarded("backup", lambda: [check_backup(data_dir)])
        checks += _guarded("keyring", lambda: [check_keyring(data_dir)])
    singles: list[tuple[str, Callable[[], Check]]] = [
        ("fonts", check_fonts),
        ("sm2", check_sm2),
        ("qt", check_qt_libraries),
        ("input", check_input_method),
        ("printers", check_printers),
    ]
    for name, single in singles:
        checks += _guarded(name, lambda single=single: [single()])  # type: ignore[misc]  # the loop's value is bound
    return checks + _guarded("devices", lambda: check_devices(devices.status() if devices else []))


def worst(checks: Iterable[Check]) -> State:
    """The worst state among them; ok for none."""
    return max((check.state for check in checks), key=_ORDER.index, default="ok")


def check_fonts() -> Check:
    """Whether the fonts of screens and papers were made."""
    name = L("Fonts")
    if importlib.util.find_spec("yichuang_resources") is None:
        return Check("fonts", name, "fail", L("The package with the fonts is not installed."), _run_setup())
    from yichuang_resources import fonts

    missing = sorted(set(fonts.NAMES) - set(fonts.available()))
    if not missing:
        return Check("fonts", name, "ok", L("All {count} fonts are there.", count=len(fonts.NAMES)))
    if missing == ["mongolian"]:
        sentence = L("The Mongolian font is missing; only Mongolian screens and papers need it.")
        return Check("fonts", name, "warn", sentence, L("Install fonts-noto-core, then run make setup."))
    return Check(
        "fonts", name, "fail", L("Fonts are missing: {names}.", names=", ".join(missing)), _run_setup()
    )


def check_keyring(data_dir: Path) -> Check:
    """Whether the place of keys and passwords answers, and whether the hall's keys are in it."""
    from yichuang.identity.hall_keys import IdentityCipher
    from yichuang.identity.secrets import MARKER, open_secrets, system_keyring

    name = L("Keys and passwords")
    if not (data_dir / MARKER).exists():
        if system_keyring() is not None:
            return Check("keyring", name, "ok", L("The keyring answers; keys will be kept in it."))
        sentence = L("There is no keyring; keys will be kept in a sealed file.")
        remedy = L("For a desk of one person install gnome-keyring before the first start.")
        return Check("keyring", name, "warn", sentence, remedy)
    try:
        secrets = open_secrets(data_dir)
        secrets.get("yichuang-probe", "doctor")
    except UserError as error:
        return Check("keyring", name, "fail", error.sentence, error.do)
    try:
        IdentityCipher.open(secrets)
    except UserError as error:
        return Check("keyring", name, "warn", error.sentence, error.do)
    return Check("keyring", name, "ok", L("Keys are kept in the {place}.", place=secrets.describe()))


def check_sm2() -> Check:
    """Whether Chinese signatures (SM2 with SM3) work in Python's libcrypto; tried in a process of its own."""
    name = L("SM2 signatures")
    try:
        result = run_program([sys.executable, "-P", "-m", "yichuang.host.sm2_probe"])
    except subprocess.TimeoutExpired:
        why = "time-out"
    else:
        if result.returncode == 0:
            return Check(
                "sm2", name, "ok", L("SM2 signs and verifies ({library}).", library=result.stdout.strip())
            )
        why = (
            result.stderr.strip().splitlines()[-1]
            if result.stderr.strip()
            else f"exit status {result.returncode}"
        )
    return Check(
        "sm2",
        name,
        "fail",
        L("SM2 signatures do not work: {why}.", why=why),
        L("Install OpenSSL 3 (package libssl3) with SM2, or the suite's own Python."),
    )


def check_qt_libraries() -> Check:
    """Whether every system library that Qt's window and drawing parts are linked with is there."""
    name = L("Window system")
    spec = importlib.util.find_spec("PyQt6")
    if spec is None or not spec.submodule_search_locations:
        sentence = L("Qt is not installed: only the command line works.")
        return Check("qt", name, "warn", sentence, _run_setup())
    if not sys.platform.startswith("linux") or shutil.which("ldd") is None:
        return Check("qt", name, "ok", L("Qt is installed."))
    folder = Path(next(iter(spec.submodule_search_locations)))
    files = [*folder.glob("QtWidgets*.so"), *(folder / "Qt6" / "plugins" / "platforms").glob("libq[ox]*.so")]
    listing = run_program(["ldd", *map(str, files)]).stdout
    missing = sorted({line.split()[0] for line in listing.splitlines() if line.endswith("not found")})
    if not missing:
        return Check("qt", name, "ok", L("Qt and all libraries that it needs are there."))
    return Check(
        "qt", name, "fail", L("Qt lacks libraries: {names}.", names=", ".join(missing)), _run_setup()
    )


def check_input_method() -> Check:
    """Whether a Chinese input method runs that Qt can talk to."""
    name = L("Chinese input")
    if not sys.platform.startswith("linux"):
        return Check("input", name, "ok", L("Chinese input comes with the system."))
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        return Check("input", name, "ok", L("There is no screen here, so no input method is needed."))
    running = sorted({"fcitx5", "fcitx", "ibus-daemon"} & _programs())
    if not running:
        remedy = L("Start fcitx 5 or ibus with a pinyin or wubi input method.")
        return Check("input", name, "warn", L("No Chinese input method runs."), remedy)
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        sentence = L("{names} runs, but there is no session bus to reach it.", names=", ".join(running))
        return Check("input", name, "warn", sentence, L("Start the suite from the desktop."))
    return Check("input", name, "ok", L("{names} runs.", names=", ".join(running)))


def check_printers() -> Check:
    """Whether the print service knows a printer."""
    name = L("Printers")
    if sys.platform == "win32":
        return Check("printers", name, "ok", L("Printers are managed by the system."))
    remedy = L("Set the printer up in CUPS; until then papers can be saved as files.")
    if shutil.which("lpstat") is None:
        return Check("printers", name, "warn", L("The print service CUPS is not installed."), remedy)
    result = run_program(["lpstat", "-e"])
    printers = result.stdout.split()
    if not printers:
        return Check("printers", name, "warn", L("The print service knows no printer."), remedy)
    return Check("printers", name, "ok", L("Printers: {names}.", names=", ".join(printers)))


def check_devices(devices: Iterable[DeviceStatus]) -> list[Check]:
    """One finding for each open device."""
    checks = [_check_device(device) for device in devices]
    return checks or [Check("devices", L("Devices"), "ok", L("No device is open here."))]


def _check_device(device: DeviceStatus) -> Check:
    name = f"device.{device.name}"
    if device.state in {"absent", "failed"}:
        remedy = L("Check its cable, power and settings; it is looked for again by itself.")
        return Check(name, device.title, "fail", device.reason, remedy)
    if device.state == "starting":
        sentence = L("It is still starting.")
        return Check(name, device.title, "warn", sentence, L("Wait a moment, then look again."))
    if device.simulated:
        sentence = L("It is only simulated.")
        return Check(name, device.title, "warn", sentence, L("Choose the real device in the settings."))
    if device.restarts:
        sentence = L("It works, but had to be restarted {count} times.", count=device.restarts)
        return Check(name, device.title, "warn", sentence, L("Look for a newer driver of its maker."))
    return Check(name, device.title, "ok", L("It works."))


def _run_setup() -> Text:
    return L("Run make setup.")


def run_program(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program that says something about the machine; its answers are not translated."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=PROGRAM_WITHIN,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )


def _programs() -> set[str]:
    """Names of the running programs."""
    names = set()
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            names.add(path.read_text().strip())
        except OSError:
            continue  # it ended meanwhile
    return names


def _guarded(name: str, check: Callable[[], list[Check]]) -> list[Check]:
    """A check with a bug, or one that a broken machine makes fail, must not hide the others."""
    try:
        return check()
    except Exception as error:
        log.exception("the machine check %s failed", name)
        sentence = L("This check could not be made: {error}.", error=f"{type(error).__name__}: {error}")
        return [Check(name, name, "fail", sentence, L("Send the log to whoever looks after the suite."))]
