"""What applicants bring: scanned and dropped pages, earlier materials, a second application; and a "no" that is put on record."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLabel

from yichuang.api import select
from yichuang.api.ui import Button, DataTable
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance.rules.intake import Given

from ..applicant_steps import rated  # noqa: TID252 - tests are no installed package
from ..conftest import CHIEF, CLERK, COMMITTED, INSTANT, OWN, accepted, citizen, hands  # noqa: TID252 - the same
from .conftest import PAGES, open_desk, png
from .test_intake import chosen, name

INTAKE, VOICES = "acceptance.intake", "acceptance.voices"
PAGES[VOICES] = "yichuang_acceptance.ui.voices"


def button(inside: Any, text: str) -> Any:
    return next(b for b in inside.findChildren(Button) if b.text() == text and not b.isHidden())


@pytest.fixture
def earlier(hall):
    page = hall.run(CLERK, "acceptance.keep_page", {"data": png(), "media_type": "image/png"})
    return accepted(
        hall, materials=[*hands(1), *hands(2, pages=[page]), *hands(3)], form={"联系地址": "天山镇"}
    )


# ---- scanner ----


def scanner(desk: Any, wait: Any, **settings: Any) -> None:
    desk.context.services.devices.open(["scanner"], {"scanner": {"adapter": "simulated", **settings}})
    wait(lambda: desk.context.device("scanner") == "ready")


def test_pages_of_the_feeder_become_pages_of_the_material(qtbot, hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        scanner(desk, wait, pages=3)
        new.form.materials.go_to(2)
        desk.press("Alt+S")
        dialog = desk.dialog()
        dialog.form.set_values({"resolution": "150", "feeder": True})
        dialog.accept()
        wait(lambda: dialog.status.text() == "已扫描 3 页")
        wait(lambda: len(new.form.hands.given[2].pages) == 3)
        assert dialog.bar.isHidden()
        dialog.accept()
        wait(lambda: len(new.form.hands.given[2].pages) == 6)
        dialog.reject()
        assert new.form.hands.given[2].given is Given.PAPER
        new.form.camera.scan_pages()
        assert desk.dialog().form.values()["feeder"], "as it was chosen the last time"
        desk.dialog().reject()


def test_a_jam_is_told_and_the_pages_before_it_stay(qtbot, hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        scanner(desk, wait, pages=5, jams_at=2)
        button(new.form.materials, "扫描").click()
        dialog = desk.dialog()
        dialog.form.set_values({"resolution": "150", "feeder": True})
        dialog.accept()
        wait(lambda: "扫描仪已停止" in dialog._error.text())
        wait(lambda: 1 in new.form.hands.given and len(new.form.hands.given[1].pages) == 1)
        dialog.reject()


def test_a_scan_is_stopped(qtbot, hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        scanner(desk, wait, pages=50, seconds=0.3)
        new.form.camera.scan_pages()
        dialog = desk.dialog()
        dialog.form.set_values({"resolution": "150", "feeder": True})
        dialog.accept()
        wait(lambda: dialog.pages >= 1)
        dialog.stop.click()
        wait(lambda: "已停止" in dialog.status.text())
        taken = dialog.pages
        QTest.qWait(700)
        assert dialog.pages == taken
        dialog.reject()


def test_without_a_scanner_the_dialog_says_what_to_do(qtbot, hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        new.form.camera.scan_pages()
        dialog = desk.dialog()
        dialog.accept()
        wait(lambda: "设置" in dialog._error.text())
        dialog.reject()


# ---- files ----


def test_dropped_files_are_pages_of_the_highlighted_material(qtbot, hall, wait, tmp_path):
    page, text = tmp_path / "页.png", tmp_path / "说明.txt"
    page.write_bytes(png())
    text.write_text("x")
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        new.form.materials.go_to(2)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(page)), QUrl.fromLocalFile(str(text))])
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(5, 5), copy, data, Qt.MouseButton.LeftButton, none)
        QApplication.sendEvent(new.form.camera, enter)
        assert enter.isAccepted()
        drop = QDropEvent(QPointF(5, 5), copy, data, Qt.MouseButton.LeftButton, none)
        QApplication.sendEvent(new.form.camera, drop)
        wait(lambda: 2 in new.form.hands.given)
        assert len(new.form.hands.given[2].pages) == 1
        assert any("说明.txt" in toast[0] for toast in desk.toasts)
        nothing = QMimeData()
        nothing.setText("words")
        enter = QDragEnterEvent(QPoint(5, 5), copy, nothing, Qt.MouseButton.LeftButton, none)
        enter.ignore()
        QApplication.sendEvent(new.form.camera, enter)
        assert not enter.isAccepted()


# ---- earlier materials, open cases ----


def test_an_earlier_material_is_used_again_with_consent(qtbot, hall, wait, earlier):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait, INSTANT)
        name(new)
        materials = new.form.materials
        wait(lambda: "可沿用" in materials.table.rows()[1]["state"][1])
        materials.go_to(2)
        QTest.keyClick(materials.table.view, Qt.Key.Key_R)
        dialog = desk.dialog()
        dialog.accept()
        assert "同意" in dialog._error.text()
        assert 2 not in new.form.hands.given, "nothing without the consent"
        dialog.form.set_values({"consent": True})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        assert materials.table.rows()[1]["source"][0].text == "沿用"
        for position in (1, 3):
            materials.toggle(position)
        wait(lambda: hall.query(CLERK, "acceptance.drafts"))
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
    with hall.database.read() as reader:
        (row,) = reader.all(select(a.reuse))
    assert (row.source_case_id, row.position) == (earlier.case_id, 2)


def test_another_applicant_is_offered_nothing(qtbot, hall, wait, earlier):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait, INSTANT)
        name(new)
        wait(lambda: new.form.hands.offered)
        new.form.hands.reuse(2)
        code = new.side.applicant.form.field("code").editor
        code.selectAll()
        QTest.keyClicks(code, citizen("15042119880101001"))
        new.side.applicant.form.field("code").left.emit()
        wait(lambda: not new.form.hands.offered)
        assert 2 not in new.form.hands.given


def test_an_open_case_is_told_and_compared_side_by_side(qtbot, hall, wait, earlier):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait, COMMITTED)
        name(new)
        wait(lambda: new.side.doubles())
        assert "在办件" in new.side.doubles()[0]
        button(new.side, "对比").click()
        dialog = desk.dialog()
        (table,) = dialog.findChildren(DataTable)
        lines = {row["name"]: (row["now"], row["case0"]) for row in table.rows()}
        assert lines["联系地址"] == ("", "天山镇")
        assert lines["材料"] == ("0", "3")
        dialog.reject()
        new.begin()
        assert new.side.doubles() == []


# ---- a no ----


def test_a_no_is_put_on_record_and_looked_into(qtbot, hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        desk.press("Shift+F11")
        assert not desk.has_dialog(), "an item comes first"
        new = chosen(desk, wait)
        name(new)
        desk.press("Shift+F11")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        values = dialog.form.values()
        assert (values["person"], values["agency"], values["grade"]) == ("苏日娜", OWN, "complex")
        dialog.form.set_values({"reason": "elsewhere", "said": "由林草局办理", "receiver": "宝音"})
        dialog.accept()
        assert "哪里" in dialog._error.text()
        dialog.form.set_values({"proper_place": "B05"})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
    with open_desk(hall, CHIEF, VOICES) as desk:
        desk.press("Alt+2")
        table = desk.page.refusals.table
        wait(lambda: table.rows())
        assert (table.rows()[0]["place"], table.rows()[0]["due"]) == ("B05　宝音", "03-24 23:59")
        table.activated.emit(table.rows()[0])
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"text": "告知正确", "root_cause": "指南没有写明受理地点"})
        dialog.accept()
        wait(lambda: not table.rows())
        desk.page.refusals.which.set_current("all")
        desk.page.refusals.load()
        wait(lambda: table.rows())
        assert "告知正确" in table.rows()[0]["review"]


def test_what_an_applicant_reports_is_tied_to_like_ones_and_called_back(hall, wait):
    problem = {
        "item": COMMITTED, "person": "苏日娜", "phone": "13804760000", "reason": "conduct", "said": "三次都说系统坏了",
        "reported": True, "attempts": "3月2日、9日来过",
    }  # fmt: skip
    for _n in range(2):
        hall.run(CLERK, "acceptance.cannot_do", problem)
    with open_desk(hall, CHIEF, VOICES) as desk:
        desk.press("Alt+2")
        view = desk.page.refusals
        wait(lambda: len(view.table.rows()) == 2)
        view.table.activated.emit(view.table.rows()[0])
        wait(desk.has_dialog)
        dialog = desk.dialog()
        (earlier,) = [row.id for row in view.pages.rows][1:]
        dialog.form.set_values({"text": "当场办结", "root_cause": "没有备用终端", "like": str(earlier)})
        dialog.accept()
        wait(lambda: view.table.rows()[0]["act"] == "回访")
        view.table.activated.emit(view.table.rows()[0])
        wait(desk.has_dialog)
        dialog = desk.dialog()
        assert "另有 1 件" in " ".join(label.text() for label in dialog.findChildren(QLabel))
        dialog.form.set_values({"satisfied": "no", "text": "等了太久"})
        dialog.accept()
        wait(lambda: len(view.table.rows()) == 1)
        view.which.set_current("all")
        view.load()
        wait(lambda: len(view.table.rows()) == 2)
        row = view.table.rows()[0]
        assert row["call"].startswith("不满意　等了太久")
        assert (row["light"], row["act"]) == ("overdue", "回访"), "nobody is to overlook it"
        view.act(row)
        wait(desk.has_dialog)
        desk.dialog().form.set_values({"text": "证已领到"})
        desk.dialog().accept()
        wait(lambda: view.table.rows()[0]["act"] == "")
        view.act(view.table.rows()[0])
        wait(desk.has_dialog)
        told = " ".join(label.text() for label in desk.dialog().findChildren(QLabel))
        for words in ("没有备用终端", "3月2日、9日来过", "证已领到"):
            assert words in told, told


def test_a_bad_rating_is_called_back_extended_and_settled(qtbot, hall, wait):
    rated(hall, accepted(hall), 5, tags=["slow"], comment="等了两小时")
    with open_desk(hall, CHIEF, VOICES) as desk:
        view = desk.page.fixes
        wait(lambda: view.table.rows())
        row = view.table.rows()[0]
        assert row["said"] == "办理太慢　等了两小时"
        assert row["due"].startswith("03-18"), "the call-back is due first"
        for values, act in (({"text": "已致电"}, view.act), ({"reason": "多部门会商"}, view.extend)):
            act(row["id"])
            dialog = desk.dialog()
            dialog.form.set_values(values)
            dialog.accept()
            wait(lambda: not desk.has_dialog())
        wait(lambda: view.table.rows()[0]["due"].startswith("04-07"))
        assert view.table.rows()[0]["extend"] == ""
        view.act(row["id"])
        dialog = desk.dialog()
        dialog.form.set_values({"outcome": "fixed", "result": "已增设窗口", "call_back": "满意"})
        dialog.accept()
        wait(lambda: not view.table.rows())
        assert hall.query(CHIEF, "acceptance.fixes", {"open_only": False})[0].outcome == "fixed"
