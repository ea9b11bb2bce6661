"""Settings: kept, in force at once where that is possible, the hall's own only for administrators."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from yichuang.host.suite import Suite
from yichuang.shell.backend import Backend
from yichuang.shell.navigation import SETTINGS
from yichuang.shell.preferences import Preferences
from yichuang.shell.settings import SettingsPage, fitting, read_particulars, write_particulars
from yichuang.shell.system_keys import NOT_GIVEN
from yichuang.shell.workspace import Workspace
from yichuang.widgets import ComboBox, Field, TextArea, theme

from .conftest import PASSWORD, People, settle


def page_of(work: Workspace, section: str) -> SettingsPage:
    work.navigate(SETTINGS, {"section": section})
    page = work.pages.widget(SETTINGS)
    assert isinstance(page, SettingsPage)
    return page


def pick(box: ComboBox, value: str) -> None:
    """Choose as a person does: setting a value in code tells nobody."""
    box.set_value(value)
    box.changed.emit(value)


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("", {}),
        ("host=10.0.0.5; port=9100", {"host": "10.0.0.5", "port": 9100}),
        (" folder = /tmp/x ;; nothing; =3", {"folder": "/tmp/x"}),
    ],
)
def test_particulars_of_a_device(text: str, settings: dict[str, object]) -> None:
    assert read_particulars(text) == settings
    assert read_particulars(write_particulars(settings)) == settings


def test_the_theme_changes_at_once_and_is_kept(
    qtbot: QtBot, desk: Workspace, preferences: Preferences, themed: QApplication
) -> None:
    page = page_of(desk, "display")
    with qtbot.waitSignal(theme.signals.changed):
        page.editors["theme"].changed.emit("dark")
    assert (theme.current(), preferences.get("theme")) == ("dark", "dark")
    with qtbot.waitSignal(theme.signals.changed):
        desk.theme_asked.emit("light")
    assert preferences.get("theme") == "light"


def test_what_needs_a_new_start_is_kept_for_it(
    qtbot: QtBot, desk: Workspace, preferences: Preferences
) -> None:
    page = page_of(desk, "display")
    page.editors["scale"].changed.emit("125")
    page.editors["language"].changed.emit("en")
    assert (preferences.get("scale"), preferences.get("language")) == (125, "en")
    page.editors["nav_expanded"].click()
    assert desk.nav.compact()


def test_sizes_that_leave_no_room_for_the_window_are_not_offered() -> None:
    assert fitting(1366, 100) == [100, 125, 150]
    assert fitting(2560, 100) == [100, 125, 150, 175, 200]
    assert fitting(2240, 100) == [100, 125, 150, 175]
    assert fitting(1366, 200) == [100, 125, 150, 200], "what is in force is shown"


def test_the_desk_of_this_machine(
    qtbot: QtBot, desk: Workspace, preferences: Preferences, backend: Backend
) -> None:
    page = page_of(desk, "desk")
    box = page.editors["desk"]
    qtbot.waitUntil(lambda: box.count() > 50)
    pick(box, "A03")
    assert desk.actor.desk == "A03"
    assert preferences.get("desk") == "A03"
    pick(page.editors["idle_minutes"], "30")
    assert preferences.get("idle_minutes") == 30
    assert page.editors["system_keys"].text() == str(NOT_GIVEN)
    settle(qtbot, backend)


def test_the_desk_says_whether_keys_work_everywhere(
    qtbot: QtBot, desk: Workspace, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yichuang.shell.settings.desktop_gives_keys", lambda: True)
    assert page_of(desk, "desk").editors["system_keys"].text() == "在其他程序中工作时也有效。"
    settle(qtbot, backend)


def test_devices_are_set_up_by_kind(
    qtbot: QtBot, desk: Workspace, preferences: Preferences, backend: Backend
) -> None:
    page = page_of(desk, "devices")
    page.editors["devices.ticket_printer.more"].setText("host=10.0.0.5; port=9100")
    pick(page.editors["devices.ticket_printer"], "network")
    pick(page.editors["devices.voice"], "")
    assert preferences.get("devices") == {
        "ticket_printer": {"adapter": "network", "host": "10.0.0.5", "port": 9100},
        "voice": {"adapter": ""},
    }
    settle(qtbot, backend)


def test_the_own_password_is_changed(
    qtbot: QtBot, desk: Workspace, suite: Suite, people: People, backend: Backend
) -> None:
    page = page_of(desk, "password")

    def fill(old: str, new: str, again: str) -> None:
        for name, value in (("old", old), ("new", new), ("again", again)):
            page.editors[f"password.{name}"].setText(value)
        page.editors["password.change"].click()
        settle(qtbot, backend)

    fill(PASSWORD, "Another-Long-One-7", "Another-Long-One-8")
    assert suite.sign_in(people.clerk, PASSWORD).account == people.clerk
    fill("wrong", "Another-Long-One-7", "Another-Long-One-7")
    assert suite.sign_in(people.clerk, PASSWORD).account == people.clerk
    fill(PASSWORD, "Another-Long-One-7", "Another-Long-One-7")
    assert suite.sign_in(people.clerk, "Another-Long-One-7").account == people.clerk
    assert page.editors["password.new"].text() == ""


def test_settings_of_a_plugin_come_from_its_manifest(
    qtbot: QtBot, enter: Callable[..., Workspace], suite: Suite, people: People, backend: Backend
) -> None:
    work = enter(suite, people.admin)
    page = page_of(work, "plugin:fair")
    assert page.editors["fair.most"].text() == "3"
    assert page.editors["fair.loud"].isChecked()
    page.editors["fair.most"].setText("5")
    page.editors["fair.most"].editingFinished.emit()
    qtbot.waitUntil(lambda: suite.setting("fair.most") == 5)
    qtbot.waitUntil(lambda: backend.setting("fair.most") == 5)
    assert work.pages.open(work.entry("fair.intake")).setting("fair.most") == 5
    page.editors["fair.loud"].click()
    qtbot.waitUntil(lambda: suite.setting("fair.loud") is False)
    page.editors["fair.most"].setText("many")
    page.editors["fair.most"].editingFinished.emit()
    settle(qtbot, backend)
    assert suite.setting("fair.most") == 5


def test_a_value_that_its_plugin_refuses_is_told_at_the_field(
    qtbot: QtBot, enter: Callable[..., Workspace], suite: Suite, people: People, backend: Backend
) -> None:
    page = page_of(enter(suite, people.admin), "plugin:fair")
    area = page.editors["fair.greeting"]
    field = area.parentWidget()
    assert isinstance(area, TextArea)
    assert isinstance(field, Field)
    area.setPlainText("早上好")
    field.left.emit()
    qtbot.waitUntil(lambda: field.error() == "问候语缺少姓名。 请写入 {name}。")
    assert suite.setting("fair.greeting") == "您好，{name}"
    area.setPlainText("早上好，{name}")
    field.left.emit()
    qtbot.waitUntil(lambda: suite.setting("fair.greeting") == "早上好，{name}")
    assert field.error() == ""


def test_a_clerk_may_look_at_them_only(qtbot: QtBot, desk: Workspace) -> None:
    page = page_of(desk, "plugin:fair")
    assert not page.editors["fair.most"].isEnabled()
    assert not page.editors["fair.loud"].isEnabled()
