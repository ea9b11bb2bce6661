"""The application form to sign on paper: from the intake before and after it is entered, and from a case's menu."""

from __future__ import annotations

from typing import Any

import pytest

from yichuang.api.ui import Menu
from yichuang_acceptance.ui import case_more
from yichuang_acceptance.ui.documents import DocumentDialog

from ..conftest import APPROVER, CLERK, COMMITTED, hands, intake  # noqa: TID252 - tests are no installed package
from ..forms import GOOD, load  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_form_pages import CARD, asked, fill, hand_in, put
from .test_intake import INTAKE

FORM = "打印申请表签字…"


@pytest.fixture
def formed(hall: Any) -> Any:
    load(hall)
    return hall


def printer(desk: Any, wait: Any) -> None:
    devices, chosen = desk.context.services.devices, {"paper_printer": {"adapter": "simulated"}}
    desk.context.services.backend.runner.submit(
        lambda _job: devices.open(list(chosen), chosen), lane="device"
    )
    wait(lambda: desk.context.device("paper_printer") == "ready")


def sheets(suite: Any, case_id: int) -> list[Any]:
    found = suite.query(CLERK, "acceptance.papers", {"case_id": case_id})
    return [paper for paper in found if paper.kind == "A1"]


def shown(page: Any) -> Any:
    """The form that is being looked at."""
    return next((d for d in page.findChildren(DocumentDialog) if d.isVisible()), None)


def test_it_is_looked_at_and_printed_before_and_after_the_intake(formed, wait):
    with open_desk(formed, CLERK, INTAKE) as desk:
        printer(desk, wait)
        new = asked(desk, wait)
        assert not new.side.preview.form.isEnabled(), "nobody applies yet"
        desk.context.device_event.emit("id_card_reader", "card", {"card": CARD})
        put(new.side.applicant.form.field("phone"), "13804760000")
        fill(new)
        hand_in(new)
        wait(lambda: new.side.preview.form.isEnabled())
        new.side.preview.form.click()
        wait(lambda: shown(desk.page) is not None)
        desk.toasts.clear()
        shown(desk.page).accept()
        wait(lambda: any("申请表" in text for toast in desk.toasts for text in map(str, toast)))
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        wait(lambda: new.side.entered.print.isEnabled())
        case_id = new.side.entered.case_id()
        assert sheets(formed, case_id) == []
        new.side.entered.form.click()
        wait(lambda: shown(desk.page) is not None)
        assert sheets(formed, case_id) == [], "looked at, nothing made"
        shown(desk.page).accept()
        wait(lambda: [paper.prints for paper in sheets(formed, case_id)] == [1])
        seen = formed.query(APPROVER, "acceptance.case", {"case_id": case_id})
        received = next(event for event in seen.events if event.event == "receive")
        assert received is not None
        wait(lambda: "A1" in [p.kind for p in new.side.entered.papers.papers])


def test_it_stands_in_the_menu_of_a_case_while_it_is_open(formed, wait):
    case = formed.run(CLERK, "acceptance.receive", intake(COMMITTED, materials=hands(1), form=GOOD))
    with open_desk(formed, CLERK, INTAKE) as desk:
        printer(desk, wait)
        desk.page.show_tab("correcting")
        aside = desk.page.lists["correcting"].aside
        wait(lambda: aside.case is not None)
        menu = Menu(aside)
        case_more.add_to(menu, aside, desk.context, aside.case, aside.went_on)
        next(action for action in menu.actions() if action.text() == FORM).trigger()
        wait(lambda: shown(desk.page) is not None)
        shown(desk.page).accept()
        wait(lambda: [paper.prints for paper in sheets(formed, case.case_id)] == [1])
        menu.deleteLater()
        formed.run(
            CLERK, "acceptance.withdraw", {"case_id": case.case_id, "reason": "不办了", "signed": True}
        )
        ended = formed.query(CLERK, "acceptance.case", {"case_id": case.case_id})
        assert FORM not in [text for text, _icon, _ask in case_more.entries(desk.context, ended)]
