"""Screenshots of every page with the demo hall; Qt lives in the shell, which is imported only here and only when asked."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from yichuang.hall.words import core as words
from yichuang.journal.entries import last_at

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from yichuang.demo.day import Day
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor

L = words.lazy
CHILD_SECONDS = 300
ROLES = ("clerk", "approver", "seal_keeper", "licence_keeper", "admin")


class LastMoment:
    """A clock that stands where the journal ends, so that a day of the past is drawn as it was."""

    def __init__(self) -> None:
        self.moment: datetime | None = None

    def __call__(self) -> datetime:
        """The moment, aware, UTC."""
        from yichuang.operations.executor import utc_now

        return self.moment or utc_now()


def draw(options: argparse.Namespace) -> list[Path]:
    """Draw every page as the people named, by default as the busiest of each kind of work."""
    from yichuang.cli import open_suite
    from yichuang.operations.accounts import actor_of
    from yichuang.shell.screenshots import draw_all

    clock = LastMoment()
    with open_suite(options, clock=clock) as suite:
        with suite.database.read() as reader:
            clock.moment = last_at(reader)
        named = [suite.executor.read(_nobody(), lambda read, a=a: actor_of(read, a)) for a in options.account]
        return draw_all(suite, named or busiest(suite), options.out, theme=options.theme, scale=options.scale)


def busiest(suite: Suite) -> list[Actor]:
    """For each kind of work whoever did most, so that the pages have something to show."""
    from sqlalchemy import func, select

    from yichuang.demo.model_hall import people
    from yichuang.storage.hall_tables import journal

    counted = select(journal.c.account, func.count().label("n")).group_by(journal.c.account)
    with suite.database.read() as reader:
        acts = {row.account: row.n for row in reader.all(counted)}
    groups = [people(suite, role) for role in ROLES]
    return [max(group, key=lambda actor: acts.get(actor.account, 0)) for group in groups if group]


def _nobody() -> Actor:
    from yichuang.identity.actor import Actor

    return Actor.nobody()


def draw_in_child(day: Day) -> list[str]:
    """Draw in a process of its own; without Qt nothing is drawn, and the day says so."""
    if importlib.util.find_spec("PyQt6") is None:
        day.say(str(L("no screenshots: Qt is not installed")))
        return []
    folder = day.plan.out / "screenshots"
    command = [
        sys.executable, "-m", "yichuang.cli", "screenshots", "--out", str(folder), "--json",
        "--database", day.suite.database.url.render_as_string(hide_password=False),
        "--data-dir", str(day.suite.data_dir),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_SECONDS, check=False)
    if done.returncode:
        day.say(done.stderr.strip()[-2000:])
        return []
    return sorted(path.name for path in folder.glob("*.png"))
