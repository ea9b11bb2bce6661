"""The model hall: data from `resources`, calendar, queue lines, seals and a few accounts, all through operations."""

from __future__ import annotations

import csv
import io
import json
import secrets as random
from dataclasses import dataclass
from importlib.resources import files as package_files
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from yichuang.hall.calendar_seed import seed_rows
from yichuang.hall.importing import folder_files
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.identity.hall_keys import IdentityCipher
from yichuang.operations.accounts import actor_of
from yichuang.operations.people import KEY_MARK, mark_of
from yichuang.storage import hall_tables as t

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable

    from yichuang.host.suite import Suite

L = words.lazy
COMPLETE = "hall.model_complete"
HALL_NAME = "阿鲁科尔沁旗政务服务大厅"
INTEGRATED = "综合业务"
FIRST_PREFIXES = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O: they are read as 1 and 0

# The accounts of the model hall that get a password, one for each kind of work; README names them.
SHOWN_ROLES = (
    "clerk",
    "approver",
    "chief;seal_keeper",
    "issuer",
    "queue_manager",
    "admin",
    "licence_keeper",
    "inspector",
    "kiosk",
)


@dataclass(frozen=True)
class Opened:
    """An account of the model hall that one can sign in with."""

    account: str
    name: str
    role: str
    desk: str


def is_empty(suite: Suite) -> bool:
    """Whether the database holds no hall yet."""
    return bool(
        suite.executor.read(Actor.system(), lambda read: read.one(select(t.agency.c.code).limit(1)) is None)
    )


def is_complete(suite: Suite) -> bool:
    """Whether the model hall was made to its end; `create` goes on with one that was broken off."""
    return bool(suite.executor.read(Actor.system(), lambda read: read.setting(COMPLETE)))


def create(suite: Suite, say: Callable[[str], None], password: str | None = None) -> list[Opened]:
    """Fill an empty database with the model hall; returns the accounts that one can sign in with.

    Args:
        suite: An open suite with secrets.
        say: Told each step.
        password: The first password of those accounts; a random one by default.
    """
    system = Actor.system()
    cipher = IdentityCipher.open(suite.executor.secrets, create=True)
    suite.run(system, "hall.set", {"key": KEY_MARK, "value": mark_of(cipher)})
    say(str(L("loading agencies, desks, staff and items")))
    suite.run(system, "hall.load", {"files": folder_files(package_files("yichuang_resources") / "hall")})
    machines = (_queue_files() / "machines.tsv").read_bytes()
    suite.run(system, "hall.load", {"files": {"staff.tsv": machines}})
    say(str(L("entering working days")))
    days = {row.day: row.working for row in seed_rows()}
    suite.run(system, "hall.set_days", {"days": days, "source": "chinesecalendar"})
    suite.run(system, "hall.set", {"key": "hall.name", "value": HALL_NAME})
    if suite.registry.has("queue.set_lines"):
        say(str(L("setting up queue lines")))
        lines = queue_lines(suite)
        suite.run(system, "queue.set_lines", {"lines": lines})
        suite.run(system, "queue.set_businesses", {"businesses": kiosk_tree(lines)})
    if suite.registry.has("acceptance.set_review_graph"):
        set_forms(suite)
        set_review_graphs(suite)
    if suite.registry.has("seal.apply"):
        say(str(L("making seals")))
        make_seals(suite)
    say(str(L("opening accounts")))
    opened = open_accounts(suite, password or random.token_urlsafe(9))
    suite.run(system, "hall.set", {"key": COMPLETE, "value": True})
    return opened


def queue_lines(suite: Suite) -> list[dict[str, Any]]:
    """One line for each kind of business at the desks; the general one takes every agency's items."""

    def ask(read: Any) -> list[Any]:
        rows = read.all(
            select(t.desk).where(t.desk.c.kind.in_(["integrated", "dedicated"])).order_by(t.desk.c.code)
        )
        return list(rows)

    kinds: dict[str, dict[str, Any]] = {}
    for desk in sorted(
        suite.executor.read(Actor.system(), ask), key=lambda d: (d.business != INTEGRATED, d.code)
    ):
        line = kinds.setdefault(desk.business, {"zone": desk.zone, "agencies": set()})
        if desk.agency and desk.business != INTEGRATED:
            line["agencies"].add(desk.agency)
    general = INTEGRATED
    return [
        {
            "code": prefix,
            "name": name,
            "prefix": prefix,
            "zone": line["zone"],
            "agencies": sorted(line["agencies"]),
        }
        for prefix, (name, line) in zip(FIRST_PREFIXES, kinds.items(), strict=False)
        if name == general or line["agencies"]
    ]


def _queue_files() -> Traversable:
    return package_files("yichuang_resources") / "queue"


def kiosk_tree(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The businesses of the kiosk as `queue.set_businesses` takes them.

    Args:
        lines: The hall's lines; the file names them by their names.
    """
    codes = {line["name"]: line["code"] for line in lines}
    text = (_queue_files() / "businesses.tsv").read_text(encoding="utf-8")
    rows = []
    for row in csv.DictReader(io.StringIO(text), delimiter="\t"):
        given: dict[str, Any] = {name: value for name, value in row.items() if value}
        if "line" in given:
            given["line"] = codes[given["line"]]
        rows.append(given)
    return rows


def _of_items(suite: Suite, file: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a file says by the names of items, and those items."""
    path = package_files("yichuang_resources") / "acceptance" / file
    said = json.loads(path.read_text(encoding="utf-8"))
    system = Actor.system()
    items = {
        row.name: suite.query(system, "hall.item", {"code": row.code})
        for row in suite.query(system, "hall.items", {"limit": 2000})
        if row.name in said
    }
    return said, items


def set_forms(suite: Suite) -> None:
    """The application forms of some items; those that were published with another one keep it."""
    schemas, items = _of_items(suite, "forms.json")
    system = Actor.system()
    for name, schema in schemas.items():
        which = {"item": items[name].code, "version": items[name].version}
        if not suite.query(system, "acceptance.form", which).fields:
            suite.run(system, "acceptance.load_forms", {"forms": {items[name].code: schema}})


def set_review_graphs(suite: Suite) -> None:
    """How the items that are inspected or reviewed by experts are examined; those that have a graph already keep it."""
    system = Actor.system()
    graphs, items = _of_items(suite, "review_graphs.json")
    for name, graph in graphs.items():
        which = {"item": items[name].code, "version": items[name].version}
        if suite.query(system, "acceptance.review_graph", which).revision == 0:
            suite.run(system, "acceptance.set_review_graph", {**which, "graph": graph})


def make_seals(suite: Suite) -> None:
    """An approval seal for each agency that has a keeper: applied for, approved and made by three people."""
    keepers = people(suite, "seal_keeper")
    approver, maker = people(suite, "admin")[:2]
    there = {seal.agency: seal for seal in suite.query(approver, "seal.seals")}
    for keeper in keepers:
        seal = there.get(keeper.agency)
        if seal is None:
            seal = suite.run(keeper, "seal.apply", {"agency": keeper.agency, "reason": str(L("model hall"))})
            there[keeper.agency] = seal
        for state, actor, step in (
            ("applied", approver, "seal.approve"),
            ("approved", maker, "seal.make"),
            ("made", maker, "seal.file"),
            ("filed", maker, "seal.enable"),
        ):
            if seal.state == state:
                seal = suite.run(actor, step, {"seal_id": seal.id})
                there[keeper.agency] = seal


def people(suite: Suite, role: str) -> list[Actor]:
    """Everybody with a role, as actors; for set-up and simulation, no password is asked."""

    def ask(read: Any) -> list[Actor]:
        rows = read.all(
            select(t.account.c.name)
            .join(t.staff_role, t.staff_role.c.staff_id == t.account.c.staff_id)
            .where(t.staff_role.c.role == role)
            .order_by(t.account.c.staff_id)
        )
        return [actor_of(read, row.name) for row in rows]

    found: list[Actor] = suite.executor.read(Actor.system(), ask)
    return found


def open_accounts(suite: Suite, password: str) -> list[Opened]:
    """Give one account of each kind of work a password."""
    opened = []
    for roles in SHOWN_ROLES:
        first, *rest = roles.split(";")
        actor = next((p for p in people(suite, first) if p.roles == frozenset([first, *rest])), None)
        if actor is None:
            continue
        request = {"account": actor.account, "password": password, "must_change": False}
        suite.run(Actor.system(), "identity.set_password", request)
        suite.executor.secrets.set("yichuang/sign-in", actor.account, password)
        opened.append(Opened(actor.account, actor.name, roles, actor.desk or ""))
    return opened
