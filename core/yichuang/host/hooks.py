"""Asking the plugins: every hook is called plugin by plugin, so that one failing answer does not stop the others.

pluggy checks what a plugin registers (names, arguments) and finds its implementations. It stops a whole call at the
first exception, though, so the calls themselves are made here, in manifest order, by the policy of each hook.
"""

from __future__ import annotations

import difflib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeAlias

import pluggy

from yichuang.api.hooks import HookSpecs, Policy
from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

L = words.lazy
log = logging.getLogger("yichuang.host.hooks")

STRIKES = 3
"""Failures in a row after which an implementation of a *skip* hook is no longer called in this process."""
SLOW_SECONDS = 1.0
_SQLITE_ERROR = 1  # a wrong statement: the plugin's fault, not the database's

FaultSink: TypeAlias = Callable[[str, str, BaseException], None]


class Answers(list[Any]):
    """What the plugins answered; `unavailable` names those that could not."""

    def __init__(self) -> None:
        super().__init__()
        self.unavailable: tuple[str, ...] = ()


class HookRefusedError(UserError):
    """A plugin that had to answer failed, so the whole step is refused."""

    def __init__(self, plugin: str, title: LazyText | str, hook: str, error: BaseException) -> None:
        super().__init__(
            "HOOK_REFUSED",
            L("The plugin {plugin} could not do its part, so this step was stopped.", plugin=title),
            do=L("Try again. If it happens again, tell the administrator: the plugins page shows the error."),
            detail={"plugin": plugin, "hook": hook, "error": type(error).__name__},
        )


class HookMismatchError(Exception):
    """What a plugin registered does not fit the hooks that there are."""

    def __init__(self, sentence: LazyText) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class _Implementation:
    plugin: str
    title: LazyText | str
    order: int
    function: Callable[..., Any]
    arguments: tuple[str, ...]


class HookCalls:
    """The hooks as attributes: `hooks.stamp_document(work=work, request=request)`. Thread-safe.

    notify returns None; first returns the first answer that is not None; collect returns `Answers`, lists of answers
    joined. Arguments are given by name.

    Args:
        fault: Told about every failure, on the thread where it happened.
    """

    def __init__(self, fault: FaultSink) -> None:
        self._fault = fault
        self._manager = pluggy.PluginManager("yichuang")
        self._manager.add_hookspecs(HookSpecs)
        self._lock = threading.Lock()
        self._specs: dict[str, tuple[Policy, frozenset[str]]] = {}
        for name, function in vars(HookSpecs).items():
            policy = getattr(function, "policy", None)
            if policy is not None:
                spec = getattr(self._manager.hook, name).spec
                self._specs[name] = policy, frozenset(spec.argnames)
        self._table: Mapping[str, Sequence[_Implementation]] = {}
        self._registered: dict[str, tuple[LazyText | str, int, list[object]]] = {}
        self._strikes: dict[tuple[str, str], int] = {}

    def register(
        self, plugin: str, title: LazyText | str, order: int, implementations: Sequence[object]
    ) -> None:
        """Add a plugin's implementations, all of them or none.

        Raises:
            HookMismatchError: A name is not a hook, an argument is not the hook's, or there is no implementation.
        """
        with self._lock:
            self._registered[plugin] = title, order, []
            try:
                for number, implementation in enumerate(implementations):
                    self._register_one(plugin, f"{plugin}#{number}", implementation)
            except BaseException:
                self._remove(plugin)
                raise
            self._rebuild()

    def unregister(self, plugin: str) -> None:
        """Forget a plugin's implementations and its failures."""
        with self._lock:
            self._remove(plugin)
            self._rebuild()
            self._strikes = {key: count for key, count in self._strikes.items() if key[0] != plugin}

    def implemented_by(self, plugin: str) -> frozenset[str]:
        """Names of the hooks that a plugin answers."""
        return frozenset(
            name for name, found in self._table.items() if any(each.plugin == plugin for each in found)
        )

    def stopped(self, plugin: str) -> frozenset[str]:
        """Names of the hooks for which a plugin is no longer called."""
        with self._lock:
            return frozenset(
                hook for (owner, hook), count in self._strikes.items() if owner == plugin and count >= STRIKES
            )

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or name not in self._specs:
            raise AttributeError(f"there is no hook {name}")

        def call(**arguments: Any) -> Any:
            return self._call(name, arguments)

        return call

    def _register_one(self, plugin: str, name: str, implementation: object) -> None:
        if isinstance(implementation, type):
            given = implementation.__name__
            raise HookMismatchError(L("{name} is a class; register an object of it.", name=given))
        try:
            self._manager.register(implementation, name)
        except (pluggy.PluginValidationError, ValueError) as error:
            raise HookMismatchError(L("A hook does not fit: {why}.", why=str(error))) from error
        self._registered[plugin][2].append(implementation)
        callers = self._manager.get_hookcallers(implementation) or []
        if not callers:
            given = type(implementation).__name__
            raise HookMismatchError(L("{name} answers no hook; mark its methods with @hookimpl.", name=given))
        for caller in callers:
            own = [each for each in caller.get_hookimpls() if each.plugin is implementation]
            if caller.name not in self._specs and not all(each.optionalhook for each in own):
                near = difflib.get_close_matches(caller.name, self._specs, 1) or sorted(self._specs)
                raise HookMismatchError(
                    L("There is no hook {name}; there is {near}.", name=caller.name, near=", ".join(near))
                )
            if any(each.hookwrapper or each.wrapper for each in own):
                raise HookMismatchError(L("{name} wraps the answers of others.", name=caller.name))

    def _remove(self, plugin: str) -> None:
        for implementation in self._registered.pop(plugin, ("", 0, []))[2]:
            self._manager.unregister(implementation)

    def _rebuild(self) -> None:
        """Publish who answers what; calls under way keep the table that they began with."""
        table: dict[str, list[_Implementation]] = {name: [] for name in self._specs}
        for plugin, (title, order, implementations) in self._registered.items():
            for implementation in implementations:
                for caller in self._manager.get_hookcallers(implementation) or ():
                    for each in caller.get_hookimpls():
                        if each.plugin is implementation and caller.name in table:
                            found = _Implementation(plugin, title, order, each.function, tuple(each.argnames))
                            table[caller.name].append(found)
        self._table = {
            name: sorted(found, key=lambda each: (each.order, each.plugin)) for name, found in table.items()
        }

    def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        policy, expected = self._specs[name]
        if arguments.keys() != expected:
            raise TypeError(f"hook {name} takes {sorted(expected)}, not {sorted(arguments)}")
        answers = Answers()
        for each in self._table.get(name, ()):
            if policy.failure == "skip" and self._strikes.get((each.plugin, name), 0) >= STRIKES:
                answers.unavailable += (each.plugin,)
                continue
            try:
                answer = self._ask(each, name, policy, arguments)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - _failed decides by the hook's policy
                self._failed(each, name, policy, error)
                answers.unavailable += (each.plugin,)
                continue
            if (each.plugin, name) in self._strikes:
                with self._lock:
                    self._strikes.pop((each.plugin, name), None)
            if answer is None:
                continue
            if policy.shape == "first":
                return answer
            if isinstance(answer, list | tuple):
                answers.extend(answer)
            else:
                answers.append(answer)
        return answers if policy.shape == "collect" else None

    def _ask(self, each: _Implementation, name: str, policy: Policy, arguments: dict[str, Any]) -> Any:
        begun = time.monotonic()
        with _contained(arguments) if policy.failure == "skip" else nullcontext():
            answer = each.function(*(arguments[argument] for argument in each.arguments))
            if isinstance(answer, Iterator):  # a generator runs, and fails, only when it is read
                answer = list(answer)
        taken = time.monotonic() - begun
        if taken > SLOW_SECONDS:
            log.warning("plugin %s took %.1f s for hook %s", each.plugin, taken, name)
        return answer

    def _failed(self, each: _Implementation, name: str, policy: Policy, error: BaseException) -> None:
        """Decide what a failure means; returns only if the others are to go on."""
        if isinstance(error, UserError):  # decided by the plugin, worded for the user: an answer, not a fault
            if policy.failure == "refuse":
                raise error
            log.info("plugin %s has no answer to hook %s: %r", each.plugin, name, error)
            return
        if _database_failed(error):
            raise error  # the transaction is over, and may be tried again from its start
        key = (each.plugin, name)
        with self._lock:
            self._strikes[key] = self._strikes.get(key, 0) + 1
        self._fault(each.plugin, name, error)
        if policy.failure == "refuse":
            raise HookRefusedError(each.plugin, each.title, name, error) from error


def _contained(arguments: Mapping[str, Any]) -> AbstractContextManager[Any]:
    """A savepoint, where there is something to save: what a failing plugin did to the database then vanishes.

    PostgreSQL needs one for reading as well, because a failed statement there ends the whole snapshot.
    """
    given = arguments.get("work", arguments.get("read"))  # an operation may also pass its Work as a Read
    if hasattr(given, "savepoint"):
        savepoint: AbstractContextManager[Any] = given.savepoint()
        return savepoint
    reader = getattr(given, "reader", None)
    if reader is not None and reader.dialect.name == "postgresql":
        nested: AbstractContextManager[Any] = reader.connection.begin_nested()
        return nested
    return nullcontext()


def _database_failed(error: BaseException) -> bool:
    """Whether the database gave up (connection lost, serialisation, disk), which is no fault of the plugin.

    Told by name, because the drivers are not imported for a question that is hardly ever asked.
    """
    cause = getattr(error, "orig", None) or error
    operational = any(each.__name__ == "OperationalError" for each in type(cause).__mro__)
    return operational and getattr(cause, "sqlite_errorcode", 0) & 0xFF != _SQLITE_ERROR
