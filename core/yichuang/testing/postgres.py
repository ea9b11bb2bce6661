"""A private PostgreSQL server for tests: own folder, own port, own user, gone with the process that started it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from yichuang.testing import rewind

START_SECONDS = 60.0
# A test cluster is thrown away: not waiting for the disc makes it several times faster. Tests of what survives a
# kill start one of their own with durable=True.
HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


def server_programs() -> Path | None:
    """Returns the folder with `initdb` and `postgres`, the newest of several, or None where there is no server."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    beside = shutil.which("postgres")
    folders = [*reversed(debian), *([Path(beside).parent] if beside else [])]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class PostgresServer:
    """One running cluster. Use it as a context manager, or call `start` and `stop`.

    The superuser is `postgres`; connections over 127.0.0.1 and over the socket folder are trusted.

    Args:
        durable: Whether a commit waits for the disc, as in production.
        options: More settings, each `name=value`.

    Attributes:
        port: Its port on 127.0.0.1, nought while it does not run.
        folder: Its files, its socket and its log.
    """

    def __init__(self, *, durable: bool = False, options: tuple[str, ...] = ()) -> None:
        programs = server_programs()
        if programs is None:
            raise FileNotFoundError("no PostgreSQL server on this machine: apt-get install postgresql-15")
        self._programs = programs
        self._options = (*(() if durable else HASTY), *options)
        self._as = _other_user()
        self.folder = Path(tempfile.mkdtemp(prefix="yichuang-pg-"))
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0
        self._template_of: dict[str, str] = {}  # of the databases that `create` made
        self._rewound: dict[str, list[str]] = {}  # by template, databases that nobody uses now

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "log"

    @property
    def pid(self) -> int:
        """The postmaster's process id, for tests that kill it."""
        assert self._process is not None
        return self._process.pid

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def start(self) -> Self:
        """Makes the cluster if it is not there yet, and starts the server; again at the address that it had.

        Raises:
            RuntimeError: It did not come up; the message carries its log.
        """
        data = self.folder / "data"
        if not data.exists():
            if self._as:
                os.chown(self.folder, self._as["user"], self._as["group"])
            command = [self._programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
            self._run(
                [*command, "--locale=C.UTF-8" if sys.platform != "win32" else "--no-locale", "--no-sync"]
            )
        self.port = self.port or _free_port()
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
        ]
        if sys.platform == "win32":
            settings.pop()
        arguments = [part for setting in (*settings, *self._options) for part in ("-c", setting)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", data, *arguments],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, nothing that could hold a lock
                **self._as,
            )  # fmt: skip
        self._await_answer()
        return self

    def stop(self, *, keep: bool = False) -> None:
        """Stops the server and removes its files, unless they are kept for another `start`."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT if sys.platform != "win32" else signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT if sys.platform != "win32" else signal.SIGTERM)
                self._process.wait(20)
        self._process = None
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def crash(self) -> None:
        """Kills the server and all its children at once, as a power cut would; `start` brings it back."""
        import psutil

        assert self._process is not None
        postmaster = psutil.Process(self._process.pid)
        postmaster.suspend()
        for process in [*postmaster.children(recursive=True), postmaster]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    @contextlib.contextmanager
    def database(self, template: str = "template0", *, later: bool = False) -> Iterator[str]:
        """A fresh database, dropped at the end with whoever is still connected to it.

        Args:
            template: The database that it is a copy of.
            later: It is made by `create`, and rewound at the end for the next one that `create` makes.
        """
        self._count += 1
        name = f"test_{self._count}"
        if not later:
            self.sql(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        try:
            yield self.url(name)
        finally:
            self._give_back(name)

    def create(self, url: str, template: Callable[[], str]) -> bool:
        """Make the database of an address as a copy of another one.

        Args:
            url: The address that `database` gave.
            template: Gives the name of a database that `keep_template` was told of.

        Returns:
            False for an address of another server: nothing is done then.
        """
        server, _slash, name = url.rpartition("/")
        if server != self.url().rpartition("/")[0]:
            return False
        source = template()
        if rewound := self._rewound.get(source):
            self.sql(f"ALTER DATABASE {rewound.pop()} RENAME TO {name}")
        else:
            self.sql(f'CREATE DATABASE {name} TEMPLATE "{source}"')
        self._template_of[name] = source
        return True

    def keep_template(self, name: str) -> None:
        """Make a database a template of `create`: nobody changes it any more."""
        with self._connected(name) as connection:
            rewind.keep(connection)

    def _give_back(self, name: str) -> None:
        source = self._template_of.pop(name, "")
        if source:
            with self._connected(name) as connection:
                usable = rewind.rewind(connection)
            if usable:
                self._rewound.setdefault(source, []).append(name)
                return
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _connected(self, name: str) -> Any:
        import psycopg

        return psycopg.connect(self.url(name), autocommit=True, connect_timeout=10)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Runs one statement as the superuser, outside a transaction, and returns its rows."""
        with self._connected("postgres") as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _await_answer(self) -> None:
        """Waits until the server takes connections."""
        import psycopg

        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{said}")

    def _run(self, command: list[Any]) -> None:
        """Runs one of the server's programs to its end."""
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False, **self._as)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stderr.decode(errors='replace')}")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _other_user() -> dict[str, Any]:
    """Whom to run the server as: initdb refuses root, so root lends it to `postgres` or `nobody`."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("run as root, and there is neither a user postgres nor nobody to run the server as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """On Linux the kernel stops the server if the test run is killed; nobody else would."""
    set_death_signal = 1
    if _LIBC is not None:
        _LIBC.prctl(set_death_signal, signal.SIGQUIT)
