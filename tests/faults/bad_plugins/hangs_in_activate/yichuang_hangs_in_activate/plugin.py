"""Never ends starting."""

import threading

from yichuang.api import Context


def activate(context: Context) -> None:
    """Never ends starting."""
    threading.Event().wait()
