"""Records of broken promises: listed, saved and repaired by supervision; the window is told before it takes another promise."""

from __future__ import annotations

from typing import Any

import openpyxl

from yichuang.api.ui import Menu
from yichuang_acceptance.ui import case_more

from ..conftest import APPROVER, CHIEF, CLERK, INSTANT  # noqa: TID252 - tests are no installed package
from ..test_promises import CONDITIONS, broken, received, records  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_form_correction_page import aside_of, texts
from .test_intake import INTAKE, chosen, name
from .test_search_page import choose_file
from .test_supervision_page import PAGE


def listed(desk: Any, wait: Any) -> Any:
    desk.page.show_tab("credit")
    view = desk.page.view
    wait(lambda: view.ledger.row is not None)
    return view


def test_records_are_listed_saved_and_repaired(hall, wait, tmp_path):
    case = broken(hall)
    with open_desk(hall, APPROVER, PAGE) as desk:
        view = listed(desk, wait)
        assert not any(button.isVisible() for button in view.ledger.buttons), "the head of the organ repairs"
    with open_desk(hall, CHIEF, PAGE) as desk:
        view = listed(desk, wait)
        assert view.ledger.title.text() == "苏*娜"
        assert "现场没有固定场所" in view.ledger.said.text()
        path = tmp_path / "credit.xlsx"
        view.ledger.table.export_requested.emit("xlsx")
        choose_file(wait, desk.page, path)
        wait(path.exists)
        wait(lambda: not view.ledger.pages._export.isVisible())
        heads, cells = (
            [cell.value for cell in row] for row in openpyxl.load_workbook(path).active.iter_rows()
        )
        saved = dict(zip(heads, cells, strict=True))
        assert (saved["承诺人"], saved["办件编号"], saved["承诺内容"]) == ("苏*娜", case.case_no, CONDITIONS)
        assert (saved["代替的证明"], saved["核查情况"]) == ("营业执照", "现场没有固定场所")
        view.ledger.buttons[0].click()
        dialog = desk.dialog()
        dialog.accept()
        assert records(hall)[0].repaired_at is None, "not without a reason"
        dialog.form.set_values({"reason": "已整改"})
        dialog.accept()
        wait(lambda: records(hall) == [])
        wait(lambda: view.ledger.row is None)
        view.which.set_current("all")
        view.load()
        wait(lambda: view.ledger.row is not None)
        assert "已整改" in view.ledger.said.text()
        assert not view.ledger.buttons[0].isVisible()


def test_the_intake_warns_of_whoever_broke_a_promise(hall, wait):
    broken(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        name(new)
        wait(lambda: new.side.credit.notes())
        (told,) = new.side.credit.notes()
        assert "不适用告知承诺" in told
        assert "市场监督管理局" in told
        new.begin()
        assert new.side.credit.notes() == []
        new = chosen(desk, wait, INSTANT)
        name(new)
        wait(lambda: new.side.doubles() or new.side.applicant.is_complete())
        runner = desk.context.services.backend.runner
        wait(lambda: not runner.busy)
        assert new.side.credit.notes() == [], "nothing can be promised for this item"


def test_in_place_of_the_promise_it_is_said_why_none_is_taken(hall, wait):
    broken(hall)
    received(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        aside = aside_of(desk, wait)
        menu = Menu(aside)
        case_more.add_to(menu, aside, desk.context, aside.case, aside.went_on)
        next(a for a in menu.actions() if a.text() == "告知承诺…").trigger()
        dialog = desk.dialog()
        assert any("承诺不实" in text for text in texts(dialog))
        assert dialog.form is None
        dialog.reject()
        menu.deleteLater()
