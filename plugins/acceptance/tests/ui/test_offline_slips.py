"""Slips of what was received offline, and its receipts on A5, as a clerk prints them."""

from __future__ import annotations

import subprocess

import pytest
import zxingcpp
from PIL import Image

from yichuang.api import Actor, UserError
from yichuang_acceptance.ui.offline.paper import receipt_pdf, receipt_slip

from ..conftest import CLERK  # noqa: TID252 - tests are no installed package
from .conftest import open_desk
from .test_offline_page import INTAKE, away, ready, receive


def test_a_slip_of_a_receipt_is_printed_where_there_is_a_printer_for_it(hall, wait, tmp_path):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            number = receive(view, wait)
            view.show_view("receipts")
            view.receipts.choose(hand.kept.receipts[0].local_id)
            assert not view.receipts.slip.isVisible()
            desk.context.services.devices.open(
                ["ticket_printer"], {"ticket_printer": {"adapter": "simulated", "folder": str(tmp_path)}}
            )
            wait(lambda: desk.context.device("ticket_printer") == "ready")
            view.receipts.choose(hand.kept.receipts[0].local_id)
            assert view.receipts.slip.isVisible()
            view.receipts.slip.click()
            wait(lambda: any("小票已打印" in text for text, _kind, _undo in desk.toasts))
            (slip,) = tmp_path.glob("*.png")
            (code,) = zxingcpp.read_barcodes(Image.open(slip).convert("L"))
            assert code.text == f"{number} {hand.kept.receipts[0].body['query_code']}"
            assert not hand.kept.receipts[0].printed, "it stands for no receipt"


def test_what_the_slip_of_a_receipt_says(hall, wait, monkeypatch):
    said = []
    monkeypatch.setattr("yichuang_acceptance.ui.offline.paper.draw", lambda slip: said.append(slip) or b"")
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            number = receive(view, wait)
            receipt_slip(hand.kept.receipts[0], hand.kept.look, hand.desk)
            (slip,) = said
            assert (slip.title, slip.item) == ("离线收件小票", "食品经营许可")
            assert dict(slip.numbers)["办件编号"].replace(" ", "") == number
            assert dict(slip.numbers)["申请人"] == "苏*娜"
            assert [(each.name, each.originals) for each in slip.materials] == [("申请书", 1)]
            assert "离线收件，受理时间以收件为准" in slip.notes[0]
            with pytest.raises(UserError) as error:
                receipt_slip(hand.kept.receipts[0], None, hand.desk)
            assert error.value.code == "HALL_UNKNOWN"


def test_a_receipt_is_on_a5_where_the_desk_prints_on_it(hall, wait):
    hall.run(Actor.system(), "hall.set", {"key": "acceptance.a5_desks", "value": "A01"})
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            receive(view, wait)
            pdf = receipt_pdf(hand.kept.receipts[0], hand.kept.look)
            told = subprocess.run(
                ["pdfinfo", "-"], input=pdf, capture_output=True, check=True
            ).stdout.decode()
            assert "419.5" in told
