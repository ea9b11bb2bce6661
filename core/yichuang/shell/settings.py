"""Settings: how the desk looks, where it stands, its devices, one's password, and what the plugins let one choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from yichuang.api.ui import PageContext
from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.shell.desks import desk_title
from yichuang.shell.devices import NAMES
from yichuang.shell.filter_list import FilterList
from yichuang.shell.system_keys import NOT_GIVEN, desktop_gives_keys
from yichuang.widgets import (
    Button,
    ComboBox,
    Field,
    LineEdit,
    ListItem,
    PageHeader,
    PasswordEdit,
    Scroller,
    Segmented,
    SidePane,
    Text,
    TextArea,
    Toggle,
    export_list,
    theme,
    value_of,
)

if TYPE_CHECKING:
    from yichuang.host.manifest import Manifest, Setting
    from yichuang.operations.accounts import DeskChoice
    from yichuang.shell.workspace import Workspace

_ = words.text
L = words.lazy

MANAGE, ACCOUNTS = "hall.manage", "identity.manage"
SIDE_WIDTH = 216
FORM_WIDTH, LIST_WIDTH = 520, 840
IDLE = (5, 10, 15, 30, 60, 0)
SCALES = (100, 125, 150, 175, 200)
ALWAYS, NARROWEST = 150, 1280
"""Sizes up to the first may be chosen on every screen; the window is at least so many points wide."""
SECTIONS: dict[str, tuple[str, LazyText]] = {
    "display": ("monitor", L("Display")),
    "desk": ("armchair", L("Desk")),
    "devices": ("printer", L("Devices")),
    "password": ("key-round", L("Password")),
    "away": ("cloud-off", L("Signing in offline")),
    "calendar": ("calendar-days", L("Working days")),
}


class Section(QWidget):
    """One group of settings: a title and fields one below the other."""

    def __init__(self, title: str, note: str = "", width: int = FORM_WIDTH) -> None:
        super().__init__()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(28, 22, 28, 22)
        inner = QWidget()
        inner.setFixedWidth(width)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(14)
        self.column.addWidget(Text(title, 16, "t1", strong=True))
        if note:
            self.column.addWidget(Text(note, 12, "t3", wrap=True))
        outer.addWidget(inner)
        outer.addStretch(1)

    def add(self, widget: QWidget) -> None:
        """Put a widget under the last one."""
        self.column.addWidget(widget)

    def finish(self) -> None:
        """Nothing more comes: the room below stays empty."""
        self.column.addStretch(1)


class SettingsPage(QWidget):
    """A list of sections at the left, the chosen one at the right."""

    def __init__(self, workspace: Workspace, context: PageContext) -> None:
        super().__init__()
        self._workspace = workspace
        self._context = context
        self._preferences = workspace.preferences
        self._may = context.actor.may(MANAGE)
        self._section: QWidget | None = None
        self._current = "display"
        self.editors: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PageHeader(_("Settings")))
        row = QHBoxLayout()
        row.setSpacing(0)
        column.addLayout(row, 1)
        side = SidePane("left", SIDE_WIDTH)
        side.setFixedWidth(SIDE_WIDTH)
        side.body.setContentsMargins(0, 8, 1, 8)
        self.sections = FilterList()
        self.sections.chosen.connect(self.show_section)
        side.add(self.sections, 1)
        row.addWidget(side)
        self._place = QVBoxLayout()
        row.addLayout(self._place, 1)
        self._fill_sections()
        context.shown.connect(self._on_shown)
        context.refresh.connect(self._fill_sections)
        self.show_section("display")

    def _manifests(self) -> list[Manifest]:
        suite = self._workspace.backend.suite
        return [manifest for manifest in suite.manifests if manifest.settings] if suite is not None else []

    def _fill_sections(self) -> None:
        hidden = set() if self._may or self._context.actor.may(ACCOUNTS) else {"away"}
        hidden |= set() if self._may else {"calendar"}
        items = [
            ListItem(key, str(title), icon=icon)
            for key, (icon, title) in SECTIONS.items()
            if key not in hidden
        ]
        manifests = self._manifests()
        if manifests:
            items.append(ListItem("plugins", _("Plugins"), section=True))
        items += [ListItem(f"plugin:{m.id}", m.title(), icon=m.icon) for m in manifests]
        self.sections.set_items(items, self._current)

    def _on_shown(self, args: dict[str, Any]) -> None:
        if args.get("section"):
            self.sections.select(str(args["section"]))

    def show_section(self, name: str) -> None:
        """Build a section anew with the values of now."""
        self._current = name
        if self._section is not None:
            self._section.hide()
            self._section.deleteLater()
        self.editors = {}
        builders: dict[str, Callable[[], Section]] = {
            "display": self._display,
            "desk": self._desk,
            "devices": self._devices,
            "password": self._password,
            "away": self._away,
            "calendar": self._calendar,
        }
        section = builders[name]() if name in builders else self._plugin(name.removeprefix("plugin:"))
        section.finish()
        self._section = Scroller(section)
        self._place.addWidget(self._section)

    # --- display ------------------------------------------------------------------------------------------------

    def _display(self) -> Section:
        section = Section(_("Display"))
        look = Segmented([("light", _("Light"), "sun"), ("dark", _("Dark"), "moon")], theme.current())
        look.changed.connect(lambda value: self._preferences.set("theme", value))
        self._field(section, "theme", _("Theme"), look)
        language = ComboBox([("zh_CN", "简体中文"), ("en", "English")])
        language.set_value(self._preferences.get("language") or "zh_CN")
        language.changed.connect(lambda value: self._set_later("language", value))
        self._field(section, "language", _("Language"), language, hint=_("From the next start."))
        now = int(self._preferences.get("scale"))
        scale = Segmented([(str(s), f"{s} %") for s in fitting(pixels_across(), now)], str(now))
        scale.changed.connect(lambda value: self._set_later("scale", int(value)))
        self._field(section, "scale", _("Size of everything"), scale, hint=_("From the next start."))
        wide = Toggle(self._preferences.get("nav_expanded"), _("Wide navigation"))
        wide.toggled.connect(lambda on: self._preferences.set("nav_expanded", on))
        self._switch(section, "nav_expanded", _("Wide navigation"), wide)
        return section

    def _set_later(self, name: str, value: Any) -> None:
        self._preferences.set(name, value)
        self._context.notify(_("This takes effect when the program is started the next time."))

    # --- desk ---------------------------------------------------------------------------------------------------

    def _desk(self) -> Section:
        section = Section(
            _("Desk"), _("Which desk this machine stands at; it is offered at the next sign-in.")
        )
        desk = ComboBox([("", _("No desk"))])
        self._field(section, "desk", _("Desk"), desk)

        def take(rows: Sequence[DeskChoice]) -> None:
            desk.set_items([("", _("No desk")), *((row.code, desk_title(row)) for row in rows)])
            desk.set_value(self._context.actor.desk or "")
            desk.changed.connect(lambda code: self._sit_at(str(code)))

        self._context.query("hall.desks", done=take)
        idle = ComboBox([(str(m), _("{count} minutes", count=m) if m else _("Never")) for m in IDLE])
        idle.set_value(str(self._preferences.get("idle_minutes")))
        idle.changed.connect(lambda value: self._preferences.set("idle_minutes", int(str(value))))
        self._field(section, "idle_minutes", _("Lock the screen after"), idle)
        given = _("They work while another program is in front.")
        keys = Text(given if desktop_gives_keys() else str(NOT_GIVEN), 13, "t1", wrap=True)
        self._field(section, "system_keys", _("Keys for the whole screen"), keys)
        return section

    def _sit_at(self, code: str) -> None:
        if code:
            self._workspace.sit_at(code)
        else:
            self._preferences.set("desk", "")

    # --- devices ------------------------------------------------------------------------------------------------

    def _devices(self) -> Section:
        section = Section(
            _("Devices"),
            _("How each device of this desk is reached. Simulated devices are for training and tests."),
        )
        from yichuang.devices.kinds import KINDS, adapters  # the package of that name hides the function

        chosen = self._preferences.get("devices")
        for kind in KINDS:
            now = dict(chosen.get(kind, {"adapter": "simulated"}))
            box = ComboBox([("", _("Not used")), *((name, adapter_name(name)) for name in adapters(kind))])
            box.set_value(now.pop("adapter", "simulated"))
            more = LineEdit(_("Particulars, such as host=10.0.0.5; port=9100"), write_particulars(now))
            box.changed.connect(lambda _value, kind=kind: self._set_device(kind))
            more.editingFinished.connect(lambda kind=kind: self._set_device(kind))
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(12)
            line.addWidget(Field(str(NAMES[kind]), box), 1)
            line.addWidget(Field(_("Particulars"), more), 2)
            self.editors[f"devices.{kind}"] = box
            self.editors[f"devices.{kind}.more"] = more
            section.add(row)
        return section

    def _set_device(self, kind: str) -> None:
        adapter = str(value_of(self.editors[f"devices.{kind}"]))
        particulars = read_particulars(str(value_of(self.editors[f"devices.{kind}.more"])))
        chosen = dict(self._preferences.get("devices"))
        chosen[kind] = {**particulars, "adapter": adapter}
        if chosen != self._preferences.get("devices"):
            self._preferences.set("devices", chosen)
            self._context.status(_("Saved."))

    # --- password -----------------------------------------------------------------------------------------------

    def _password(self) -> Section:
        section = Section(_("Password"), _("Your own password. The administrator cannot see it."))
        fields = {
            "old": Field(_("Old password"), PasswordEdit(), required=True),
            "new": Field(_("New password"), PasswordEdit(), required=True),
            "again": Field(_("New password once more"), PasswordEdit(), required=True),
        }
        for name, field in fields.items():
            self.editors[f"password.{name}"] = field.editor
            section.add(field)
        button = Button(_("Change the password"), kind="primary")
        self.editors["password.change"] = button

        def change(_checked: bool = False) -> None:
            old, new, again = (str(fields[name].value()) for name in ("old", "new", "again"))
            fields["again"].set_error("" if new == again else _("The two new passwords differ."))
            if new != again or not old:
                return
            button.set_busy(True)
            for field in fields.values():
                field.set_value("")
            self._context.run(
                "identity.change_password", {"old": old, "new": new}, done=changed, failed=failed
            )

        def changed(_none: object) -> None:
            button.set_busy(False)
            self._context.notify(_("The password was changed."), "success")

        def failed(error: UserError) -> None:
            button.set_busy(False)
            place = "new" if error.code == "WEAK_PASSWORD" else "old"
            fields[place].set_error(str(error.sentence))

        button.clicked.connect(change)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        section.column.addLayout(row)
        return section

    # --- signing in while the database is away -------------------------------------------------------------------

    def _away(self) -> Section:
        from yichuang.host.manifest import Setting
        from yichuang.identity.away_sign_in import DAYS, DAYS_KEY

        note = _(
            "While the database is away whoever signed in at a desk lately can sign in there again, for offline intake alone. "
            "This holds for the whole hall."
        )
        section = Section(_("Signing in offline"), note, LIST_WIDTH)
        setting = Setting(key=DAYS_KEY, title="", type="int", default=DAYS)
        line = LineEdit(text=str(self._workspace.backend.setting(DAYS_KEY, DAYS)))
        line.setMaximumWidth(FORM_WIDTH // 2)
        hint = _("Days after the last sign-in with the hall; 0: nobody.")
        field = self._field(section, DAYS_KEY, _("Possible for so many days"), line, hint)
        line.editingFinished.connect(lambda: self._set_typed(setting, field))
        line.setEnabled(self._may)
        if self._context.actor.may(ACCOUNTS):
            from yichuang.shell.away_list import AwayList

            section.add(Text(_("Sign-ins while the database was away"), 14, "t1", strong=True))
            away = AwayList(self._context)
            export_list(self._context, away, _("Sign-ins while the database was away"))
            self.editors["away"] = away
            section.add(away)
        return section

    def _calendar(self) -> Section:
        from yichuang.shell.calendar_settings import CalendarEditor

        note = _("Time limits count these days. Open cases are computed anew when they change.")
        section = Section(_("Working days"), note)
        editor = self.editors["calendar"] = CalendarEditor(self._context)
        section.add(editor)
        return section

    # --- plugins ------------------------------------------------------------------------------------------------

    def _plugin(self, plugin_id: str) -> Section:
        manifest = next((m for m in self._manifests() if m.id == plugin_id), None)
        if manifest is None:
            return Section(_("This plugin does not run just now."))
        note = _("These hold for the whole hall.")
        if not self._may:
            note += " " + _("Only an administrator of the hall may change them.")
        section = Section(manifest.title(), note)
        for setting in manifest.settings:
            self._add_setting(section, manifest, setting)
        return section

    def _add_setting(self, section: Section, manifest: Manifest, setting: Setting) -> None:
        value = self._workspace.backend.setting(setting.key, setting.default)
        title = manifest.text(setting.title)
        if setting.type == "bool":
            switch = Toggle(bool(value), title)
            switch.toggled.connect(lambda on: self._set_hall(setting, on))
            self._switch(section, setting.key, title, switch)
            editor: QWidget = switch
        elif setting.type == "choice":
            box = ComboBox([(choice, manifest.text(choice)) for choice in setting.choices])
            box.set_value(value)
            box.changed.connect(lambda choice: self._set_hall(setting, choice))
            self._field(section, setting.key, title, box)
            editor = box
        elif setting.type == "area":
            area = TextArea(lines=2)
            area.set_value(value)
            long = self._field(section, setting.key, title, area)
            long.left.connect(lambda: self._set_typed(setting, long))
            editor = area
        else:
            line = LineEdit(text=str(value))
            field = self._field(section, setting.key, title, line)
            line.editingFinished.connect(lambda: self._set_typed(setting, field))
            editor = line
        editor.setEnabled(self._may)

    def _set_typed(self, setting: Setting, field: Field) -> None:
        text = str(field.value()).strip()
        kinds: dict[str, Callable[[str], Any]] = {"int": int, "float": float}
        try:
            value = kinds.get(setting.type, str)(text)
        except ValueError:
            field.set_error(_("Type a number."))
            return
        field.set_error("")
        self._set_hall(setting, value, lambda error: field.set_error(_said(error)))

    def _set_hall(
        self, setting: Setting, value: Any, refused: Callable[[UserError], None] | None = None
    ) -> None:
        if value != self._workspace.backend.setting(setting.key, setting.default):
            self._context.run(
                "hall.set",
                {"key": setting.key, "value": value},
                done=lambda _none: self._context.status(_("Saved.")),
                failed=refused,
            )

    # --- helpers ------------------------------------------------------------------------------------------------

    def _field(self, section: Section, name: str, label: str, editor: QWidget, hint: str = "") -> Field:
        field = Field(label, editor, hint=hint)
        self.editors[name] = editor
        section.add(field)
        return field

    def _switch(self, section: Section, name: str, label: str, switch: Toggle) -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(Text(label, 13, "t1"))
        line.addStretch(1)
        line.addWidget(switch)
        self.editors[name] = switch
        section.add(row)


def _said(error: UserError) -> str:
    """What a field says under itself: the sentence, and what to do."""
    return " ".join(filter(None, (str(error.sentence), str(error.do))))


ADAPTERS: dict[str, LazyText] = {
    "simulated": L("Simulated"),
    "sdtapi": L("National reader interface"),
    "cvr": L("CVR reader interface"),
    "uvc": L("USB camera"),
    "qt": L("Camera of the system"),
    "sane": L("Linux scanner (SANE)"),
    "folder": L("Folder"),
    "file": L("File"),
    "network": L("Network"),
    "cups": L("System printer"),
    "espeak": L("Speech synthesis"),
}


def fitting(pixels: int, now: int) -> list[int]:
    """Sizes at which the window still fits a screen of so many pixels: from a larger one nobody finds back. `now` stays."""
    return [scale for scale in SCALES if scale == now or scale <= max(ALWAYS, 100 * pixels // NARROWEST)]


def pixels_across() -> int:
    """Of the screen, whatever size is in force."""
    screen = QGuiApplication.primaryScreen()
    return round(screen.availableGeometry().width() * screen.devicePixelRatio()) if screen is not None else 0


def adapter_name(name: str) -> str:
    """An adapter in words for people."""
    return str(ADAPTERS.get(name, name))


def write_particulars(settings: dict[str, Any]) -> str:
    """Settings of a device as one line."""
    return "; ".join(f"{key}={value}" for key, value in settings.items())


def read_particulars(text: str) -> dict[str, Any]:
    """The line back as settings; whole numbers become numbers, parts without `=` are left out."""
    settings: dict[str, Any] = {}
    for part in text.split(";"):
        key, separator, value = part.partition("=")
        if separator and key.strip():
            plain = value.strip()
            settings[key.strip()] = int(plain) if plain.isdigit() else plain
    return settings
