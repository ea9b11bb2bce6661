"""Cases written straight into the tables, many at a time, for tests of what reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yichuang.api import Actor, Work, select
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import search_index

from .conftest import OWN

START = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


def work_of(suite: Any, writer: Any) -> Work:
    """A transaction without an operation around it."""
    executor = suite.executor
    return Work(Actor.system(), executor.clock(), executor.hooks, writer, executor, writer=writer)


def enter_cases(suite: Any, cases: list[dict[str, Any]]) -> list[int]:
    """Write cases with their terms; what is not named is made up. Returns their ids."""
    with suite.database.write() as writer:
        work = work_of(suite, writer)
        ids = []
        for n, changes in enumerate(cases):
            key = writer.insert(t.case, **(_row(n) | changes))
            row = writer.one(select(t.case).where(t.case.c.id == key))
            search_index.enter(work, row, {})
            ids.append(int(key))
    return ids


def _row(n: int) -> dict[str, Any]:
    return {
        "case_no": f"150421260302{n:06d}0", "query_code": "ABC234", "state": "review", "item": "item-a",
        "item_version": 1, "item_name": "食品经营许可", "item_type": "01", "item_kind": "committed", "agency": OWN,
        "agency_name": "市场监督管理局", "applicant_id": n + 1, "applicant_kind": "person", "applicant_name": "苏日娜",
        "applicant_masked": "150421********2411", "form": {}, "received_at": START + timedelta(minutes=n),
        "acceptor_id": 1, "acceptor_name": "受理员",
    }  # fmt: skip
