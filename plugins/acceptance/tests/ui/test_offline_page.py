"""Taking in while the database is away, as a clerk does it; then what is entered, and what is seen to where it was refused."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.api import UserError, identifiers, select, update
from yichuang.api import hall as hall_tables
from yichuang.api.ui import Button, ErrorState
from yichuang.shell.services import Link
from yichuang_acceptance import offline_tables as o
from yichuang_acceptance import tables as t
from yichuang_acceptance.ui.offline.paper import receipt_pdf

from ..conftest import CLERK, COMMITTED, INSTANT, accepted, citizen  # noqa: TID252 - tests are no installed package
from ..forms import GOOD, load  # noqa: TID252 - likewise
from .conftest import open_desk

INTAKE = "acceptance.intake"


def ready(desk: Any, wait: Any) -> Any:
    """The desk with numbers of today and of the next working day, and the catalogue."""
    hand = desk.page.offline.hand
    wait(lambda: hand._stores)
    hand.come_back()
    wait(lambda: hand.numbers_left() >= 50 and len(hand.kept.left) == 2 and hand.kept.catalogue_at)
    wait(lambda: desk.page.offline.form.finder._rows)
    hand._timer.stop()  # from now on only the test says when it is asked again
    return hand


def link(desk: Any, *, online: bool) -> None:
    """The shell notes that the database does not answer any more, or answers again."""
    desk.context.services._on_link(Link(online=online))


@contextmanager
def away(desk: Any) -> Any:
    link(desk, online=False)
    yield desk.page.offline
    link(desk, online=True)


def fill(view: Any, wait: Any, item: str = COMMITTED, code: str | None = None) -> None:
    form = view.form
    form.finder.choose(item)
    wait(lambda: form._item is not None)
    form.applicant.form.set_values({"name": "苏日娜", "code": code or citizen(), "phone": "13804760000"})
    form.form.go_to_materials()
    QTest.keyClick(form.form.materials.table.view, Qt.Key.Key_Space)


def receive(view: Any, wait: Any, **more: Any) -> str:
    before = len(view.hand.kept.receipts)
    fill(view, wait, **more)
    view.act()
    wait(lambda: len(view.hand.kept.receipts) > before and view.form.is_empty())
    return str(view.hand.kept.receipts[-1].case_no)


def states(hand: Any) -> list[str]:
    return [receipt.state for receipt in hand.kept.receipts]


def table(hall: Any, which: Any) -> list[Any]:
    with hall.database.read() as read:
        return read.all(select(which).order_by(which.c.id).limit(99))


def devices(desk: Any, wait: Any, **settings: Any) -> None:
    desk.context.services.devices.open(
        ["document_camera", "scanner"], {"scanner": {"adapter": "simulated", **settings}}
    )
    for kind in ("document_camera", "scanner"):
        wait(lambda kind=kind: desk.context.device(kind) == "ready")


def capture(desk: Any, view: Any, wait: Any, position: int = 1) -> str:
    """A page from the camera, by its key."""
    hands = view.form.form.hands
    view.form.form.materials.go_to(position)
    before = len(hands.given[position].pages) if position in hands.given else 0
    desk.press("F9")
    wait(lambda: position in hands.given and len(hands.given[position].pages) == before + 1)
    return str(hands.given[position].pages[-1])


def test_going_on_without_the_hall_and_entering_afterwards(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        assert desk.page.banner.isHidden()
        with away(desk) as view:
            assert desk.page._stack.currentWidget() is view, "the clerk is brought to where work goes on"
            said = desk.page.banner.notes.notes()[0]
            assert "大厅数据库连接中断" in said
            assert "50 个编号" in said
            given = [receive(view, wait, item=item) for item in (COMMITTED, INSTANT)]
            assert states(hand) == ["waiting", "waiting"]
            assert table(hall, t.case) == []
        wait(lambda: states(hand) == ["entered", "entered"])
        assert [row.case_no for row in table(hall, t.case)] == given
        assert {row.state for row in table(hall, t.case)} == {"received"}
        assert [identifiers.check_case_number(number) for number in given] == given
        wait(lambda: desk.page.banner.isHidden())
        assert any("已补录 2 份" in text for text, _kind, _undo in desk.toasts)


def test_what_is_being_typed_goes_along_and_survives_an_end(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        new = desk.page.new
        new.finder.choose(COMMITTED)
        wait(lambda: new._item is not None)
        new.side.applicant.form.set_values({"name": "苏日娜", "code": citizen(), "phone": ""})
        new.form.set_values({"project": "天山镇牧场", "address": "", "content": ""})
        link(desk, online=False)
        form = desk.page.offline.form
        wait(lambda: form._item is not None)
        assert form.form.project() == "天山镇牧场"
        wait(new.is_untouched)  # it is not there twice
        form._timer.setInterval(0)
        form.form.set_values({"project": "天山镇东牧场", "address": "", "content": ""})
        form._edited()
        typed: list[Any] = []

        def is_kept() -> bool:
            hand.keep(lambda store: store.typed(), typed.append)
            return bool(typed and typed[-1] and typed[-1]["form"]["project"] == "天山镇东牧场")

        wait(is_kept)
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = desk.page.new  # the hall is there again: it is gone on with at the window
        wait(lambda: new._item is not None)
        assert new.form.project() == "天山镇东牧场"
        assert new.side.applicant.person()["name"] == "苏日娜"


def test_an_items_own_form_is_asked_offline_too(hall, wait):
    load(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            fill(view, wait)
            schema = view.form.form.schema
            wait(lambda: schema.form is not None)
            view.act()
            assert set(schema.errors()) >= {"shop", "area", "place", "trade"}, "what is empty is asked for"
            assert hand.kept.receipts == []
            schema.restore(GOOD, {})
            view.act()
            wait(lambda: len(hand.kept.receipts) == 1 and view.form.is_empty())
        wait(lambda: states(hand) == ["entered"])
        (row,) = table(hall, t.case)
        assert {key: str(row.form[key]) for key in GOOD} == GOOD


def test_what_was_not_received_goes_back_to_the_hall(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        new = desk.page.new
        with away(desk) as view:
            fill(view, wait)
        wait(lambda: new._item is not None)
        assert desk.page._stack.currentWidget() is new
        assert new.side.applicant.person()["name"] == "苏日娜"
        assert [hand["position"] for hand in new.form.hands.requests()] == [1]
        assert view.form.is_empty()
        assert view.hand.kept.receipts == []


def test_what_cannot_go_on_offline_stays_where_it_was(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        new, view = desk.page.new, desk.page.offline
        new.finder.choose(COMMITTED)
        wait(lambda: new._item is not None)
        new.side.applicant.form.set_values({"name": "苏日娜", "code": citizen(), "phone": ""})
        view.form._hall.set_items([])
        view.hand.load_catalogue = lambda then: then()  # the item is newer than the kept catalogue
        link(desk, online=False)
        wait(lambda: any("需要大厅数据库" in text for text, _kind, _undo in desk.toasts))
        assert view.form._item is None
        assert new.side.applicant.person()["name"] == "苏日娜"


def test_another_applicants_typing_is_not_thrown_away_by_a_correction(hall, wait):
    accepted(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            receive(view, wait)
            new = desk.page.new  # another applicant stands there as well
            new.side.applicant.form.set_values(
                {"name": "其木格", "code": citizen("15042119850505202"), "phone": ""}
            )
            fill(view, wait, item=INSTANT)
        wait(lambda: states(hand) == ["refused"])
        view.show_view("receipts")
        view.receipts.choose(hand.kept.receipts[0].local_id)
        view.receipts.mend.click()
        assert view.form._mending is None
        assert view.form._item.code == INSTANT
        view.form.leave.click()
        view.receipts.mend.click()
        wait(lambda: view.form._item is not None and view.form._item.code == COMMITTED)
        assert view.form.receive.text() == "保存更正"


def test_nothing_is_received_without_numbers_or_while_the_hall_is_there(hall, wait):
    with open_desk(hall, replace(CLERK, desk="A09"), INTAKE) as desk:
        view = desk.page.offline
        wait(lambda: view.hand._stores)
        assert "新建" in view.form.receive.toolTip()
        link(desk, online=False)
        assert "没有当天预留的办件编号" in desk.page.banner.notes.notes()[0]
        assert not view.form.receive.isEnabled()


def test_a_receipt_lists_at_least_one_material(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        with away(desk) as view:
            fill(view, wait)
            QTest.keyClick(view.form.form.materials.table.view, Qt.Key.Key_Space)
            view.act()
            assert "至少勾选一份" in view.form.note.notes()[0]
            assert view.hand.kept.receipts == []


def test_a_double_is_told_and_entered_beside_or_cancelled(hall, wait):
    accepted(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            receive(view, wait)
            receive(view, wait)
        wait(lambda: states(hand) == ["refused", "refused"])
        assert "有 2 份离线收件未能补录" in desk.page.banner.notes.notes()[0]
        receipts = view.receipts
        view.show_view("receipts")
        receipts.choose(hand.kept.receipts[0].local_id)
        assert "已有在办件" in receipts.note.notes()[0]
        receipts.beside.click()
        wait(lambda: states(hand) == ["entered", "refused"])
        receipts.choose(hand.kept.receipts[1].local_id)
        receipts.cancel.click()
        dialog = desk.dialog()
        dialog.form.set_values({"reason": "与在办件重复"})
        dialog.accept()
        wait(lambda: states(hand) == ["entered", "cancelled"])
        assert [(row.outcome, row.reason) for row in table(hall, o.receipt)] == [
            ("entered", ""), ("cancelled", "与在办件重复"),
        ]  # fmt: skip


def test_an_item_that_changed_is_corrected_under_the_same_number(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            number = receive(view, wait)
            with hall.database.write() as writer:
                writer.insert(hall_tables.item_version, item=COMMITTED, version=2, kind="committed")
                writer.execute(
                    update(hall_tables.item)
                    .where(hall_tables.item.c.code == COMMITTED)
                    .values(current_version=2)
                )
            hall.executor.clock.now += timedelta(hours=1)  # the catalogue has become old
        wait(lambda: states(hand) == ["refused"])
        wait(lambda: view.form._hall._items[COMMITTED].detail.version == 2)
        view.show_view("receipts")
        view.receipts.choose(hand.kept.receipts[0].local_id)
        assert "第 1 版今日不生效" in view.receipts.note.notes()[0]
        view.receipts.mend.click()
        wait(lambda: view.form._item is not None and view.form._item.version == 2)
        QTest.keyClick(view.form.form.materials.table.view, Qt.Key.Key_Space)
        if not view.form.form.hands.given:
            QTest.keyClick(view.form.form.materials.table.view, Qt.Key.Key_Space)
        view.act()
        wait(lambda: states(hand) == ["entered"])
        (row,) = table(hall, t.case)
        assert (row.case_no, row.item_version) == (number, 2)


def test_a_colleague_sees_it_waits_and_may_take_it_over(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        devices(desk, wait)
        link(desk, online=False)
        view = desk.page.offline
        fill(view, wait)
        page = capture(desk, view, wait)
        view.act()
        wait(lambda: view.hand.kept.receipts and view.form.is_empty())
    other = replace(CLERK, staff_id=8, account="other", name="另一受理员")
    with open_desk(hall, other, INTAKE) as desk:
        view = desk.page.offline
        wait(lambda: states(view.hand) == ["waiting"])
        view.hand.come_back()
        view.receipts.choose(view.hand.kept.receipts[0].local_id)
        assert "由 受理员 收取" in view.receipts.note.notes()[0]
        assert view.receipts.mend.isHidden()
        desk.page.show_tab("offline")
        view.show_view("receipts")
        view.receipts.draft.click()
        dialog = desk.dialog()
        dialog.form.set_values({"reason": "原收件人请假"})
        dialog.accept()
        wait(lambda: states(view.hand) == ["draft"])
        (draft,) = hall.query(other, "acceptance.drafts")
        body = hall.query(other, "acceptance.draft", {"draft_id": draft.id})
        assert (body["item"], body["applicant"]["name"]) == (COMMITTED, "苏日娜")
        asked = {"draft_id": draft.id, "digest": page}
        assert hall.query(other, "acceptance.draft_page", asked).startswith(b"\xff\xd8\xff"), (
            "any desk has its pages"
        )
        desk.page.new.resume(draft.id)
        wait(lambda: desk.page.new._item is not None)


def test_without_the_permission_it_waits_with_the_reason_and_is_entered_again(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            receive(view, wait)
            desk.context.services._actor = replace(
                CLERK, permissions=CLERK.permissions - {"acceptance.accept"}
            )
        assert states(hand) == ["waiting"], "nothing is asked in the name of whoever may not"
        hand.send()
        wait(lambda: states(hand) == ["refused"])
        desk.context.services._actor = CLERK
        view.show_view("receipts")
        view.receipts.choose(hand.kept.receipts[0].local_id)
        assert "acceptance.accept" in view.receipts.note.notes()[0]
        view.receipts.again.click()
        wait(lambda: states(hand) == ["entered"])


def test_a_wrong_clock_is_corrected_on_record(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        clock = hall.executor.clock
        with away(desk) as view:
            clock.now += timedelta(hours=3)
            receive(view, wait)
            clock.now -= timedelta(hours=2)
        wait(lambda: states(hand) == ["refused"])
        view.show_view("receipts")
        view.receipts.choose(hand.kept.receipts[0].local_id)
        assert "晚于当前时间" in view.receipts.note.notes()[0]
        view.receipts.time.click()
        dialog = desk.dialog()
        dialog.form.set_values({"at": "2026-03-17 9:30 上午"})
        dialog.accept()
        assert dialog.isVisible(), "no time: it is asked again"
        dialog.form.set_values({"at": "2026-03-17 09:30"})
        dialog.accept()
        wait(lambda: states(hand) == ["entered"])
        (row,) = table(hall, t.case)
        assert row.received_at.isoformat() == "2026-03-17T01:30:00+00:00"


def test_the_receipt_says_that_it_was_taken_in_offline(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            number = receive(view, wait)
            pdf = receipt_pdf(hand.kept.receipts[0], hand.kept.look)
    printed = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    text = "".join(printed.stdout.decode().split())
    assert "离线收件–受理时间以收件为准" in text
    assert number in text
    assert citizen() not in text, "the identity number is masked"
    assert "收件不等于受理" in text


def test_numbers_are_renewed_before_they_run_out_and_given_back_after_their_day(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with hall.database.read() as read:
            first = read.one(select(o.num_block).order_by(o.num_block.c.id).limit(1))
        hand.keep(lambda store: store.drop_numbers(first.id))  # as if they had all been given
        hand.load()
        wait(lambda: hand.numbers_left() == 0)
        hand.come_back()
        wait(lambda: hand.numbers_left() == 50)
        hall.executor.clock.now += timedelta(days=1)
        assert hand.numbers_left() == 50, "those of the next working day were there the evening before"
        hand.come_back()
        wait(lambda: len([row for row in table(hall, o.num_block) if row.state == "returned"]) == 2)
        wait(lambda: set(hand.kept.left) == {"2026-03-18", "2026-03-19"})
        desk.page.show_tab("offline")
        view = desk.page.offline
        view.show_view("blocks")
        wait(lambda: [row["state"][1] for row in view.blocks.table.rows()] == ["预留中"])
        QTest.keyClick(view.blocks.day, Qt.Key.Key_Down)
        wait(lambda: [row["state"][1] for row in view.blocks.table.rows()] == ["已交还", "已交还"])
        assert view.blocks.table.rows()[0]["numbers"] == "260317-0001 – 260317-0050"


def test_numbers_of_a_day_that_could_not_be_read_are_asked_for_again(hall, wait, monkeypatch):
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        desk.page.show_tab("offline")
        blocks = desk.page.offline.blocks
        error = UserError("DATABASE_AWAY", "数据库连不上。")
        monkeypatch.setattr(
            desk.context, "query", lambda _name, _request=None, *, done=None, failed=None: failed(error)
        )
        desk.page.offline.show_view("blocks")
        (state,) = [s for s in blocks.table.findChildren(ErrorState) if not s.isHidden()]
        monkeypatch.undo()
        QTest.mouseClick(state.findChild(Button), Qt.MouseButton.LeftButton)
        wait(lambda: [row["state"][1] for row in blocks.table.rows()] == ["预留中"])
        assert [each for each in blocks.table.findChildren(ErrorState) if not each.isHidden()] == []


def test_a_cut_while_entering_is_asked_again_and_makes_no_second_case(hall, wait, monkeypatch):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        run, asked = hall.run, []

        def lose(actor: Any, name: str, *more: Any, **named: Any) -> Any:
            result = run(actor, name, *more, **named)
            if name == "acceptance.enter_offline":
                asked.append(result.case_no)
                if len(asked) == 1:
                    raise UserError("DATABASE_AWAY", "the answer was lost")
            return result

        monkeypatch.setattr(hall, "run", lose)
        with away(desk) as view:
            given = [receive(view, wait, item=item) for item in (COMMITTED, INSTANT)]
        wait(lambda: asked and not hand._sending)
        link(desk, online=True)
        hand.come_back()
        wait(lambda: states(hand) == ["entered", "entered"])
        assert asked == [given[0], *given], "the one whose answer was lost is asked again"
        assert [row.case_no for row in table(hall, t.case)] == given


def test_the_receipt_is_printed_by_itself_and_by_hand_where_the_printer_failed(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            receive(view, wait)
            view.show_view("receipts")
            view.receipts.choose(hand.kept.receipts[0].local_id)
            assert "尚未打印" in view.receipts.note.notes()[0], "there is no printer yet"
            devices, chosen = desk.context.services.devices, {"paper_printer": {"adapter": "simulated"}}
            desk.context.services.backend.runner.submit(
                lambda _job: devices.open(list(chosen), chosen), lane="device"
            )
            wait(lambda: desk.context.device("paper_printer") == "ready")
            view.receipts.print.click()
            wait(lambda: hand.kept.receipts[0].printed)
            view.show_view("form")
            receive(view, wait, item=INSTANT)
            wait(lambda: hand.kept.receipts[1].printed)
