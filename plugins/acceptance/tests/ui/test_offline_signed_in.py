"""Taking in at a window that was started while the database is away, by somebody who has signed in there alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PyQt6.QtWidgets import QWidget

from yichuang.identity.away_sign_in import AwayVisit
from yichuang.shell.away_desk import AwayDesk, places_of
from yichuang.shell.backend import Backend
from yichuang.shell.devices import DeskDevices
from yichuang.shell.preferences import Preferences
from yichuang_acceptance import tables as t

from ..conftest import CLERK, COMMITTED  # noqa: TID252 - tests are no installed package
from .conftest import open_desk
from .test_offline_page import INTAKE, fill, ready, states, table

OTHER = replace(
    CLERK, staff_id=8, account="other", name="另一受理员", permissions=frozenset({"acceptance.accept"})
)


@pytest.fixture
def alone(hall: Any, qtbot: Any, wait: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A desk that has numbers and a catalogue, opened without the hall by somebody else than worked there last."""
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
    monkeypatch.setattr("yichuang.identity.secrets.open_secrets", lambda *_args, **_named: hall.secrets)
    faults: list[BaseException] = []
    backend, devices, window = Backend(faults.append), DeskDevices(), QWidget()
    backend.data_dir, backend._clock = hall.data_dir, hall.clock
    window.resize(1280, 800)
    window.show()
    places = [(m, w) for m, w in places_of(hall.manifests) if m.id == "acceptance"]
    visit = AwayVisit(OTHER, ("acceptance.offline",))
    away = AwayDesk(backend, Preferences(hall.data_dir), devices, visit, places, window)
    away.setGeometry(window.rect())
    away.begin()
    yield away
    if away.pages:
        away.end()
    window.close()
    window.deleteLater()
    backend.close()
    devices.close()
    assert faults == []


def test_what_is_received_stands_in_the_name_of_whoever_signed_in(hall: Any, alone: Any, wait: Any) -> None:
    (page,) = alone.pages
    view = page.widget.desk
    wait(lambda: view.hand.is_open and view.form.finder._rows)
    assert view.hand.away
    assert view.hand.me() == {"id": 8, "name": "另一受理员"}, "not of whoever worked here last"
    fill(view, wait)
    view.act()
    wait(lambda: view.hand.kept.receipts and view.form.is_empty())
    receipt = view.hand.kept.receipts[0]
    assert receipt.body["staff"] == {"id": 8, "name": "另一受理员"}
    fill(view, wait)  # the next applicant stands there when the hall comes back
    view.form._save()
    wait(lambda: view.form.form.saved.text())
    alone.end()
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = desk.page.hand
        wait(lambda: hand.kept.receipts)
        hand.come_back()
        wait(lambda: not hand._sending)
        assert states(hand) == ["waiting"], "nobody else enters it"
        desk.page.new.begin()
    with open_desk(hall, replace(OTHER, permissions=CLERK.permissions), INTAKE) as desk:
        hand = desk.page.hand
        wait(lambda: hand.is_open)
        hand.come_back()
        wait(lambda: states(hand) == ["entered"])
        (row,) = table(hall, t.case)
        assert (row.acceptor_name, row.case_no, row.item) == ("另一受理员", receipt.case_no, COMMITTED)


def test_what_was_being_typed_is_gone_on_with_at_the_window(hall: Any, alone: Any, wait: Any) -> None:
    view = alone.pages[0].widget.desk
    wait(lambda: view.hand.is_open and view.form.finder._rows)
    fill(view, wait)
    view.form._save()
    wait(lambda: view.form.form.saved.text())
    alone.end()
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = desk.page.new
        wait(lambda: new._item is not None)
        assert new.side.applicant.person()["name"] == "苏日娜"
        assert [hand["position"] for hand in new.form.hands.requests()] == [1]
