"""Its tables in the test's database are newer than it is."""

from yichuang.api import Context


def activate(context: Context) -> None:
    """Its tables in the test's database are newer than it is."""
    context.log.info("started")
