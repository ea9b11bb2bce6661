"""Looking licences up on the page, worked as a clerk works: state the ground, search, read, reveal, print, change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from sqlalchemy import select

from yichuang.api import UserError
from yichuang.api.ui import Dialog, ErrorNote, GoodNote
from yichuang.shell.testing import open_page
from yichuang_licence import tables as t
from yichuang_licence.rules import Status
from yichuang_licence.ui.page import build

from .conftest import CLERK, KEEPER, LIFELONG, STRANGER, citizen, draft


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@dataclass
class Desk:
    """The page in front, and what it told the shell."""

    page: Any
    context: Any
    keys: dict[str, Any]
    toasts: list[str] = field(default_factory=list)

    @property
    def view(self) -> Any:
        return self.page.lookup

    def dialog(self) -> Any:
        return next(d for d in self.page.findChildren(Dialog) if d.isVisible())


@contextmanager
def desk(suite: Any, actor: Any = KEEPER) -> Iterator[Desk]:
    keys: dict[str, Any] = {}

    def made(context: Any) -> Any:
        context.services.shortcut_claimed.connect(lambda claimed: keys.__setitem__(claimed.key, claimed))
        return build(context)

    with open_page(suite, actor, "licence.lookup", made) as (page, context):
        opened = Desk(page, context, keys)
        context.services.toast_asked.connect(lambda text, *_rest: opened.toasts.append(text))
        yield opened


@pytest.fixture
def wait(qtbot):
    return lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=10_000)


def fill_in(view, text, purpose="办理食品经营许可", basis="present"):
    view.bar.text.clear()
    QTest.keyClicks(view.bar.text, text) if text.isascii() else view.bar.text.insert(text)
    view.bar.purpose.setText(purpose)
    view.bar.basis.set_value(basis)


def look_up(opened, wait, text=None, **ground):
    """Search as a clerk does and wait for the first licence."""
    fill_in(opened.view, text or citizen(), **ground)
    QTest.keyClick(opened.view.bar.purpose, Qt.Key.Key_Return)
    wait(lambda: opened.view.middle.is_open())
    return opened.view


def uses(suite):
    with suite.database.read() as reader:
        return [(u.act, u.purpose, u.basis, u.result) for u in reader.all(select(t.use).order_by(t.use.c.id))]


def test_purpose_and_authorisation_come_before_the_search(qtbot, suite, issued):
    with desk(suite) as opened:
        bar = opened.view.bar
        assert bar.button.toolTip() == "请先填写要查的持证主体或证照。"
        bar.text.setText(citizen())
        assert bar.button.toolTip() == "请先填写用证事由。"
        bar.purpose.setText("办理食品经营许可")
        assert bar.button.toolTip() == "请先选择授权方式。", "nobody's consent is assumed"
        QTest.keyClick(bar.text, Qt.Key.Key_Return)
        assert uses(suite) == []
        bar.basis.set_value("written")
        assert bar.button.isEnabled()


def test_a_licence_is_found_verified_and_shown(qtbot, suite, issued, wait):
    with desk(suite) as opened:
        view = look_up(opened, wait)
        assert view.found.list.current() == issued.code
        item = view.found.list.items()[0]
        assert (item.title, item.tag.text, item.right_second) == ("食品经营许可证", "有效", "至 2030-12-31")
        assert item.right == f"{issued.number[:8]}****{issued.number[-3:]}"
        assert isinstance(view.checks.note, GoodNote)
        assert [line.check.id for line in view.checks.checks] == ["issuer", "seal", "state", "identifier"]
        assert view.middle.viewer.page_count() == 1
        assert uses(suite) == [
            ("search", "办理食品经营许可", "present", "1"),
            ("view", "办理食品经营许可", "present", "ok"),
        ]


def test_several_licences_are_filtered_by_whether_they_count(qtbot, suite, issued, wait):
    ended = suite.run(KEEPER, "licence.issue", draft(valid_from="2020-01-01", valid_to="2021-01-01"))
    soon = suite.run(KEEPER, "licence.issue", draft(valid_to="2026-04-15"))
    gone = suite.run(KEEPER, "licence.issue", draft(licence_type=LIFELONG))
    suite.run(
        KEEPER, "licence.change_status", {"code": gone.code, "status": "cancelled", "reason": "申请注销"}
    )
    with desk(suite) as opened:
        view = look_up(opened, wait)
        tags = {item.id: item.tag.text for item in view.found.list.items()}
        assert tags == {
            issued.code: "有效",
            soon.code: "29 天后到期",
            ended.code: "已过期",
            gone.code: "已注销",
        }
        assert view._code == soon.code, "the newest usable one is opened"
        QTest.keyClick(view.found.filter, Qt.Key.Key_Right)
        assert {i.id for i in view.found.list.items()} == {issued.code, soon.code}
        QTest.keyClick(view.found.filter, Qt.Key.Key_Right)
        assert {i.id for i in view.found.list.items()} == {ended.code, gone.code}
        QTest.keyClick(view.found.list.list, Qt.Key.Key_J)
        wait(lambda: view.detail is not None and view._code in (ended.code, gone.code))
        assert isinstance(view.checks.note, ErrorNote)


def test_arrow_keys_open_only_where_they_rest(qtbot, suite, wait):
    for year in (2021, 2022, 2023):
        suite.run(KEEPER, "licence.issue", draft(valid_from=f"{year}-01-01", valid_to="2030-01-01"))
    with desk(suite) as opened:
        view = look_up(opened, wait)
        for _step in range(2):
            QTest.keyClick(view.found.list.list, Qt.Key.Key_Down)
        last = view.found.rows()[-1].code
        wait(lambda: view._code == last and view.middle.is_open())
        assert [act for act, *_ in uses(suite)].count("view") == 2, "the one in between was only passed over"


def test_a_scanned_identifier_needs_no_choice_beforehand(qtbot, suite, issued, wait):
    with desk(suite, CLERK) as opened:
        view = look_up(opened, wait, issued.code)
        assert view.detail.row.code == issued.code


def test_a_number_from_the_palette_still_needs_its_purpose(qtbot, suite, issued, wait):
    with desk(suite) as opened:
        opened.context.shown.emit({"number": issued.number})
        bar = opened.view.bar
        assert (bar.by.current(), bar.text.value(), bar.button.isEnabled()) == (
            "number",
            issued.number,
            False,
        )
        bar.purpose.setText("核对")
        bar.basis.set_value("statutory")
        bar.button.click()
        wait(lambda: opened.view.middle.is_open())


@pytest.mark.parametrize(
    ("actor", "text", "shown"),
    [
        (KEEPER, "150421199003072410", "公民身份号码的校验位不正确。"),
        (KEEPER, "苏", "姓名至少输入 2 个字。"),
        (CLERK, "苏日娜", "按姓名查询需要单独的权限。"),
    ],
)
def test_what_cannot_be_asked_is_said_in_place(qtbot, suite, wait, actor, text, shown):
    with desk(suite, actor) as opened:
        fill_in(opened.view, text)
        opened.keys["Ctrl+Enter"].trigger()
        wait(lambda: opened.view.note is not None)
        assert opened.view.note.accessibleName() == shown
        assert uses(suite) == []
        assert not opened.view.bar.button._busy


def test_people_of_one_name_are_listed_and_none_is_opened_unasked(qtbot, suite, issued, wait):
    suite.run(KEEPER, "licence.issue", draft(holder_code=citizen("15042119800101001")))
    with desk(suite) as opened:
        fill_in(opened.view, "苏日娜")
        opened.view.bar.search()
        wait(lambda: len(opened.view.found.rows()) == 2)
        assert not opened.view.middle.is_open()
        assert [act for act, *_ in uses(suite)] == ["search", "search"]


def test_nothing_found_is_said_and_recorded(qtbot, suite, issued, wait):
    with desk(suite) as opened:
        fill_in(opened.view, citizen("15042119800101001"))
        opened.view.bar.search()
        wait(lambda: opened.view.found._stack.currentIndex() == 2)
        assert uses(suite) == [("search", "办理食品经营许可", "present", "0")]


def test_a_hidden_field_is_recorded_before_it_is_shown(qtbot, suite, wait):
    suite.run(KEEPER, "licence.issue", draft(fields={"法定代表人": "刘成", "类型": "个体工商户"}))
    with desk(suite) as opened:
        view = look_up(opened, wait)
        fields = view.middle.fields
        assert set(fields.values) == {"holder_name", "holder_code", "法定代表人"}, (
            "what is not masked has no eye"
        )
        fields.eyes["法定代表人"].click()
        wait(lambda: fields.values["法定代表人"].text() == "刘成")
        assert uses(suite)[-1] == ("reveal", "办理食品经营许可", "present", "法定代表人")
        fields.eyes["法定代表人"].click()
        assert fields.values["法定代表人"].text() == "刘*", "a second press hides it again"
        view.middle.full.click()
        wait(lambda: not fields.hidden())
        assert (fields.values["holder_name"].text(), fields.values["holder_code"].text()) == (
            "苏日娜",
            citizen(),
        )
        assert [act for act, *_ in uses(suite)].count("reveal") == 4


def test_without_the_permission_the_eyes_are_shut(qtbot, suite, issued, wait):
    with desk(suite, CLERK) as opened:
        view = look_up(opened, wait)
        assert not any(eye.isEnabled() for eye in view.middle.fields.eyes.values())
        assert view.middle.full.toolTip() == "查看个人信息明文需要单独的权限。"
        assert view.middle.register.change.isHidden()


def test_the_slip_goes_to_the_printer(qtbot, suite, issued, wait, monkeypatch):
    printed = []
    with desk(suite) as opened:
        assert not opened.keys["Ctrl+P"].enabled(), "nothing is open yet"
        look_up(opened, wait)
        opened.keys["Ctrl+P"].trigger()
        wait(lambda: opened.view.note is not None)  # this desk has no printer
        monkeypatch.setattr(
            opened.context.services.devices, "ask", lambda *asked: printed.append(asked) or {"done": True}
        )
        opened.view.middle.slip.click()
        wait(lambda: "核验单已送打印" in opened.toasts)
        kind, command, _timeout, arguments = printed[0]
        assert (kind, command, arguments["pdf"][:4]) == ("paper_printer", "print", b"%PDF")


def test_a_status_is_changed_for_a_reason(qtbot, suite, issued, wait):
    with desk(suite) as opened:
        view = look_up(opened, wait)
        menu = view.middle.register.menu()
        assert [a.text() for a in menu.actions()] == ["冻结", "注销", "吊销", "撤销"]
        menu.deleteLater()
        view.middle.register.change_asked.emit("suspended")
        dialog = opened.dialog()
        dialog.accept()
        assert dialog.isVisible(), "a reason is needed"
        dialog.form.field("reason").set_value("立案调查")
        dialog.primary_button.click()
        wait(lambda: view.detail is not None and view.detail.row.status == "suspended")
        assert view.found.list.items()[0].tag.text == "已冻结"
        assert ("change", "立案调查", "", "suspended") in uses(suite)
        wait(lambda: view.middle.is_open())
        view.ask_change(Status.REVOKED)
        assert opened.dialog().primary_button.kind() == "danger-fill"
        opened.dialog().reject()


def test_a_refused_change_keeps_what_was_typed(qtbot, suite, issued, wait):
    with desk(suite) as opened:
        view = look_up(opened, wait)
        view.ask_change(Status.SUSPENDED)
        dialog = opened.dialog()
        suite.run(
            KEEPER, "licence.change_status", {"code": issued.code, "status": "revoked", "reason": "处罚"}
        )
        dialog.form.field("reason").set_value("立案调查")
        dialog.accept()
        wait(lambda: dialog._error.isVisible())
        assert (dialog._error.text(), dialog.isVisible()) == ("已吊销的证照不能改为已冻结。", True)
        dialog.reject()


def test_another_agencys_licence_is_not_changed(qtbot, suite, issued, wait):
    with desk(suite, STRANGER) as opened:
        view = look_up(opened, wait)
        assert view.middle.register.change.toolTip() == "该证照由市场监督管理局管理。"


def test_a_failed_opening_can_be_tried_again(qtbot, suite, issued, wait, monkeypatch):
    with desk(suite) as opened:
        view = look_up(opened, wait)
        real = suite.run

        def fails(actor, name, *rest, **options):
            if name == "licence.view":
                raise UserError("OFFLINE", "大厅数据库连接中断。")
            return real(actor, name, *rest, **options)

        monkeypatch.setattr(suite, "run", fails)
        opened.context.refresh.emit()
        wait(lambda: view.middle._stack.currentIndex() == 2)
        monkeypatch.undo()
        opened.context.refresh.emit()
        wait(lambda: view.middle.is_open())
