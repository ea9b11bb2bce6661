"""Sending the one-time notice to a phone, as a clerk does at the intake and in the item catalogue."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtTest import QTest

from ..conftest import CLERK, COMMITTED  # noqa: TID252 - tests are no installed package
from ..matter_hall import THEME, fill_theme  # noqa: TID252 - likewise
from ..message_gateway import choose  # noqa: TID252 - likewise
from ..test_guides import KEEPER  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_messages_page import PAGE as MESSAGES
from .test_offline_page import away, fill, ready

TELLER = replace(CLERK, permissions=CLERK.permissions | {"acceptance.send_notices", "acceptance.messages"})
PHONE = "13904761234"


def rows(hall):
    return hall.query(TELLER, "acceptance.messages", {})


def chosen(desk, wait, code=COMMITTED):
    finder = desk.page.new.finder
    wait(lambda: finder._index is not None)
    finder.choose(code)
    wait(lambda: finder._item is not None)
    return finder


def asked(desk, wait):
    desk.press("Alt+T")
    wait(desk.has_dialog)
    return desk.dialog()


def test_the_words_are_seen_and_go_to_the_number_that_was_typed_once(hall, wait):
    choose(hall, gateway="file")
    with open_desk(hall, TELLER, "acceptance.intake") as desk:
        finder = chosen(desk, wait)
        assert finder.send_slip.isVisible()
        assert finder.send_slip.isEnabled()
        dialog = asked(desk, wait)
        shown = " ".join(label.text() for label in dialog.findChildren(type(dialog._error)))
        assert "材料：申请书、营业执照、健康证" in shown
        dialog.accept()
        assert dialog.form.errors()["phone"], "a number is needed"
        field = dialog.form.field("phone").editor
        QTest.keyClicks(field, "0475-7222222")
        dialog.accept()
        assert dialog.form.errors() == {"phone": "短信只能发到 11 位手机号码。"}
        assert rows(hall) == []
        dialog.form.set_values({"phone": PHONE})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        assert desk.toasts[-1][:2] == ("已交付发送", "success")
        (row,) = rows(hall)
        assert (row.kind, row.number) == ("guide", COMMITTED)
        again = asked(desk, wait)
        again.form.set_values({"phone": PHONE})
        again.accept()
        wait(lambda: not desk.has_dialog())
        assert "不再重复发送" in desk.toasts[-1][0]
        assert len(rows(hall)) == 1


def test_the_applicants_own_number_is_offered_and_a_matter_is_sent_whole(hall, wait):
    fill_theme(hall)
    choose(hall, gateway="file")
    with open_desk(hall, TELLER, "acceptance.intake") as desk:
        chosen(desk, wait, f"theme:{THEME}")
        desk.page.new.side.applicant.form.set_values({"phone": PHONE})
        dialog = asked(desk, wait)
        assert dialog.form.values() == {"phone": PHONE}
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        assert [row.number for row in rows(hall)] == [THEME]


def test_without_a_gateway_the_button_says_why_and_the_key_does_nothing(hall, wait):
    with open_desk(hall, TELLER, "acceptance.intake") as desk:
        finder = chosen(desk, wait)
        assert not finder.send_slip.isEnabled()
        assert "没有选择短信网关" in finder.send_slip.toolTip()
        desk.press("Alt+T")
        assert not desk.has_dialog()
        choose(hall, gateway="file")
        wait(finder.send_slip.isEnabled)
        assert finder.send_slip.toolTip() == ""


def test_an_error_is_told_and_the_number_stays(hall, wait):
    choose(hall, gateway="file")
    with open_desk(hall, TELLER, "acceptance.intake") as desk:
        chosen(desk, wait)
        dialog = asked(desk, wait)
        dialog.form.set_values({"phone": PHONE})
        choose(hall, gateway="")  # taken away while the question stands
        dialog.accept()
        wait(lambda: "没有选择短信网关" in dialog._error.text())
        assert dialog.form.values() == {"phone": PHONE}
        dialog.reject()
        wait(lambda: not desk.page.new.finder.send_slip.isEnabled())


def test_where_the_words_cannot_be_made_the_reason_is_told_and_nothing_opens(hall, wait):
    choose(hall, gateway="file")
    with open_desk(hall, TELLER, "acceptance.intake") as desk:
        finder = chosen(desk, wait)
        finder.phone_notice._asked = lambda: ("x", {"item": "gone meanwhile"})
        desk.press("Alt+T")
        wait(lambda: desk.toasts)
        assert desk.toasts[-1][1] == "warning"
        assert not desk.has_dialog()
        finder.phone_notice._asked = finder._to_send
        assert asked(desk, wait).isVisible(), "it can be tried again"


def test_the_page_of_messages_shows_it_by_its_item_and_asks_for_no_applicants_wish(hall, wait):
    choose(hall, gateway="file")
    hall.run(TELLER, "acceptance.send_notice", {"item": COMMITTED, "phone": PHONE})
    with open_desk(hall, TELLER, MESSAGES) as desk:
        page = desk.page
        page.show_tab("waiting")
        wait(lambda: page.view.row is not None)
        (row,) = page.view.table.rows()
        assert (row["number"], row["kind"], row["phone"]) == (COMMITTED, "一次告知", "139****1234")
        assert not any(button.isVisible() for button in page.view.buttons)


def test_without_the_hall_nothing_can_be_sent(hall, wait):
    choose(hall, gateway="file")
    with open_desk(hall, TELLER, "acceptance.intake") as desk:
        ready(desk, wait)
        with away(desk) as view:
            fill(view, wait)
            button = view.form.finder.send_slip
            assert button.isVisible()
            assert not button.isEnabled()
            assert button.toolTip() == view.form.finder.print_slip.toolTip()


def test_who_may_not_send_has_no_button_and_no_key(hall, wait):
    choose(hall, gateway="file")
    with open_desk(hall, CLERK, "acceptance.intake") as desk:
        assert not chosen(desk, wait).send_slip.isVisible()
        assert "Alt+T" not in desk.keys


def test_the_catalogue_sends_what_holds_today_and_no_draft(hall, wait):
    choose(hall, gateway="file")
    keeper = replace(KEEPER, permissions=KEEPER.permissions | {"acceptance.send_notices"})
    with open_desk(hall, keeper, "acceptance.catalogue") as desk:
        page = desk.page
        wait(lambda: COMMITTED in page.items.rows)
        desk.press("Alt+T")
        assert not desk.has_dialog(), "nothing is in front"
        page.choose(COMMITTED)
        wait(lambda: page.detail is not None)
        wait(page.acts["phone"].isVisible)
        dialog = asked(desk, wait)
        dialog.form.set_values({"phone": PHONE})
        dialog.accept()
        wait(lambda: not desk.has_dialog())
        assert [row.number for row in rows(hall)] == [COMMITTED]
        hall.run(keeper, "acceptance.draft_guide", {"item": COMMITTED})
        page.open(COMMITTED)
        wait(lambda: page.detail.state == "draft")
        wait(lambda: not page.acts["phone"].isVisible())
