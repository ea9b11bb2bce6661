"""Is there twice."""

from yichuang.api import Context


def activate(context: Context) -> None:
    """Is there twice."""
    context.log.info("started")
