"""Starting one plugin: what it registers is staged, and its code runs on a thread that can be left behind."""

from __future__ import annotations

import importlib
import logging
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from yichuang.hall.errors import Text
from yichuang.hall.words import core as words
from yichuang.host.manifest import Manifest

if TYPE_CHECKING:
    from yichuang.operations.model import Operation

L = words.lazy
log = logging.getLogger("yichuang.host")
T = TypeVar("T")


class StartFailedError(Exception):
    """A plugin cannot be used, in a sentence for the plugins page.

    Attributes:
        trace: What was running, for whoever repairs it.
        hung: The plugin did not return and its thread was left behind.
        final: Trying again makes no sense before the program is restarted.
    """

    def __init__(self, sentence: Text, trace: str = "", *, hung: bool = False, final: bool = False) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.trace = trace
        self.hung = hung
        self.final = final


class _Attempt(Generic[T]):
    """A call on a thread of its own, of which either a result or an error comes."""

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self.result: T
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self._act()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits, who decides
            self.error = error


def run_limited(act: Callable[[], T], seconds: float, name: str) -> T:
    """Call something that may never return.

    Python cannot end a thread, so one that hangs is left behind as a daemon; whatever it does later must not count.

    Raises:
        StartFailedError: It has not returned in time.
        BaseException: Whatever it raised.
    """
    attempt = _Attempt(act)
    thread = threading.Thread(target=attempt.run, name=name, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        frame = sys._current_frames().get(thread.ident or 0)
        trace = "".join(traceback.format_stack(frame)) if frame else ""
        sentence = L("It did not answer within {seconds} seconds and was left aside.", seconds=f"{seconds:g}")
        raise StartFailedError(sentence, trace, hung=True, final=True)
    if attempt.error is not None:
        raise attempt.error
    return attempt.result


class StagedContext:
    """What a plugin asks for while `activate` runs. Nothing of it is visible to anybody before it is committed."""

    def __init__(self, manifest: Manifest, data_dir: Path) -> None:
        self.manifest = manifest
        self.modules: list[ModuleType] = []
        self.implementations: list[object] = []
        self.disposables: list[Callable[[], None]] = []
        self._data_dir = data_dir
        self._closed = False

    @property
    def plugin_id(self) -> str:
        """The plugin's id."""
        return self.manifest.id

    @property
    def log(self) -> logging.Logger:
        """Logger `yichuang.plugin.<id>`."""
        return logging.getLogger(f"yichuang.plugin.{self.manifest.id}")

    @property
    def folder(self) -> Path:
        """The plugin's package folder, read only."""
        return self.manifest.folder

    @property
    def data_dir(self) -> Path:
        """A writable folder of the plugin's own, made on first use."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        return self._data_dir

    def operations(self, *sources: object) -> None:
        """Register modules of operations; they must be the ones that the manifest declares."""
        self._check_open()
        for source in sources:
            if not isinstance(source, ModuleType):
                raise TypeError(f"operations are registered by module, not {source!r}")
            self.modules.append(source)

    def hooks(self, implementation: object) -> None:
        """Register an object with `@hookimpl` methods."""
        self._check_open()
        self.implementations.append(implementation)

    def on_dispose(self, undo: Callable[[], None]) -> None:
        """Call something, in reverse order, when the plugin stops."""
        self._check_open()
        self.disposables.append(undo)

    def close(self) -> None:
        """End registration: a thread that was left behind can add nothing any more."""
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError(f"plugin {self.plugin_id}: the time to register is over")


def load(manifest: Manifest, seconds: float) -> Callable[[StagedContext], None]:
    """Import a plugin and return its `activate`.

    Raises:
        StartFailedError: It cannot be imported, or what is imported is something else.
    """
    place = str(manifest.folder.parent)
    if place not in sys.path:
        sys.path.append(place)
    name = f"{manifest.package}.plugin"
    try:
        module: Any = run_limited(lambda: importlib.import_module(name), seconds, f"import {name}")
    except (Exception, SystemExit) as error:
        raise _failure(error, loading=True) from error
    file = getattr(module, "__file__", None)
    if file is None or Path(file).resolve().parent != manifest.folder.resolve():
        raise StartFailedError(L("Another module of the name {name} is in its place.", name=name), final=True)
    activate = getattr(module, "activate", None)
    if not callable(activate):
        raise StartFailedError(L("{name} has no function activate.", name=name), final=True)
    return activate  # type: ignore[no-any-return]  # the plugin's promise; a wrong one fails when it is called


def run_activate(activate: Callable[[StagedContext], None], context: StagedContext, seconds: float) -> None:
    """Let a plugin register what it has.

    Raises:
        StartFailedError: It raised, tried to end the program or did not return in time.
    """
    try:
        run_limited(lambda: activate(context), seconds, f"activate {context.plugin_id}")
    except (Exception, SystemExit) as error:
        raise _failure(error, loading=False) from error
    finally:
        context.close()


def dispose(plugin_id: str, disposables: list[Callable[[], None]], seconds: float) -> None:
    """Undo what a plugin did outside the host, newest first; a failing undo is logged and the next one runs."""
    while disposables:
        undo = disposables.pop()
        try:
            run_limited(undo, seconds, f"dispose {plugin_id}")
        except (Exception, SystemExit):
            log.exception("plugin %s: a clean-up failed", plugin_id)


def check_declared(manifest: Manifest, registered: list[Operation]) -> None:
    """What was registered is what the manifest declares, each under the permission it is declared under.

    Raises:
        StartFailedError: It is not.
    """
    declared: dict[str, str | None] = dict.fromkeys(manifest.public)
    for permission in manifest.permissions:
        declared.update(dict.fromkeys(permission.operations, permission.id))
    found = {each.name: each.permission for each in registered}
    missing, strange = declared.keys() - found.keys(), found.keys() - declared.keys()
    moved = {name for name in found.keys() & declared.keys() if found[name] != declared[name]}
    if missing:
        raise StartFailedError(
            L("Declared in the manifest but not registered: {names}.", names=_listed(missing))
        )
    if strange:
        raise StartFailedError(
            L("Registered but not declared in the manifest: {names}.", names=_listed(strange))
        )
    if moved:
        raise StartFailedError(
            L("Registered under another permission than declared: {names}.", names=_listed(moved))
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _failure(error: BaseException, *, loading: bool) -> StartFailedError:
    if isinstance(error, StartFailedError):
        return error
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, SystemExit):
        sentence = L("It tried to end the program while starting.")
    elif loading:
        sentence = L("It could not be loaded: {why}.", why=describe(error))
    else:
        sentence = L("It failed while starting: {why}.", why=describe(error))
    return StartFailedError(sentence, trace, final=loading)


def describe(error: BaseException) -> str:
    """An error in one short line."""
    text = str(error).strip().split("\n", 1)[0]
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
