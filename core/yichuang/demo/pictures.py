"""Screenshots of the demo hall in a process of their own: the day itself runs without Qt."""

from __future__ import annotations

import importlib.util
import secrets
import subprocess
import sys
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from yichuang.demo.model_hall import people
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.storage.hall_tables import journal

if TYPE_CHECKING:
    from yichuang.demo.day import Day
    from yichuang.host.suite import Suite

L = words.lazy
CHILD_SECONDS = 300
ROLES = ("clerk", "approver", "seal_keeper", "issuer", "licence_keeper", "queue_manager", "admin")
SIGN_IN = "yichuang/sign-in"  # keyring service of remembered passwords


def busiest(suite: Suite, keeper: Actor | None) -> list[Actor]:
    """For each kind of work whoever did most, so that the pages have something to show; `keeper` for the seals."""
    counted = select(journal.c.account, func.count().label("n")).group_by(journal.c.account)
    with suite.database.read() as reader:
        acts = {row.account: row.n for row in reader.all(counted)}
    groups = [people(suite, role) for role in ROLES]
    found = [max(group, key=lambda actor: acts.get(actor.account, 0)) for group in groups if group]
    if keeper is not None:
        found = [keeper if "seal_keeper" in actor.roles else actor for actor in found]
    return list({actor.account: actor for actor in found}.values())


def draw_in_child(day: Day, keeper: Actor | None = None) -> list[str]:
    """Draw every page as the busiest people, who get a password for it; without Qt nothing is drawn, and the day says so."""
    if importlib.util.find_spec("PyQt6") is None:
        day.say(str(L("no screenshots: Qt is not installed")))
        return []
    password = secrets.token_urlsafe(12)
    accounts = [actor.account for actor in busiest(day.suite, keeper)]
    for account in accounts:
        request = {"account": account, "password": password, "must_change": False}
        day.suite.run(Actor.system(), "identity.set_password", request)
        day.suite.executor.secrets.set(SIGN_IN, account, password)
    folder = day.plan.out / "screenshots"
    command = [
        sys.executable, "-m", "yichuang.cli", "screenshots", "--out", str(folder), "--json",
        "--database", day.suite.database.url.render_as_string(hide_password=False),
        "--data-dir", str(day.suite.data_dir), *(part for name in accounts for part in ("--as", name)),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_SECONDS, check=False)
    if done.returncode:
        day.say(done.stderr.strip()[-2000:])
        last = [*(done.stderr or done.stdout).strip().splitlines()[-1:], f"(exit {done.returncode})"]
        day.troubles.append(str(L("the pictures were not drawn: {why}", why=" ".join(last))))
        return []
    return sorted(path.name for path in folder.glob("*.png"))
