"""The licence that a case ended in does not outlast its grant: revoked, cancelled, or terminated before it was handed out."""

from __future__ import annotations

from typing import Any

import pytest

from yichuang.api import LicenceDraft, LicenceRef, hall, hookimpl

from .conftest import APPROVER, CHIEF, COMMITTED, ISSUER, RECEIVER, accepted, decision
from .life import grant, render, see

CODE = "1.2.156.3005.2.x"


class Register:
    """Whoever keeps licences: what was told to end."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, str, str]] = []

    @hookimpl
    def issue_licence(self, draft: LicenceDraft) -> LicenceRef:
        return LicenceRef(CODE, "JY1", draft.name)

    @hookimpl
    def end_licence(self, code: str, kind: str, reason: str) -> None:
        self.ended.append((code, kind, reason))


@pytest.fixture
def register(suite):
    found = Register()
    suite.hooks.register("register", "Register", 99, [found])
    with suite.database.write() as writer:
        writer.update(hall.item_version, {"item": COMMITTED, "version": 1}, result_licence="L1")
    return found


def ready(suite: Any) -> Any:
    case = accepted(suite)
    grant(suite, case)
    return case


@pytest.mark.parametrize(("kind", "status"), [("revoke", "annulled"), ("cancel", "cancelled")])
def test_a_revoked_result_takes_its_licence_along(suite, register, kind, status):
    case = ready(suite)
    suite.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER})
    suite.run(CHIEF, "acceptance.revoke", decision(suite, case, CHIEF, kind=kind, reason="材料虚假"))
    assert register.ended == [(CODE, status, "材料虚假")]


def test_a_case_that_is_terminated_before_its_result_is_out(suite, register):
    case = ready(suite)
    assert see(suite, case).row.state == "ready"
    why = {"cause": "dissolved", "reason": "申请人注销", "law": "《行政许可法》第七十条"}
    suite.run(CHIEF, "acceptance.terminate", decision(suite, case, CHIEF, **why))
    assert register.ended == [(CODE, "cancelled", "申请人注销")]


def test_what_has_no_licence_ends_none(suite, register):
    case = accepted(suite)
    suite.run(APPROVER, "acceptance.refuse", decision(suite, case, reason="不符合条件"))
    render(suite, case)
    why = {"cause": "death", "reason": "申请人死亡", "law": "《行政许可法》第七十条"}
    suite.run(CHIEF, "acceptance.terminate", decision(suite, case, CHIEF, **why))
    assert register.ended == []
