"""Needs a plugin that is not installed."""

from yichuang.api import Context


def activate(context: Context) -> None:
    """Needs a plugin that is not installed."""
    context.log.info("started")
