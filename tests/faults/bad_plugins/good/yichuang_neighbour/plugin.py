"""A good plugin."""

from yichuang.api import Context


def activate(context: Context) -> None:
    """Register an operation, a query and a hook."""
    from yichuang_neighbour import hooks, operations

    context.operations(operations)
    context.hooks(hooks.Hooks())
