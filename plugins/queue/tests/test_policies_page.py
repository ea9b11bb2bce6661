"""The policies page, worked as a queue manager does: read, change a rule, try it on yesterday, switch it on, take it back."""

from __future__ import annotations

from datetime import date

import pytest

from yichuang.api.ui import Dialog
from yichuang.shell.testing import open_page
from yichuang_queue.operations.policy_preview import Compared, Preview
from yichuang_queue.rules.preview import Effect

from .conftest import MANAGER, clerk
from .test_operations import issue


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@pytest.fixture
def yesterday(suite, clock):
    one = clerk(1, "A01")
    suite.run(one, "queue.open_desk", {"desk": "A01"})
    for line in "AB":
        ticket = issue(suite, line)
        clock.move(minutes=5)
        suite.run(one, "queue.call_next", {"desk": "A01"})
        clock.move(minutes=5)
        suite.run(one, "queue.finish", {"desk": "A01", "ticket_id": ticket.id})
    clock.move(days=1)
    return suite


def dialog(page):
    return page.window().findChild(Dialog)


def test_a_policy_is_tried_before_it_is_switched_on(qtbot, yesterday):
    with open_page(yesterday, MANAGER, "queue.policies") as (page, context):
        qtbot.waitUntil(lambda: len(page.table.model.loaded_rows()) == 2, timeout=10_000)
        assert page.credits["elderly"].text() == "15"
        assert not page.switch.isEnabled()
        page.name.setText("集日")
        page._edited()
        assert page.switch.toolTip() == "请先用历史数据试算。"
        page._add()
        qtbot.waitUntil(lambda: dialog(page) is not None)
        ask = dialog(page)
        ask.form.set_values({"choose": "help", "lines": "Z", "minutes": "20"})
        ask.accept()
        assert dialog(page) is not None, "a line that is not there is refused in the dialog"
        ask.form.set_values({"lines": "B"})
        ask.accept()
        qtbot.waitUntil(lambda: dialog(page) is None)
        assert [row["rule"] for row in page.table.model.loaded_rows()][-1] == "支援其他队列（超过 20 分钟）"
        page.table.select(2)
        page._move(-2)
        assert page.table.model.loaded_rows()[0]["lines"] == "社保"
        page.try_it()
        qtbot.waitUntil(page.switch.isEnabled, timeout=10_000)
        assert {row["name"] for row in page.compared.model.loaded_rows()} == {"综合", "社保", "普通"}
        page._move(1)
        assert not page.switch.isEnabled(), "what was changed must be tried again"
        page.try_it()
        qtbot.waitUntil(page.switch.isEnabled, timeout=10_000)
        page.switch.click()
        qtbot.waitUntil(lambda: dialog(page) is not None)
        with qtbot.waitSignal(context.services.toast_asked, timeout=10_000) as toast:
            dialog(page).accept()
        active = [row for row in yesterday.query(MANAGER, "queue.policies") if row.active]
        assert [(row.name, row.data["rules"][1]["lines"]) for row in active] == [("集日", ["B"])]
        qtbot.waitUntil(lambda: page._shown == str(active[0].id), timeout=10_000)
        toast.args[2]()
        qtbot.waitUntil(
            lambda: not any(r.active for r in yesterday.query(MANAGER, "queue.policies")), timeout=10_000
        )
        qtbot.waitUntil(lambda: page._shown == "built-in", timeout=10_000)


def test_a_new_hall_may_switch_on_without_a_past_day(qtbot, suite):
    with open_page(suite, MANAGER, "queue.policies") as (page, _context):
        qtbot.waitUntil(lambda: len(page.table.model.loaded_rows()) == 2, timeout=10_000)
        page.name.setText("先到先办")
        page.table.select(0)
        page._remove()
        page.try_it()
        qtbot.waitUntil(page.switch.isEnabled, timeout=10_000)
        assert page.note.count() == 1


def test_a_group_of_desks_has_rules_but_no_credits_of_its_own(qtbot, yesterday):
    with open_page(yesterday, MANAGER, "queue.policies") as (page, _context):
        qtbot.waitUntil(lambda: len(page.table.model.loaded_rows()) == 2, timeout=10_000)
        page.name.setText("一号窗口")
        page.desks.setText("A01 A99")
        page._edited()
        assert not page.credits["elderly"].isEnabled()
        assert "全部窗口" in page.credits["elderly"].toolTip()
        assert page.data()["credits"] == {}
        page.try_it()
        qtbot.waitUntil(lambda: page.note.count() == 1, timeout=10_000)
        assert not page.switch.isEnabled(), "there is no desk A99"
        page.desks.setText("A01")
        page.try_it()
        qtbot.waitUntil(page.switch.isEnabled, timeout=10_000)
        page.desks.setText("")
        page._edited()
        assert page.credits["elderly"].isEnabled()
        assert page.data()["credits"]["elderly"] == 15


def preview_of(never):
    now, then = Effect(5, 60, 90, 120, 0, 0), Effect(5, 30, 60, 90, never, 0)
    return Preview(date(2026, 3, 17), 5, [Compared("line", "A", "综合", now, then)])


def test_who_would_not_be_called_any_more_is_said(qtbot, yesterday):
    """A policy that leaves people standing must not look better for it: they have no wait to count."""
    with open_page(yesterday, MANAGER, "queue.policies") as (page, _context):
        qtbot.waitUntil(lambda: len(page.table.model.loaded_rows()) == 2, timeout=10_000)
        page.try_it()
        qtbot.waitUntil(lambda: page._tried is not None, timeout=10_000)
        assert page.never.isHidden(), "everybody was called"
        page._show_never(preview_of(4))
        assert page.never.isVisible()
        assert page.never.text() == "到下班仍未叫到：0 → 4 人"
        page._show_never(preview_of(0))
        assert page.never.isHidden()
