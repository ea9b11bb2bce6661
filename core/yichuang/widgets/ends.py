"""What is to be done when a page, or a part of one, is gone."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

_WAITING: set[_End] = set()


class _End:
    """Held here and nowhere else until the object is gone; the connection itself holds a bound method only weakly."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act

    def come(self) -> None:
        _WAITING.discard(self)
        self._act()


def when_gone(of: QObject, act: Callable[[], object]) -> None:
    """Call something when an object has been destroyed.

    Use this, not a lambda connected to `destroyed`: the parts of a page are taken down one after the other, and when the garbage
    collector comes by in between, it clears the lambda's variables before the lambda is called, which ends the process
    (segmentation fault).

    Args:
        of: Whose end it is; something that Qt destroys, such as a page or its context.
        act: What to do. It is held until then with all that it holds, so it must not hold the last reference to a window.
    """
    end = _End(act)
    _WAITING.add(end)
    of.destroyed.connect(end.come)
