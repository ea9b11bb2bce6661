"""Hand-overs as people work them: packed and printed in the town, received in the hall by the bar code, differences named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from yichuang_acceptance.ui.desk_lists import ANYWHERE

from ..conftest import COMMITTED, RECEIVER  # noqa: TID252 - tests are no installed package
from ..life import grant, see  # noqa: TID252 - tests are no installed package
from ..matter_hall import fill_theme  # noqa: TID252 - tests are no installed package
from ..test_handovers import AT_ISSUE, IN_HALL, TOWN, enter_points, pack, taken_in  # noqa: TID252 - likewise
from .conftest import open_desk

PAGE, ISSUING, INTAKE = "acceptance.handover", "acceptance.issuing", "acceptance.intake"


def test_a_list_goes_from_the_town_to_the_hall(hall, wait):
    enter_points(hall)
    case, other = taken_in(hall), taken_in(hall)
    with open_desk(hall, TOWN, PAGE) as desk:
        desk.press("Ctrl+N")
        wait(desk.has_dialog)
        dialog = desk.dialog()
        dialog.form.set_values({f"c{case.case_id}": False, f"c{other.case_id}": False})
        dialog.accept()
        assert hall.query(TOWN, "acceptance.handovers", {"kind": "sent"}) == [], "an empty list is not sent"
        dialog.form.set_values({f"c{case.case_id}": True, f"c{other.case_id}": True})
        dialog.accept()
        wait(lambda: hall.query(TOWN, "acceptance.handovers", {"kind": "sent"}))
        wait(lambda: desk.page.tab == "sent" and desk.page.view.row is not None)
        wait(lambda: desk.has_dialog() and desk.dialog() is not dialog)
        desk.dialog().reject()
        assert [b.isVisible() for b in desk.page.view.buttons] == [False, True], (
            "who sent it does not receive it"
        )
        number = desk.page.view.row.number
    with open_desk(hall, IN_HALL, PAGE) as desk:
        wait(lambda: desk.page.view.row is not None)
        desk.page.scan.searched.emit("JJ0")
        wait(lambda: any("JJ0" in told[0] for told in desk.toasts))
        desk.page.scan.searched.emit(number)
        wait(lambda: desk.page.view.row.number == number)
        desk.press("Ctrl+Enter")
        dialog = desk.dialog()
        dialog.form.set_values({"a2": False})
        dialog.accept()
        wait(lambda: dialog._error.isVisible())
        dialog.form.set_values({"d2": "袋中没有"})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        assert see(hall, case).places.materials_at == ""
        assert see(hall, other).places.materials_at == "TS01"
        desk.page.show_tab("all")
        wait(lambda: desk.page.view.row is not None)
        assert "袋中没有" in desk.page.view.said.text()


def test_the_issuing_page_shows_the_results_of_its_own_point(hall, wait):
    enter_points(hall)
    case = taken_in(hall)
    grant(hall, case)
    with open_desk(hall, AT_ISSUE, ISSUING) as desk:
        view = desk.page.lists["ready"]
        wait(lambda: not view.point.isHidden())
        wait(lambda: view.aside.case is None and view.table.rows() == [])
        wait(lambda: desk.page.header.tabs._tabs[0].count == 0)
        view.point.set_value("TS01")
        view.point.changed.emit("TS01")
        wait(lambda: [row["id"] for row in view.table.rows()] == [case.case_id])
        wait(lambda: desk.page.header.tabs._tabs[0].count == 1)
    sent = pack(hall, case, actor=AT_ISSUE, target="TS01", what="result")
    town = replace(AT_ISSUE, desk="T01")
    hall.run(town, "acceptance.receive_list", {"number": sent.number})
    with open_desk(hall, town, ISSUING) as desk:
        wait(lambda: desk.page.lists["ready"].aside.case is not None)
        desk.press("Ctrl+Enter")
        dialog = desk.dialog()
        card = {"name": RECEIVER["receiver"], "number": RECEIVER["receiver_code"]}
        desk.context.device_event.emit("id_card_reader", "card", card)
        dialog.accept()
        wait(lambda: see(hall, case).row.state == "delivered")
        wait(lambda: not desk.has_dialog())


def test_the_count_follows_the_points_and_an_answer_for_another_one_is_dropped(hall, wait, monkeypatch):
    enter_points(hall)
    grant(hall, taken_in(hall))
    with open_desk(hall, AT_ISSUE, ISSUING) as desk:
        page = desk.page
        view = page.lists["ready"]
        wait(lambda: not view.point.isHidden())
        view.point.hide()
        view.point.set_value(ANYWHERE)  # as it is before the points are known
        asked, query = [], desk.context.query
        with monkeypatch.context() as patch:
            patch.setattr(
                desk.context, "query", lambda *what, **more: asked.append(what) or query(*what, **more)
            )
            page._set_points(hall.query(AT_ISSUE, "acceptance.points"))
        assert ("acceptance.counts", {"issue_point": ""}) in asked, "not only at the next change of the hall"
        wait(lambda: page.header.tabs._tabs[0].count == 0)
        page._counted(hall.query(AT_ISSUE, "acceptance.counts"), {})
        assert page.header.tabs._tabs[0].count == 0, "that of every point came late"


def test_an_empty_point_says_so(hall, wait):
    with open_desk(hall, IN_HALL, PAGE) as desk:
        desk.press("Ctrl+N")
        wait(lambda: desk.toasts)
        assert not desk.has_dialog()
        form: Any = desk.page.ask_point().form
        form.set_values({"code": "ts09", "name": "先锋乡", "desks": "", "area": "150421109"})
        desk.dialog().accept()
        wait(lambda: [p.area for p in hall.query(IN_HALL, "acceptance.points")] == ["", "150421109"])
        wait(lambda: not desk.has_dialog())


def test_a_township_finds_only_what_it_may_accept(hall, wait):
    enter_points(hall)
    fill_theme(hall)
    for actor, found in ((TOWN, {COMMITTED}), (IN_HALL, None)):
        with open_desk(hall, actor, INTAKE) as desk:
            finder = desk.page.new.finder
            wait(lambda finder=finder: finder._index is not None)
            assert finder._rows.keys() == found if found else len(finder._rows) > 3
            finder.list.search.setText("登记")
            finder._search("登记")
            assert bool(finder.list.current()) is (found is None)
