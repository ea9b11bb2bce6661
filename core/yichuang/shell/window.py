"""The window: sign-in first, then one person's workspace; the lock over it; faults shown without taking it down."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QPaintEvent
from PyQt6.QtWidgets import QApplication, QMainWindow

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.shell.backend import UNREACHABLE, Backend, Link, Opening
from yichuang.shell.devices import DeskDevices
from yichuang.shell.faults import FaultReport
from yichuang.shell.look import tokens
from yichuang.shell.preferences import Preferences
from yichuang.shell.signin import SignInForm

if TYPE_CHECKING:
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor
    from yichuang.identity.away_proof import AwayProof
    from yichuang.identity.away_sign_in import AwayVisit
    from yichuang.shell.away_desk import AwayDesk, Place
    from yichuang.shell.crash import FaultDialogs
    from yichuang.shell.idle import IdleLock
    from yichuang.shell.operations import HallFace
    from yichuang.shell.workspace import Workspace

_ = words.text
L = words.lazy

AGAIN_MS = 5_000
"""How long to wait before asking again for a hall that did not answer."""
MOST_UNLOCKS = 1000
"""As many of an absence as the journal takes; there are not so many."""
SMALLEST = QSize(1280, 720)
USUAL = QSize(1440, 900)


class MainWindow(QMainWindow):
    """The suite's one window.

    Signals:
        painted: The first paint is over; the heavy half may be loaded now.
        signed_in: Actor who has just signed in.
    """

    painted = pyqtSignal()
    signed_in = pyqtSignal(object)

    def __init__(self, backend: Backend, preferences: Preferences, theme: str = "") -> None:
        super().__init__()
        self.theme = theme or str(preferences.get("theme"))
        self.backend = backend
        self.preferences = preferences
        self.devices = DeskDevices(self)
        self.workspace: Workspace | None = None
        self.opening: Opening | None = None
        self._dialogs: FaultDialogs | None = None
        self._was_painted = False
        self._face: HallFace | None = None
        self._idle: IdleLock | None = None
        self._proof: AwayProof | None = None
        self._was_online = True
        self._offered = False
        self.away_desk: AwayDesk | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._open_quietly)
        self.setWindowTitle(_("Yichuang"))
        self.setMinimumSize(SMALLEST)
        self.resize(USUAL)
        self.form = SignInForm(tokens(self.theme), self)
        self.form.ask(str(preferences.get("last_account")))
        self.form.set_ready(False)
        self.form.submitted.connect(self._on_submitted)
        self.form.sign_out_asked.connect(self.sign_out)
        self.form.retry_asked.connect(self._open_again)
        backend.opened.connect(self._on_opened)
        backend.started.connect(self._open_devices)
        backend.refused.connect(self._on_refused)
        backend.link_changed.connect(self._on_link)
        preferences.changed.connect(self._on_preference)

    # --- start --------------------------------------------------------------------------------------------------

    def open(self, opening: Opening) -> None:
        """Begin to open the hall's data; the window stays usable meanwhile."""
        self.opening = opening
        self._offered = False
        self.form.set_ready(False, _("Opening the hall's data…"))
        self.backend.open(opening)

    def _open_again(self) -> None:
        if self.opening is not None:
            self.open(self.opening)

    def _open_quietly(self) -> None:
        """The database did not answer: ask again without taking the form from whoever types."""
        if self.opening is not None and self.backend.suite is None:
            self.backend.open(self.opening)

    def _on_opened(self) -> None:
        from yichuang.identity.actor import Actor

        self._again.stop()
        if self.away_desk is None:
            self.form.set_ready(True)
        else:
            self._verify_away(self.away_desk)
        self.backend.query(
            Actor.nobody(), "shell.hall", done=self._take_face, failed=lambda _e: None, owner=self
        )

    def _on_refused(self, error: UserError) -> None:
        if error.code not in UNREACHABLE:
            self.form.show_refusal(error)
            return
        self._again.start()
        if self.away_desk is None and not self._offered:
            self._offered = True
            self.form.show_refusal(error)
            self.form.offer_away(
                _("Whoever signed in at this desk lately can sign in for what goes on without the database.")
            )

    def _take_face(self, face: HallFace) -> None:
        self._face = face
        self.form.set_hall(face.name)
        if self.workspace is not None:
            self.workspace.set_hall(face.name)
        if not face.accounts:
            self.form.set_ready(
                True, _("Nobody has an account here yet. Make a hall first: yichuang hall create")
            )

    def _open_devices(self) -> None:
        """Start the child processes of the devices that the running plugins work with."""
        suite = self.backend.suite
        if suite is None:
            return
        kinds = list(dict.fromkeys(d.kind for manifest in suite.manifests for d in manifest.devices))
        settings = self.preferences.get("devices")
        if kinds:
            self.backend.runner.submit(
                lambda _job: self.devices.open(kinds, settings), lane="device", owner=self
            )

    # --- signing in and out -------------------------------------------------------------------------------------

    def _on_submitted(self, account: str, password: str) -> None:
        unlocking = self.form.locked_for is not None
        desk = str(self.preferences.get("desk")) or None
        if self.backend.suite is None:
            self._sign_in_away(account, password)
            return
        if unlocking and self.workspace is not None:
            desk = self.workspace.actor.desk
        self.backend.call(
            lambda suite: suite.sign_in(account, password, desk),
            lambda actor: self._on_signed_in(actor, password, unlocking=unlocking),
            lambda error: self._on_sign_in_failed(error, account, password),
            lane="write",
            owner=self,
            title=_("Sign in"),
        )

    def _on_signed_in(self, actor: Actor, password: str, *, unlocking: bool) -> None:
        """Let in, and keep what opens this person's lock while the database is away; not the password."""

        def make(suite: Suite) -> AwayProof:
            from yichuang.identity.away_proof import AwayProof
            from yichuang.shell.away_desk import keep_sign_in

            proof = AwayProof(password)
            with suppress(UserError):  # a keyring that does not answer: nobody signs in here without the hall
                keep_sign_in(suite, actor, proof.password_hash)
            return proof

        def made(proof: AwayProof) -> None:
            if self.workspace is not None and self.workspace.actor.account == actor.account:
                self._proof = proof

        self._on_unlocked(actor) if unlocking else self.enter(actor)
        self.backend.call(make, made, lambda _error: None, owner=self)

    def _on_sign_in_failed(self, error: UserError, account: str, password: str) -> None:
        workspace, proof = self.workspace, self._proof
        if error.code in UNREACHABLE and workspace is not None and proof is not None:
            actor, now = workspace.actor, self.backend.now()
            self.backend.runner.submit(
                lambda _job: proof.check(password, now), lambda _none: self._on_unlocked(actor), self.form.refuse,
                owner=self,
            )  # fmt: skip
            return
        if error.code in UNREACHABLE and workspace is None:
            self._sign_in_away(account, password)
            return
        if error.code == "UNKNOWN_DESK" and self.preferences.get("desk"):
            # This machine's desk no longer exists in the hall: sign in at the person's own desk next time.
            self.preferences.set("desk", "")
        self.form.refuse(error)

    def _sign_in_away(self, account: str, password: str) -> None:
        """The database is away: what this machine keeps of the account says who it is."""
        backend, opening, desk = self.backend, self.opening, str(self.preferences.get("desk")) or None

        def check(_job: object) -> tuple[AwayVisit, list[Place]]:
            from yichuang.shell.away_desk import sign_in_away

            return sign_in_away(backend, opening or Opening(), account, password, desk)

        backend.runner.submit(check, self._enter_away, self.form.refuse, owner=self, title=_("Sign in"))

    def _enter_away(self, found: tuple[AwayVisit, list[Place]]) -> None:
        """Show a person only what goes on without the database."""
        from yichuang.shell.away_desk import AwayDesk

        visit, places = found
        self._leave_away()
        desk = AwayDesk(self.backend, self.preferences, self.devices, visit, places, self)
        desk.sign_out_asked.connect(self.sign_out)
        self.away_desk = desk
        kinds = list(dict.fromkeys(d.kind for manifest, _window in places for d in manifest.devices))
        settings = self.preferences.get("devices")
        if kinds:
            self.backend.runner.submit(
                lambda _job: self.devices.open(kinds, settings), lane="device", owner=self
            )
        desk.setGeometry(self.rect())
        desk.begin()
        self.form.accept()
        self._arm()
        if self.backend.link.online:
            self._verify_away(desk)

    def _verify_away(self, desk: AwayDesk) -> None:
        """The database is back: the hall says whether the person may go on; the journal keeps that they worked here."""
        actor = desk.visit.actor

        def tell(suite: Suite) -> bool:
            from yichuang.shell.away_desk import tell_hall

            return tell_hall(suite, actor, always=True)

        def answered(allowed: bool) -> None:
            if self.away_desk is not desk:
                return
            if allowed:
                desk.say_back()
            else:
                self.sign_out()
                self.form.refuse(closed_account())

        self.backend.call(tell, answered, lambda _error: None, lane="write", owner=self)

    def _forget_away(self, account: str) -> None:
        def forget_it(suite: Suite) -> None:
            from yichuang.identity.away_sign_in import forget

            forget(suite.secrets, account)

        self.backend.call(forget_it, failed=lambda _error: None, owner=self)

    def _leave_away(self) -> None:
        if self.away_desk is not None:
            self.away_desk.end()
            self.away_desk = None

    def enter(self, actor: Actor) -> None:
        """Show a signed-in person their workspace."""
        from yichuang.shell.workspace import Workspace

        self._leave_away()
        self._leave_workspace()
        self.preferences.set("last_account", actor.account)
        hall = self._face.name if self._face is not None else ""
        workspace = Workspace(self.backend, self.preferences, self.devices, actor, hall, self)
        workspace.lock_asked.connect(self.lock)
        workspace.sign_out_asked.connect(self.sign_out)
        workspace.theme_asked.connect(lambda name: self.preferences.set("theme", name))
        self.workspace = workspace
        workspace.setGeometry(self.rect())
        workspace.show()
        workspace.open_first()
        self.form.accept()
        self._arm()
        self.signed_in.emit(actor)

    def lock(self) -> None:
        """Hide everything until the password was typed again; work that is under way goes on.

        Whoever works without the database is signed out instead: what they keep is on the disk.
        """
        if self.away_desk is not None:
            self.sign_out()
        if self.workspace is None or self.form.isVisible():
            return
        self._disarm()
        self.workspace.hide_windows()
        self.workspace.hide()
        self.form.lock(self.workspace.actor)
        self.form.setGeometry(self.rect())

    def _on_unlocked(self, actor: Actor) -> None:
        if self.workspace is None or actor.account != self.workspace.actor.account:
            return
        self.form.accept()
        self.workspace.show()
        self.workspace.show_windows()
        self._arm()

    def _on_link(self, link: Link) -> None:
        """The database is back: the hall says whether the person may go on, and notes what was unlocked meanwhile."""
        before, self._was_online = self._was_online, link.online
        if self.away_desk is not None and link.online and not before:
            self._verify_away(self.away_desk)
        if self.workspace is None or before or not link.online:
            return
        actor, proof = self.workspace.actor, self._proof
        moments, wrong = (list(proof.unlocked), proof.wrong) if proof is not None else ([], 0)

        def told(allowed: bool) -> None:
            if proof is not None:
                del proof.unlocked[: len(moments)]
                proof.wrong -= wrong
            if not allowed and self.workspace is not None and self.workspace.actor.account == actor.account:
                self._lock_out()

        self.backend.run(
            actor, "identity.come_back", {"unlocked": moments[-MOST_UNLOCKS:], "wrong": wrong}, told,
            lambda _error: None, owner=self,
        )  # fmt: skip

    def _lock_out(self) -> None:
        """The account was closed while the database was away: what lies on the screen stays behind the lock."""
        self._proof = None
        if self.workspace is not None:
            self._forget_away(self.workspace.actor.account)
        self.lock()
        self.form.refuse(closed_account())

    def sign_out(self) -> None:
        """End the visit and ask for the next person."""
        self._disarm()
        self._leave_workspace()
        self._leave_away()
        self.form.ask()
        if self.backend.suite is not None:
            self.form.set_ready(True)
        if self._face is not None:
            self.form.set_hall(self._face.name)
        self.form.setGeometry(self.rect())

    def _leave_workspace(self) -> None:
        self._proof = None
        if self.workspace is not None:
            self.workspace.leave()
            self.workspace.hide()
            self.workspace.deleteLater()
            self.workspace = None

    def _arm(self) -> None:
        from yichuang.shell.idle import IdleLock

        if self._idle is None:
            self._idle = IdleLock(self.lock, self)
        app = QApplication.instance()
        if app is not None:
            self._idle.arm(app, float(self.preferences.get("idle_minutes")))

    def _disarm(self) -> None:
        if self._idle is not None:
            self._idle.disarm()

    def show_theme(self, name: str) -> None:
        """Give the whole application a theme."""
        from yichuang.widgets import theme

        self.theme = name
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, name)
        self.form.restyle(tokens(name))
        self.update()

    def _on_preference(self, name: str) -> None:
        if name == "theme":
            self.show_theme(str(self.preferences.get("theme")))
        elif name == "idle_minutes" and self.workspace is not None and not self.form.isVisible():
            self._arm()
        elif name == "devices":
            self._open_devices()

    # --- faults -------------------------------------------------------------------------------------------------

    def show_fault(self, report: FaultReport) -> None:
        """A fault nobody has seen yet."""
        from yichuang.shell.crash import FaultDialogs

        if self._dialogs is None:
            self._dialogs = FaultDialogs(self, self._plugin_title, self._open_plugin)
        self._dialogs.show(report)

    def _plugin_title(self, plugin_id: str) -> str:
        return self.workspace.plugin_title(plugin_id) if self.workspace is not None else plugin_id

    def _open_plugin(self, plugin_id: str) -> None:
        from yichuang.shell.navigation import PLUGINS

        if self.workspace is not None:
            self.workspace.navigate(PLUGINS, {"plugin": plugin_id})

    # --- the window itself --------------------------------------------------------------------------------------

    def take_arguments(self, arguments: list[str]) -> None:
        """A second start was handed over: come to the front, and open the page it names."""
        self.showNormal() if self.isMinimized() or not self.isVisible() else None
        self.raise_()
        self.activateWindow()
        pages = [argument.removeprefix("--page=") for argument in arguments if argument.startswith("--page=")]
        if pages and self.workspace is not None and not self.form.isVisible():
            self.workspace.navigate(pages[0])

    def resizeEvent(self, event: object) -> None:
        """Workspace and form fill the window."""
        self.form.setGeometry(self.rect())
        for below in (self.workspace, self.away_desk):
            if below is not None:
                below.setGeometry(self.rect())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Tell that the first paint is over, once."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)  # once the paint has reached the screen

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Closing hides the window while a window of a plugin (the caller) is still at work."""
        if self.workspace is not None and self.workspace.has_windows():
            self.hide()
            if event is not None:
                event.ignore()
            return
        self.shut_down()
        super().closeEvent(event)

    def shut_down(self) -> None:
        """Leave everything in order; may be called twice."""
        self._disarm()
        self._again.stop()
        self._leave_workspace()
        self._leave_away()
        self.devices.close()
        self.preferences.sync()
        self.backend.close()


def closed_account() -> UserError:
    """The error for somebody whose account was closed while the database was away."""
    return UserError(
        "ACCOUNT_CLOSED",
        L("This account was closed while the database was away."),
        do=L("Ask the administrator, or let somebody else sign in."),
    )
