"""Its migration fails half way."""

from yichuang.api import Context


def activate(context: Context) -> None:
    """Its migration fails half way."""
    context.log.info("started")
