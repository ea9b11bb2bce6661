"""Captured pages offline: kept on the desk, counted, shown, sent before their receipt is entered, or not at all."""

from __future__ import annotations

import hashlib
import re
import subprocess
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel

from yichuang.api import UserError, select
from yichuang.api import hall as hall_tables
from yichuang.api.ui import DataTable, Dialog
from yichuang_acceptance import tables as t
from yichuang_acceptance.rules.pages import MOST_FILES
from yichuang_acceptance.ui.offline.paper import receipt_pdf

from ..conftest import CLERK, accepted  # noqa: TID252 - tests are no installed package
from .conftest import open_desk, png
from .test_offline_page import INTAKE, away, capture, devices, fill, link, ready, receive, states, table


def pages_of_case(hall: Any) -> dict[int, list[str]]:
    return {row.position: list(row.pages) for row in table(hall, t.material) if row.pages}


def blobs(hall: Any) -> set[str]:
    with hall.database.read() as read:
        return {row.digest for row in read.all(select(hall_tables.blob.c.digest).limit(99))}


def test_pages_by_camera_scanner_and_file_go_with_the_receipt_into_the_case(hall, wait, tmp_path):
    (tmp_path / "页.png").write_bytes(png(90))
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        devices(desk, wait, pages=2)
        with away(desk) as view:
            fill(view, wait)
            form = view.form.form
            assert form.camera.isVisible()
            first = capture(desk, view, wait)
            desk.press("Alt+M")
            form.materials.go_to(2)
            desk.press("Alt+S")
            dialog = desk.dialog()
            dialog.form.set_values({"resolution": "150", "feeder": True})
            dialog.accept()
            wait(lambda: 2 in form.hands.given and len(form.hands.given[2].pages) == 2)
            dialog.reject()  # also before the scanner has said that it is done
            form.camera.take_files(1, [tmp_path / "页.png"])
            wait(lambda: len(form.hands.given[1].pages) == 2)
            given = {1: list(form.hands.given[1].pages), 2: list(form.hands.given[2].pages)}
            assert given[1][0] == first
            assert blobs(hall) & {*given[1], *given[2]} == set(), "the hall is away"
            view.act()
            wait(lambda: hand.kept.receipts)
            wait(lambda: view.form.is_empty())
        wait(lambda: states(hand) == ["entered"])
        assert pages_of_case(hall) == given
        case = table(hall, t.case)[0]
        (document,) = hall.query(CLERK, "acceptance.material_file", {"case_id": case.id, "position": 2})
        assert document.pdf.count(b"/Type /Page\n") == 2
        left: list[Any] = []
        hand.keep(lambda store: store.digests(hand.kept.receipts[0].local_id), left.append)
        wait(lambda: left == [[]])


def test_a_captured_page_is_there_after_an_end_in_the_middle(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        devices(desk, wait)
        link(desk, online=False)
        view = desk.page.offline
        fill(view, wait)
        assert view.form._timer.interval() == 2000
        page = capture(desk, view, wait)
        wait(lambda: view.form.form.saved.text() != "")  # at once, without waiting for the timer
        camera = view.form.form.camera
        camera._files.clear()
        camera.look_at(camera.thumbnails.pages()[0])  # out of the desk's own file
        wait(desk.has_dialog)
        assert blobs(hall) == set()
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = desk.page.new
        wait(lambda: new._item is not None)
        assert new.form.hands.given[1].pages == (page,)
        assert blobs(hall) == {page}, "it was sent before it stands at the window"


def test_a_cut_while_pages_are_sent_is_gone_on_with_and_none_is_sent_twice(hall, wait, monkeypatch):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        devices(desk, wait)
        run, sent = hall.run, []

        def cut(actor: Any, name: str, *more: Any, **named: Any) -> Any:
            result = run(actor, name, *more, **named)
            if name in ("acceptance.keep_page", "acceptance.enter_offline"):
                sent.append(result)
                if len(sent) == 2:
                    raise UserError("DATABASE_AWAY", "the answer was lost")
            return result

        monkeypatch.setattr(hall, "run", cut)
        with away(desk) as view:
            fill(view, wait)
            given = [capture(desk, view, wait) for _ in range(3)]
            view.act()
            wait(lambda: hand.kept.receipts)
            wait(lambda: view.form.is_empty())
        wait(lambda: len(sent) >= 2 and not hand._sending)
        link(desk, online=True)
        hand.come_back()
        wait(lambda: states(hand) == ["entered"])
        assert sorted(sent[:3]) == sorted(given), (
            "each was sent once, and all before the case came into being"
        )
        assert sent[3].case_no == hand.kept.receipts[0].case_no
        assert len(sent) == 4
        assert pages_of_case(hall) == {1: given}


def test_pages_of_what_was_not_received_go_back_to_the_hall_with_it(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        devices(desk, wait)
        new = desk.page.new
        with away(desk) as view:
            fill(view, wait)
            page = capture(desk, view, wait)
        wait(lambda: new._item is not None)
        assert new.form.hands.given[1].pages == (page,)
        assert view.form.is_empty()
        new.keeper.flush()
        wait(lambda: new.keeper.draft_id is not None)
        draft = {"draft_id": new.keeper.draft_id, "digest": page}
        assert hall.query(CLERK, "acceptance.draft_page", draft).startswith(b"\xff\xd8\xff")


def test_a_page_that_comes_late_is_no_page_of_the_next_applicant(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        with away(desk) as view:
            fill(view, wait)
            form = view.form.form
            form.materials.go_to(1)
            late = form.camera._keeper(1)
            view.form.leave.click()
            fill(view, wait)
            late(png(), "image/png")
            form.camera._keeper(1)(png(90), "image/png")
            wait(lambda: form.hands.given[1].pages)
            assert len(form.hands.given[1].pages) == 1
            assert form.hands.given[1].pages[0] == hashlib.sha256(png(90)).hexdigest()


def test_more_pages_than_a_material_may_have_are_refused_at_once(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        ready(desk, wait)
        with away(desk) as view:
            fill(view, wait)
            form = view.form.form
            for _ in range(MOST_FILES):
                form.hands.add_page(1, "0" * 64)
            form.camera._keeper(1)(png(), "image/png")
            wait(lambda: any("已有 60 页" in text for text, _kind, _undo in desk.toasts))
            assert len(form.hands.given[1].pages) == MOST_FILES
            form.camera._keeper(1)(b"GIF89a", "image/png")
            wait(lambda: any("image/png" in text for text, _kind, _undo in desk.toasts))


def test_a_receipt_whose_page_is_damaged_is_corrected(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        devices(desk, wait)
        with away(desk) as view:
            fill(view, wait)
            capture(desk, view, wait)
            view.act()
            wait(lambda: hand.kept.receipts)
            wait(lambda: view.form.is_empty())

            def damage(store: Any) -> None:
                with store.writing() as file:
                    file.execute("UPDATE page SET body = CAST(body || x'00' AS BLOB)")

            hand.keep(damage)
        wait(lambda: states(hand) == ["refused"])
        assert table(hall, t.case) == []
        view.show_view("receipts")
        view.receipts.choose(hand.kept.receipts[0].local_id)
        view.receipts.mend.click()
        wait(lambda: view.form._item is not None)
        camera = view.form.form.camera
        camera.take_away(camera.thumbnails.pages()[0])
        page = capture(desk, view, wait)
        view.act()
        wait(lambda: states(hand) == ["entered"])
        assert pages_of_case(hall) == {1: [page]}


def told(receipts: Any) -> list[str]:
    """What stands beside the chosen receipt."""
    return [label.text() for label in receipts.facts.findChildren(QLabel)]


def printed_text(pdf: bytes) -> str:
    printed = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return printed.stdout.decode()


def test_the_list_counts_pages_and_shows_them_and_the_open_case_where_it_was_refused(hall, wait):
    accepted(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        devices(desk, wait)
        with away(desk) as view:
            fill(view, wait)
            pages = [capture(desk, view, wait) for _ in range(2)]
            view.form.form.set_values({"project": "天山镇牧场", "address": "", "content": "食品销售"})
            view.act()
            wait(lambda: hand.kept.receipts and view.form.is_empty())
        wait(lambda: states(hand) == ["refused"])
        view.show_view("receipts")
        receipts = view.receipts
        assert receipts.table.rows()[0]["papers"] == "1 项材料 · 2 页"
        receipts.choose(hand.kept.receipts[0].local_id)
        assert "申请书 原1 · 2 页" in told(receipts)
        receipts.pages.click()
        shown = desk.dialog()
        assert [page.label for page in shown.pages.pages()] == ["申请书 1", "申请书 2"]
        wait(lambda: all(shown.pages.has_picture(page) for page in pages))
        shown.look_at(shown.pages.pages()[1])
        wait(lambda: len([d for d in desk.page.findChildren(Dialog) if d.isVisible()]) == 2)
        for dialog in [d for d in desk.page.findChildren(Dialog) if d.isVisible()]:
            dialog.reject()
        receipts.compare.click()
        wait(desk.has_dialog)
        rows = {row["name"]: (row["now"], row["case0"]) for row in desk.dialog().findChild(DataTable).rows()}
        assert rows["材料"] == ("1 项材料 · 2 页", "3")
        assert rows["项目名称或地点"][0] == "天山镇牧场"
        assert rows["申请内容"][0] == "食品销售"
        assert rows["收件"][0]
        desk.dialog().reject()
        receipts.beside.click()
        wait(lambda: states(hand) == ["entered"])
        assert receipts.pages.isHidden(), "the hall has them now"


def test_the_receipt_counts_pages_and_says_what_the_applicant_still_signs(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        devices(desk, wait)
        with away(desk) as view:
            fill(view, wait)
            capture(desk, view, wait)
            capture(desk, view, wait)
            view.form.form.materials.go_to(3)
            QTest.keyClick(view.form.form.materials.table.view, Qt.Key.Key_T)
            view.form.form.set_values({"project": "", "address": "", "content": "食品销售"})
            view.act()
            wait(lambda: hand.kept.receipts and view.form.is_empty())
            receipt = hand.kept.receipts[0]
            text = printed_text(receipt_pdf(receipt, hand.kept.look))
            assert re.search(r"1\s+申请书\s+1\s+—\s+2\s+否", text), text
            assert re.search(r"2\s+健康证\s+—\s+—\s+—\s+否\s+容缺后补", text), text
            words = "".join(text.split())
            assert "申请内容食品销售" in words, "what is signed for stands there"
            assert "无误后在本凭证上签名" in words
            assert "容缺后补的材料（健康证），申请人应当在受理时签署《容缺受理告知承诺书》" in words
            view.show_view("receipts")
            view.receipts.choose(receipt.local_id)
            assert "申请人核对打印的凭证并签名。\n受理时申请人须签署容缺承诺书：健康证。" in told(
                view.receipts
            )


def test_a_receipt_of_an_earlier_program_is_shown_and_printed(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        hand = ready(desk, wait)
        with away(desk) as view:
            receive(view, wait)
            old = {key: value for key, value in hand.kept.receipts[0].body.items() if key != "labelled"}
            hand.keep(lambda store: store.mend(hand.kept.receipts[0], old, hand.kept.receipts[0].at))
            hand.load()
            wait(lambda: "labelled" not in hand.kept.receipts[0].body)
            assert receipt_pdf(hand.kept.receipts[0], hand.kept.look).startswith(b"%PDF")
