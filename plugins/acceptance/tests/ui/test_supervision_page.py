"""Supervision as its people work it: answering, ordering, closing; complaints; urging from a case; a promise taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PyQt6.QtWidgets import QLabel

from yichuang_acceptance.ui.documents import DocumentDialog

from ..conftest import CHIEF, CLERK, COMMITTED, accepted, hands, intake  # noqa: TID252 - tests are no installed package
from ..life import see, tick  # noqa: TID252 - tests are no installed package
from ..test_promises import allowed  # noqa: TID252 - tests are no installed package
from ..test_supervision import HANDLER, INSPECTOR, WINDOW  # noqa: TID252 - tests are no installed package
from .conftest import open_desk

PAGE, INTAKE, WORKBENCH = "acceptance.supervision", "acceptance.intake", "acceptance.workbench"


def late(hall: Any) -> Any:
    case = accepted(hall)
    hall.executor.clock.now += timedelta(days=8)
    tick(hall)
    return case


def state_of(hall: Any, case: Any) -> list[str]:
    asked = {"kind": "violations", "case_id": case.case_id}
    return [row.state for row in hall.query(HANDLER, "acceptance.supervision", asked)]


def fill(desk: Any, values: dict[str, Any]) -> None:
    dialog = desk.dialog()
    dialog.form.set_values(values)
    dialog.accept()


def test_a_notice_goes_from_the_handler_to_supervision_and_back(hall, wait):
    case = late(hall)
    with open_desk(hall, HANDLER, PAGE) as desk:
        ledger = desk.page.view.ledger
        wait(lambda: ledger.row is not None)
        assert ledger.title.text().startswith("V02")
        wait(lambda: desk.page.kpis["open"]._value.text() == "1")
        assert [b.isVisible() for b in ledger.buttons] == [True, False, False, False]
        desk.press("Ctrl+Enter")
        desk.dialog().accept()
        assert state_of(hall, case) == ["notified"], "nothing without words"
        fill(desk, {"text": "已联系申请人补办"})
        wait(lambda: state_of(hall, case) == ["answered"])
        wait(lambda: ledger.row is None)
    with open_desk(hall, INSPECTOR, PAGE) as desk:
        desk.press("Alt+2")
        ledger = desk.page.view.ledger
        wait(lambda: ledger.row is not None)
        assert [b.isVisible() for b in ledger.buttons] == [False, True, True, False]
        ledger.buttons[2].click()
        fill(desk, {"text": "请于两日内办结"})
        wait(lambda: state_of(hall, case) == ["ordered"])
        wait(lambda: any(p.kind == "S1" and p.state == "rendered" for p in see(hall, case).papers))
    hall.run(
        HANDLER,
        "acceptance.answer_notice",
        {"alert_id": ledger_id(hall, case), "kind": "feedback", "text": "已办结"},
    )
    with open_desk(hall, INSPECTOR, PAGE) as desk:
        desk.page.show_tab("answered")
        ledger = desk.page.view.ledger
        wait(lambda: ledger.row is not None)
        assert [step.state for step in ledger.timeline._model.steps] == ["done"] * 3
        assert [b.isVisible() for b in ledger.buttons] == [False, True, True, True]
        ledger.buttons[3].click()
        wait(lambda: any(d.isVisible() for d in desk.page.findChildren(DocumentDialog)))
        desk.dialog().reject()
        desk.press("Ctrl+Enter")
        fill(desk, {"text": "已整改"})
        wait(lambda: state_of(hall, case) == ["closed"])
        desk.page.show_tab("closed")
        wait(lambda: desk.page.view.ledger.row is not None)


def ledger_id(hall: Any, case: Any) -> int:
    return hall.query(HANDLER, "acceptance.supervision", {"kind": "all", "case_id": case.case_id})[0].id


def test_rules_narrow_the_list_and_home_shows_what_is_to_answer(hall, wait):
    case = late(hall)
    with open_desk(hall, HANDLER, PAGE) as desk:
        view = desk.page.view
        wait(lambda: view.ledger.row is not None)
        view.rule.set_value("V10")
        view.load()
        wait(lambda: view.ledger.row is None)
    todos = hall.executor.read(HANDLER, lambda read: hall.hooks.todos(read=read))
    found = [todo for todo in flat(todos) if todo.id.startswith("notice:")]
    assert [(todo.page, todo.light) for todo in found] == [("acceptance.supervision", "warning")]
    with open_desk(hall, HANDLER, PAGE) as desk:
        desk.context.shown.emit(found[0].args)
        wait(
            lambda: (
                desk.page.view.ledger.row is not None and desk.page.view.ledger.row.case_id == case.case_id
            )
        )


def flat(answers: Any) -> list[Any]:
    return [todo for answer in answers for todo in (answer if isinstance(answer, list) else [answer])]


def test_a_clerk_enters_an_urge_and_a_complaint_and_the_agency_answers(hall, wait):
    case = accepted(hall)
    with open_desk(hall, WINDOW, INTAKE) as desk:
        desk.page.show_tab("mine")
        aside = desk.page.lists["mine"].aside
        wait(lambda: aside.case is not None)
        pick(aside, "催办…")
        fill(desk, {"text": "等着开业"})
        wait(lambda: see(hall, case).urged == 1)
        wait(lambda: not desk.has_dialog() and aside.case.urged == 1)
        assert any(label.text() == "1 次" for label in aside.facts.findChildren(QLabel))
        pick(aside, "投诉…")
        fill(desk, {"content": "跑了三趟"})
        wait(lambda: hall.query(HANDLER, "acceptance.complaints", {"waiting": True}))
    with open_desk(hall, HANDLER, PAGE) as desk:
        desk.page.show_tab("complaints")
        ledger = desk.page.view.ledger
        wait(lambda: ledger.row is not None)
        desk.press("Ctrl+Enter")
        fill(desk, {"answer": "已致歉"})
        wait(lambda: not hall.query(HANDLER, "acceptance.complaints", {"waiting": True}))
        wait(lambda: not ledger.buttons[0].isVisible())


def pick(aside: Any, text: str) -> None:
    """Choose an entry of the menu beside a case."""
    from yichuang.api.ui import Menu
    from yichuang_acceptance.ui import case_more

    menu = Menu(aside)
    case_more.add_to(menu, aside, aside._context, aside.case, aside.went_on)
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.deleteLater()


def test_a_promise_is_taken_at_the_window_and_granted_at_once(hall, wait):
    allowed(hall, at_once=True)
    case = hall.run(CLERK, "acceptance.receive", intake(COMMITTED, materials=hands(1)))
    with open_desk(hall, CLERK, INTAKE) as desk:
        desk.page.show_tab("correcting")
        aside = desk.page.lists["correcting"].aside
        wait(lambda: aside.case is not None)
        pick(aside, "告知承诺…")
        desk.dialog().accept()
        assert not see(hall, case).promise.made, "not without the signature"
        fill(desk, {"signed": True})
        wait(lambda: see(hall, case).promise.made)
        wait(lambda: any(p.kind == "D6" and p.state == "rendered" for p in see(hall, case).papers))
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        desk.page.show_tab("all")
        wait(lambda: desk.page._case is not None)
        from yichuang_acceptance.ui.life_menu import ways_of

        assert "instant" in {way.event for way, may in ways_of(desk.context, desk.page._case) if may}


def test_a_refused_answer_stays_on_the_screen(hall, wait):
    late(hall)
    with open_desk(hall, HANDLER, PAGE) as desk:
        ledger = desk.page.view.ledger
        wait(lambda: ledger.row is not None)
        row = ledger.row
        desk.press("Ctrl+Enter")
        hall.run(
            HANDLER, "acceptance.answer_notice", {"alert_id": row.id, "kind": "feedback", "text": "另一台"}
        )
        fill(desk, {"text": "我的反馈"})
        dialog = desk.dialog()
        wait(lambda: dialog._error.isVisible())
        assert dialog.form.values()["text"] == "我的反馈"
        dialog.reject()
