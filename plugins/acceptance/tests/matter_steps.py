"""One matter from intake to its one pick-up, each step under its key; a child process of the kill test runs it as a program.

python -m plugins.acceptance.tests.matter_steps FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from yichuang.api import IdentityCipher, UserError
from yichuang.host.suite import Suite
from yichuang.identity.secrets import open_secrets

from .conftest import APPROVER, CLERK, ISSUER, RECEIVER, Clock, fill
from .matter_hall import CHECKED, FOREST, fill_theme, matter

MATTER = 1
FOOD_CASE, SIGN_CASE, FIRE_CASE = 1, 2, 3
OF_MATTER = {"matter_id": MATTER}
STEPS: tuple[tuple[str, Any, dict[str, Any]], ...] = (
    ("accept_matter", CLERK, matter()),
    ("grant", APPROVER, {"case_id": FIRE_CASE, "opinion": "同意"}),
    ("refuse", FOREST, {"case_id": SIGN_CASE, "reason": "不符合条件"}),
    ("answer_refusal", CLERK, {**OF_MATTER, "position": 3, "answer": "go_on"}),
    ("enter_outcome", CLERK, {**OF_MATTER, "position": CHECKED, "outcome": "granted", "note": "在业"}),
    ("grant", APPROVER, {"case_id": FOOD_CASE, "opinion": "同意"}),
    ("render", CLERK, {}),
    ("render", CLERK, {}),
    ("deliver_matter", ISSUER, {**OF_MATTER, **RECEIVER}),
    ("render", CLERK, {}),
)


def run(folder: Path) -> None:
    """Go through it; a step that was done answers as it did."""
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
            fill_theme(suite)
            (folder / "filled").touch()
        for number, (name, actor, request) in enumerate(STEPS):
            print(number, flush=True)
            asked = dict(request)
            if name in ("grant", "refuse"):
                asked["row_version"] = _version(suite, actor, request["case_id"])
            key = None if name == "render" else f"matter:{number}"
            suite.run(actor, f"acceptance.{name}", asked, key)
        print("done", flush=True)


def _version(suite: Any, actor: Any, case_id: int) -> int:
    try:
        return int(suite.query(actor, "acceptance.case", {"case_id": case_id}).row.row_version)
    except UserError:
        return 0


if __name__ == "__main__":
    run(Path(sys.argv[1]))
