"""Which operations there are and whose they are."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import FunctionType, ModuleType

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.operations.model import Operation

L = words.lazy


class Registry:
    """Operations by name. Thread-safe; a plugin's operations come and go together."""

    def __init__(self) -> None:
        self._operations: dict[str, Operation] = {}
        self._lock = threading.Lock()

    def add(self, module: ModuleType, owner: str) -> list[str]:
        """Register every declared operation of a module and return their names.

        Raises:
            ValueError: A name is taken or does not belong to the owner. Nothing is registered then.
        """
        found = [
            replace(function.operation, owner=owner)
            for function in vars(module).values()
            if isinstance(function, FunctionType)
            and hasattr(function, "operation")
            and function.__module__ == module.__name__
        ]
        with self._lock:
            for each in found:
                if each.name in self._operations:
                    raise ValueError(f"operation {each.name} is already registered")
                if owner != "core" and not each.name.startswith(f"{owner}."):
                    raise ValueError(f"operation {each.name} does not begin with {owner}.")
            self._operations.update((each.name, each) for each in found)
        return [each.name for each in found]

    def remove_owner(self, owner: str) -> None:
        """Forget all operations of a plugin."""
        with self._lock:
            self._operations = {n: o for n, o in self._operations.items() if o.owner != owner}

    def get(self, name: str) -> Operation:
        """The operation of a name.

        Raises:
            UserError: UNKNOWN_OPERATION, also where the plugin that has it is not running.
        """
        found = self._operations.get(name)
        if found is None:
            raise UserError(
                "UNKNOWN_OPERATION",
                L("There is no {name} here.", name=name),
                do=L("See on the plugins page whether the plugin is running."),
            )
        return found

    def has(self, name: str) -> bool:
        """Whether a name is registered."""
        return name in self._operations

    def all(self) -> list[Operation]:
        """All operations, by name."""
        return sorted(self._operations.values(), key=lambda o: o.name)
