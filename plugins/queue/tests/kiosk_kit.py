"""What the kiosk's tests share: a kiosk over a hall with a tree, its devices played, and a finger."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

from yichuang.api import Actor
from yichuang.devices.id_card import CardType, IdCard
from yichuang.hall.identifiers import citizen_id_check, sex_of
from yichuang.shell.testing import open_page

KIOSK = Actor(7, "kiosk2", "取号机 2", "1", permissions=frozenset(["queue.issue"]))
KIND = ("id_card_reader", "ticket_printer", "voice")
WAIT = 20_000


@contextmanager
def kiosk(qtbot, suite, *, size=(1080, 1920), devices=(), **settings):
    """A kiosk that has seen the hall; `devices` are opened with `settings` by kind."""
    with open_page(suite, KIOSK, "queue.kiosk", args={"kiosk": "2"}) as (window, context):
        window.resize(*size)
        desk = context.services.devices
        chosen = {kind: {"adapter": "simulated", **settings.get(kind, {})} for kind in devices}
        context.services.backend.runner.submit(lambda _job: desk.open(list(chosen), chosen), lane="device")
        qtbot.waitUntil(lambda: bool(window.desk.tree.nodes), timeout=WAIT)
        qtbot.waitUntil(lambda: all(context.device(k) in ("ready", "absent") for k in devices), timeout=WAIT)
        if devices:
            qtbot.waitUntil(
                lambda: all(k in desk.kinds and desk.kinds[k] != "starting" for k in devices), timeout=WAIT
            )
        yield window, context


def press(button) -> None:
    """A finger on a button; nothing happens where it is hidden or off."""
    assert button.isVisible(), f"{button.face.title} is not on the screen"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(button.width() // 2, button.height() // 2))


def tap(window, code: str) -> None:
    """A finger on the tile of a business, on whatever page of the grid it is."""
    tile = window.page.grid.tiles[code]
    while not tile.isVisible():
        press(window.page.grid.on)
    press(tile)


def page(window) -> str:
    """Name of the page that is shown."""
    return type(window.page).__name__


def wait_for(qtbot, window, name: str) -> None:
    """Until a page is shown."""
    qtbot.waitUntil(lambda: page(window) == name, timeout=WAIT)


def wait_for_paper(qtbot, window) -> None:
    """Until a number was given and its paper has come out or not."""
    qtbot.waitUntil(lambda: page(window) == "DonePage" and window.page.trouble is not None, timeout=WAIT)


def filled(qtbot, window, lines=("A", "B")) -> None:
    """Until the kiosk has numbers of these lines in hand."""

    def enough() -> bool:
        left: list[dict[str, int]] = []
        window.desk._hand.keep(lambda store: store.left(window.desk.now().date()), left.append)
        qtbot.waitUntil(lambda: bool(left), timeout=WAIT)
        return all(left[0].get(line, 0) > 0 for line in lines)

    qtbot.waitUntil(enough, timeout=WAIT)


def number_of(born: date, serial: int = 1) -> str:
    """An identity number of somebody born on a day."""
    body = f"150421{born:%Y%m%d}{serial:03d}"
    return body + citizen_id_check(body)


def card(name: str, born: date, serial: int = 1) -> dict[str, object]:
    """An identity card as the reader gives it."""
    number = number_of(born, serial)
    return IdCard(
        card_type=CardType.RESIDENT, name=name, sex=sex_of(number), birth=born, number=number,
        valid_from=date(2020, 1, 1), valid_to=None, ethnic_code="01", address="天山镇", issuer="公安局",
    ).as_dict()  # fmt: skip
