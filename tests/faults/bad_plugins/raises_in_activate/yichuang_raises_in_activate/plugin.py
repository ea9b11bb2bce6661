"""Raises while it starts."""

from yichuang.api import Context


def activate(context: Context) -> None:
    """Raises while it starts."""
    raise OSError("the card reader is not there")
