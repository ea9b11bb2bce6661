"""Scans and typing told apart by speed; nothing typed is ever lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.devices.wedge import KeyboardWedge, ScanKind, scan_kind
from yichuang.hall.identifiers import case_number


def play(keys):
    """Feed (character, gap before it); returns (what reached the field, scans)."""
    wedge, now, released, scans = KeyboardWedge(), 0.0, "", []
    for character, gap in keys:
        # as a timer would, between two slow keys
        released += wedge.flush(now + gap).release
        now += gap
        verdict = wedge.feed(character, now)
        released += verdict.release
        if verdict.scan is not None:
            scans.append(verdict.scan)
    return released + wedge.flush(now + 1).release, scans


def test_a_gun_is_a_scan_and_nothing_reaches_the_field():
    assert play([(c, 0.005) for c in "1504212611220000017\r"]) == ("", ["1504212611220000017"])


def test_a_person_types():
    assert play([(c, 0.12) for c in "阿鲁科尔沁旗 12\r"]) == ("阿鲁科尔沁旗 12\r", [])


def test_a_short_burst_is_typing():
    assert play([(c, 0.004) for c in "1234567\r"]) == ("1234567\r", [])


def test_a_person_types_and_then_the_gun_comes():
    keys = [("王", 0.2), ("小", 0.2), *[(c, 0.2 if n == 0 else 0.004) for n, c in enumerate("A1234567890\n")]]
    assert play(keys) == ("王小", ["A1234567890"])


def test_a_burst_without_enter_is_given_to_the_field():
    assert play([(c, 0.004) for c in "123456789012"]) == ("123456789012", [])


@given(st.lists(st.tuples(st.sampled_from("ab1五\r"), st.floats(0.0, 0.2)), max_size=60))
def test_no_key_is_lost_or_doubled(keys):
    wedge, now, seen = KeyboardWedge(), 0.0, ""
    for character, gap in keys:
        now += gap
        verdict = wedge.feed(character, now)
        seen += verdict.release + (verdict.scan + "\r" if verdict.scan is not None else "")
    seen += wedge.flush(now + 1).release
    assert seen == "".join(character for character, _ in keys)


@pytest.mark.parametrize(
    ("scan", "kind"),
    [
        (case_number("150421", date(2026, 11, 22), 12), ScanKind.CASE),
        ("11010519491231002X", ScanKind.CITIZEN_ID),
        ("91110000802100433B", ScanKind.USCC),
        ("1504212611220000017|acceptance-notice|c2ln", ScanKind.PAPER),
        ("6901234567892", ScanKind.OTHER),
    ],
)
def test_kinds_of_scans(scan, kind):
    assert scan_kind(scan) is kind
