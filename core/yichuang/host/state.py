"""What this desk remembers about plugins: switched off, refused rights, and whose start ended the program.

`plugins.json` holds the choices and the troubles. `starting-<id>-<pid>` exists, locked by its process, while
a plugin is being imported and activated: a marker that nobody holds any more belonged to a start that died.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.host.locks import try_lock

L = words.lazy
log = logging.getLogger("yichuang.host")

State: TypeAlias = dict[str, Any]
MARKER = "starting-"
DEATHS_FOR_GOOD = 2
"""One death may be a power cut and costs one start; after the second a person has to decide."""
_LOCK_SECONDS = 5.0


@dataclass(frozen=True)
class Trouble:
    """What went wrong with the last starts of a plugin; forgotten after a good start or an update.

    Attributes:
        failures: Starts in a row that ended in an error.
        deaths: Starts in a row that ended the program, or did not end.
        at: When it last happened, ISO 8601.
        skipped: The start that is left out after a death has been left out.
    """

    version: str
    failures: int = 0
    deaths: int = 0
    at: str = ""
    skipped: bool = False


class PluginStore:
    """The memory of one desk; several processes may share it."""

    def __init__(self, data_dir: Path, clock: Callable[[], datetime]) -> None:
        self.folder = data_dir
        self.path = data_dir / "plugins.json"
        self._clock = clock

    def disabled(self) -> frozenset[str]:
        """Ids of the plugins that were switched off."""
        return frozenset(self._read()["disabled"])

    def refused(self, plugin_id: str) -> frozenset[str]:
        """Permissions that were refused to a plugin."""
        return frozenset(self._read()["refused"].get(plugin_id, ()))

    def trouble(self, plugin_id: str, version: str) -> Trouble:
        """What went wrong with the last starts of this version."""
        values = self._read()["troubles"].get(plugin_id, {})
        return Trouble(**values) if values.get("version") == version else Trouble(version)

    def set_disabled(self, plugin_id: str, disabled: bool) -> None:
        """Switch a plugin off or on, from the next start as well.

        Raises:
            UserError: STATE_NOT_SAVED.
        """

        def edit(state: State) -> None:
            others = [each for each in state["disabled"] if each != plugin_id]
            state["disabled"] = sorted([*others, plugin_id]) if disabled else others

        self._choose(edit)

    def set_refused(self, plugin_id: str, permission: str, refused: bool) -> None:
        """Refuse a permission to a plugin, or grant it again.

        Raises:
            UserError: STATE_NOT_SAVED.
        """

        def edit(state: State) -> None:
            others = [each for each in state["refused"].get(plugin_id, ()) if each != permission]
            state["refused"][plugin_id] = sorted([*others, permission]) if refused else others

        self._choose(edit)

    def failed(self, plugin_id: str, version: str) -> None:
        """Count a start that ended in an error."""
        self._count(plugin_id, version, failures=1)

    def died(self, plugin_id: str, version: str) -> None:
        """Count a start that did not end."""
        self._count(plugin_id, version, deaths=1)

    def forget(self, plugin_id: str) -> None:
        """Forget the troubles of a plugin: it started well, or a person wants to try it again."""
        if plugin_id in self._read()["troubles"]:
            self._note(lambda state: state["troubles"].pop(plugin_id, None))

    def held_back(self, plugin_id: str, version: str) -> Trouble | None:
        """The trouble for which this start leaves a plugin out, if there is one."""
        trouble = self.trouble(plugin_id, version)
        if trouble.deaths == 0 or (trouble.deaths < DEATHS_FOR_GOOD and trouble.skipped):
            return None
        self._keep(plugin_id, replace(trouble, skipped=True))
        return trouble

    def count_dead_starts(self) -> None:
        """Turn the markers of dead processes into troubles."""
        for marker in self.folder.glob(f"{MARKER}*"):
            plugin_id = marker.name.removeprefix(MARKER).rpartition("-")[0]
            with suppress(OSError), marker.open("r+", encoding="utf-8") as file:
                if not try_lock(file):
                    continue  # that process is alive and still starting
                values = _marker_values(file.read())
                if values and values["boot"] == _boot():
                    log.warning("the program died while plugin %s was starting", plugin_id)
                    self.died(plugin_id, values["version"])
                file.truncate(0)
            with suppress(OSError):
                marker.unlink(missing_ok=True)

    @contextmanager
    def starting(self, plugin_id: str, version: str) -> Iterator[None]:
        """Leave a marker while a plugin starts; a desk that cannot write goes on without."""
        marker = self.folder / f"{MARKER}{plugin_id}-{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = marker.open("w", encoding="utf-8")
        except OSError as error:
            log.warning("no marker for the start of plugin %s: %s", plugin_id, error)
            yield
            return
        try:
            try_lock(file)
            json.dump({"version": version, "boot": _boot()}, file)
            file.flush()
            yield
        finally:
            file.truncate(0)  # an empty marker accuses nobody, even if the next two steps are cut off
            file.close()
            with suppress(OSError):
                marker.unlink()

    def _count(self, plugin_id: str, version: str, failures: int = 0, deaths: int = 0) -> None:
        trouble = self.trouble(plugin_id, version)
        changed = replace(
            trouble,
            failures=trouble.failures + failures,
            deaths=trouble.deaths + deaths,
            at=self._clock().isoformat(),
            skipped=trouble.skipped and not deaths,
        )
        self._keep(plugin_id, changed)

    def _keep(self, plugin_id: str, trouble: Trouble) -> None:
        self._note(lambda state: state["troubles"].update({plugin_id: asdict(trouble)}))

    def _read(self) -> State:
        state: State = {"disabled": [], "refused": {}, "troubles": {}}
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return state
        except OSError as error:
            log.warning("%s cannot be read: %s", self.path, error)
            return state
        try:
            state.update(_checked(json.loads(text)))
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            kept = self.path.with_name(f"plugins.broken-{int(time.time())}.json")
            log.error("%s is damaged (%s) and was put aside as %s", self.path, error, kept.name)
            with suppress(OSError):
                self.path.replace(kept)
        return state

    def _choose(self, edit: Callable[[State], object]) -> None:
        """Change the state for a person, who must hear when it cannot be kept."""
        try:
            self._change(edit)
        except OSError as error:
            raise UserError(
                "STATE_NOT_SAVED",
                L("The choice could not be saved: {why}.", why=error.strerror or str(error)),
                do=L("Check that the folder {folder} can be written to.", folder=str(self.folder)),
            ) from error

    def _note(self, edit: Callable[[State], object]) -> None:
        """Change the state for our own use; a desk that cannot write must still start."""
        try:
            self._change(edit)
        except OSError as error:
            log.warning("%s cannot be written: %s", self.path, error)

    def _change(self, edit: Callable[[State], object]) -> None:
        """Read, change and replace the file while no other process does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "plugins.lock").open("w", encoding="utf-8") as guard:
            deadline = time.monotonic() + _LOCK_SECONDS
            while not try_lock(guard):
                if time.monotonic() > deadline:
                    raise TimeoutError("another process does not let go of plugins.lock")
                time.sleep(0.01)
            state = self._read()
            edit(state)
            fresh = self.path.with_suffix(".new")
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(state, file, ensure_ascii=False, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)


def _checked(state: Any) -> State:
    """The state if it has the shape it should have.

    Raises:
        TypeError: It has not.
    """
    disabled, refused, troubles = state["disabled"], state["refused"], state["troubles"]
    if not all(isinstance(each, str) for each in disabled):
        raise TypeError("disabled holds something else than ids")
    if not all(isinstance(each, str) for ids in refused.values() for each in ids):
        raise TypeError("refused holds something else than ids")
    for values in troubles.values():
        Trouble(**values)
    return {"disabled": disabled, "refused": refused, "troubles": troubles}


def _marker_values(text: str) -> dict[str, str] | None:
    try:
        values = json.loads(text)
        return {"version": str(values["version"]), "boot": str(values["boot"])}
    except (ValueError, KeyError, TypeError):  # emptied, or cut off before it was written
        return None


def _boot() -> str:
    """Which boot of the machine this is: a start that a power cut ended is not the plugin's fault."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""
