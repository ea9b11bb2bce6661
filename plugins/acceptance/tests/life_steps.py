"""One case from receipt to archive, each step under its key; a child process of the kill test runs it as a program.

python -m plugins.acceptance.tests.life_steps FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from yichuang.api import IdentityCipher, UserError
from yichuang.host.suite import Suite
from yichuang.identity.secrets import open_secrets

from .conftest import APPROVER, CHIEF, CLERK, COMMITTED, ISSUER, OWN, RECEIVER, Clock, fill, hands, intake

KIND = "食品经营许可证"
STEPS: tuple[tuple[str, Any, dict[str, Any]], ...] = (
    ("add_blanks", ISSUER, {"agency": OWN, "kind": KIND, "first": "JY000001", "count": 5}),
    ("receive", CLERK, intake(materials=hands(1))),
    ("request_correction", CLERK, {"defects": ["营业执照：未提交"]}),
    ("resubmit", CLERK, {"materials": hands(2)}),
    ("accept_case", CLERK, {}),
    (
        "suspend",
        CHIEF,
        {"kind": "testing", "reason": "需要检测", "planned_end": "2026-04-20", "officers": ["甲", "乙"]},
    ),
    ("resume", APPROVER, {"result": "检测合格"}),
    ("extend", CHIEF, {"reason": "案情复杂"}),
    ("grant", APPROVER, {"opinion": "同意"}),
    ("render", APPROVER, {}),
    ("make_certificate", ISSUER, {}),
    ("deliver", ISSUER, RECEIVER),
    ("render", ISSUER, {}),
    ("archive", ISSUER, {}),
)
SEEN = ("suspend", "resume", "extend", "grant", "make_certificate")
CASE = 1


def run(folder: Path) -> None:
    """Go through the life; a step that was done answers as it did."""
    folder.mkdir(exist_ok=True)
    secrets = open_secrets(folder / "keys", store="file")
    new = not (folder / "filled").exists()
    if new:
        IdentityCipher.open(secrets, create=True)
    address = f"sqlite:///{(folder / 'hall.sqlite').as_posix()}"
    with Suite.open(
        address, folder / "desk", plugins=["acceptance"], clock=Clock(), secrets=secrets, retry_crashed=True
    ) as suite:
        if new:
            fill(suite)
            with suite.database.write() as writer:
                from sqlalchemy import text

                writer.execute(
                    text(f"UPDATE core_item_version SET result = '{KIND}' WHERE item = '{COMMITTED}'")
                )
            (folder / "filled").touch()
        for number, (name, actor, request) in enumerate(STEPS):
            print(number, flush=True)
            take(suite, number, name, actor, request)
        print("done", flush=True)


def take(suite: Any, number: int, name: str, actor: Any, request: dict[str, Any]) -> None:
    """One step under its key."""
    asked = dict(request)
    if name not in ("receive", "add_blanks"):
        asked["case_id"] = CASE
    if name in SEEN:
        try:
            asked["row_version"] = suite.query(actor, "acceptance.case", {"case_id": CASE}).row.row_version
        except UserError:
            asked["row_version"] = 0
    key = None if name == "render" else f"life:{number}"
    suite.run(actor, f"acceptance.{name}", asked, key)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
