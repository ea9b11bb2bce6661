"""The machine checks around the database: reachable, safe settings, space, backup, and a clock that does not run back."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yichuang.hall.words import core as words
from yichuang.host.doctor import Check, HasDatabase, run_program

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

L = words.lazy

OLDEST_SQLITE = (3, 35)
OLDEST_POSTGRESQL = 13
SPACE_FAIL = 300 * 1024**2
SPACE_WARN = 3 * 1024**3
BACKUP_WARN = timedelta(days=2)
CLOCK_SLACK = timedelta(seconds=5)
FIRST_POSSIBLE_YEAR = 2025
HALL_OFFSET = timedelta(hours=8)
# File systems of network shares, as /proc/mounts names them: SQLite's locks do not hold there.
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs", "davfs"}
)


@contextmanager
def engine_of(source: HasDatabase | Engine | str | None) -> Iterator[Engine | Check | None]:
    """An engine for whatever was given; of an address it is closed again. A database file is never created."""
    if source is None:
        yield None
        return
    if not isinstance(source, str):
        yield source.database.engine if hasattr(source, "database") else source
        return
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError
    from sqlalchemy.pool import NullPool

    try:
        url = make_url(source)
    except ArgumentError:
        yield _fail(
            L("This is not the address of a database."), L("Use an address such as sqlite:///hall.db.")
        )
        return
    if url.get_backend_name() == "sqlite":
        if not url.database or not Path(url.database).is_file():
            sentence = L("There is no database yet: “{path}”.", path=url.database or "")
            yield Check("database", L("Database"), "warn", sentence, L("Start the suite once; it makes one."))
            return
        engine = create_engine(url, poolclass=NullPool)
    else:
        url = url.set(drivername="postgresql+psycopg")
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    try:
        yield engine
    finally:
        engine.dispose()


def check_database(engine: Engine) -> list[Check]:
    """Whether the database answers, how it is set, and whether its disk has room."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                return _check_sqlite(connection, Path(str(engine.url.database)))
            return _check_postgresql(connection)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()
        sentence = L("The database does not answer: {why}.", why=cause[0] if cause else type(error).__name__)
        return [
            _fail(sentence, L("Check that the server runs, the address, and the network; then try again."))
        ]


def check_clock(engine: Engine | None, now: datetime | None = None) -> list[Check]:
    """Whether the clock can be right: not before the journal's last entry, synchronised, in the hall's time zone."""
    now = now or datetime.now(UTC)
    last = _last_entry(engine) if engine is not None else None
    name = L("Clock")
    set_clock = L("Set the clock right and switch on time synchronisation.")
    if now.year < FIRST_POSSIBLE_YEAR:
        return [Check("clock", name, "fail", L("The clock shows the year {year}.", year=now.year), set_clock)]
    if last is not None and now < last - CLOCK_SLACK:
        late = _plain_span(last - now)
        sentence = L("The clock is {span} behind the last entry of the journal.", span=late)
        return [Check("clock", name, "fail", sentence, set_clock)]
    checks = []
    offset = now.astimezone().utcoffset()
    if offset != HALL_OFFSET:
        sentence = L(
            "The time zone of this machine is not Beijing time; the suite itself counts in Beijing time."
        )
        remedy = L("Set the time zone to Asia/Shanghai, so that all clocks of the desk agree.")
        checks.append(Check("clock.zone", L("Time zone"), "warn", sentence, remedy))
    if _is_synchronised() is False:
        sentence = L("The clock is not synchronised with a time server.")
        checks.append(Check("clock.sync", L("Time synchronisation"), "warn", sentence, set_clock))
    shown = f"{(now + HALL_OFFSET):%Y-%m-%d %H:%M}"
    return [Check("clock", name, "ok", L("It is {time} in Beijing.", time=shown)), *checks]


def check_backup(data_dir: Path, now: datetime | None = None) -> Check:
    """How old the newest file in the folder for backups is."""
    name, folder = L("Backup"), data_dir / "backups"
    remedy = L(
        "Have the database copied into “{folder}” every night (sqlite3 .backup or pg_dump).",
        folder=str(folder),
    )
    moments = [path.stat().st_mtime for path in folder.glob("*") if path.is_file() and path.stat().st_size]
    if not moments:
        return Check("backup", name, "warn", L("No backup is known."), remedy)
    age = (now or datetime.now(UTC)) - datetime.fromtimestamp(max(moments), UTC)
    sentence = L("The newest backup is {span} old.", span=_plain_span(age))
    if age > BACKUP_WARN:
        return Check("backup", name, "warn", sentence, remedy)
    return Check("backup", name, "ok", sentence)


def _check_sqlite(connection: Connection, path: Path) -> list[Check]:
    version = str(_scalar(connection, "SELECT sqlite_version()"))
    tables = int(_scalar(connection, "SELECT count(*) FROM sqlite_master"))
    sentence = L("SQLite {version}, “{path}”.", version=version, path=str(path))
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_SQLITE:
        checks = [_fail(sentence, L("Use a Python with SQLite {least} or newer.", least="3.35"))]
    elif not tables:
        empty = L("The database “{path}” is empty.", path=str(path))
        checks = [Check("database", L("Database"), "warn", empty, L("Start the suite once; it makes one."))]
    else:
        checks = [Check("database", L("Database"), "ok", sentence)]
    mode = str(_scalar(connection, "PRAGMA journal_mode"))
    if tables and mode != "wal":
        wrong = L("The database file is not in WAL mode ({mode}): desks block one another.", mode=mode)
        remedy = L("Close all programs that have the file open, then start the suite; it sets the mode.")
        checks.append(Check("database.wal", L("Database mode"), "warn", wrong, remedy))
    return [*checks, *_check_share(path), _check_space(path.parent, path.stat().st_size)]


def _check_postgresql(connection: Connection) -> list[Check]:
    number = int(_scalar(connection, "SHOW server_version_num")) // 10000
    version = str(_scalar(connection, "SHOW server_version"))
    url = connection.engine.url.set(password=None, username=None)
    sentence = L("PostgreSQL {version}, {address}.", version=version, address=url.render_as_string())
    if number < OLDEST_POSTGRESQL:
        remedy = L("Upgrade the server to PostgreSQL {least} or newer.", least=OLDEST_POSTGRESQL)
        checks = [_fail(sentence, remedy)]
    else:
        checks = [Check("database", L("Database"), "ok", sentence)]
    unsafe = [
        name
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if _scalar(connection, f"SHOW {name}") == "off"
    ]
    if unsafe:
        wrong = L("The server may lose what was confirmed: {settings} is off.", settings=", ".join(unsafe))
        remedy = L("Switch it on in postgresql.conf and restart the server.")
        checks.append(Check("database.safety", L("Database safety"), "fail", wrong, remedy))
    return checks


def _check_share(path: Path) -> list[Check]:
    kind = _file_system(path)
    if kind not in _NETWORK:
        return []
    sentence = L(
        "The database file lies on a network share ({kind}), where SQLite's locks do not hold.", kind=kind
    )
    remedy = L("Move it to a local disk; for several machines use PostgreSQL.")
    return [Check("database.share", L("Database place"), "fail", sentence, remedy)]


def _check_space(folder: Path, size: int) -> Check:
    free = shutil.disk_usage(folder).free
    sentence = L("{free} GB are free for the database.", free=f"{free / 1024**3:.1f}")
    remedy = L("Make room on the disk of “{folder}”.", folder=str(folder))
    name = L("Disk space")
    if free < SPACE_FAIL:
        return Check("database.space", name, "fail", sentence, remedy)
    if free < max(SPACE_WARN, 2 * size):
        return Check("database.space", name, "warn", sentence, remedy)
    return Check("database.space", name, "ok", sentence)


def _file_system(path: Path) -> str:
    """Kind of the file system a path lies on; empty where the system does not say."""
    if not sys.platform.startswith("linux"):
        return "smbfs" if str(path).startswith("\\\\") else ""
    best, found = "", ""
    whole = str(path.resolve())
    for line in Path("/proc/mounts").read_text("utf-8", "replace").splitlines():
        _, place, kind = line.split()[:3]
        place = place.replace("\\040", " ")
        if len(place) >= len(best) and (whole == place or whole.startswith(place.rstrip("/") + "/")):
            best, found = place, kind
    return found


def _last_entry(engine: Engine) -> datetime | None:
    """When the last journal row was written; None without a journal."""
    from sqlalchemy import inspect, select
    from sqlalchemy.exc import SQLAlchemyError

    from yichuang.storage.hall_tables import journal

    try:
        if not inspect(engine).has_table(journal.name):
            return None
        with engine.connect() as connection:
            last: datetime | None = connection.scalar(
                select(journal.c.at).order_by(journal.c.id.desc()).limit(1)
            )
            return last
    except SQLAlchemyError:  # the database's own check says what is wrong with it
        return None


def _is_synchronised() -> bool | None:
    """Whether systemd says that the clock follows a time server; None where nobody can tell."""
    if shutil.which("timedatectl") is None:
        return None
    answer = run_program(["timedatectl", "show", "--property=NTPSynchronized", "--value"]).stdout.strip()
    return {"yes": True, "no": False}.get(answer)


def _plain_span(span: timedelta) -> Any:
    hours = span.total_seconds() / 3600
    if hours >= 48:
        return L("{count} days", count=int(hours // 24))
    if hours >= 1:
        return L("{count} hours", count=int(hours))
    return L("{count} minutes", count=max(1, int(hours * 60)))


def _scalar(connection: Connection, statement: str) -> Any:
    from sqlalchemy import text

    return connection.execute(text(statement)).scalar()


def _fail(sentence: Any, remedy: Any) -> Check:
    return Check("database", L("Database"), "fail", sentence, remedy)
