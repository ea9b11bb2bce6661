"""Seals and stamping through the operations, on both databases."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.api import Actor, IntegrityError, UserError, select
from yichuang.storage.hall_tables import journal
from yichuang.storage.migrate import Chain
from yichuang.testing import schema_differences
from yichuang_seal import tables

from .conftest import Judgement
from .hall import (
    APPLICANT,
    APPROVER,
    CLERK,
    FORESTRY,
    GRASSLAND,
    KEEPER,
    MAKER,
    OTHER_KEEPER,
    OWNERS,
    SYSTEM,
    Hall,
    decision,
    person,
)


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
        from yichuang.storage.blobs import get_blob

        return get_blob(reader, digest)


def test_migrations_make_the_declared_tables(database_url: str):
    assert schema_differences(Chain("seal", "yichuang_seal", "0001"), database_url, tables.meta) == []


# -- the life of a seal --------------------------------------------------------------------------------------


def test_a_seal_by_three_people(hall: Hall):
    card = hall.seal()
    assert card.state == "in_use"
    assert card.es_id == "15042100000001"
    assert card.owner == OWNERS[FORESTRY]
    assert card.name == "行政审批专用章"
    assert card.here
    assert card.days_left == 3 * 365
    png = base64.b64decode(hall.query(KEEPER, "seal.picture", seal_id=card.id))
    assert png.startswith(b"\x89PNG")
    steps = hall.query(KEEPER, "seal.history", seal_id=card.id)
    assert [step.name for step in steps] == ["apply", "approve", "make", "file", "enable"]
    assert events(hall, f"seal:{card.id}") == [f"seal.{step.name}" for step in steps]
    assert hall.seal(GRASSLAND).es_id == "15042100000002"


def test_the_key_is_nowhere_in_the_database(hall: Hall):
    hall.seal()
    secrets = hall.suite.executor.secrets
    with hall.suite.database.read() as reader:
        row = reader.one(select(tables.seal))
        kept = [bytes(b.data) for b in reader.all(select(_blobs()))]
        authority = reader.one(select(tables.authority))
    for name in (row.key_name, authority.key_name):
        key = base64.b64decode(secrets.get("yichuang-seal", name))
        assert len(key) > 100
        assert all(key not in data for data in (*kept, bytes(row.certificate), bytes(authority.certificate)))


def _blobs():
    from yichuang.storage.hall_tables import blob

    return blob


def test_four_eyes_on_the_seal(hall: Hall):
    both = person(1, "那顺", "view", "apply", "approve", "make", "stamp", hall_wide=True)
    card = hall.run(both, "seal.apply", agency=FORESTRY, reason="新设窗口")
    refused("FOUR_EYES", lambda: hall.run(both, "seal.approve", seal_id=card.id))
    hall.run(APPROVER, "seal.approve", seal_id=card.id)
    refused("FOUR_EYES", lambda: hall.run(both, "seal.make", seal_id=card.id))
    refused(
        "FOUR_EYES",
        lambda: hall.run(person(2, "乌兰", "make", hall_wide=True), "seal.make", seal_id=card.id),
    )
    assert hall.run(MAKER, "seal.make", seal_id=card.id).state == "made"
    refused("SEAL_STATE", lambda: hall.run(MAKER, "seal.make", seal_id=card.id))
    assert len(hall.query(KEEPER, "seal.history", seal_id=card.id)) == 3, "refused steps leave no trace"


def test_stop_and_resume(hall: Hall):
    card = hall.seal()
    refused("REASON_MISSING", lambda: hall.run(KEEPER, "seal.stop", seal_id=card.id))
    refused("NOT_YOUR_AGENCY", lambda: hall.run(OTHER_KEEPER, "seal.stop", seal_id=card.id, reason="x"))
    hall.run(KEEPER, "seal.stop", seal_id=card.id, reason="人员变动")
    request_fields = {"subject": "case:1", "paper": "decision", "pdf": decision()}
    assert hall.run(KEEPER, "asker.ask", **request_fields) is None, "nobody can"
    hall.run(APPROVER, "seal.resume", seal_id=card.id, reason="已交接")
    assert hall.run(KEEPER, "asker.ask", **request_fields).seal_name == "行政审批专用章"


def test_a_successor_of_a_replaced_seal(hall: Hall):
    card = hall.seal()
    refused(
        "SEAL_NOT_REPLACED",
        lambda: hall.run(APPLICANT, "seal.apply", agency=FORESTRY, reason="更名", replaces=card.id),
    )
    hall.run(KEEPER, "seal.stop", seal_id=card.id, reason="更名")
    hall.run(APPROVER, "seal.replace", seal_id=card.id, reason="更名")
    assert (
        hall.run(APPLICANT, "seal.apply", agency=FORESTRY, reason="更名", replaces=card.id).state == "applied"
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"agency": "X", "reason": "r"}, "UNKNOWN_AGENCY"),
        ({"agency": GRASSLAND, "reason": "r"}, "NOT_YOUR_AGENCY"),
        ({"agency": FORESTRY, "reason": " "}, "REASON_MISSING"),
        ({"agency": FORESTRY, "reason": "r", "diameter": 12}, "SEAL_DIAMETER"),
        ({"agency": FORESTRY, "reason": "r", "kind": "golden"}, "BAD_REQUEST"),
    ],
)
def test_applications_that_are_refused(hall: Hall, fields: dict, code: str):
    refused(code, lambda: hall.run(APPLICANT, "seal.apply", **fields))
    assert hall.query(KEEPER, "seal.seals") == []


def test_seals_of_others_are_not_listed(hall: Hall):
    hall.seal()
    hall.seal(GRASSLAND)
    assert [card.agency for card in hall.query(KEEPER, "seal.seals")] == [FORESTRY]
    assert len(hall.query(APPROVER, "seal.seals")) == 2


# -- asking --------------------------------------------------------------------------------------------------


def test_asking_twice_gives_the_same_ticket(hall: Hall):
    hall.seal()
    assert hall.paper() == hall.paper()
    assert hall.query(KEEPER, "seal.badge") == 1
    assert hall.query(OTHER_KEEPER, "seal.badge") == 0


def test_an_asker_that_fails_leaves_nothing(hall: Hall):
    hall.seal()
    with pytest.raises(RuntimeError):
        hall.paper(fails=True)
    assert hall.query(KEEPER, "seal.badge") == 0


def test_no_seal_of_that_kind(hall: Hall):
    hall.seal()
    fields = {"subject": "case:1", "paper": "decision", "pdf": decision()}
    assert hall.run(KEEPER, "asker.ask", seal_kind="licence", **fields) is None
    assert hall.run(KEEPER, "asker.ask", agency=GRASSLAND, **fields) is None


def test_a_paper_made_anew_takes_the_place_of_the_old_one(hall: Hall):
    card = hall.seal()
    first = hall.paper()
    assert hall.paper(pdf=decision(text="更正后的决定。")) == first
    stamped = hall.run(KEEPER, "seal.stamp", request_id=first, seal_id=card.id)
    assert "asker.sealed" in events(hall, "case:1")
    refused("ALREADY_STAMPED", lambda: hall.paper(pdf=decision(text="再更正。")))
    assert hall.paper(pdf=decision(text="更正后的决定。")) == stamped.request_id, "asking again is harmless"


# -- stamping ------------------------------------------------------------------------------------------------


def test_a_stamp_from_end_to_end(hall: Hall, pdfsig: Callable[..., Judgement], can_trust: bool):
    card = hall.seal()
    number = hall.paper()
    detail = hall.query(KEEPER, "seal.paper", request_id=number)
    assert [(check.name, check.passed) for check in detail.checks] == [
        ("unchanged", True),
        ("approved", True),
        ("unsealed", True),
    ]
    assert detail.seal_id == card.id
    assert len(detail.pages) == 1
    stamped = hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id, reason="准予行政许可")
    spot = detail.dates[-1]
    assert (stamped.x + 21, stamped.y + 21) == (pytest.approx(spot.x), pytest.approx(spot.y)), "over the date"

    sealed = document(hall, stamped.sealed)
    with hall.suite.database.read() as reader:
        root = bytes(reader.one(select(tables.authority)).certificate)
    judgement = pdfsig(sealed, trust=root)
    assert (judgement.valid, judgement.total) == ([True], [True]), judgement.text
    if can_trust:
        assert judgement.trusted == [True]

    (entry,) = hall.query(KEEPER, "seal.ledger")
    assert (entry.before, entry.after) == (detail.digest, stamped.sealed)
    assert (entry.keeper, entry.es_id, entry.reason, entry.verdict) == (
        "赵国庆", card.es_id, "准予行政许可", "valid",
    )  # fmt: skip
    (receipt,) = hall.receiver.receipts
    assert (receipt.subject, receipt.paper, receipt.sealed) == ("case:1", "decision", stamped.sealed)
    assert events(hall, "case:1") == ["seal.request", "asker.ask", "asker.sealed", "seal.stamp"]
    listed = hall.query(KEEPER, "seal.waiting")
    assert (listed.waiting, listed.stamped, listed.papers[0].state) == (0, 1, "stamped")
    after = hall.query(KEEPER, "seal.paper", request_id=number)
    assert base64.b64decode(after.document) == sealed


def test_the_place_is_kept_to_the_micrometre(hall: Hall):
    card = hall.seal()
    stamped = hall.run(
        KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id, page=0, x=20.5, y=31.125
    )
    (entry,) = hall.query(KEEPER, "seal.ledger")
    assert (entry.page, entry.x, entry.y) == (stamped.page, stamped.x, stamped.y) == (0, 20.5, 31.125)


def test_stamping_twice_is_impossible(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    refused("ALREADY_DECIDED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert len(ledger_rows(hall)) == 1


def test_a_retry_with_its_key_gives_the_first_result(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    first = hall.run(KEEPER, "seal.stamp", "key-1", request_id=number, seal_id=card.id)
    again = hall.run(KEEPER, "seal.stamp", "key-1", request_id=number, seal_id=card.id)
    assert again == first
    assert len(hall.receiver.receipts) == 1


def test_a_paper_remade_while_it_was_being_signed(hall: Hall, monkeypatch: pytest.MonkeyPatch):
    """Between signing and the transaction the document changed: what was signed must not count."""
    from yichuang_seal.rules.pades import Sealer

    card = hall.seal()
    number = hall.paper()
    real = Sealer.stamp

    def slow(self, pdf, place, **rest):
        signed = real(self, pdf, place, **rest)
        monkeypatch.undo()
        hall.paper(pdf=decision(text="更正后的决定。"))
        return signed

    monkeypatch.setattr(Sealer, "stamp", slow)
    refused("ALREADY_DECIDED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert ledger_rows(hall) == []
    assert hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id).request_id == number


def test_an_owner_that_breaks_takes_the_stamp_back(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    hall.receiver.breaks = True
    refused("CASE_CLOSED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert ledger_rows(hall) == []
    assert hall.query(KEEPER, "seal.waiting").waiting == 1


def test_who_may_stamp(hall: Hall):
    card = hall.seal()
    other = hall.seal(GRASSLAND)
    number = hall.paper()

    def stamp(actor, seal_id=card.id):
        return hall.run(actor, "seal.stamp", request_id=number, seal_id=seal_id)

    refused("NOT_PERMITTED", lambda: stamp(CLERK))
    refused("NOT_YOUR_AGENCY", lambda: stamp(OTHER_KEEPER))
    refused("NOT_YOUR_AGENCY", lambda: stamp(KEEPER, other.id))
    hall_keeper = person(9, "李娜", "stamp", agency="", hall_wide=True)
    refused("WRONG_SEAL", lambda: stamp(hall_keeper, other.id))
    refused("UNKNOWN_SEAL", lambda: stamp(KEEPER, 999))
    refused("UNKNOWN_PAPER", lambda: hall.run(KEEPER, "seal.stamp", request_id=999, seal_id=card.id))
    assert stamp(hall_keeper).es_id == card.es_id


def test_a_seal_that_may_not_be_used(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    hall.run(KEEPER, "seal.stop", seal_id=card.id, reason="检查")
    refused("SEAL_NOT_IN_USE", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    hall.run(APPROVER, "seal.resume", seal_id=card.id, reason="检查完毕")
    hall.clock.advance(days=3 * 365 + 1)
    refused("SEAL_EXPIRED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert hall.query(KEEPER, "seal.seals", usable=True) == []


def test_a_seal_whose_key_is_elsewhere(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    with hall.suite.database.read() as reader:
        name = reader.one(select(tables.seal)).key_name
    hall.suite.executor.secrets.delete("yichuang-seal", name)
    refused("SEAL_KEY_NOT_HERE", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert not hall.query(KEEPER, "seal.seals")[0].here


def test_a_document_changed_in_the_database(hall: Hall):
    from yichuang.storage.hall_tables import blob

    card = hall.seal()
    number = hall.paper()
    digest = hall.query(KEEPER, "seal.paper", request_id=number).digest
    with hall.suite.database.write() as writer:
        data = bytearray(writer.one(select(blob.c.data).where(blob.c.digest == digest)).data)
        data[2000] ^= 1
        writer.execute(blob.update().where(blob.c.digest == digest).values(data=bytes(data)))
    detail = hall.query(KEEPER, "seal.paper", request_id=number)
    assert not detail.checks[0].passed
    assert detail.document == ""
    error = refused(
        "CHECK_FAILED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    )
    assert error.detail == {"check": "unchanged"}


def test_a_row_that_no_operation_wrote(hall: Hall):
    """Somebody puts a document into the list past the program: nobody approved it."""
    card = hall.seal()
    hall.paper()
    with hall.suite.database.write() as writer:
        row = writer.one(select(tables.request))
        values = {**row._asdict(), "paper": "forged"}
        del values["id"]
        number = writer.insert(tables.request, **values)
    assert [c.passed for c in hall.query(KEEPER, "seal.paper", request_id=number).checks] == [
        True,
        False,
        True,
    ]
    error = refused(
        "CHECK_FAILED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    )
    assert error.detail == {"check": "approved"}


def test_a_document_that_bears_a_seal(hall: Hall):
    card = hall.seal()
    stamped = hall.run(KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id)
    number = hall.paper(2, pdf=document(hall, stamped.sealed))
    error = refused(
        "CHECK_FAILED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    )
    assert error.detail == {"check": "unsealed"}


def test_a_paper_without_a_place(hall: Hall, make_paper: Callable[..., bytes]):
    card = hall.seal()
    number = hall.paper(pdf=make_paper())
    refused("NO_SEAL_PLACE", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    refused(
        "SEAL_OFF_PAGE",
        lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id, page=0, x=190, y=10),
    )
    assert hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id, page=0, x=120, y=200).page == 0


def test_refusing(hall: Hall):
    card = hall.seal()
    number = hall.paper()
    refused("REASON_MISSING", lambda: hall.run(KEEPER, "seal.refuse", request_id=number, reason=""))
    hall.run(KEEPER, "seal.refuse", request_id=number, reason="日期有误")
    refused("ALREADY_DECIDED", lambda: hall.run(KEEPER, "seal.refuse", request_id=number, reason="again"))
    refused("ALREADY_DECIDED", lambda: hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id))
    assert hall.query(KEEPER, "seal.waiting").refused == 1
    assert hall.paper() == number, "the asker may ask again"
    assert hall.query(KEEPER, "seal.waiting").waiting == 1


def test_ledger_and_changes_only_grow(hall: Hall):
    card = hall.seal()
    hall.run(KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id)
    for table, values in ((tables.stamp, {"keeper": "别人"}), (tables.change, {"staff_name": "别人"})):
        for statement in (table.update().values(**values), table.delete()):
            with pytest.raises(Exception, match="append-only"), hall.suite.database.write() as writer:
                writer.execute(statement)


def test_the_ledger_pages_and_searches(hall: Hall):
    card = hall.seal()
    for number in range(1, 6):
        hall.run(
            KEEPER, "seal.stamp", request_id=hall.paper(number, title=f"决定书{number}"), seal_id=card.id
        )
    newest = hall.query(KEEPER, "seal.ledger", limit=2)
    assert [entry.title for entry in newest] == ["决定书5", "决定书4"]
    older = hall.query(KEEPER, "seal.ledger", limit=2, before=newest[-1].id)
    assert [entry.title for entry in older] == ["决定书3", "决定书2"]
    assert [entry.title for entry in hall.query(KEEPER, "seal.ledger", text="书3")] == ["决定书3"]
    assert hall.query(KEEPER, "seal.ledger", text="%") == []
    assert hall.query(OTHER_KEEPER, "seal.ledger") == []


# -- verifying -----------------------------------------------------------------------------------------------


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_verifying_a_sealed_paper(hall: Hall):
    card = hall.seal()
    stamped = hall.run(KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id)
    sealed = document(hall, stamped.sealed)
    answer = hall.query(CLERK, "seal.verify", content=b64(sealed))
    assert (answer.verdict, answer.digest, answer.sealed_elsewhere) == ("valid", stamped.sealed, False)
    assert answer.ledger.keeper == "赵国庆"
    (finding,) = answer.findings
    assert (finding.es_id, finding.seal_name, finding.seal_state) == (card.es_id, "行政审批专用章", "in_use")
    assert hall.query(CLERK, "seal.verify", digest=stamped.sealed) == answer


def test_verifying_what_was_changed_or_stripped(hall: Hall):
    card = hall.seal()
    original = decision()
    stamped = hall.run(KEEPER, "seal.stamp", request_id=hall.paper(pdf=original), seal_id=card.id)
    sealed = bytearray(document(hall, stamped.sealed))
    at = len(original) // 2
    sealed[at] ^= 1
    answer = hall.query(CLERK, "seal.verify", content=b64(bytes(sealed)))
    assert answer.verdict in ("changed", "unreadable")
    assert answer.ledger is None
    stripped = hall.query(CLERK, "seal.verify", content=b64(original))
    assert (stripped.verdict, stripped.sealed_elsewhere) == ("unsealed", True), (
        "was sealed, the seal was removed"
    )
    assert stripped.ledger.after == stamped.sealed


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "DOCUMENT_MISSING"),
        ({"content": "***"}, "DOCUMENT_MISSING"),
        ({"content": b64(b"no pdf")}, "BAD_PDF"),
        ({"digest": "0" * 64}, "FILE_MISSING"),
    ],
)
def test_what_cannot_be_verified(hall: Hall, fields: dict, code: str):
    refused(code, lambda: hall.query(CLERK, "seal.verify", **fields))


def test_before_the_first_seal_nothing_is_trusted(hall: Hall):
    answer = hall.query(CLERK, "seal.verify", content=b64(decision()))
    assert (answer.verdict, answer.findings, answer.ledger) == ("unsealed", [], None)


# -- other plugins' questions --------------------------------------------------------------------------------


def test_todos_figures_search_and_health(hall: Hall):
    def ask(actor: Actor, name: str, **fields):
        return hall.suite.executor.read(actor, lambda read: getattr(read.hooks, name)(read=read, **fields))

    hall.seal()
    number = hall.paper()
    (todo,) = ask(KEEPER, "todos")
    assert (todo.title, todo.args, todo.page) == (
        "准予行政许可决定书",
        {"request_id": number},
        "seal.stamping",
    )
    assert ask(CLERK, "todos") == []
    (figure,) = ask(KEEPER, "figures")
    assert figure.value == "1"
    assert [hit.title for hit in ask(KEEPER, "search", text="风电", limit=5)] == ["准予行政许可决定书"]
    assert ask(OTHER_KEEPER, "search", text="风电", limit=5) == []
    assert ask(KEEPER, "search", text="%%", limit=5) == []
    assert [finding.state for finding in ask(SYSTEM, "health")] == ["ok"]
    hall.clock.advance(days=3 * 365 - 10)
    assert [finding.state for finding in ask(SYSTEM, "health")] == ["warn"]


# -- what must never happen ----------------------------------------------------------------------------------


def test_two_keepers_at_once(hall: Hall):
    """Both sign, one stamps: the paper is sealed once, the other is told."""
    card = hall.seal()
    number = hall.paper()
    second = person(14, "刘洋", "view", "stamp")
    start = threading.Barrier(2)

    def stamp(actor: Actor) -> object:
        start.wait()
        try:
            return hall.run(actor, "seal.stamp", request_id=number, seal_id=card.id).es_id
        except UserError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(map(str, pool.map(stamp, (KEEPER, second))))
    assert answers == [card.es_id, "ALREADY_DECIDED"]
    assert len(ledger_rows(hall)) == 1
    assert len(hall.receiver.receipts) == 1


def test_the_index_is_the_last_guard(hall: Hall):
    card = hall.seal()
    hall.run(KEEPER, "seal.stamp", request_id=hall.paper(), seal_id=card.id)
    (row,) = ledger_rows(hall)
    values = {name: value for name, value in row._asdict().items() if name != "id"}
    with pytest.raises(IntegrityError), hall.suite.database.write() as writer:
        writer.insert(tables.stamp, **values)


TEXTS = st.one_of(st.text(max_size=12), st.sampled_from(["", " ", "\x00", "\x1b[2J", FORESTRY, "\u202e"]))
NUMBERS = st.one_of(st.integers(-1, 3), st.sampled_from([10**30, -(2**63), 2**63, 2**31]))
FIELDS = {
    "agency": TEXTS, "kind": TEXTS, "reason": TEXTS, "diameter": NUMBERS, "replaces": NUMBERS, "page": NUMBERS,
    "x": st.floats(), "y": st.floats(), "unknown": TEXTS,
}  # fmt: skip
KEYS = {"stamp": ("request_id", "seal_id"), "refuse": ("request_id",), "apply": ()}
ACTS = [
    "apply", "approve", "decline", "make", "file", "enable", "stop", "lose", "resume", "replace", "revoke", "cancel",
    "stamp", "refuse",
]  # fmt: skip
PERMISSIONS = ("view", "stamp", "verify", "apply", "approve", "make")


def contents(hall: Hall) -> list:
    """Every row of the plugin's tables and how long the journal is."""
    with hall.suite.database.read() as reader:
        rows = [tuple(row) for table in tables.meta.sorted_tables for row in reader.all(select(table))]
        return [*rows, len(reader.all(select(journal.c.id)))]


def test_an_error_changes_nothing(hall: Hall):
    """Whatever is asked: it either succeeds, or is refused with a typed error and the database is as before."""
    hall.seal()
    hall.paper()
    everything = person(30, "全权", *PERMISSIONS, hall_wide=True)

    @settings(max_examples=120, deadline=None)
    @given(st.sampled_from(ACTS), st.sets(st.sampled_from(sorted(FIELDS)), max_size=4), st.data())
    def ask(act: str, chosen: set[str], data: st.DataObject):
        before = contents(hall)
        fields = {name: data.draw(FIELDS[name]) for name in sorted(chosen)}
        fields |= {name: data.draw(NUMBERS) for name in KEYS.get(act, ("seal_id",))}
        with suppress(UserError):
            hall.run(everything, f"seal.{act}", **fields)
            return
        assert contents(hall) == before

    ask()
