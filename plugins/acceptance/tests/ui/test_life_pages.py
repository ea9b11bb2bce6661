"""Pauses, ends, certificates, delivery and archive, worked as people work them; what one may not do cannot be pressed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from yichuang.api.ui import Dialog
from yichuang_acceptance.ui.documents import PdfViewer
from yichuang_acceptance.ui.life_menu import menu_of, ways_of

from ..conftest import (  # noqa: TID252 - tests are no installed package
    APPROVER,
    CHIEF,
    CLERK,
    COMMITTED,
    INSTANT,
    ISSUE,
    ISSUER,
    OWN,
    RECEIVER,
    accepted,
    hands,
    intake,
)
from ..life import extend, grant, render, rules, see, suspend  # noqa: TID252 - tests are no installed package
from .conftest import open_desk

WORKBENCH, ISSUING, INTAKE = "acceptance.workbench", "acceptance.issuing", "acceptance.intake"


def state(hall: Any, case: Any) -> str:
    return see(hall, case).row.state


def opened(desk: Any, wait: Any, case: Any) -> Any:
    wait(lambda: desk.page._case is not None and desk.page._case.row.id == case.case_id)
    return desk.page


def entries(desk: Any, case: Any) -> dict[str, bool]:
    """What the menu offers, and whether it can be chosen."""
    return {way.event.value: may for way, may in ways_of(desk.context, case)}


def test_a_chief_stops_the_clocks_and_starts_them_again(hall, wait):
    case = accepted(hall)
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        page = opened(desk, wait, case)
        desk.press("Alt+P")
        dialog = desk.dialog()
        dialog.form.set_values({"kind": "publicity"})
        dialog.form.changed.emit("kind")
        assert dialog.form.values()["basis"] == "", "a public notice needs a law of its own"
        dialog.form.set_values({"kind": "expert_review"})
        dialog.form.changed.emit("kind")
        assert "第四十五条" in dialog.form.values()["basis"]
        dialog.accept()
        assert desk.has_dialog(), "without a reason nothing is suspended"
        dialog.form.set_values({"reason": "需要组织专家评审"})
        dialog.accept()
        wait(lambda: dialog._error.isVisible())
        assert state(hall, case) == "review", "an expert review has a planned end"
        dialog.form.set_values({"planned_end": date(2026, 4, 20)})
        dialog.accept()
        wait(lambda: state(hall, case) == "suspended")
        wait(lambda: not desk.has_dialog() and page._case.row.state == "suspended")
        assert "专家评审" in page.decision.notes()[0]
        assert page.decision.pause.text() == "结束特别程序"
        desk.press("Alt+P")
        dialog = desk.dialog()
        dialog.form.set_values({"result": "评审通过"})
        dialog.accept()
        wait(lambda: page._case.row.state == "review")
        assert page.decision._form.isVisible()
        wait(
            lambda: (
                [p.kind for p in see(hall, case).papers if p.state == "rendered"] == ["D7", "D16", "D3"]
                or True
            )
        )
        assert [step.state for step in page.timeline._model.steps][:4] == ["done", "done", "done", "done"]


def test_the_list_of_special_procedures_shows_what_waits(hall, wait):
    case = accepted(hall)
    suspend(hall, case)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        wait(lambda: desk.page.list.items() == [])
        desk.page.show_tab("suspended")
        page = opened(desk, wait, case)
        assert [item.state for item in page.list.items()] == ["paused"]
        assert [step.state for step in page.timeline._model.steps][-2:] == ["paused", "current"]


def test_what_one_may_not_do_cannot_be_chosen(hall, wait):
    case = accepted(hall)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        page = opened(desk, wait, case)
        assert entries(desk, page._case) == {"suspend": False, "extend": False, "terminate": False}
        assert not page.decision.pause.isEnabled()
        desk.press("Alt+P")
        assert not desk.has_dialog()
    extend(hall, case)
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        page = opened(desk, wait, case)
        assert entries(desk, page._case) == {"suspend": True, "terminate": True}, "extended once, never again"
        menu = menu_of(page, desk.context, page._case, page._went_on)
        assert [action.text() for action in menu.actions()] == ["特别程序…", "终止办理…"]


def test_an_extension_is_seen_as_a_paper_before_it_is_approved(hall, wait):
    case = accepted(hall)
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        page = opened(desk, wait, case)
        menu = menu_of(page, desk.context, page._case, page._went_on)
        next(a for a in menu.actions() if a.text() == "延期…").trigger()
        dialog = desk.dialog()
        preview = dialog.buttons.itemAt(0).widget()
        preview.click()
        wait(lambda: "理由" in dialog._error.text())
        dialog.form.set_values({"reason": "案情复杂"})
        preview.click()

        def shown() -> list[Any]:
            return [d for d in page.window().findChildren(Dialog) if d is not dialog and d.isVisible()]

        wait(shown)
        assert shown()[0].findChildren(PdfViewer)
        shown()[0].accept()
        assert not see(hall, case).extended, "a preview writes nothing"
        dialog.accept()
        wait(lambda: see(hall, case).extended)
        wait(lambda: not desk.has_dialog())


@pytest.mark.parametrize(("event", "values", "after"), [
    ("terminate", {"cause": "death", "law": "《行政许可法》第七十条", "reason": "申请人已死亡"}, "terminated"),
    ("return", {"reason": "申请人要求退回"}, "returned"),
    ("instant", {"opinion": "同意"}, "ready"),
    ("correct", {"defects": "健康证：不清晰", "reason": "首次遗漏"}, "correcting"),
])  # fmt: skip
def test_other_ways_are_asked_for_and_taken(hall, wait, event, values, after):
    case = hall.run(CLERK, "acceptance.receive", intake(INSTANT))
    if event == "correct":
        told = {"case_id": case.case_id, "defects": ["健康证：缺页"]}
        hall.run(CLERK, "acceptance.request_correction", told)
        hall.run(CLERK, "acceptance.resubmit", {"case_id": case.case_id, "materials": hands(3)})
    with open_desk(hall, CHIEF, WORKBENCH) as desk:
        desk.page.show_tab("all")
        page = opened(desk, wait, case)
        way = next(way for way, may in ways_of(desk.context, page._case) if way.event == event and may)
        way.ask(page, desk.context, page._case, page._went_on)
        dialog = desk.dialog()
        dialog.form.set_values(values)
        dialog.accept()
        wait(lambda: state(hall, case) == after)
        wait(lambda: not desk.has_dialog() and page._case.row.state == after)
    assert rules(hall, case) == (["V03"] if event == "correct" else [])


def test_a_withdrawal_is_confirmed_as_signed(hall, wait):
    case = accepted(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        desk.page.show_tab("mine")
        view = desk.page.lists["mine"]
        wait(lambda: view.aside.case is not None)
        view.aside.withdraw.click()
        dialog = desk.dialog()
        dialog.form.set_values({"reason": "不再经营"})
        dialog.accept()
        assert state(hall, case) == "review", "nothing without the signature"
        dialog.form.set_values({"signed": True})
        dialog.accept()
        wait(lambda: state(hall, case) == "withdrawn")
        wait(lambda: not desk.has_dialog())


def test_a_certificate_is_made_from_the_stock_and_goes_by_mail_to_the_archive(hall, wait):
    with hall.database.write() as writer:
        writer.execute(
            text(f"UPDATE core_item_version SET result = '食品经营许可证' WHERE item = '{COMMITTED}'")
        )
    with open_desk(hall, ISSUER, ISSUING) as desk:
        stock = next(
            b for b in desk.page.header.findChildren(type(desk.page.view.aside.act)) if b.text() == "空白证件"
        )
        stock.click()
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({"agency": OWN, "kind": "食品经营许可证", "first": "JY000998", "count": "0"})
        dialog.accept()
        assert dialog.form.errors()
        dialog.form.set_values({"count": "2"})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        case = accepted(hall)
        grant(hall, case)
        desk.press("Alt+2")
        wait(lambda: desk.page.view.aside.case is not None)
        desk.press("Ctrl+Enter")
        desk.dialog().accept()
        wait(lambda: state(hall, case) == "ready")
        wait(lambda: not desk.has_dialog())
        desk.press("Alt+1")
        wait(lambda: desk.page.view.aside.case is not None)
        desk.press("Ctrl+Enter")
        dialog = desk.dialog()
        assert dialog.form.field("receiver_code").isVisible()
        assert not dialog.form.field("mail_no").isVisible()
        dialog.form.set_values({"mode": "mail"})
        dialog.form.changed.emit("mode")
        assert not dialog.form.field("receiver_code").isVisible()
        dialog.form.set_values(
            {"receiver": "苏日娜", "mail_no": "EA123456789CN", "address": "天山镇汉林街1号"}
        )
        dialog.accept()
        wait(lambda: state(hall, case) == "delivered")
        wait(lambda: not desk.has_dialog())
        render(hall, case)
        desk.press("Alt+3")
        wait(lambda: desk.page.view.aside.case is not None)
        wait(lambda: desk.page.view.aside.act.isVisible())
        desk.press("Ctrl+Enter")
        wait(lambda: state(hall, case) == "archived")
    assert see(hall, case).certificate_no == "JY000998"


def test_the_receivers_card_fills_the_delivery_in(hall, wait):
    case = accepted(hall, item=INSTANT)
    grant(hall, case)
    with open_desk(hall, ISSUER, ISSUING) as desk:
        wait(lambda: desk.page.view.aside.case is not None)
        desk.press("Ctrl+Enter")
        dialog = desk.dialog()
        card = {"name": RECEIVER["receiver"], "number": RECEIVER["receiver_code"]}
        desk.context.device_event.emit("id_card_reader", "card", card)
        assert dialog.form.values()["receiver_code"] == RECEIVER["receiver_code"]
        dialog.form.set_values({"relation": "other"})
        dialog.form.changed.emit("relation")
        assert dialog.form.field("reason").isVisible()
        dialog.form.set_values({"relation": "self"})
        dialog.accept()
        wait(lambda: state(hall, case) == "delivered")
        wait(lambda: not desk.has_dialog())
    assert "acceptance.accept" not in ISSUE


def test_an_open_page_lets_time_pass(hall, wait):
    case = hall.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    hall.executor.clock.now += timedelta(days=10)
    with open_desk(hall, APPROVER, WORKBENCH) as desk:
        wait(lambda: state(hall, case) == "review")
        wait(lambda: any(p.kind == "D3" and p.state == "rendered" for p in see(hall, case).papers))
        wait(lambda: [item.id for item in desk.page.list.items()] == [str(case.case_id)])
