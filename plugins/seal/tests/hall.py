"""A small hall with seals, for the tests of operations and pages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from yichuang.api import (
    Actor,
    StampReceipt,
    StampRequest,
    StampTicket,
    UserError,
    Work,
    hookimpl,
    insert,
    operation,
    select,
)
from yichuang.documents import Office, Paper, Paragraph, render
from yichuang.host.suite import Suite
from yichuang.operations.model import Request
from yichuang.storage.blobs import get_blob
from yichuang.storage.hall_tables import agency as agency_table
from yichuang.storage.hall_tables import journal
from yichuang.storage.hall_tables import staff as staff_table
from yichuang_seal import tables

FORESTRY = "11150421MB0X00001A"
GRASSLAND = "11150421MB0X00002B"
OWNERS = {FORESTRY: "阿鲁科尔沁旗林业和草原局", GRASSLAND: "阿鲁科尔沁旗农牧和科技局"}
HALL = "阿鲁科尔沁旗政务服务大厅"


def person(
    number: int, name: str, *permissions: str, agency: str = FORESTRY, hall_wide: bool = False
) -> Actor:
    allowed = frozenset(f"seal.{p}" for p in permissions) | {"asker.ask"}
    return Actor(number, f"account{number}", name, agency, permissions=allowed, hall_wide=hall_wide)


APPLICANT = person(1, "那顺", "view", "apply")
APPROVER = person(2, "乌兰", "view", "approve", hall_wide=True)
MAKER = person(3, "陈刚", "view", "make", hall_wide=True)
KEEPER = person(4, "赵国庆", "view", "stamp", "verify")
OTHER_KEEPER = person(5, "王丽", "view", "stamp", "verify", agency=GRASSLAND)
CLERK = person(6, "娜仁", "verify")
SYSTEM = Actor.system()


class Clock:
    """The real time when the test began, advanced by hand; pdfsig compares certificates with the real one."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class Ask(Request):
    """A paper that the asking plugin has just made."""

    subject: str
    paper: str
    pdf: bytes
    title: str = "准予行政许可决定书"
    agency: str = FORESTRY
    seal_kind: str = "approval"
    fails: bool = False


@operation("asker.ask", permission="asker.ask")
def ask(work: Work, request: Ask) -> StampTicket | None:
    """What acceptance does when a case is decided: keep the paper and ask for a seal, in one transaction."""
    work.subject = request.subject
    work.detail = {}
    digest = work.put_blob(request.pdf, "application/pdf")
    ticket: StampTicket | None = work.hooks.stamp_document(
        work=work,
        request=StampRequest(
            subject=request.subject,
            paper=request.paper,
            document=digest,
            title=request.title,
            agency=request.agency,
            seal_kind=request.seal_kind,
            number="阿林许准字〔2026〕第00001号",
            addressee="国能阿旗风电项目部",
        ),
    )
    if request.fails:
        raise RuntimeError("the asker fails after asking")
    return ticket


class TakeBack(Request):
    """A paper that holds no more."""

    subject: str
    paper: str = "decision"


@operation("asker.take_back", permission="asker.ask")
def take_back(work: Work, request: TakeBack) -> None:
    """What acceptance does when a paper is replaced or its case ends."""
    work.subject = request.subject
    work.hooks.withdraw_document(
        work=work, subject=request.subject, paper=request.paper, reason="已由另一文书代替"
    )


@dataclass
class Receiver:
    """The asking plugin's answer to the receipt; it can break."""

    receipts: list[StampReceipt] = field(default_factory=list)
    breaks: bool = False

    @hookimpl
    def document_stamped(self, work: Work, receipt: StampReceipt) -> None:
        if self.breaks:
            raise UserError("CASE_CLOSED", "The case was closed.")
        work.record("asker.sealed", receipt.subject, sealed=receipt.sealed)
        self.receipts.append(receipt)


def decision(
    title: str = "准予行政许可决定书", text: str = "经审查，你单位的申请符合法定条件，准予许可。"
) -> bytes:
    """A real paper of the suite, with the place of its seal in it."""
    office = Office(agency=OWNERS[FORESTRY], hall=HALL)
    return render(
        Paper(
            kind="D10", title=title, office=office, date=date(2026, 11, 22), number="阿林许准字〔2026〕第00001号",
            addressee="国能阿旗风电项目部", body=(Paragraph(text),), seal_name="行政审批专用章",
        )
    )  # fmt: skip


class Hall:
    """A suite with the seal plugin, an asker beside it and two agencies."""

    def __init__(self, suite: Suite, clock: Clock) -> None:
        self.suite = suite
        self.clock = clock
        self.receiver = Receiver()
        suite.registry.add(sys.modules[__name__], "asker")
        suite.hooks.register("asker", "Asker", 99, [self.receiver])
        with suite.database.write() as writer:
            for position, (code, name) in enumerate(OWNERS.items()):
                writer.execute(
                    insert(agency_table).values(
                        code=code, name=name, short_name=name[6:], kind="department", position=position
                    )
                )

    def open_account(self, actor: Actor, password: str) -> None:
        """Give a person of the tests a real account."""
        with self.suite.database.write() as writer:
            writer.execute(insert(staff_table).values(id=actor.staff_id, name=actor.name, agency=FORESTRY))
        self.run(
            SYSTEM, "identity.open_account", staff_id=actor.staff_id, account=actor.account,
            password=password,
        )  # fmt: skip

    def run(self, actor: Actor, name: str, key: str | None = None, /, **fields: Any) -> Any:
        return self.suite.run(actor, name, fields, key)

    def query(self, actor: Actor, name: str, /, **fields: Any) -> Any:
        return self.suite.query(actor, name, fields)

    def seal(self, agency: str = FORESTRY, kind: str = "approval") -> Any:
        """A seal in use, by the hands of three people."""
        applicant = APPLICANT if agency == FORESTRY else person(7, "孙海", "apply", agency=agency)
        card = self.run(applicant, "seal.apply", agency=agency, kind=kind, reason="新设窗口")
        self.run(APPROVER, "seal.approve", seal_id=card.id)
        self.run(MAKER, "seal.make", seal_id=card.id)
        self.run(MAKER, "seal.file", seal_id=card.id)
        return self.run(MAKER, "seal.enable", seal_id=card.id)

    def paper(self, number: int = 1, pdf: bytes | None = None, **fields: Any) -> int:
        """A paper that waits; returns its key."""
        ticket = self.run(
            KEEPER, "asker.ask", subject=f"case:{number}", paper="decision",
            pdf=decision() if pdf is None else pdf, **fields,
        )  # fmt: skip
        assert ticket is not None
        return int(ticket.request_id)


def refused(code: str, act: Callable[[], object]) -> UserError:
    """The act is refused with this code and leaves no trace."""
    with pytest.raises(UserError) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def ledger_rows(hall: Hall) -> list:
    with hall.suite.database.read() as reader:
        return reader.all(select(tables.stamp))


def events(hall: Hall, subject: str) -> list[str]:
    with hall.suite.database.read() as reader:
        rows = reader.all(select(journal.c.event).where(journal.c.subject == subject).order_by(journal.c.id))
    return [row.event for row in rows]


def document(hall: Hall, digest: str) -> bytes:
    with hall.suite.database.read() as reader:
        return get_blob(reader, digest)
