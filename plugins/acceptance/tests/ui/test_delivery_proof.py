"""Signature and photo at the issuing desk, and bar codes that open cases there and on the search page."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.api import select
from yichuang_acceptance import tables as t
from yichuang_acceptance.ui.delivering import screen_of

from ..conftest import CLERK, ISSUER, accepted, citizen  # noqa: TID252 - tests are no installed package
from ..life import grant, render  # noqa: TID252 - the same
from .conftest import PAGES, open_desk
from .test_applicant_screen import LEFT, write

ISSUING, SEARCH = "acceptance.issuing", "acceptance.search"
PAGES[SEARCH] = "yichuang_acceptance.ui.search_page"


def handing_out(desk: Any, wait: Any, case: Any) -> Any:
    view = desk.page.lists["ready"]
    wait(lambda: view.aside.case is not None and view.aside.case.row.id == case.case_id)
    desk.press("Ctrl+Enter")
    wait(desk.has_dialog)
    return desk.dialog()


def kept(hall: Any, case: Any) -> Any:
    with hall.database.read() as reader:
        return reader.one(select(t.delivery).where(t.delivery.c.case_id == case.case_id))


def test_the_receiver_signs_and_is_photographed(qtbot, hall, wait):
    case = accepted(hall)
    grant(hall, case)
    with open_desk(hall, ISSUER, ISSUING) as desk:
        desk.context.services.devices.open(["document_camera"], {})
        wait(lambda: desk.context.device("document_camera") == "ready")
        dialog = handing_out(desk, wait, case)
        proof = dialog.proof
        proof.sign.click()
        assert "领取人" in dialog._error.text(), "somebody must be there to sign"
        dialog.form.set_values({"receiver": "苏日娜", "receiver_code": citizen()})
        proof.sign.click()
        wait(lambda: proof.applicant_screen.showing is not None)
        check = proof.applicant_screen.screen.check
        assert {line.label: line.value for line in check.lines}["办件编号"] == case.case_no
        QTest.mouseClick(check.right, LEFT)
        wait(lambda: check.step() == 2)
        write(check.pad)
        check.consent.click()
        QTest.mouseClick(check.submit, LEFT)
        wait(lambda: proof.state.accessibleName() == "已签名")
        proof.camera.click()
        wait(lambda: proof.photo)
        assert not proof.picture.isHidden()
        dialog.accept()
        wait(lambda: kept(hall, case) is not None)
        wait(lambda: not desk.has_dialog())
    row = kept(hall, case)
    signature, photo = (
        Image.open(io.BytesIO(hall.executor.read(ISSUER, lambda read, each=each: read.get_blob(each))))
        for each in (row.signature, row.photo)
    )
    assert signature.width > 700
    assert photo.size == (1240, 1754)
    render(hall, case)
    papers = hall.query(ISSUER, "acceptance.papers", {"case_id": case.case_id})
    assert next(paper for paper in papers if paper.kind == "D15").document, "with both pictures"


def test_another_receiver_must_sign_anew(qtbot, hall, wait):
    case = accepted(hall)
    grant(hall, case)
    with open_desk(hall, ISSUER, ISSUING) as desk:
        dialog = handing_out(desk, wait, case)
        dialog.form.set_values({"receiver": "苏日娜", "receiver_code": citizen()})
        dialog.form.changed.emit("receiver")
        dialog.proof.sign.click()
        wait(lambda: dialog.proof.applicant_screen.showing is not None)
        dialog.form.set_values({"receiver": "其其格"})
        dialog.form.changed.emit("receiver")
        wait(lambda: dialog.proof.applicant_screen.showing is None)
        assert dialog.proof.request()["showing_id"] is None
        dialog.reject()
        assert screen_of(desk.context, desk.page.lists["ready"]) is dialog.proof.applicant_screen, (
            "one screen for each list"
        )


def test_a_scanned_number_opens_the_case_on_the_issuing_page(qtbot, hall, wait):
    cases = [accepted(hall) for _ in range(3)]
    for case in cases:
        grant(hall, case)
    with open_desk(hall, ISSUER, ISSUING) as desk:
        view = desk.page.lists["ready"]
        wait(lambda: view.aside.case is not None)
        view.search.setFocus()
        field = view.search.focusProxy() or view.search
        wanted = next(c for c in cases if c.case_id != view.aside.case.row.id)
        QTest.keyClicks(field, wanted.case_no)
        QTest.keyClick(field, Qt.Key.Key_Return)
        wait(lambda: view.aside.case.row.id == wanted.case_id)
        assert view.search.value() == "", "never in the field"
        misread = wanted.case_no[:-1] + str((int(wanted.case_no[-1]) + 1) % 10)
        QTest.keyClicks(field, misread)
        QTest.keyClick(field, Qt.Key.Key_Return)
        wait(lambda: any("扫码有误" in toast[0] for toast in desk.toasts))
        desk.press("Ctrl+Enter")
        wait(desk.has_dialog)
        desk.page.open_scanned(cases[0].case_no)
        assert "对话框" in desk.toasts[-1][0]
        desk.dialog().reject()


def test_a_scanned_case_that_is_not_ready_says_so(qtbot, hall, wait):
    case = accepted(hall)
    with open_desk(hall, ISSUER, ISSUING) as desk:
        desk.page.open_scanned(case.case_no)
        wait(lambda: desk.toasts)
        assert case.case_no[6:12] in desk.toasts[-1][0]


def test_a_scanned_number_is_shown_on_the_search_page(qtbot, hall, wait):
    cases = [accepted(hall) for _ in range(3)]
    with open_desk(hall, CLERK, SEARCH) as desk:
        page = desk.page
        wait(lambda: page.table.rows())
        page.filters.text.setFocus()
        field = page.filters.text.focusProxy() or page.filters.text
        QTest.keyClicks(field, cases[0].case_no)
        QTest.keyClick(field, Qt.Key.Key_Return)
        wait(lambda: page.filters.wanted().get("text") == cases[0].case_no)
        wait(lambda: page.aside.case is not None and page.aside.case.row.id == cases[0].case_id)
        assert [row["id"] for row in page.table.rows()] == [cases[0].case_id]
