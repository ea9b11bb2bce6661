"""Keys of the window: one way to bind a key to an act."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWidget


def bind(key: str, owner: QWidget, act: Callable[..., object]) -> QShortcut:
    """Let a key do something while its owner's window is in front; it goes with the owner.

    Where two listen to the same key (a button shows it, the page claims it) Qt calls that ambiguous and tells one of them
    in turn; that one acts, rather than nobody.
    """
    shortcut = QShortcut(owner)
    shortcut.setKeys(sequences(key))
    shortcut.activated.connect(act)
    shortcut.activatedAmbiguously.connect(act)
    return shortcut


def sequences(key: str) -> list[QKeySequence]:
    """What to listen to for a key as people write it: Enter is two keys on the keyboard, and Qt calls the large one Return."""
    if key == "Enter" or key.endswith("+Enter"):
        return [QKeySequence(key.removesuffix("Enter") + "Return"), QKeySequence(key)]
    return [QKeySequence(key)]
