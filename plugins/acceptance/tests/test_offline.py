"""Blocks of numbers and entering what was received offline, on both databases."""

from __future__ import annotations

import hashlib
import threading
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from yichuang.api import Actor, UserError, hall, identifiers, select, update
from yichuang_acceptance import offline_tables as o
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules.offline import place_of

from .conftest import BARE, CLERK, COMMITTED, INSTANT, STRANGER, accepted, citizen, hands, intake

DESK = "A01"


def lease(suite, desk=DESK, **more):
    return suite.run(CLERK, "acceptance.lease_numbers", {"desk": desk, **more})


def kept(block, n=0, at=None, **more):
    return {
        "local_id": uuid.uuid4().hex, "case_no": block.numbers[n], "desk": block.desk, "received_by": CLERK.staff_id,
        "received_at": at or block.leased_at, "query_code": "AB2CD3", "intake": intake(), **more,
    }  # fmt: skip


def enter(suite, receipt, actor=CLERK):
    return suite.run(actor, "acceptance.enter_offline", receipt)


def refusal(suite, receipt, name="acceptance.enter_offline", actor=CLERK):
    with pytest.raises(UserError) as error:
        suite.run(actor, name, receipt)
    assert error.value.as_dict("en")["sentence"] != error.value.as_dict("zh_CN")["sentence"]
    return error.value.code


def ending(receipt, **more):
    fields = {key: receipt[key] for key in ("local_id", "case_no", "desk", "received_at")}
    return {**fields, "item_name": "食品经营许可", "reason": "申请人撤回", **more}


def test_a_block_has_fifty_numbers_of_the_series_that_nobody_else_gives(suite):
    before = accepted(suite).case_no
    block = lease(suite)
    after = accepted(suite, item=INSTANT).case_no
    other = lease(suite, "A02")
    everything = [before, *block.numbers, after, *other.numbers]
    assert [place_of(number).serial for number in everything] == list(range(1, 103))
    assert len(set(everything)) == 102
    assert all(identifiers.check_case_number(number) for number in everything)


def test_desks_that_lease_at_once_never_share_a_number(suite):
    found = []
    threads = [threading.Thread(target=lambda n=n: found.append(lease(suite, f"B{n}"))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [number for block in found for number in block.numbers]
    assert len(numbers) == len(set(numbers)) == 200


def test_a_block_for_the_next_day_leaves_todays_series_alone(suite, clock):
    tomorrow = clock.now.date() + timedelta(days=1)
    block = lease(suite, day=tomorrow)
    assert (block.day, place_of(block.numbers[0]).serial) == (tomorrow, 1)
    assert place_of(accepted(suite).case_no).serial == 1
    assert (
        refusal(suite, {"desk": DESK, "day": tomorrow - timedelta(days=2)}, "acceptance.lease_numbers")
        == "BAD_DAY"
    )


def test_a_receipt_becomes_a_received_case_under_its_number_and_time(suite, clock):
    block = lease(suite)
    received = block.leased_at + timedelta(hours=2)
    clock.now += timedelta(days=2)
    case = enter(suite, kept(block, 3, received))
    assert (case.case_no, case.query_code, case.state) == (block.numbers[3], "AB2CD3", "received")
    with suite.database.read() as read:
        row = read.one(select(t.case).where(t.case.c.id == case.case_id))
        event = read.one(select(t.event).where(t.event.c.case_id == case.case_id))
        paper = read.one(select(t.paper).where(t.paper.c.case_id == case.case_id))
    assert (row.received_at, row.desk, row.acceptor_id) == (received, DESK, CLERK.staff_id)
    assert row.telling_due_at.isoformat() == "2026-03-24T15:59:59+00:00", (
        "five working days from the day of receipt"
    )
    assert event.payload["received_at"] == received.isoformat()
    assert paper.kind == "D1"


def test_time_that_ran_out_meanwhile_is_deemed_acceptance(suite, clock):
    block = lease(suite)
    clock.now += timedelta(days=20)
    case = enter(suite, kept(block))
    assert suite.run(CLERK, "acceptance.tick").deemed == 1
    with suite.database.read() as read:
        row = read.one(select(t.case).where(t.case.c.id == case.case_id))
    assert row.accepted_at == row.received_at == block.leased_at


def test_entering_again_answers_with_the_same_case(suite):
    receipt = kept(lease(suite))
    first = enter(suite, receipt)
    assert enter(suite, receipt) == first
    assert enter(suite, receipt | {"intake": intake(project="另一处")}) == first, (
        "also with other words in it"
    )
    with suite.database.read() as read:
        assert len(read.all(select(t.case.c.id).limit(9))) == 1
    stranger = replace(STRANGER, permissions=STRANGER.permissions - {"acceptance.see_all"})
    assert refusal(suite, receipt, actor=stranger) == "NOT_YOUR_AGENCY"
    assert refusal(suite, receipt | {"local_id": uuid.uuid4().hex}) == "NUMBER_USED"


def test_two_windows_of_a_desk_that_send_at_once_get_the_same_case(suite):
    receipt, found = kept(lease(suite)), []
    threads = [threading.Thread(target=lambda: found.append(enter(suite, receipt))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({case.case_id for case in found}) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"desk": "A02"}, "NOT_LEASED"),
        ({"case_no": identifiers.case_number("150421", date(2026, 3, 17), 900)}, "NOT_LEASED"),
        ({"case_no": "1504212603170000999"}, "BAD_CASE_NUMBER"),
        ({"received_by": 2}, "RECEIVED_BY_ANOTHER"),
        ({"intake": intake("no-such-item")}, "UNKNOWN_ITEM"),
        ({"intake": intake(applicant={"name": "苏日娜", "code_kind": "111", "code": "1"})}, "BAD_CITIZEN_ID"),
        ({"received_at": "2026-03-17T05:00:00+00:00"}, "RECEIVED_IN_FUTURE"),
        ({"received_at": "2026-03-16T05:00:00+00:00"}, "RECEIVED_BEFORE_BLOCK"),
    ],
)
def test_what_is_refused_changes_nothing_and_may_be_entered_once_mended(suite, change, code):
    receipt = kept(lease(suite))
    assert refusal(suite, receipt | change) == code
    with suite.database.read() as read:
        assert read.all(select(t.case.c.id).limit(9)) == []
        assert read.all(select(o.receipt.c.id).limit(9)) == []
    assert enter(suite, receipt).case_no == receipt["case_no"]


def test_a_version_that_no_longer_holds_is_refused(suite, clock):
    receipt = kept(lease(suite), intake=intake(item_version=1))
    with suite.database.write() as writer:
        writer.insert(hall.item_version, item=COMMITTED, version=2, kind="committed")
        writer.execute(update(hall.item).where(hall.item.c.code == COMMITTED).values(current_version=2))
    assert refusal(suite, receipt) == "VERSION_NOT_IN_FORCE"
    assert enter(suite, receipt | {"intake": intake(item_version=2, materials=hands(1))}).state == "received"


def test_a_second_case_of_the_same_kind_is_looked_at_first(suite):
    accepted(suite)
    receipt = kept(lease(suite))
    assert refusal(suite, receipt) == "DUPLICATE_OPEN_CASE"
    assert enter(suite, receipt | {"beside": True}).state == "received"
    other = kept(lease(suite), intake=intake(BARE, materials=hands(1)))
    assert enter(suite, other).state == "received", "another item is no double"


def test_without_the_permission_nothing_is_entered_or_leased(suite):
    receipt = kept(lease(suite))
    nobody = replace(CLERK, permissions=frozenset({"acceptance.view"}))
    assert refusal(suite, receipt, actor=nobody) == "NOT_PERMITTED"
    assert refusal(suite, {"desk": DESK}, "acceptance.lease_numbers", nobody) == "NOT_PERMITTED"


def test_taken_over_as_a_draft_or_cancelled_it_is_on_record_and_ends(suite):
    block = lease(suite)
    drafted, cancelled, entered = kept(block, 0), kept(block, 1), kept(block, 2)
    body = {"item": COMMITTED, "applicant": {}, "form": {}, "given": []}
    taking = ending(drafted, applicant_name="苏*娜", body=body)
    draft_id = suite.run(STRANGER, "acceptance.draft_offline", taking)
    assert suite.query(STRANGER, "acceptance.draft", {"draft_id": draft_id}) == body
    assert suite.run(STRANGER, "acceptance.draft_offline", taking) is None, (
        "one draft, also after a lost answer"
    )
    for _ in range(2):
        suite.run(CLERK, "acceptance.cancel_offline", ending(cancelled))
    assert refusal(suite, drafted) == refusal(suite, cancelled) == "RECEIPT_ENDED"
    enter(suite, entered)
    assert refusal(suite, ending(entered), "acceptance.cancel_offline") == "RECEIPT_ENDED"
    assert (
        refusal(suite, taking | {"local_id": entered["local_id"]}, "acceptance.draft_offline")
        == "RECEIPT_ENDED"
    )
    (row,) = suite.query(CLERK, "acceptance.num_blocks")
    assert (row.first, row.last) == (block.numbers[0], block.numbers[-1])
    assert (row.state, row.entered, row.ended_otherwise, row.unused) == ("leased", 1, 2, None)


def test_what_is_given_back_is_told_and_journalled(suite):
    block = lease(suite)
    enter(suite, kept(block, 0))
    back = {"desk": DESK, "block_id": block.id, "given": [block.numbers[1]]}
    assert [suite.run(CLERK, "acceptance.return_numbers", back) for _ in range(2)] == [48, 48]
    assert enter(suite, kept(block, 1, intake=intake(INSTANT))).state == "received", "it was on paper already"
    (row,) = suite.query(CLERK, "acceptance.num_blocks")
    assert (row.state, row.entered, row.unused) == ("returned", 2, 48)
    assert refusal(suite, back | {"desk": "A02"}, "acceptance.return_numbers") == "NOT_LEASED"
    events = [e.event for e in suite.query(Actor.system(), "journal.rows", {"subject": f"block:{block.id}"})]
    assert "acceptance.lease_numbers" in events


def test_a_block_that_no_desk_gives_back_expires_visibly(suite, clock):
    block = lease(suite)
    clock.now += timedelta(days=9)
    assert suite.query(CLERK, "acceptance.is_due")
    suite.run(CLERK, "acceptance.tick")
    assert not suite.query(CLERK, "acceptance.is_due")
    (row,) = suite.query(CLERK, "acceptance.num_blocks", {"day": block.day})
    assert (row.state, row.unused) == ("expired", 50)
    assert enter(suite, kept(block)).state == "received", (
        "a receipt in somebody's hand is entered all the same"
    )


def test_a_desk_keeps_what_the_window_asks(suite):
    found = {each.row.code: each for each in suite.query(CLERK, "acceptance.offline_items", {"limit": 2})}
    assert len(found) == 2
    rest = suite.query(CLERK, "acceptance.offline_items", {"after": max(found)})
    found |= {each.row.code: each for each in rest}
    assert set(found) == {BARE, COMMITTED, INSTANT}
    for code, each in found.items():
        assert each.detail == suite.query(CLERK, "hall.item", {"code": code})
        assert each.situation == suite.query(CLERK, "acceptance.situations", {"item": code})


def test_a_desk_learns_the_next_working_day_and_what_it_still_holds(suite, clock):
    block = lease(suite)
    look = suite.query(CLERK, "acceptance.offline_desk", {"desk": DESK})
    assert (look.next_day.isoformat(), look.open_blocks) == ("2026-03-18", [])
    assert {office["agency"] for office in look.offices.values()} == {"市场监督管理局", "林业和草原局"}
    clock.now += timedelta(days=1)
    assert suite.query(CLERK, "acceptance.offline_desk", {"desk": DESK}).open_blocks == [block.id]
    assert suite.query(CLERK, "acceptance.offline_desk", {"desk": "A09"}).open_blocks == []


def test_a_receipt_is_entered_with_all_its_pages_or_not_at_all(suite):
    pages = [b"\x89PNG one", b"\x89PNG two"]
    digests = [hashlib.sha256(data).hexdigest() for data in pages]
    receipt = kept(lease(suite), intake=intake(materials=[*hands(1, pages=digests), *hands(2, 3)]))

    def missing() -> list[str]:
        return suite.query(CLERK, "acceptance.missing_pages", {"digests": [*digests, digests[0]]})

    def send(data: bytes) -> str:
        return suite.run(CLERK, "acceptance.keep_page", {"data": data, "media_type": "image/png"})

    assert missing() == digests
    for data in pages:
        assert refusal(suite, receipt) == "PAGES_MISSING"
        with suite.database.read() as read:
            assert read.all(select(t.case.c.id).limit(9)) == []
            assert read.all(select(o.receipt.c.id).limit(9)) == []
        assert [send(data), send(data)] == [hashlib.sha256(data).hexdigest()] * 2
    assert missing() == []
    case = enter(suite, receipt)
    assert enter(suite, receipt) == case
    with suite.database.read() as read:
        row = read.one(
            select(t.material).where(t.material.c.case_id == case.case_id, t.material.c.position == 1)
        )
        assert list(row.pages) == digests
    nobody = replace(CLERK, permissions=frozenset({"acceptance.view"}))
    with pytest.raises(UserError) as error:
        suite.query(nobody, "acceptance.missing_pages", {"digests": digests})
    assert error.value.code == "NOT_PERMITTED"


def test_citizens_numbers_stay_out_of_the_journal(suite):
    enter(suite, kept(lease(suite)))
    with suite.database.read() as read:
        told = " ".join(str(row) for row in read.all(select(hall.journal.c.detail).limit(99)))
    assert citizen() not in told
    assert "苏日娜" not in told
