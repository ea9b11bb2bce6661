"""The machine check: what it says of good and of broken machines, in both languages, without Qt."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine

from yichuang.devices.states import DeviceState, DeviceStatus
from yichuang.hall.words import core as words
from yichuang.host import doctor, doctor_database, sm2_probe
from yichuang.host.doctor import Check, run_checks, worst
from yichuang.storage.database import Database
from yichuang.storage.hall_tables import journal
from yichuang.storage.hall_tables import meta as hall_meta

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch):
    monkeypatch.setenv("YICHUANG_SECRETS", "file")


def by_id(checks):
    found = {check.id: check for check in checks}
    assert len(found) == len(checks), "two findings of one name"
    for check in checks:
        english, chinese = check.as_dict("en"), check.as_dict("zh_CN")
        assert english["sentence"].endswith((".", "。")), english
        assert bool(english["remedy"]) == (check.state != "ok"), english
        assert chinese["sentence"] != english["sentence"], f"not translated: {english}"
        assert chinese["name"] != english["name"], f"not translated: {english}"
        assert not english["remedy"] or chinese["remedy"] != english["remedy"], f"not translated: {english}"
    return found


@pytest.fixture
def database(database_url):
    database = Database.open(database_url)
    with database.write() as work:
        hall_meta.create_all(work.connection)
    yield database
    database.close()


def write_entry(database, at):
    with database.write() as work:
        work.insert(
            journal, turn=0, at=at, account="a", agency="", desk="", event="test", subject="", detail="{}"
        )


def test_a_good_database_is_found_well_on_both_kinds(database):
    checks = by_id(doctor_database.check_database(database.engine))
    assert checks["database"].state == "ok"
    if database.dialect_name == "sqlite":
        assert set(checks) == {"database", "database.space"}
        assert "SQLite 3." in checks["database"].as_dict("en")["sentence"]
    else:
        # The server of the tests is deliberately switched to unsafe and fast: exactly that must be found.
        assert "PostgreSQL" in checks["database"].as_dict("en")["sentence"]
        assert "password" not in checks["database"].as_dict("en")["sentence"]


def test_a_whole_run_takes_a_suite_an_engine_an_address_or_nothing(database, database_url, data_dir):
    suite = SimpleNamespace(database=SimpleNamespace(engine=database.engine))
    for source in (suite, database.engine, database_url):
        assert "database" in by_id(run_checks(source, data_dir=data_dir))
    assert "database" not in by_id(run_checks())


def test_looking_creates_nothing(tmp_path):
    folder = tmp_path / "none"
    checks = by_id(run_checks(f"sqlite:///{folder}/hall.sqlite", data_dir=folder))
    assert checks["database"].state == "warn"
    assert not folder.exists()


def test_an_empty_database_file(tmp_path):
    path = tmp_path / "empty.sqlite"
    path.touch()
    assert by_id(run_checks(f"sqlite:///{path}"))["database"].state == "warn"
    assert path.stat().st_size == 0


@pytest.mark.parametrize("source", ["nonsense", "://", ""])
def test_an_address_that_is_none(source):
    assert by_id(run_checks(source))["database"].state == "fail"


def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "hall.sqlite"
    path.write_bytes(b"this is no database at all" * 100)
    check = by_id(run_checks(f"sqlite:///{path}"))["database"]
    assert check.state == "fail"
    assert "not a database" in check.as_dict("en")["sentence"]


def test_a_server_that_does_not_answer_and_no_password_shown():
    url = "postgresql://clerk:geheim@127.0.0.1:1/hall"
    check = by_id(run_checks(url))["database"]
    assert check.state == "fail"
    assert "geheim" not in str(check.as_dict("en"))


def test_a_file_without_wal(tmp_path):
    path = tmp_path / "hall.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
    assert by_id(run_checks(f"sqlite:///{path}"))["database.wal"].state == "warn"


def test_unsafe_settings_of_a_server_are_found(postgres_server):
    with postgres_server.database() as url:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        try:
            checks = by_id(doctor_database.check_database(engine))
            with engine.connect() as connection:
                is_off = connection.exec_driver_sql("SHOW fsync").scalar() == "off"
        finally:
            engine.dispose()
    assert ("database.safety" in checks) == is_off
    if is_off:
        assert checks["database.safety"].state == "fail"


@pytest.mark.parametrize(("free", "state"), [(2**20, "fail"), (2**30, "warn"), (2**40, "ok")])
def test_room_on_the_disk(monkeypatch, tmp_path, free, state):
    monkeypatch.setattr(doctor_database.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    check = doctor_database._check_space(tmp_path, 10)
    by_id([check])
    assert check.state == state


def test_a_database_on_a_network_share(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor_database, "_file_system", lambda path: "cifs")
    (check,) = doctor_database._check_share(tmp_path / "hall.sqlite")
    by_id([check])
    assert check.state == "fail"


def test_the_file_system_of_a_path_is_known():
    assert doctor_database._file_system(Path("/proc/self/status")) == "proc"


@pytest.mark.parametrize(("minutes", "state"), [(-30, "ok"), (0, "ok"), (10, "fail"), (3000, "fail")])
def test_a_clock_behind_the_journal(database, minutes, state):
    write_entry(database, NOW - timedelta(days=1))
    write_entry(database, NOW + timedelta(minutes=minutes))
    check = by_id(doctor_database.check_clock(database.engine, NOW))["clock"]
    assert check.state == state
    if minutes == 3000:
        assert "2 days" in check.as_dict("en")["sentence"]
        assert "2 天" in check.as_dict("zh_CN")["sentence"]


def test_a_clock_in_the_past_century():
    assert by_id(doctor_database.check_clock(None, datetime(1970, 1, 1, tzinfo=UTC)))["clock"].state == "fail"


@pytest.mark.skipif(sys.platform == "win32", reason="time.tzset is a thing of Unix")
@pytest.mark.parametrize(("zone", "warns"), [("Asia/Shanghai", False), ("Europe/Berlin", True)])
def test_another_time_zone_is_said(monkeypatch, zone, warns):
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert ("clock.zone" in by_id(doctor_database.check_clock(None, NOW))) is warns
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(("answer", "warns"), [("yes", False), ("no", True), ("", False)])
def test_time_synchronisation(monkeypatch, tmp_path, answer, warns):
    program = tmp_path / "timedatectl"
    program.write_text(f"#!/bin/sh\necho {answer}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert ("clock.sync" in by_id(doctor_database.check_clock(None, NOW))) is warns


def test_backups(tmp_path):
    assert doctor_database.check_backup(tmp_path).state == "warn"
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "empty").touch()
    assert doctor_database.check_backup(tmp_path).state == "warn"
    (folder / "hall.sqlite").write_bytes(b"x")
    fresh = doctor_database.check_backup(tmp_path)
    old = doctor_database.check_backup(tmp_path, datetime.now(UTC) + timedelta(days=5))
    by_id([fresh])
    by_id([old])
    assert (fresh.state, old.state) == ("ok", "warn")
    assert "5 days" in old.as_dict("en")["sentence"]


def test_keys(tmp_path):
    from yichuang.identity.hall_keys import IdentityCipher
    from yichuang.identity.secrets import open_secrets

    assert doctor.check_keyring(tmp_path).state in {"ok", "warn"}
    assert list(tmp_path.iterdir()) == [tmp_path / "desk"], "looking must not choose a store"
    secrets = open_secrets(tmp_path / "d")
    missing = doctor.check_keyring(tmp_path / "d")
    assert missing.state == "warn"
    IdentityCipher.open(secrets, create=True)
    assert doctor.check_keyring(tmp_path / "d").state == "ok"
    (tmp_path / "d" / "machine.key").chmod(0o644)
    exposed = doctor.check_keyring(tmp_path / "d")
    assert exposed.state == "fail"
    for check in (missing, exposed):
        by_id([check])


def test_sm2_works_here_or_says_why():
    check = doctor.check_sm2()
    by_id([check])
    assert check.state == "ok", check.as_dict("en")
    assert "OpenSSL" in check.as_dict("en")["sentence"]
    assert sm2_probe.probe() in check.as_dict("en")["sentence"]


def test_sm2_that_is_missing_is_a_failure_with_remedy(monkeypatch):
    script = "import sys; sys.exit('no libcrypto of OpenSSL 3 was found')"
    real = doctor.run_program
    monkeypatch.setattr(doctor, "run_program", lambda command: real([sys.executable, "-c", script]))
    check = doctor.check_sm2()
    by_id([check])
    assert check.state == "fail"
    assert "no libcrypto" in check.as_dict("en")["sentence"]


def test_a_library_without_sm2_is_told_apart(monkeypatch):
    monkeypatch.setattr(sm2_probe, "_candidates", lambda: iter(["libc.so.6", "/no/such/library.so"]))
    with pytest.raises(sm2_probe.ProbeError, match="no libcrypto"):
        sm2_probe.probe()


def test_libraries_of_qt(monkeypatch):
    assert doctor.check_qt_libraries().state == "ok"
    listing = (
        "\tlibxcb-cursor.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibGL.so.1 => not found\n"
    )
    monkeypatch.setattr(doctor, "run_program", lambda command: SimpleNamespace(stdout=listing))
    monkeypatch.setattr(doctor.shutil, "which", lambda name: name)
    check = doctor.check_qt_libraries()
    by_id([check])
    assert check.state == "fail"
    assert "libGL.so.1, libxcb-cursor.so.0" in check.as_dict("en")["sentence"]


def test_without_qt_only_the_command_line_works(monkeypatch):
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    check = doctor.check_qt_libraries()
    by_id([check])
    assert check.state == "warn"
    fonts = doctor.check_fonts()
    by_id([fonts])
    assert fonts.state == "fail"


@pytest.mark.parametrize(
    ("there", "state"),
    [(None, "ok"), (["sans", "sans-medium", "sans-bold", "serif", "serif-bold"], "warn"), (["sans"], "fail")],
)
def test_fonts(monkeypatch, there, state):
    from yichuang_resources import fonts

    monkeypatch.setattr(fonts, "available", lambda: list(fonts.NAMES) if there is None else there)
    check = doctor.check_fonts()
    by_id([check])
    assert check.state == state


@pytest.mark.parametrize(
    ("display", "programs", "bus", "state"),
    [
        ("", set(), "", "ok"),
        (":0", set(), "unix:x", "warn"),
        (":0", {"fcitx5", "bash"}, "unix:x", "ok"),
        (":0", {"ibus-daemon"}, "", "warn"),
    ],
)
def test_input_methods(monkeypatch, display, programs, bus, state):
    for name, value in (("DISPLAY", display), ("WAYLAND_DISPLAY", ""), ("DBUS_SESSION_BUS_ADDRESS", bus)):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(doctor, "_programs", lambda: programs)
    check = doctor.check_input_method()
    by_id([check])
    assert check.state == state


def test_running_programs_are_seen():
    assert any(name.startswith(("python", "pytest")) for name in doctor._programs())


@pytest.mark.parametrize(
    ("script", "state"), [(None, "warn"), ("exit 1", "warn"), ("echo desk; echo hall", "ok")]
)
def test_printers(monkeypatch, tmp_path, script, state):
    if script is not None:
        program = tmp_path / "lpstat"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    check = doctor.check_printers()
    by_id([check])
    assert check.state == state


def status(state, simulated=False, restarts=0):
    return DeviceStatus(
        name="id_card_reader",
        kind="id_card_reader",
        title=words.lazy("ID card reader"),
        adapter="sdtapi",
        simulated=simulated,
        state=DeviceState(state),
        reason=words.lazy("The {device} was not found.", device=words.lazy("ID card reader")),
        restarts=restarts,
        pid=None,
    )


@pytest.mark.parametrize(
    ("device", "state"),
    [
        (status("ready"), "ok"),
        (status("ready", simulated=True), "warn"),
        (status("ready", restarts=3), "warn"),
        (status("starting"), "warn"),
        (status("absent"), "fail"),
        (status("failed"), "fail"),
    ],
)
def test_devices(device, state):
    (check,) = doctor.check_devices([device])
    by_id([check])
    assert check.state == state
    assert check.id == "device.id_card_reader"


def test_a_check_with_a_bug_hides_no_other(monkeypatch, caplog):
    monkeypatch.setattr(doctor, "check_fonts", lambda: 1 / 0)
    checks = {check.id: check for check in run_checks()}
    assert checks["fonts"].state == "fail"
    assert "ZeroDivisionError" in checks["fonts"].as_dict("en")["sentence"]
    assert {"sm2", "qt", "printers", "devices", "clock"} <= set(checks)
    assert "the machine check fonts failed" in caplog.text


def test_the_worst_counts():
    def check(state):
        return Check("x", "x", state, "x")

    assert worst([]) == "ok"
    assert worst([check("ok"), check("warn")]) == "warn"
    assert worst([check("fail"), check("warn")]) == "fail"


def test_it_works_without_qt():
    """A process in which PyQt6 cannot be imported makes all checks."""
    code = """
import sys
sys.modules["PyQt6"] = None
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "PyQt6" else real(name, package)
from yichuang.host.doctor import run_checks
print({check.id: check.state for check in run_checks()}["qt"])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "warn"


def test_importing_the_doctor_is_cheap():
    code = (
        "import sys, yichuang.host.doctor\n"
        "print(sorted({'sqlalchemy', 'keyring', 'cryptography', 'PyQt6'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
