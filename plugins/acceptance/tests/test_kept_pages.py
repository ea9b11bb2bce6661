"""Captured pages as people read them: joined to one document, one's own in a draft, nobody else's."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image

from yichuang.api import UserError, hall, select
from yichuang_acceptance.operations.pages import as_documents

from .conftest import APPROVER, CLERK, COMMITTED, STRANGER, accepted, citizen, hands


def picture(width: int = 120, height: int = 170, kind: str = "PNG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind)
    return out.getvalue()


def keep(suite, data: bytes, kind: str = "image/png") -> str:
    return suite.run(CLERK, "acceptance.keep_page", {"data": data, "media_type": kind})


def test_scanned_pages_become_one_document_and_files_stay_as_they_are(suite):
    pdf = b"%PDF-1.7 as it came"
    pages = [keep(suite, picture()), keep(suite, picture(200, 90, "JPEG"), "image/jpeg")]
    pages += [keep(suite, pdf, "application/pdf"), keep(suite, picture(mode="L"))]
    case = accepted(suite, materials=[*hands(1, pages=pages), *hands(2, 3)])
    first, second, third = suite.query(
        APPROVER, "acceptance.material_file", {"case_id": case.case_id, "position": 1}
    )
    assert (first.pdf.count(b"/Type /Page\n"), second.pdf, third.pdf.count(b"/Type /Page\n")) == (2, pdf, 1)
    assert not any(each.file or each.note for each in (first, second, third))
    nothing = {"case_id": case.case_id, "position": 2}
    assert suite.query(APPROVER, "acceptance.material_file", nothing) == []
    with pytest.raises(UserError) as refused:
        suite.query(STRANGER, "acceptance.material_file", {"case_id": case.case_id, "position": 1})
    assert refused.value.code == "NOT_YOUR_AGENCY"


def test_scans_are_sealed_on_the_disk_and_open_in_their_place_only(suite):
    data, other = picture(), picture(10, 10)
    digest, second = keep(suite, data), keep(suite, other)
    assert keep(suite, data) == digest == hashlib.sha256(data).hexdigest()
    with suite.database.read() as reader:
        rows = {row.digest: row for row in reader.all(select(hall.blob))}
        assert rows[digest].sealed
        assert rows[digest].size == len(data)
        assert b"PNG" not in rows[digest].data
    case = accepted(suite, materials=[*hands(1, pages=[digest]), *hands(2, 3)])
    assert suite.query(APPROVER, "acceptance.page_file", {"case_id": case.case_id, "digest": digest}) == data
    for wrong in (rows[second].data, rows[digest].data[:-1] + b"\0", data):
        with suite.database.write() as writer:
            writer.execute(hall.blob.update().where(hall.blob.c.digest == digest).values(data=wrong))
        with pytest.raises(UserError) as refused:
            suite.query(APPROVER, "acceptance.page_file", {"case_id": case.case_id, "digest": digest})
        assert refused.value.code in ("FILE_DAMAGED", "IDENTITY_KEY_UNKNOWN")


def test_scans_of_before_lie_open_and_are_still_shown(suite):
    data = picture()
    digest = keep(suite, data)
    with suite.database.write() as writer:
        writer.execute(hall.blob.update().where(hall.blob.c.digest == digest).values(data=data, sealed=False))
    case = accepted(suite, materials=[*hands(1, pages=[digest]), *hands(2, 3)])
    assert suite.query(APPROVER, "acceptance.page_file", {"case_id": case.case_id, "digest": digest}) == data


def test_a_page_that_is_no_picture_is_said_to_be_unreadable(suite):
    with pytest.raises(UserError) as refused:
        suite.executor.read(CLERK, lambda read: as_documents(read, [picture(), b"\x89PNG but then nonsense"]))
    assert refused.value.code == "FILE_NOT_READABLE"


def test_the_pages_of_a_draft_are_its_owners(suite):
    data = picture()
    digest = keep(suite, data)
    other = keep(suite, picture(10, 10))
    body = {"item": COMMITTED, "given": [{"position": 1, "pages": [digest]}]}
    draft = suite.run(
        CLERK, "acceptance.save_draft", {"item_name": "x", "applicant_name": "苏*娜", "body": body}
    )
    assert suite.query(CLERK, "acceptance.draft_page", {"draft_id": draft, "digest": digest}) == data
    for actor, wanted, code in ((CLERK, other, "FILE_MISSING"), (STRANGER, digest, "UNKNOWN_DRAFT")):
        with pytest.raises(UserError) as refused:
            suite.query(actor, "acceptance.draft_page", {"draft_id": draft, "digest": wanted})
        assert refused.value.code == code


def test_promised_materials_are_due_in_five_working_days(suite):
    # Tuesday, 17 March 2026; the small hall works Monday to Friday.
    assert suite.query(CLERK, "acceptance.promise_day").isoformat() == "2026-03-24"
    case = accepted(suite, materials=[*hands(1, 2), {"position": 3, "given": "tolerated"}])
    detail = suite.query(CLERK, "acceptance.case", {"case_id": case.case_id})
    assert detail.tolerance_due.date().isoformat() == "2026-03-24"


def test_a_case_between_two_steps_is_found_under_corrections(suite):
    case = suite.run(CLERK, "acceptance.receive", {
        "item": COMMITTED, "applicant": {"name": "苏日娜", "code_kind": "111", "code": citizen()},
        "materials": [{"position": 1, "given": "paper", "originals": 1}],
    })  # fmt: skip
    rows = suite.query(CLERK, "acceptance.cases", {"tab": "correcting"})
    assert [row.id for row in rows] == [case.case_id]
    assert suite.query(CLERK, "acceptance.counts").correcting == 1
    assert suite.query(CLERK, "acceptance.badge_window") == 1
    assert suite.query(CLERK, "acceptance.badge_ready") == 0
