"""A small register: two agencies, two licence types, a clock, keys in a sealed file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from yichuang.api import Actor, IdentityCipher, hall
from yichuang.hall.identifiers import citizen_id_check
from yichuang.identity.secrets import open_secrets

ISSUER, OTHER = "11150421YC0000028H", "11150421YC0000036C"
TYPE, LIFELONG = f"{ISSUER}001", f"{ISSUER}002"
EVERYTHING = frozenset({"licence.view", "licence.issue", "licence.search_names", "people.reveal"})
KEEPER = Actor(1, "keeper", "Keeper", ISSUER, permissions=EVERYTHING, desk="A01")
CLERK = Actor(2, "clerk", "Clerk", ISSUER, permissions=frozenset({"licence.view"}))
STRANGER = Actor(3, "stranger", "Stranger", OTHER, permissions=EVERYTHING)


def citizen(body: str = "15042119900307241") -> str:
    return body + citizen_id_check(body)


@pytest.fixture
def clock() -> Callable[[], datetime]:
    start = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
    ticks = iter(range(10**6))
    return lambda: start + timedelta(milliseconds=next(ticks))


@pytest.fixture
def suite(open_suite: Callable[..., Any], clock: Callable[[], datetime], tmp_path: Path) -> Any:
    secrets = open_secrets(tmp_path / "keys", store="file")
    IdentityCipher.open(secrets, create=True)
    opened = open_suite(plugins=["licence"], clock=clock, secrets=secrets)
    with opened.database.write() as writer:
        for code, name in ((ISSUER, "市场监督管理局"), (OTHER, "林业和草原局")):
            writer.insert(hall.agency, code=code, name=name, short_name=name, kind="agency")
        writer.insert(
            hall.licence_type,
            code=TYPE,
            name="食品经营许可证",
            issuer=ISSUER,
            issuer_name="市场监督管理局",
            validity_months=60,
        )
        writer.insert(
            hall.licence_type, code=LIFELONG, name="营业执照", issuer=ISSUER, issuer_name="市场监督管理局"
        )
    return opened


@pytest.fixture
def issued(suite: Any) -> Any:
    return suite.run(KEEPER, "licence.issue", draft())


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "licence_type": TYPE, "issuer": ISSUER, "holder_name": "苏日娜", "holder_code_kind": "111",
        "holder_code": citizen(), "valid_from": "2026-01-01", **changes,
    }  # fmt: skip
