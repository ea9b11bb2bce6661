"""One matter at once, worked as a clerk works: found beside items, one list and form, items, the question, one pick-up."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from yichuang.api.ui import Tag, Text
from yichuang_acceptance.ui.application_form import MOST_FORM_HEIGHT

from ..conftest import CLERK, ISSUER, citizen  # noqa: TID252 - tests are no installed package
from ..matter_hall import CHECKED, FOREST, NAMES, ONCE, SIGN, decide, detail, enter_theme, fill_theme, taken  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_intake import name

INTAKE = "acceptance.intake"
SIGN_AT, TOBACCO_AT = 3, 5


@pytest.fixture
def themed(hall: Any) -> Any:
    fill_theme(hall)
    return hall


def matters(hall: Any) -> list[Any]:
    return hall.query(CLERK, "acceptance.matters", {})


def planned(desk: Any, wait: Any) -> Any:
    """The matter chosen by its initials, from the keyboard."""
    new = desk.page.new
    wait(lambda: new.finder._index is not None)
    search = new.finder.list.search
    QTest.keyClicks(search, "kbcyd")
    QTest.keyClick(search, Qt.Key.Key_Return)
    wait(lambda: new._item is not None)
    return new


def test_a_matter_is_found_beside_items_and_taken_in_by_keys_alone(themed, wait):
    with open_desk(themed, CLERK, INTAKE) as desk:
        new = planned(desk, wait)
        assert (new.form.title.text(), new.form._kind.spec().text) == ("开办餐饮店", "一件事")
        assert [row["name"] for row in new.form.materials.table.rows()] == list(ONCE)
        assert new.form.matter.caption.text() == "4 项，合并材料 6 份（原 9 份）"
        assert new.side.refuse.toolTip() == "“一件事”收件后，可对单个事项不予受理。"
        name(new)
        shop = new.form.matter.form.field("店名").editor
        shop.setFocus()
        shop.insert("罕山饭馆")
        shop.textEdited.emit("罕山饭馆")
        view = new.form.materials.table.view
        new.form.go_to_materials()
        for _n in ONCE:
            QTest.keyClick(view, Qt.Key.Key_Space)
            QTest.keyClick(view, Qt.Key.Key_J)
        wait(lambda: new.side.preview._pdf is not None)
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        (matter,) = matters(themed)
        assert new.side.entered.number.text().replace(" ", "") == matter.case_no
        wait(lambda: new.side.entered.print.isEnabled())
        kinds = [p.kind for p in new.side.entered.papers.papers]
        assert kinds == ["D1", "D17", "D3", "D3"], (
            "the receipt of what waits, the notice of the whole, two acceptances"
        )
        seen = themed.query(CLERK, "acceptance.matter", {"matter_id": matter.id})
        assert seen.form == {"店名": "罕山饭馆"}
        assert seen.unmade == [], "the papers of all items are made"
        assert themed.query(CLERK, "acceptance.drafts") == []


def test_a_slip_of_a_whole_matter_is_printed(themed, wait, tmp_path):
    with open_desk(themed, CLERK, INTAKE) as desk:
        desk.context.services.devices.open(
            ["ticket_printer"], {"ticket_printer": {"adapter": "simulated", "folder": str(tmp_path)}}
        )
        wait(lambda: desk.context.device("ticket_printer") == "ready")
        entered = desk.page.new.side.entered
        desk.page.new.side.show_entered("x", taken(themed), good=True)
        assert entered.slip.isVisible()
        entered.slip.click()
        wait(lambda: any("小票已打印" in text for text, _kind, _undo in desk.toasts))
        assert len(list(tmp_path.glob("*.png"))) == 1


def test_the_fields_of_every_matter_are_in_sight(themed, wait):
    with themed.database.write() as writer:
        enter_theme(writer, "YJS-94", "多步骤办理", None, [(f"外部步骤{n}", "", False, []) for n in range(7)] + [
            (NAMES[SIGN], SIGN, False, [])])  # fmt: skip
    with open_desk(themed, CLERK, INTAKE) as desk:
        new = planned(desk, wait)
        new.begin()
        new.finder.choose("theme:YJS-94")
        wait(lambda: new._item is not None and new._item.code == "YJS-94")
        middle = new.form._middle
        wait(lambda: middle.height() == min(middle.widget().layout().sizeHint().height(), MOST_FORM_HEIGHT))
        assert middle.height() > 250


def test_an_optional_item_is_chosen_and_the_list_follows(themed, wait):
    with open_desk(themed, CLERK, INTAKE) as desk:
        new = planned(desk, wait)
        new.form.materials.toggle(2)
        assert new.form.hands.promise(3)
        box = new.form.matter
        box.form.field("店名").editor.setText("罕山饭馆")
        assert [n for n, check in box.checks.items() if check.isEnabled()] == [TOBACCO_AT]
        QTest.keyClick(box.checks[TOBACCO_AT], Qt.Key.Key_Space)
        wait(lambda: box.caption.text() == "5 项，合并材料 6 份（原 10 份）")
        assert box.chosen() == (TOBACCO_AT,)
        assert box.answers()["店名"] == "罕山饭馆", "what was typed stays"
        assert list(new.form.hands.given) == [2, 3], "what was handed in and promised as well"


def test_what_is_missing_is_said_in_place_and_told_once(themed, wait):
    with open_desk(themed, CLERK, INTAKE) as desk:
        new = planned(desk, wait)
        name(new)
        for position in (1, 2, 3, 4):
            new.form.materials.toggle(position)
        desk.press("Ctrl+Enter")
        assert "缺少场所使用证明" in new.side.notes()[0]
        assert new.form.materials.current() == 5
        assert matters(themed) == []
        new.ask_correction()
        dialog = desk.dialog()
        assert any("缺少消防安全检查申报表" in text.text() for text in dialog.findChildren(Text))
        dialog.accept()
        wait(lambda: not new.side.is_working())
        (matter,) = matters(themed)
        states = {p.position: p.state for p in detail(themed, type("M", (), {"matter_id": matter.id})).parts}
        assert states == {1: "", 2: "received", 3: "review", 4: "correcting"}


def test_a_parked_matter_comes_back_as_it_was(themed, wait):
    with open_desk(themed, CLERK, INTAKE) as desk:
        new = planned(desk, wait)
        name(new)
        box = new.form.matter
        QTest.keyClick(box.checks[TOBACCO_AT], Qt.Key.Key_Space)
        wait(lambda: box.chosen() == (TOBACCO_AT,) and "10" in box.caption.text())
        QTest.keyClicks(box.notes[CHECKED], "ok")
        box.form.field("面积").editor.setText("80")
        new.form.materials.toggle(2)
        new.park()
        wait(lambda: new._item is None)
        draft = themed.query(CLERK, "acceptance.drafts")[0]
        new.resume(draft.id)
        wait(lambda: new._item is not None)
        assert box.chosen() == (TOBACCO_AT,)
        assert (box.verified(), box.answers()["面积"]) == ({CHECKED: "ok"}, "80")
        assert list(new.form.hands.given) == [2]


def test_a_step_of_another_body_is_entered_and_opens_what_waits(themed, wait):
    of = taken(themed)
    with open_desk(themed, CLERK, INTAKE) as desk:
        view = desk.page.matters
        desk.page.show_tab("matters")
        wait(lambda: view.pane.matter is not None)
        QTest.keyClick(view.table.view, Qt.Key.Key_Return)
        assert view.pane.parts.current_row()["id"] == CHECKED
        QTest.keyClick(view.pane.parts.view, Qt.Key.Key_Return)
        dialog = desk.dialog()
        dialog.accept()
        assert desk.has_dialog(), "what was seen has to be written"
        dialog.form.set_values({"note": "执照在业"})
        dialog.accept()
        wait(lambda: next(p for p in view.pane.matter.parts if p.position == 2).state == "review")
        boxes = view.pane.graph.boxes()
        assert boxes[2].left() > boxes[CHECKED].right(), "what waits stands to the right"
        assert boxes[SIGN_AT].left() == boxes[CHECKED].left()
        marked = [t.spec().text for t in view.pane.findChildren(Tag) if t.spec().text.startswith("✓")]
        assert "✓ 一次联办" in marked
    assert detail(themed, of).row.state == "review"


def test_the_question_after_a_refusal_is_answered_in_the_pane(themed, wait):
    of = taken(themed)
    decide(themed, of, SIGN_AT, "refuse")
    with open_desk(themed, CLERK, INTAKE) as desk:
        view = desk.page.matters
        desk.context.shown.emit({"matter_id": of.matter_id})
        wait(lambda: view.pane.matter is not None)
        assert view.pane.note.notes() == [f"“{NAMES[SIGN]}”未获准予，其余事项如何处理？"]
        view.ask_rest("stop")
        dialog = desk.dialog()
        dialog.accept()
        assert desk.has_dialog(), "not without the signed request"
        dialog.form.set_values({"signed": True})
        dialog.accept()
        wait(lambda: view.pane.matter.question is None)
        assert view.pane.note.notes() == []
    assert detail(themed, of).row.state == "ready"


def test_all_results_go_out_at_the_issuing_desk_against_one_signature(themed, wait):
    of = taken(themed, verified={CHECKED: "在业"})
    for position in (2, 3, 4):
        decide(themed, of, position)
    with open_desk(themed, ISSUER, "acceptance.issuing") as desk:
        desk.page.show_tab("matters")
        view = desk.page.view
        wait(lambda: view.pane.matter is not None)
        assert view.pane.act.text() == "一并发放 3 项"
        desk.press("Ctrl+Enter")
        dialog = desk.dialog()
        dialog.form.set_values({"receiver": "苏日娜", "receiver_code": citizen()})
        dialog.accept()
        wait(lambda: view.pane.matter is None)
    assert detail(themed, of).row.state == "done"


def test_a_matter_that_is_not_ready_says_why_nothing_goes_out(themed, wait):
    taken(themed)
    with open_desk(themed, ISSUER, "acceptance.issuing") as desk:
        desk.page.show_tab("matters")
        view = desk.page.view
        view.filter.set_current("open")
        view.load()
        wait(lambda: view.pane.matter is not None)
        assert view.pane.act.toolTip() == "办理结果尚未齐备。"
        desk.press("Ctrl+Enter")
        assert not desk.has_dialog()


def test_the_approver_reads_to_which_matter_a_case_belongs(themed, wait):
    taken(themed)
    with open_desk(themed, FOREST, "acceptance.workbench") as desk:
        line = desk.page.head.matter
        wait(lambda: not line.isHidden())
        assert line.text().startswith("一件事：开办餐饮店（第 3 项，共 4 项），市场监督管理局牵头")
