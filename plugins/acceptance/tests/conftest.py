"""A small hall: two agencies, three items, four people, working days of 2026, a clock, keys in a sealed file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from yichuang.api import Actor, IdentityCipher, hall
from yichuang.hall.identifiers import citizen_id_check
from yichuang.identity.secrets import open_secrets

OWN, OTHER = "11150421YC0000028H", "11150421YC0000036C"
INSTANT, COMMITTED, BARE = "item-instant", "item-committed", "item-bare"
ACCEPT = frozenset(
    {
        "acceptance.view",
        "acceptance.see_all",
        "acceptance.accept",
        "acceptance.deliver",
        "acceptance.print",
        "queue.view",
    }
)
DECIDE = frozenset({"acceptance.view", "acceptance.decide", "acceptance.print"})
HEAD = DECIDE | {f"acceptance.{name}" for name in ("suspend", "extend", "terminate", "supervise", "instant")}
ISSUE = frozenset({f"acceptance.{name}" for name in ("view", "see_all", "deliver", "make", "stock", "print")})
CLERK = Actor(1, "clerk", "受理员", OWN, permissions=ACCEPT | DECIDE, desk="A01")
APPROVER = Actor(2, "approver", "审批员", OWN, permissions=DECIDE)
SECOND = Actor(3, "second", "首席代表", OWN, permissions=DECIDE)
CHIEF = Actor(5, "chief", "机关负责人", OWN, permissions=HEAD)
ISSUER = Actor(6, "issuer", "出件员", OWN, permissions=ISSUE, desk="D01")
LEADER = Actor(
    7, "leader", "旗领导", OTHER, hall_wide=True,
    permissions=frozenset({"acceptance.view", "acceptance.see_all", "acceptance.extend_joint"}),
)  # fmt: skip
MORE = frozenset(
    {
        f"acceptance.{name}"
        for name in ("extend_joint", "voices", "promises", "hand_over", "help", "messages", "see_looks")
    }
)
STRANGER = Actor(
    4, "stranger", "外单位", OTHER,
    permissions=(HEAD | ISSUE | ACCEPT | MORE)
    - {"acceptance.see_all"},
)  # fmt: skip


def citizen(body: str = "15042119900307241") -> str:
    return body + citizen_id_check(body)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=100)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def suite(open_suite: Callable[..., Any], clock: Clock, tmp_path: Path) -> Any:
    secrets = open_secrets(tmp_path / "keys", store="file")
    IdentityCipher.open(secrets, create=True)
    return open_suite(fill=fill, plugins=["acceptance"], clock=clock, secrets=secrets)


def fill(suite: Any) -> None:
    with suite.database.write() as writer:
        for code, name in ((OWN, "市场监督管理局"), (OTHER, "林业和草原局")):
            writer.insert(hall.agency, code=code, name=name, short_name=name, kind="agency")
        for code, name, kind in (
            (INSTANT, "个体工商户登记", "instant"),
            (COMMITTED, "食品经营许可", "committed"),
            (BARE, "资产信息发布", ""),
        ):
            own = {
                "basic_code": code[-12:],
                "name": name,
                "type": "20" if code == BARE else "01",
                "agency": OWN,
            }
            writer.insert(
                hall.item, code=code, initials="spjyxk" if code == COMMITTED else "", pinyin="", **own
            )
            limit = (
                {"promise_amount": 5, "promise_unit": "W", "legal_amount": 10, "legal_unit": "W"}
                if code == COMMITTED
                else {}
            )
            writer.insert(hall.item_version, item=code, version=1, kind=kind, **limit)
        for n, (name, need, replaceable) in enumerate(
            (("申请书", "required", False), ("营业执照", "required", True), ("健康证", "tolerant", False)), 1
        ):
            writer.insert(hall.material, code=f"M{n}", name=name)
            for code in (INSTANT, COMMITTED):
                writer.insert(
                    hall.item_material, item=code, version=1, position=n, material=f"M{n}", name=name, need=need,
                    original=True, replaceable=replaceable,
                )  # fmt: skip
    days = {
        date(2026, 1, 1) + timedelta(n): (date(2026, 1, 1) + timedelta(n)).weekday() < 5 for n in range(365)
    }
    suite.run(Actor.system(), "hall.set_days", {"days": days})


def hands(*positions: int, **more: Any) -> list[dict[str, Any]]:
    return [{"position": p, "given": "paper", "originals": 1, **more} for p in positions]


def intake(item: str = COMMITTED, **changes: Any) -> dict[str, Any]:
    person = {"name": "苏日娜", "code_kind": "111", "code": citizen(), "phone": "13804760000"}
    return {"item": item, "applicant": person, "materials": hands(1, 2, 3), **changes}


def accepted(suite: Any, **changes: Any) -> Any:
    return suite.run(CLERK, "acceptance.accept", intake(**changes))


RECEIVER = {"receiver": "苏日娜", "receiver_code": citizen()}
"""The applicant, with her card."""


def decision(suite: Any, case: Any, actor: Actor = APPROVER, **more: Any) -> dict[str, Any]:
    seen = suite.query(actor, "acceptance.case", {"case_id": case.case_id})
    return {"case_id": case.case_id, "row_version": seen.row.row_version, **more}
