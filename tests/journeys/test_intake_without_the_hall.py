"""The database is unplugged: two desks receive ten applications, are killed, come back; nothing is lost, no number is twice.

Acceptance test 17: “Offline block: unplug server, 10 intakes, reconnect, numbers unique.”
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from yichuang.api import Actor
from yichuang.demo import model_hall
from yichuang.hall.identifiers import check_case_number
from yichuang.host.suite import Suite
from yichuang.identity.secrets import open_secrets
from yichuang.testing import postgres
from yichuang_acceptance.offline_tables import num_block, receipt
from yichuang_acceptance.tables import case

PROGRAM = Path(__file__).parents[1] / "offline_desk.py"
MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the hall
BEGUN = datetime.now(UTC)
DESKS = {"A01": "qiqige", "A02": "baiyumei"}


def clock() -> datetime:
    """The hall's time: it goes on from that morning."""
    return MORNING + (datetime.now(UTC) - BEGUN)


class Desk:
    """A desk's process, told what to do."""

    def __init__(self, url: str, folder: Path, desk: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), url, str(folder), DESKS[desk], desk, clock().isoformat()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._answer() == "open"

    def __call__(self, command: str) -> Any:
        self.tell(command)
        return self._answer()

    def tell(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the desk has ended"
        return json.loads(line)

    def killed(self) -> None:
        """Wait for the end that it has given itself."""
        assert self._process.wait(60) == -9

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            pipe.close()


@contextmanager
def hall(folder: Path, url: str) -> Iterator[Suite]:
    secrets = open_secrets(folder, store="file")
    with Suite.open(url, folder, plugins=["acceptance"], secrets=secrets, clock=clock) as suite:
        yield suite


def open_account(suite: Suite, account: str) -> None:
    """Give a second clerk of the model hall a password, in the keyring of this machine as well."""
    request = {"account": account, "password": "Dulaan-2026-xk", "must_change": False}
    suite.run(Actor.system(), "identity.set_password", request)
    suite.executor.secrets.set("yichuang/sign-in", account, request["password"])


@pytest.mark.postgresql
@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.skipif(postgres.server_programs() is None, reason="NOT TESTED ON POSTGRESQL: no server here")
def test_two_desks_go_on_through_an_outage_and_kills(tmp_path, monkeypatch):
    monkeypatch.setenv("YICHUANG_SECRETS", "file")
    server = postgres.PostgresServer(durable=True).start()
    with ExitStack() as closing:
        closing.callback(server.stop)
        url = server.url()
        with hall(tmp_path, url) as suite:
            model_hall.create(suite, lambda _step: None)
            open_account(suite, DESKS["A02"])

        def desk(name: str) -> Desk:
            opened = Desk(url, tmp_path, name)
            closing.callback(opened.close)
            return opened

        first, second = desk("A01"), desk("A02")
        for each in (first, second):
            assert each("ready") == {"2026-11-25": 50, "2026-11-26": 50}

        server.stop(keep=True)
        for each in (first, second):
            assert "本窗口正在离线收件" in each("away")
        told = {"A01": first("receive 5"), "A02": second("receive 3")}
        second("type 天山镇东牧场")
        second.kill()

        second = desk("A02")  # it starts while the hall is away: nobody can sign in
        assert second("typed") == "天山镇东牧场", "what was typed is there again"
        assert list(second("states")) == told["A02"], "no acknowledged receipt is lost"
        told["A02"] += second("receive 2")

        first("die-when-entered")
        server.start()
        first.killed()  # the hall has entered a receipt of which the desk does not know
        assert set(second("entered").values()) == {"entered"}
        first = desk("A01")
        assert first("entered") == dict.fromkeys(told["A01"], "entered")

        with hall(tmp_path, url) as suite:
            check(suite, told)


def check(suite: Suite, told: dict[str, list[str]]) -> None:
    """The hall has every receipt once, in the order of its desk, under its number; every block is on record."""
    with suite.database.read() as read:
        cases = read.all(select(case).order_by(case.c.id).limit(99))
        kept = read.all(select(receipt).order_by(receipt.c.id).limit(99))
        blocks = read.all(select(num_block).order_by(num_block.c.id).limit(99))
    numbers = [number for given in told.values() for number in given]
    assert len(numbers) == len(set(numbers)) == 10
    assert [check_case_number(number) for number in numbers] == numbers
    for desk, given in told.items():
        assert [row.case_no for row in cases if row.desk == desk] == given
        assert [row.case_no for row in kept if row.desk == desk] == given
    assert {row.state for row in cases} == {"received"}
    assert all(row.received_at < row_at.at for row, row_at in zip(cases, kept, strict=True))
    assert {(row.desk, row.day.isoformat()) for row in blocks} == {
        (desk, day) for desk in DESKS for day in ("2026-11-25", "2026-11-26")
    }
    clerk = Actor(1, "qiqige", "其其格", "x", permissions=frozenset({"acceptance.view"}))
    rows = suite.query(clerk, "acceptance.num_blocks", {"day": "2026-11-25"})
    assert [(row.desk, row.entered) for row in sorted(rows, key=lambda row: row.desk)] == [
        ("A01", 5),
        ("A02", 5),
    ]
