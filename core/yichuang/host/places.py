"""Where this desk keeps its own files."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def default_data_dir() -> Path:
    """The desk's folder for database, plugin state and logs: `YICHUANG_DATA`, or the platform's place."""
    chosen = os.environ.get("YICHUANG_DATA")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "yichuang"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "yichuang"


def default_database_url(data_dir: Path) -> str:
    """The desk's own database, for a hall of one machine."""
    return f"sqlite:///{(data_dir / 'hall.sqlite').as_posix()}"
