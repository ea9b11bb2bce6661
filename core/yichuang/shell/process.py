"""What a process with windows does before its first widget: log, language, application object, Qt's own words."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import QLibraryInfo, QTranslator
from PyQt6.QtWidgets import QApplication

from yichuang.hall.words import LANGUAGES, current_language, set_language
from yichuang.shell import input_method
from yichuang.shell.look import STYLE_ARGUMENTS
from yichuang.shell.preferences import Preferences

LOG_LIMIT = 5_000_000
SWITCH_SECONDS = 0.0005
"""How long a worker may keep the interpreter while the UI thread waits for it. Each of Qt's calls into Python, such as one
row of a list that is painted, waits anew: with Python's own 5 ms a busy worker made a screen of 14 rows take a tenth of a
second."""
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"


def set_up_logging(folder: Path, name: str = "yichuang") -> None:
    """One log file for each kind of process; the one before is kept when it has grown large."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(folder / f"{name}.1.log")
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    root = logging.getLogger("yichuang")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False


def choose_language(preferences: Preferences, asked: str) -> None:
    """What this start asked for, else the environment, else the desk's own choice."""
    chosen = asked or str(preferences.get("language"))
    if asked or (chosen in LANGUAGES and "YICHUANG_LANGUAGE" not in os.environ):
        set_language(chosen)


def make_application(arguments: Sequence[str], scale: int) -> QApplication:
    """The application object: scaling and input method must be decided before it exists."""
    if scale != 100 and "QT_SCALE_FACTOR" not in os.environ:
        os.environ["QT_SCALE_FACTOR"] = str(scale / 100)
    sys.setswitchinterval(SWITCH_SECONDS)
    method = input_method.choose()
    app = QApplication([*arguments, *STYLE_ARGUMENTS])
    app.setApplicationName("yichuang")
    app.setDesktopFileName("yichuang")
    if method == "fcitx4":
        from yichuang.shell.fcitx import FcitxFilter

        FcitxFilter(app)
    return app


def install_qt_words(app: QApplication) -> None:
    """Qt's own words (file dialogs, context menus) in the language of the desk."""
    if current_language() == "en":
        return
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
