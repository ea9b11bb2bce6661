"""Registers operations that its manifest does not show to the administrator."""

from yichuang.api import Context


def activate(context: Context) -> None:
    """Register them."""
    from yichuang_undeclared_operation import operations

    context.operations(operations)
