"""What a window keeps on its own disk, also when it is killed: numbers once, receipts sealed, typing back again."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime, timedelta

import pytest

from yichuang.api import IdentityCipher, UserError
from yichuang_acceptance.offline_store import TYPING, IntakeStore
from yichuang_acceptance.rules.offline import numbers
from yichuang_acceptance.rules.pages import MOST_BYTES, pages_of

DAY = date(2026, 3, 17)
NOW = datetime(2026, 3, 17, 2, 0, tzinfo=UTC)
BODY = {"applicant_name": "苏日娜", "code": "150421199003072411"}


@pytest.fixture
def cipher():
    return IdentityCipher.generate()


@pytest.fixture
def store(tmp_path, cipher):
    opened = IntakeStore(tmp_path / "desk.sqlite", cipher)
    yield opened
    opened.close()


def test_numbers_are_given_once_in_order_and_on_their_day(store):
    store.keep_numbers(1, DAY.isoformat(), numbers(DAY, 1, 2))
    store.keep_numbers(2, (DAY + timedelta(days=1)).isoformat(), numbers(DAY + timedelta(days=1), 1, 50))
    store.keep_numbers(1, DAY.isoformat(), numbers(DAY, 1, 2))
    assert store.left() == {"2026-03-17": 2, "2026-03-18": 50}
    assert [store.receive(NOW, DAY, BODY).case_no for _ in range(2)] == numbers(DAY, 1, 2)
    store.type({"project": "牧场"})
    with pytest.raises(UserError) as error:
        store.receive(NOW, DAY, BODY)
    assert error.value.code == "NO_NUMBERS"
    assert store.typed() == {"project": "牧场"}, "what was typed is kept"


def test_receiving_takes_the_typing_along(store):
    store.keep_numbers(1, DAY.isoformat(), numbers(DAY, 1, 3))
    store.type(BODY)
    receipt = store.receive(NOW, DAY, BODY)
    assert store.typed() is None
    assert store.receipts() == [receipt]


def test_nobodys_name_or_number_can_be_read_from_the_file(tmp_path, store):
    store.keep_numbers(1, DAY.isoformat(), numbers(DAY, 1, 3))
    store.type(BODY)
    receipt = store.receive(NOW, DAY, BODY)
    store.type(BODY)
    store.refuse(receipt, {"code": "X", "sentence": "苏日娜"})
    found = b"".join(path.read_bytes() for path in tmp_path.glob("desk.sqlite*"))
    assert receipt.case_no.encode() in found
    for secret in BODY.values():
        assert secret.encode() not in found


def test_marks_survive_and_only_what_the_hall_knows_is_forgotten(tmp_path, store, cipher):
    store.keep_numbers(7, DAY.isoformat(), numbers(DAY, 1, 10))
    entered, refused, waiting = (store.receive(NOW, DAY, BODY) for _ in range(3))
    store.printed(entered)
    store.end(entered, "entered")
    store.refuse(refused, {"code": "UNKNOWN_ITEM", "sentence": "没有"})
    store.close()
    again = IntakeStore(tmp_path / "desk.sqlite", cipher)
    assert [(r.state, r.printed) for r in again.receipts()] == [
        ("entered", True), ("refused", False), ("waiting", False),
    ]  # fmt: skip
    assert again.receipts()[1].refusal == {"code": "UNKNOWN_ITEM", "sentence": "没有"}
    assert again.given(7) == [refused.case_no, waiting.case_no]
    again.drop_numbers(7)
    assert again.left() == {}
    again.forget(DAY + timedelta(days=40))
    assert [r.case_no for r in again.receipts()] == [refused.case_no, waiting.case_no]
    again.mend(refused, {**BODY, "project": "改"}, NOW + timedelta(minutes=1))
    mended = again.receipts()[0]
    assert (mended.state, mended.refusal, mended.body["project"]) == ("waiting", None, "改")
    again.end(mended, "entered")
    again.refuse(mended, {"code": "LATE"})
    assert again.receipts()[0].state == "entered", "an answer that comes late changes nothing"
    again.close()


def test_another_key_opens_nothing(tmp_path, store):
    store.keep_numbers(1, DAY.isoformat(), numbers(DAY, 1, 3))
    store.receive(NOW, DAY, BODY)
    other = IntakeStore(tmp_path / "desk.sqlite", IdentityCipher.generate())
    with pytest.raises(UserError) as error:
        other.receipts()
    assert error.value.code == "IDENTITY_KEY_UNKNOWN"
    other.close()


def with_pages(*digests):
    return {**BODY, "intake": {"materials": [{"position": 1, "pages": list(digests)}]}}


def test_pages_are_kept_sealed_and_go_with_their_receipt(tmp_path, store):
    store.keep_numbers(1, DAY.isoformat(), numbers(DAY, 1, 3))
    first, second, taken_away = (b"\x89PNG page %d" % n * 99 for n in range(3))
    digests = [store.keep_page(NOW, data, "image/png") for data in (first, second, taken_away)]
    assert digests[0] == hashlib.sha256(first).hexdigest(), "as the hall names it"
    assert store.keep_page(NOW, first, "image/png") == digests[0], "twice is once"
    assert store.page(digests[1]) == (second, "image/png")
    found = b"".join(path.read_bytes() for path in tmp_path.glob("desk.sqlite*"))
    assert b"PNG page" not in found
    receipt = store.receive(NOW, DAY, with_pages(*digests[:2]))
    assert receipt.pages == set(digests[:2])
    assert sorted(store.digests(receipt.local_id)) == sorted(digests[:2])
    assert store.digests(TYPING) == [], "what was taken away again is gone"
    with pytest.raises(UserError) as error:
        store.page(digests[2])
    assert error.value.code == "FILE_MISSING"


def test_a_correction_takes_its_own_pages_and_leaves_those_of_another_applicant(store):
    store.keep_numbers(1, DAY.isoformat(), numbers(DAY, 1, 3))
    old, new, others = (
        store.keep_page(NOW, data, "application/pdf") for data in (b"%PDF-a", b"%PDF-b", b"%PDF-c")
    )
    receipt = store.receive(NOW, DAY, with_pages(old))
    again = [store.keep_page(NOW, data, "application/pdf") for data in (b"%PDF-b", b"%PDF-c")]
    assert again == [new, others]
    store.mend(receipt, with_pages(new), NOW)
    assert store.digests(receipt.local_id) == [new]
    assert store.digests(TYPING) == sorted([new, others]), "they may stand in the form as well"
    store.type(None)
    assert store.page(new)[0] == b"%PDF-b"
    store.end(receipt, "entered")
    assert store.digests(receipt.local_id) == [], "the hall has them"
    store.mend(receipt, with_pages(old), NOW)
    assert store.receipts()[0].body == with_pages(new), "what has ended stays as it was"


def test_old_pages_of_nothing_are_forgotten_and_those_of_the_form_are_not(store):
    store.keep_page(NOW, b"%PDF-a", "application/pdf")
    store.type(BODY)
    store.forget(DAY + timedelta(days=40))
    assert len(store.digests(TYPING)) == 1
    store.type(None)
    store.keep_page(NOW, b"%PDF-a", "application/pdf")
    store.forget(DAY)
    assert len(store.digests(TYPING)) == 1
    store.forget(DAY + timedelta(days=40))
    assert store.digests(TYPING) == []


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"", "image/png", "FILE_EMPTY"),
        (b"\x89PNG" + bytes(MOST_BYTES), "image/png", "FILE_TOO_LARGE"),
        (b"%PDF-1.7", "image/jpeg", "FILE_NOT_READABLE"),
    ],
)
def test_a_page_that_the_hall_would_refuse_is_refused_here(store, data, kind, code):
    with pytest.raises(UserError) as error:
        store.keep_page(NOW, data, kind)
    assert error.value.code == code
    assert store.digests(TYPING) == []


def test_a_told_page_survives_a_kill(tmp_path, cipher):
    """A desk that captures and receives as fast as it can is killed three times; no page that it told is lost or changed."""
    path = tmp_path / "desk.sqlite"
    prepared = IntakeStore(path, cipher)
    prepared.keep_numbers(1, DAY.isoformat(), numbers(DAY, 1, 5000))
    prepared.close()
    program = textwrap.dedent(f"""
        import os
        from datetime import UTC, date, datetime
        from pathlib import Path
        from yichuang.api import IdentityCipher
        from yichuang_acceptance.offline_store import IntakeStore
        store = IntakeStore(Path({str(path)!r}), IdentityCipher.from_text({cipher.to_text()!r}))
        now = datetime.now(UTC)
        while True:
            pages = [store.keep_page(now, b"%PDF-" + os.urandom(40_000), "application/pdf") for _ in range(2)]
            store.type({{"given": [{{"position": 1, "pages": pages}}]}})
            print(*pages, flush=True)
            store.receive(now, date(2026, 3, 17), {{"intake": {{"materials": [{{"position": 1, "pages": pages}}]}}}})
    """)
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        told = [child.stdout.readline().split() for _ in range(5)]
        os.kill(child.pid, signal.SIGKILL)
        told += [line.split() for line in child.stdout if line.endswith("\n")]
        child.wait()
        child.stdout.close()
        store = IntakeStore(path, cipher)
        kept = [
            *(receipt.pages for receipt in store.receipts()),
            pages_of((store.typed() or {}).get("given", ())),
        ]
        for pages in told:
            assert set(pages) in kept
            for digest in pages:
                assert hashlib.sha256(store.page(digest)[0]).hexdigest() == digest
        store.close()


def test_an_acknowledged_receipt_survives_a_kill(tmp_path, cipher):
    """A desk that receives as fast as it can is killed three times; every number it told is there, none twice."""
    path = tmp_path / "desk.sqlite"
    prepared = IntakeStore(path, cipher)
    prepared.keep_numbers(1, DAY.isoformat(), numbers(DAY, 1, 5000))
    prepared.close()
    program = textwrap.dedent(f"""
        from datetime import UTC, date, datetime
        from pathlib import Path
        from yichuang.api import IdentityCipher
        from yichuang_acceptance.offline_store import IntakeStore
        store = IntakeStore(Path({str(path)!r}), IdentityCipher.from_text({cipher.to_text()!r}))
        while True:
            print(store.receive(datetime.now(UTC), date(2026, 3, 17), {{"a": "b"}}).case_no, flush=True)
    """)
    told = []
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        told += [child.stdout.readline().strip() for _ in range(20)]
        os.kill(child.pid, signal.SIGKILL)
        told += [line.strip() for line in child.stdout if line.endswith("\n")]
        child.wait()
        child.stdout.close()
    store = IntakeStore(path, cipher)
    kept = [receipt.case_no for receipt in store.receipts()]
    store.close()
    assert len(set(told)) == len(told) >= 60
    assert len(set(kept)) == len(kept)
    assert set(told) <= set(kept)
    assert len(kept) - len(told) <= 3, "at most one a kill was kept and not told"
