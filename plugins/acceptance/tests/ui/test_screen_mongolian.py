"""Mongolian beside the Chinese on the applicant's screen: chosen by the applicant, gone with the applicant."""

from __future__ import annotations

import pytest
from PyQt6.QtTest import QTest

from yichuang.api.ui import public
from yichuang_acceptance.rules.rating import FAULTS, LEVEL_NAMES, PRAISE, Level
from yichuang_acceptance.rules.showing import Content, lines_of
from yichuang_acceptance.ui.public_parts import PublicText, mongolian
from yichuang_acceptance.ui.screen import ApplicantScreen

from .test_applicant_screen import LEFT

MONGOLIAN = range(0x1800, 0x18B0)


@pytest.fixture
def screen(qtbot):
    made = ApplicantScreen()
    qtbot.addWidget(made)
    made.resize(1280, 800)
    pairs = [
        ("agency", "办理部门", "市场监督管理局"),
        ("name", "申请人", "苏*娜"),
        ("finish", "承诺办结", "2026年3月24日前"),
    ]
    made.check.show_content(
        Content("食品经营许可", lines_of(pairs, {"店名": "罕山饭馆"}), ("受理通知书",)), pad_ready=True
    )
    made.show_check()
    made.show()
    return made


def test_the_applicant_chooses_mongolian_and_the_next_one_begins_in_chinese(screen):
    texts = screen.check.findChildren(PublicText)
    low = screen.check.lines[0].heightForWidth(600)
    asked = next(text for text in texts if text.mn)
    before = asked.heightForWidth(400)
    QTest.mouseClick(screen.head.mongolian, LEFT)
    assert public.speaks_mongolian(screen.check.right)
    assert asked.heightForWidth(400) > before, "there is room for both"
    assert screen.check.lines[0].heightForWidth(600) > low
    screen.show_rest()
    assert not public.speaks_mongolian(screen.check.right)
    assert asked.heightForWidth(400) == before


def test_both_languages_are_painted(screen):
    button = screen.check.right
    chinese = button.grab().toImage()
    QTest.mouseClick(screen.head.mongolian, LEFT)
    assert button.grab().toImage() != chinese
    QTest.mouseClick(screen.head.mongolian, LEFT)
    assert button.grab().toImage() == chinese


def test_everything_that_can_be_pressed_has_its_mongolian(screen):
    buttons = [b for b in screen.findChildren(public.PublicButton) if b is not screen.head.mongolian]
    assert [b.text() for b in buttons if not b.mn] == []
    assert [card.text() for card in screen.rate.cards.values() if not card.mn] == []
    assert all(mongolian(name.msgid) for name in LEVEL_NAMES.values())
    words = [b.mn for b in buttons] + [
        mongolian(label) for label in ("申请人", "联系电话", "提交材料", "承诺办结")
    ]
    for word in words:
        letters = [ord(c) for c in word if c not in " ?᠂\u202f\u180e"]
        assert letters, word
        assert all(letter in MONGOLIAN for letter in letters), word


def test_what_goes_with_a_level_and_what_is_agreed_to_has_its_mongolian(screen):
    codes = {**PRAISE, **FAULTS}
    assert [code for code, text in codes.items() if not mongolian(text.msgid)] == []
    for level in (Level.GOOD, Level.BAD):
        screen.rate.cards[level].click()
        assert len(screen.rate.chips) == 6
        assert [chip.text() for chip in screen.rate.chips if not chip.mn] == []
        assert screen.rate.tags_title.mn
    chip, agreed = screen.rate.chips[0], screen.check.consent
    narrow, low = chip.sizeHint().width(), agreed.heightForWidth(440)
    content = Content("食品经营许可", lines_of([], {}), ("受理通知书",), consents=("电子证照：身份证",))
    screen.check.show_content(content, pad_ready=True)
    assert len(agreed.mn) == 2, "one line says what was checked, one what is agreed to"
    QTest.mouseClick(screen.head.mongolian, LEFT)
    assert chip.sizeHint().width() > narrow
    assert agreed.heightForWidth(440) >= low + 2 * agreed.ABOVE, "there is room for both"


def test_what_has_no_mongolian_stays_chinese(screen):
    assert mongolian("店名") == ""
    own = next(line for line in screen.check.lines if line.label == "店名")
    plain = own.heightForWidth(600)
    QTest.mouseClick(screen.head.mongolian, LEFT)
    assert own.heightForWidth(600) == plain
