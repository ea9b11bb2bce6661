"""The registry of operations as the host sees it: with whole permissions that were refused to a plugin."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.operations.model import Operation
from yichuang.operations.registry import Registry

L = words.lazy


class PluginRegistry(Registry):
    """Operations by name; those under a refused permission exist, but nobody can use them."""

    def __init__(self) -> None:
        super().__init__()
        self._refused: dict[str, frozenset[str]] = {}

    @staticmethod
    def declared_in(modules: Iterable[ModuleType], owner: str) -> list[Operation]:
        """The operations of some modules, without registering them.

        Raises:
            ValueError: A name is there twice or does not belong to the owner.
        """
        trial = Registry()
        for module in modules:
            trial.add(module, owner)
        return trial.all()

    def refuse(self, owner: str, permissions: frozenset[str]) -> None:
        """Set which permissions are refused to a plugin."""
        self._refused = {**self._refused, owner: permissions}

    def get(self, name: str) -> Operation:
        """The operation of a name.

        Raises:
            UserError: UNKNOWN_OPERATION, PERMISSION_REFUSED.
        """
        found = super().get(name)
        if found.permission in self._refused.get(found.owner, ()):
            raise UserError(
                "PERMISSION_REFUSED",
                L("The administrator refused {permission} to this plugin.", permission=found.permission),
                do=L("Ask the administrator to grant it on the plugins page."),
                detail={"operation": name, "permission": found.permission},
            )
        return found

    def has(self, name: str) -> bool:
        """Whether a name is registered and may be used."""
        if not super().has(name):
            return False
        found = super().get(name)
        return found.permission not in self._refused.get(found.owner, ())
