"""Declares operations that it does not register."""

from yichuang.api import Context


def activate(context: Context) -> None:
    """Declares operations that it does not register."""
    context.log.info("started")
