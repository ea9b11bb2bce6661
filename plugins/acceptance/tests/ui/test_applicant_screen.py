"""The second screen, worked by both people: the clerk pushes and corrects, the applicant checks, contests, signs and rates."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QGuiApplication, QPointingDevice, QTabletEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from yichuang.api import select, strokes
from yichuang_acceptance import applicant_tables as a
from yichuang_acceptance.ui import screen as screen_module
from yichuang_acceptance.ui import screen_desk
from yichuang_acceptance.ui.public_parts import DATA_PX

from ..conftest import CHIEF, CLERK  # noqa: TID252 - tests are no installed package
from .conftest import open_desk
from .test_intake import cases, chosen, name

INTAKE = "acceptance.intake"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def second(monkeypatch):
    """A second screen: the only one there is stands for it. `second.there = False` unplugs it."""

    class Second:
        there = True

        def find(self, _owner: Any) -> Any:
            return QGuiApplication.primaryScreen() if self.there else None

        def unplug(self) -> None:
            self.there = False
            QGuiApplication.instance().screenRemoved.emit(QGuiApplication.primaryScreen())

    found = Second()
    monkeypatch.setattr(
        screen_desk.ScreenDesk.__init__, "__kwdefaults__", {"idle": False, "find": found.find}
    )
    return found


def filled(desk: Any, wait: Any) -> Any:
    """An application with everything that is needed."""
    new = chosen(desk, wait)
    name(new)
    for position in (1, 2, 3):
        new.form.materials.toggle(position)
    return new


def pushed(desk: Any, wait: Any) -> Any:
    new = filled(desk, wait)
    desk.press("F10")
    wait(lambda: new.applicant_screen.showing is not None)
    return new


def write(pad: Any, points: int = 12) -> None:
    """A wave with the mouse."""
    QTest.mousePress(pad, LEFT, pos=QPoint(40, 80))
    for n in range(points):
        QTest.mouseMove(pad, QPoint(40 + 12 * n, 80 + (n % 3) * 14))
    QTest.mouseRelease(pad, LEFT, pos=QPoint(40 + 12 * points, 90))


def kept(hall: Any) -> Any:
    with hall.database.read() as reader:
        return reader.one(select(a.showing).order_by(a.showing.c.id.desc()).limit(1))


def test_an_applicant_checks_signs_and_rates_on_the_second_screen(qtbot, hall, wait, second):
    with open_desk(hall, CLERK, INTAKE) as desk:
        screen = desk.page.new.applicant_screen.screen
        assert screen.isVisible(), "a welcome stands there from the beginning"
        assert screen.windowFlags() & Qt.WindowType.FramelessWindowHint
        assert screen.page is screen.rest
        new = pushed(desk, wait)
        assert screen.page is screen.check
        assert DATA_PX * 72 / 96 >= 18, "in points"
        shown = {line.label: line.value for line in screen.check.lines}
        assert shown["申请人"] == "苏*娜"
        assert new.side.strip.text() == "等待申请人核对"
        assert new.form.steps._steps[-2:] == [("申请人确认", "current"), ("受理通知书", "not_yet")]
        QTest.mouseClick(screen.check.right, LEFT)
        wait(lambda: new.side.strip.text() == "已核对，待签名")
        assert screen.head._step == 2
        assert not screen.check.submit.isEnabled(), "nothing is signed and nothing ticked"
        write(screen.check.pad)
        QTest.mouseClick(screen.check.consent, LEFT)
        QTest.mouseClick(screen.check.submit, LEFT)
        wait(lambda: new.side.strip.text() == "申请人已签名")
        assert new.form.steps._steps[-2:] == [("申请人确认", "done"), ("受理通知书", "current")]
        signed = strokes.decode(hall.executor.read(CLERK, lambda read: read.get_blob(kept(hall).strokes)))
        assert len(signed.strokes) == 1
        assert len(signed.strokes[0]) >= 12
        moments = [point[2] for point in signed.strokes[0]]
        assert moments == sorted(moments)
        assert {point[3] for point in signed.strokes[0]} == {0.5}, "a mouse says nothing of pressure"
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        case = cases(hall, "review")[0]
        assert kept(hall).case_id == case.id
        wait(lambda: screen.page is screen.rate)
        assert screen.rate.level() is None, "nothing is preselected"
        assert not screen.rate.send.isEnabled()
        QTest.mouseClick(screen.rate.cards[4], LEFT)
        QTest.mouseClick(screen.rate.chips[0], LEFT)
        QTest.mouseClick(screen.rate.send, LEFT)
        wait(lambda: screen.page is screen.rest)
        assert screen.rest.title == "感谢您的评价"
        (fix,) = hall.query(CHIEF, "acceptance.fixes", {})
        assert (fix.level, fix.tags) == (4, ["not_told"])
        told = str(desk.toasts) + "".join(desk.words)
        assert "不满意" not in told, "the clerk is not told"


def test_wrong_lines_come_back_and_are_pushed_again_after_the_correction(qtbot, hall, wait, second):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = pushed(desk, wait)
        check = new.applicant_screen.screen.check
        QTest.mouseClick(check.wrong, LEFT)
        assert not check.tell.isEnabled()
        phone = next(line for line in check.lines if line.key == "phone")
        QTest.mouseClick(phone, LEFT)
        check.remark.setText("尾号 0001")
        QTest.mouseClick(check.tell, LEFT)
        wait(lambda: new.side.strip.notes())
        assert "联系电话" in new.side.strip.notes()[0]
        assert "尾号 0001" in new.side.strip.notes()[0]
        assert new.form.steps._steps[3] == ("申请人确认", "error")
        editor = new.side.applicant.form.field("phone").editor
        editor.selectAll()
        QTest.keyClicks(editor, "13804760001")
        wait(lambda: new.applicant_screen.showing is None)
        assert new.side.strip.notes() == [], "what was wrong has been corrected"
        assert new.form.steps._steps[3] == ("申请人确认", "current")
        desk.press("F10")
        wait(lambda: new.applicant_screen.showing is not None)
        assert next(line.value for line in check.lines if line.key == "phone") == "138****0001"


def test_what_is_changed_after_signing_must_be_shown_again(qtbot, hall, wait, second):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = pushed(desk, wait)
        check = new.applicant_screen.screen.check
        QTest.mouseClick(check.right, LEFT)
        wait(lambda: check.step() == 2)
        write(check.pad)
        check.consent.click()
        QTest.mouseClick(check.submit, LEFT)
        wait(
            lambda: (
                new.applicant_screen.showing_id() is not None
                and new.applicant_screen.showing.state == "signed"
            )
        )
        new.form.fields.field("project").editor.setFocus()
        QTest.keyClicks(new.form.fields.field("project").editor, "x")
        wait(lambda: new.applicant_screen.showing is None)
        wait(lambda: kept(hall).state == "ended")
        assert new.applicant_screen.screen.page is new.applicant_screen.screen.rest, (
            "nothing of the applicant stays on the screen"
        )
        assert check.lines == []


def test_nothing_is_pushed_while_something_is_missing(qtbot, hall, wait, second):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new)
        desk.press("F10")
        assert "申请书" in new.side.notes()[0]
        assert new.applicant_screen.showing is None
        assert new.form.materials.current() == 1, "the focus is where it is missing"


def test_without_a_second_screen_a_dialog_asks_and_closing_it_takes_the_data_away(qtbot, hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = pushed(desk, wait)
        place = new.applicant_screen.place
        assert place.in_dialog()
        assert new.applicant_screen.screen.isVisible()
        QTest.keyClick(place._dialog, Qt.Key.Key_Escape)
        wait(lambda: new.applicant_screen.showing is None)
        assert not place.in_dialog()
        wait(lambda: kept(hall).state == "ended")


def test_the_dialog_closes_once_signed_and_rating_is_asked_by_the_button(qtbot, hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = pushed(desk, wait)
        check, rate = new.applicant_screen.screen.check, new.applicant_screen.screen.rate
        QTest.mouseClick(check.right, LEFT)
        wait(lambda: check.step() == 2)
        write(check.pad)
        check.consent.click()
        QTest.mouseClick(check.submit, LEFT)
        wait(lambda: not new.applicant_screen.place.in_dialog())
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        assert not new.applicant_screen.place.in_dialog(), "nobody is asked in the clerk's way"
        new.side.entered.rate.click()
        wait(lambda: new.applicant_screen.place.in_dialog())
        QTest.keyClick(new.applicant_screen.screen, Qt.Key.Key_1)
        assert rate.level() == 1
        QTest.keyClick(new.applicant_screen.screen, Qt.Key.Key_Return)
        wait(lambda: not new.applicant_screen.place.in_dialog())
        new.side.entered.rate.click()
        wait(lambda: new.applicant_screen.place.in_dialog())
        assert rate.is_adding(), "one rating for each case"
        assert rate.cards[1].isHidden()
        rate.line.setText("补充一句")
        rate.line.textEdited.emit("补充一句")
        QTest.mouseClick(rate.send, LEFT)
        wait(lambda: not new.applicant_screen.place.in_dialog())
        with hall.database.read() as reader:
            assert reader.one(select(a.rating_addition)).comment == "补充一句"


def test_a_screen_that_is_unplugged_while_it_asks_becomes_a_dialog(qtbot, hall, wait, second):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = pushed(desk, wait)
        screen = new.applicant_screen.screen
        QTest.mouseClick(screen.check.right, LEFT)
        wait(lambda: screen.check.step() == 2)
        write(screen.check.pad)
        assert screen.isFullScreen()
        second.unplug()
        assert new.applicant_screen.place.in_dialog()
        assert screen.isVisible()
        assert not screen.check.pad.is_empty(), "what was signed is still there"
        second.there = True
        QGuiApplication.instance().screenAdded.emit(QGuiApplication.primaryScreen())
        assert not new.applicant_screen.place.in_dialog()
        assert screen.isFullScreen()


def test_a_pen_gives_its_pressure_and_the_pad_device_its_strokes(qtbot, hall, wait, second, monkeypatch):
    with open_desk(hall, CLERK, INTAKE) as desk:
        desk.context.services.devices.open(["signature_pad"], {})
        wait(lambda: desk.context.device("signature_pad") == "ready")
        new = pushed(desk, wait)
        check = new.applicant_screen.screen.check
        QTest.mouseClick(check.right, LEFT)
        wait(lambda: check.step() == 2)
        pad = check.pad
        kinds = (
            QTabletEvent.Type.TabletPress,
            *[QTabletEvent.Type.TabletMove] * 6,
            QTabletEvent.Type.TabletRelease,
        )
        for n, kind in enumerate(kinds):
            at = QPointF(40 + 12 * n, 60)
            pressed = LEFT if kind != QTabletEvent.Type.TabletRelease else Qt.MouseButton.NoButton
            event = QTabletEvent(
                kind, QPointingDevice.primaryPointingDevice(), at, at, 0.2 + n / 10, 0, 0, 0, 0, 0,
                Qt.KeyboardModifier.NoModifier, LEFT, pressed,
            )  # fmt: skip
            QApplication.sendEvent(pad, event)
        assert [round(point[3], 1) for point in pad.strokes[0]] == [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
        assert check.by_pad.isVisible()
        QTest.mouseClick(check.by_pad, LEFT)
        wait(lambda: pad.source == "pad")
        assert pad.signature()["width"] == 800
        check.consent.click()
        QTest.mouseClick(check.submit, LEFT)
        wait(lambda: kept(hall).state == "signed")
        assert kept(hall).source == "pad"


def test_whoever_does_not_answer_has_not_rated(qtbot, hall, wait, second):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = filled(desk, wait)
        desk.press("Ctrl+Enter")
        wait(lambda: new.applicant_screen.screen.page is new.applicant_screen.screen.rate)
        new.applicant_screen._left = 1
        new.applicant_screen._tick()
        assert new.applicant_screen.screen.page is new.applicant_screen.screen.rest
        with hall.database.read() as reader:
            assert reader.one(select(a.rating)).level is None


def test_the_second_screen_is_one_that_the_desk_is_not_on(qtbot, hall):
    with open_desk(hall, CLERK, INTAKE) as desk:
        found = screen_module.second_screen(desk.page)
        assert found is None or found is not desk.page.screen()
