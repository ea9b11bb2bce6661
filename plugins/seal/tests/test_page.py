"""The seal page, worked as a keeper works it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from yichuang.api import Actor
from yichuang.api.ui import Dialog, ErrorNote
from yichuang.storage.blobs import get_blob
from yichuang_seal.ui.page import SealPage

from .hall import APPLICANT, APPROVER, FORESTRY, KEEPER, OTHER_KEEPER, Hall, person

PASSWORD = "印章-keeper-2026"
OpenPage = Callable[..., SealPage]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Windows behave the same on every database; the operations are tested on both."""
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@pytest.fixture
def busy_hall(hall: Hall) -> Hall:
    """A seal in use and three papers that wait for it."""
    hall.seal()
    for number in (1, 2, 3):
        hall.paper(number, title=f"决定书{number}")
    return hall


def open_desk(open_page: OpenPage, qtbot: QtBot, actor: Actor = KEEPER, **args: object) -> SealPage:
    """The page with its first paper open and the seal's picture there."""
    page = open_page(actor, **args)
    desk = page.stamping
    qtbot.waitUntil(lambda: desk.paper.seal is not None and desk.paper.seal.isVisible(), timeout=5000)
    return page


def dialog_of(page: SealPage) -> Dialog:
    """The question that is open."""
    return next(d for d in page.findChildren(Dialog) if d.isVisible())


def is_open(page: SealPage) -> bool:
    return any(d.isVisible() for d in page.findChildren(Dialog))


def listed(page: SealPage) -> dict[str, tuple[str, str]]:
    """Title -> (state, second line) of the list at the left."""
    return {item.title: (str(item.state), item.second) for item in page.stamping.pane.list.items()}


def ledger_titles(hall: Hall) -> list[str]:
    return [entry.title for entry in hall.query(KEEPER, "seal.ledger")]


def grant(page: SealPage, seal_id: int) -> None:
    """As if the password had been given a moment ago."""
    context = page.stamping._context
    from yichuang_seal.ui.confirm import GRANT

    page.stamping._confirmation._granted = (seal_id, context.now() + GRANT)


def test_the_first_paper_is_open_with_the_seal_over_its_date(
    busy_hall: Hall, open_page: OpenPage, qtbot: QtBot
):
    page = open_desk(open_page, qtbot)
    desk = page.stamping
    assert page.header.tabs._tabs[0].count == 3
    assert desk.paper.seal.on_date
    date = busy_hall.query(KEEPER, "seal.paper", request_id=1).dates[-1]
    assert desk.paper.place().centre == (pytest.approx(date.x), pytest.approx(date.y))
    assert desk.paper.place().diameter == 42
    assert desk.stamp_button.isEnabled()
    assert "2" in desk.batch_button.text()
    assert [light._state.value for light in desk._checks.lights.values()] == ["done"] * 3
    assert listed(page)["决定书1"][0] == "current"


def test_the_seal_is_ink_on_paper(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    """Red over white, and the black of the date still black under it."""
    page = open_desk(open_page, qtbot)
    view, seal = page.stamping.paper.viewer.view, page.stamping.paper.seal
    view.set_zoom(1.5)
    view.centerOn(seal)
    qtbot.waitUntil(lambda: view.pages.any_picture(0) is not None, timeout=5000)
    qtbot.wait(300)
    box = view.mapFromScene(seal.sceneBoundingRect()).boundingRect().adjusted(6, 6, -6, -6)
    image = view.viewport().grab(box).toImage()
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    red = sum(1 for c in colours if c.red() > 170 and c.green() < 90 and c.blue() < 90)
    black = sum(1 for c in colours if max(c.red(), c.green(), c.blue()) < 60)
    assert 0.08 < red / len(colours) < 0.45
    assert black > 20


def test_arrows_move_by_a_millimetre_and_the_tool_brings_it_back(
    busy_hall: Hall, open_page: OpenPage, qtbot: QtBot
):
    page = open_desk(open_page, qtbot)
    paper = page.stamping.paper
    home = paper.place()
    paper.viewer.view.setFocus()
    viewport = paper.viewer.view
    qtbot.keyClick(viewport, Qt.Key.Key_Left)
    qtbot.keyClick(viewport, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    place = paper.place()
    assert (place.x, place.y) == (pytest.approx(home.x - 1), pytest.approx(home.y - 10))
    assert not paper.seal.on_date
    paper._home.click()
    assert paper.place() == home
    assert paper.seal.on_date


def test_the_mouse_drags_and_the_date_pulls(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_desk(open_page, qtbot)
    paper = page.stamping.paper
    view, seal, home = paper.viewer.view, paper.seal, paper.place()

    def middle() -> QPoint:
        return view.mapFromScene(seal.sceneBoundingRect().center())

    def drag(dx: int, dy: int) -> None:
        start = middle()
        qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view.viewport(), start + QPoint(dx // 2, dy // 2))
        qtbot.mouseMove(view.viewport(), start + QPoint(dx, dy))
        qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(dx, dy))

    drag(-150, 40)
    away = paper.place()
    assert away.x < home.x - 20
    assert not seal.on_date
    drag(145, -36)
    assert seal.on_date, "close to the date it is pulled onto it"
    assert paper.place() == home
    page.stamping._snap.click()
    drag(6, 3)
    assert not seal.on_date, "without the switch it stays where it was put"


def test_sealing_asks_for_the_password(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    busy_hall.open_account(KEEPER, PASSWORD)
    page = open_desk(open_page, qtbot)
    page.stamping.stamp_button.click()
    dialog = dialog_of(page)
    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "赵国庆" in texts
    assert "行政审批专用章" in texts
    dialog.form.set_values({"password": "wrong"})
    dialog.primary_button.click()
    qtbot.waitUntil(lambda: is_open(page) and "口令错误。" in dialog_of(page)._error.text(), timeout=5000)
    assert ledger_titles(busy_hall) == []
    dialog_of(page).form.set_values({"password": PASSWORD})
    dialog_of(page).primary_button.click()
    qtbot.waitUntil(lambda: ledger_titles(busy_hall) == ["决定书1"], timeout=5000)
    qtbot.waitUntil(lambda: listed(page).get("决定书1", ("", ""))[0] == "done", timeout=5000)
    qtbot.waitUntil(lambda: page.stamping._detail.card.title == "决定书2", timeout=5000)
    assert ("success", "“决定书1”已用印。") in page.toasts


def test_the_seal_lands_where_it_was_put(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_desk(open_page, qtbot)
    desk = page.stamping
    desk.paper.seal.nudge(-30, 12)
    place = desk.paper.place()
    grant(page, desk.seals.current().id)
    desk.stamp_one()
    dialog_of(page).accept()
    qtbot.waitUntil(lambda: len(ledger_titles(busy_hall)) == 1, timeout=5000)
    (entry,) = busy_hall.query(KEEPER, "seal.ledger")
    assert (entry.x, entry.y) == (pytest.approx(place.x, abs=0.01), pytest.approx(place.y, abs=0.01))


def test_a_batch_goes_on_after_a_failure(
    busy_hall: Hall, open_page: OpenPage, qtbot: QtBot, make_paper: Callable[..., bytes]
):
    busy_hall.paper(9, title="没有位置的文书", pdf=make_paper())
    page = open_desk(open_page, qtbot)
    desk = page.stamping
    grant(page, desk.seals.current().id)
    desk.batch_button.click()
    assert "用印 3 份" in dialog_of(page).primary_button.text()
    dialog_of(page).accept()
    qtbot.waitUntil(lambda: len(ledger_titles(busy_hall)) == 2 and not desk._running, timeout=10000)
    qtbot.waitUntil(lambda: listed(page)["没有位置的文书"][0] == "overdue", timeout=5000)
    assert listed(page)["没有位置的文书"][1] == "这份文书没有注明用印位置。"
    assert listed(page)["决定书1"][0] == "current", "the open paper is not part of the batch"
    assert page.toasts[-1][0] == "warning"


def test_a_batch_can_be_stopped(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    for number in range(10, 40):
        busy_hall.paper(number, title=f"批量{number}")
    page = open_desk(open_page, qtbot)
    desk = page.stamping
    grant(page, desk.seals.current().id)
    desk.stamp_rest()
    dialog_of(page).accept()
    qtbot.waitUntil(lambda: len(ledger_titles(busy_hall)) >= 2, timeout=10000)
    assert desk.batch_button.isEnabled()
    desk.batch_button.click()
    qtbot.waitUntil(lambda: not desk._running, timeout=5000)
    qtbot.wait(300)
    done = len(ledger_titles(busy_hall))
    assert done < 32
    qtbot.waitUntil(lambda: sum(s == "done" for s, _second in listed(page).values()) == done, timeout=5000)


def test_sending_back_needs_a_reason(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_desk(open_page, qtbot)
    page.stamping.refuse_button.click()
    dialog = dialog_of(page)
    dialog.primary_button.click()
    assert dialog.isVisible(), "an empty reason keeps the question open"
    dialog.form.set_values({"reason": "日期有误"})
    dialog.primary_button.click()
    qtbot.waitUntil(lambda: listed(page)["决定书1"] == ("overdue", "日期有误"), timeout=5000)
    qtbot.waitUntil(lambda: page.stamping._detail.card.title == "决定书2", timeout=5000)


def test_skipping_goes_round(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_desk(open_page, qtbot)
    for title in ("决定书2", "决定书3", "决定书1"):
        page.stamping.skip_button.click()
        qtbot.waitUntil(lambda wanted=title: page.stamping._detail.card.title == wanted, timeout=5000)


def test_a_to_do_opens_its_paper(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_desk(open_page, qtbot, request_id=3)
    qtbot.waitUntil(lambda: page.stamping._detail.card.id == 3, timeout=5000)
    qtbot.wait(200)
    assert page.stamping._detail.card.id == 3


def test_an_old_paper_that_was_searched_for_stays_open(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    card = busy_hall.query(KEEPER, "seal.seals")[0]
    busy_hall.run(KEEPER, "seal.stamp", request_id=1, seal_id=card.id)
    busy_hall.clock.advance(days=2)
    page = open_page(KEEPER, request_id=1)
    qtbot.waitUntil(lambda: page.stamping._detail is not None, timeout=5000)
    qtbot.waitUntil(lambda: len(listed(page)) == 2, timeout=5000)
    qtbot.wait(200)
    assert page.stamping._detail.card.id == 1, "it is not in today's list, and shown all the same"


def test_enter_in_the_list_seals(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_desk(open_page, qtbot)
    qtbot.keyClick(page.stamping.pane.list.list, Qt.Key.Key_Return)
    assert is_open(page)
    qtbot.keyClick(dialog_of(page), Qt.Key.Key_Escape)
    assert not is_open(page)


def red_points(image: QImage | None) -> int:
    """How much of a picture has the colour of a seal, looked at in every third point."""
    if image is None:
        return 0
    points = ((x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
    colours = (image.pixelColor(x, y) for x, y in points)
    return sum(1 for c in colours if c.red() > 150 and c.green() < 100 and c.alpha() > 100)


def test_a_sealed_paper_shows_its_seal(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    card = busy_hall.query(KEEPER, "seal.seals")[0]
    busy_hall.run(KEEPER, "seal.stamp", request_id=1, seal_id=card.id)
    page = open_desk(open_page, qtbot)
    page.stamping.open_paper(1)
    view = page.stamping.paper.viewer.view
    qtbot.waitUntil(lambda: page.stamping._detail.card.id == 1, timeout=5000)
    # Asked for at a width of its own: how wide the page stands in the window depends on the fonts of the machine.
    qtbot.waitUntil(lambda: red_points(view.pages.picture(0, 900)) > 50, timeout=30_000)
    assert page.stamping.paper.place() is None, "it cannot be moved any more"
    assert not page.stamping.stamp_button.isEnabled()
    assert "用印" in page.stamping._remark.text()


def test_somebody_elses_stamp_is_seen(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_desk(open_page, qtbot)
    card = busy_hall.query(KEEPER, "seal.seals")[0]
    busy_hall.run(KEEPER, "seal.stamp", request_id=2, seal_id=card.id)
    page.stamping._context.changes.emit(frozenset({("seal", "seal.stamp")}))
    qtbot.waitUntil(lambda: listed(page)["决定书2"][0] == "done", timeout=5000)


def test_a_failed_check_blocks_the_button(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    from yichuang_seal import tables

    with busy_hall.suite.database.write() as writer:
        writer.execute(tables.request.update().where(tables.request.c.id == 1).values(paper="other"))
    page = open_page(KEEPER)
    desk = page.stamping
    qtbot.waitUntil(lambda: desk._detail is not None, timeout=5000)
    qtbot.waitUntil(lambda: listed(page)["决定书1"][0] == "overdue", timeout=5000)
    assert not desk.stamp_button.isEnabled()
    assert desk.stamp_button.toolTip() == "没有审批记录"


def test_nothing_waits(hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_page(OTHER_KEEPER)
    qtbot.waitUntil(lambda: page.stamping._waiting is not None, timeout=5000)
    assert page.stamping.pane.list.items() == []
    assert not page.stamping.stamp_button.isEnabled()
    assert not page.stamping.batch_button.isEnabled()
    assert page.stamping.stamp_button.toolTip()


def test_looking_without_the_right_to_stamp(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_desk(open_page, qtbot, person(20, "李明", "view"))
    assert page.stamping.stamp_button.toolTip() == "只有印章管理员可以用印"
    assert not page.stamping.refuse_button.isEnabled()


def test_an_error_stands_in_its_place(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_page(person(21, "无权", "verify"))
    qtbot.waitUntil(lambda: page.stamping.pane.findChild(ErrorNote) is not None, timeout=5000)


def test_the_ledger_is_searched_and_verified(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    card = busy_hall.query(KEEPER, "seal.seals")[0]
    for number in (1, 2):
        busy_hall.run(KEEPER, "seal.stamp", request_id=number, seal_id=card.id)
    page = open_page(KEEPER, tab="ledger")
    table = page.ledger.table
    qtbot.waitUntil(lambda: len(table.rows()) == 2, timeout=5000)
    page.ledger.search.setText("决定书1")
    qtbot.waitUntil(lambda: len(table.rows()) == 1, timeout=5000)
    table.select_first()
    qtbot.waitUntil(lambda: page.ledger._shown is not None, timeout=5000)
    page.ledger._verify_button.click()
    qtbot.waitUntil(lambda: page.verification.dialog is not None, timeout=5000)
    assert "印章有效" in texts_of(page.verification.dialog)
    page.verification.dialog.reject()


def test_verifying_files(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot, tmp_path: Path):
    card = busy_hall.query(KEEPER, "seal.seals")[0]
    stamped = busy_hall.run(KEEPER, "seal.stamp", request_id=1, seal_id=card.id)
    with busy_hall.suite.database.read() as reader:
        sealed = get_blob(reader, stamped.sealed)
        original = get_blob(reader, busy_hall.query(KEEPER, "seal.ledger")[0].before)
    changed = bytearray(sealed)
    changed[len(original) // 2] ^= 1
    page = open_page(KEEPER)
    for name, content, words in (
        ("good.pdf", sealed, "印章有效"),
        ("changed.pdf", bytes(changed), "用印后文件被改动"),
        ("original.pdf", original, "这份文件的印章缺失"),
        ("note.txt", b"hello", "文件不是可读取的 PDF。"),
    ):
        (tmp_path / name).write_bytes(content)
        page.verification.dialog = None
        page.verification.verify_file(tmp_path / name)
        qtbot.waitUntil(lambda: page.verification.dialog is not None, timeout=5000)
        assert words in texts_of(page.verification.dialog), name
        page.verification.dialog.reject()
    page.verification.dialog = None
    page.verification.verify_file(tmp_path / "missing.pdf")
    qtbot.waitUntil(lambda: page.verification.dialog is not None, timeout=5000)
    page.verification.dialog.reject()


def test_the_register_offers_the_next_step_to_the_right_person(
    busy_hall: Hall, open_page: OpenPage, qtbot: QtBot
):
    card = busy_hall.run(APPLICANT, "seal.apply", agency=FORESTRY, kind="licence", reason="电子证照上线")
    page = open_page(APPROVER, tab="seals")
    register = page.seals
    qtbot.waitUntil(lambda: len(register.table.rows()) == 2, timeout=5000)
    register._show(next(row["card"] for row in register.table.rows() if row["id"] == card.id))
    assert list(register.step_buttons) == ["approve", "decline"]
    assert not register.apply_button.isVisible()
    register.step_buttons["approve"].click()
    dialog_of(page).accept()
    qtbot.waitUntil(lambda: register._card.state == "approved", timeout=5000)
    assert register.step_buttons == {}, "making it is for a third person"
    qtbot.waitUntil(lambda: len(busy_hall.query(KEEPER, "seal.history", seal_id=card.id)) == 2, timeout=5000)


def test_applying_for_a_seal(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_page(APPLICANT, tab="seals")
    qtbot.waitUntil(lambda: len(page.seals.table.rows()) == 1, timeout=5000)
    page.seals.apply_button.click()
    dialog_of(page).form.set_values({"kind": "service", "reason": "新设窗口"})
    dialog_of(page).primary_button.click()
    qtbot.waitUntil(lambda: len(page.seals.table.rows()) == 2, timeout=5000)
    names = {row["card"].name for row in page.seals.table.rows()}
    assert "政务服务专用章" in names


def texts_of(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel)]
    return "\n".join(labels + [button.text() for button in widget.findChildren(QPushButton)])


def test_screens_are_chinese(busy_hall: Hall, open_page: OpenPage, qtbot: QtBot):
    page = open_desk(open_page, qtbot)
    page.stamping.stamp_one()
    words = texts_of(page)
    dialog_of(page).reject()
    for tab in ("ledger", "seals"):
        page.show_tab(tab)
        qtbot.wait(300)
        words += texts_of(page)
    english = set(re.findall(r"[A-Za-z]{3,}", words)) - {"Enter", "Esc", "Ctrl", "Shift", "PDF"}
    assert english == set()
