"""Starts the desk: flags, log, fault hooks, window, first paint; only then the heavy half, on a worker.

Nothing of the database, the papers or the plugins is imported before the first paint: together they take longer than the window.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QApplication

from yichuang.hall.words import core as words
from yichuang.host.places import default_data_dir
from yichuang.shell.backend import Backend, Opening
from yichuang.shell.faults import Faults, crash_report
from yichuang.shell.instance import InstanceServer, hand_over, instance_name, lock_instance
from yichuang.shell.look import first_look
from yichuang.shell.options import Options, parse_options
from yichuang.shell.preferences import Preferences
from yichuang.shell.process import choose_language, install_qt_words, make_application, set_up_logging
from yichuang.shell.window import MainWindow


class Marks:
    """Moments of the start, in seconds since the process began."""

    def __init__(self) -> None:
        self._zero = process_start()
        self.moments: dict[str, float] = {"began": self._zero}  # seconds of the machine's clock

    def mark(self, name: str) -> None:
        """This moment, the first time only."""
        self.moments.setdefault(name, round(time.time() - self._zero, 4))


def process_start() -> float:
    """When this process began; now where the system does not tell."""
    try:
        ticks = float(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return time.time()
    return time.time() - (uptime - ticks / os.sysconf("SC_CLK_TCK"))


class Desk:
    """One running desk: its window and what it was started with."""

    def __init__(
        self, options: Options, app: QApplication, preferences: Preferences, faults: Faults, marks: Marks
    ) -> None:
        self.options = options
        self.app = app
        self.preferences = preferences
        self.faults = faults
        self.marks = marks
        self.data_dir = options.data_dir or default_data_dir()
        self.backend = Backend(faults.report)
        self.window = MainWindow(self.backend, preferences, options.theme)
        self.server: InstanceServer | None = None
        self.window.painted.connect(self._after_first_paint)
        self.backend.opened.connect(self._on_opened)
        self.backend.started.connect(self._on_started)
        self.window.signed_in.connect(self._on_signed_in)

    def show(self) -> None:
        """Show the window; everything else follows its first paint."""
        place = self.preferences.load_view("", "window", {})
        if place:
            self.window.setGeometry(place["x"], place["y"], place["width"], place["height"])
        self.window.showMaximized() if place.get("maximized") else self.window.show()

    def _after_first_paint(self) -> None:
        self.marks.mark("first_paint")
        if self.options.marks:
            self.marks.moments["modules"] = len(sys.modules)
            self._write_marks(at_paint=True)
        self.faults.listen(self.window.show_fault)
        # First of all: the worker imports and opens while this thread dresses the window.
        self.window.open(
            Opening(
                database_url=self.options.database,
                data_dir=self.data_dir,
                only=self.options.only,
                safe_mode=self.options.safe_mode or shift_is_held(),
                plugin_dirs=self.options.plugin_dirs,
            )
        )
        self.window.show_theme(self.window.theme)
        install_qt_words(self.app)
        self._watch()
        if self.faults.last_crash:
            self.window.show_fault(crash_report(self.faults.last_crash))
        if not self.options.new_instance:
            self.server = InstanceServer(instance_name(self.data_dir), self.app)
            self.server.called.connect(self.window.take_arguments)

    def _watch(self) -> None:
        from yichuang.shell.watchdog import Watchdog

        self.watchdog = Watchdog(parent=self.window)
        self.watchdog.start()

    def _on_opened(self) -> None:
        self.marks.mark("data_open")
        suite = self.backend.suite
        if self.options.account and suite is not None:
            from yichuang.shell.keyring_sign_in import sign_in_from_keyring

            account, desk = self.options.account, str(self.preferences.get("desk")) or None
            self.backend.call(
                lambda suite: sign_in_from_keyring(suite, account, desk),
                self.window.enter,
                self.window.form.refuse,
                lane="write",
                owner=self.window,
            )

    def _on_started(self) -> None:
        self.marks.mark("plugins_up")
        if self.options.marks and not self.options.account:
            self._finish_marks()

    def _on_signed_in(self, _actor: object) -> None:
        if self.options.page and self.window.workspace is not None:
            self.window.workspace.navigate(self.options.page)
        if self.options.marks and self.window.workspace is not None:
            self.window.workspace.today.came.connect(lambda _home: QTimer.singleShot(0, self._finish_marks))

    def _finish_marks(self) -> None:
        self.marks.mark("ready")
        self._write_marks()
        self.window.close()

    def _write_marks(self, *, at_paint: bool = False) -> None:
        text = json.dumps(self.marks.moments)
        if self.options.marks == "-":
            if not at_paint:
                sys.stdout.write(text + "\n")
        else:
            Path(self.options.marks).write_text(text, encoding="utf-8")

    def end(self) -> None:
        """Give everything back; called once the event loop has ended."""
        window = self.window
        self.preferences.save_view(
            "",
            "window",
            {
                "x": window.normalGeometry().x(),
                "y": window.normalGeometry().y(),
                "width": window.normalGeometry().width(),
                "height": window.normalGeometry().height(),
                "maximized": bool(window.windowState() & Qt.WindowState.WindowMaximized),
            },
        )
        window.shut_down()
        if self.server is not None:
            self.server.close()


def shift_is_held() -> bool:
    """Shift at the start means safe mode."""
    return bool(QApplication.queryKeyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the desk until its window is closed.

    Returns:
        The exit code: 0, also when the start was handed over to a running desk.
    """
    marks = Marks()
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parse_options(given)
    data_dir = options.data_dir or default_data_dir()
    set_up_logging(data_dir / "logs")
    faults = Faults()
    faults.install(data_dir / "logs" / "crash.log")
    preferences = Preferences(data_dir)
    choose_language(preferences, options.language)
    lock = None if options.new_instance else lock_instance(data_dir)
    if lock is None and not options.new_instance:
        return hand_over_start(data_dir, given)
    app = make_application([sys.argv[0]], int(preferences.get("scale")))
    theme = options.theme or str(preferences.get("theme"))
    first_look(app, theme)
    desk = Desk(options, app, preferences, faults, marks)
    # What the start has made stays as long as the window: the collector need not walk over it, a tenth of a second each time.
    desk.backend.started.connect(gc.freeze)
    desk.show()
    code = app.exec()
    desk.end()
    faults.uninstall()
    if lock is not None:
        lock.unlock()
    return code


def hand_over_start(data_dir: Path, arguments: list[str]) -> int:
    """This user's desk is running already: it comes to the front and does what was asked.

    Returns:
        0, or 1 when it does not answer.
    """
    if hand_over(instance_name(data_dir), arguments):
        return 0
    sys.stderr.write(
        words.text("A desk is running already and does not answer. End it and start again.") + "\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
