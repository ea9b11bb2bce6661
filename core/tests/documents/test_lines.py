"""Where Chinese lines break, and that nothing is lost or sticks out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yichuang.documents.model import Bold
from yichuang.documents.text import atoms, break_lines, set_lines

SENTENCE = "根据《中华人民共和国行政许可法》第三十二条的规定，你（单位）于2026年11月22日提出的“食品经营许可”申请，现予受理。"


def texts(content, width, indent=0.0):
    return [line.text for line in set_lines(content, "serif", False, 0.0, width, indent)]


@pytest.mark.parametrize("width", range(4, 40))
def test_no_mark_where_it_must_not_stand(width):
    lines = texts(SENTENCE, width)
    assert "".join(lines) == SENTENCE
    for line in lines[1:]:
        assert line[0] not in "，。、）》”"
    for line in lines[:-1]:
        assert line[-1] not in "（《“"


def test_words_and_numbers_stay_whole():
    lines = texts("编号ABC-12345679号，电话0476-7221234。", 8)
    assert any("ABC-12345679" in line for line in lines)
    assert any("0476-7221234" in line for line in lines)


def test_a_word_wider_than_the_line_is_cut():
    assert "".join(texts("W" * 100, 10)) == "W" * 100
    assert len(texts("W" * 100, 10)) > 5


def test_line_feeds_and_indent():
    assert texts("甲\n乙\n\n丙", 10) == ["甲", "乙", "", "丙"]
    assert texts("一二三四五六七八", 5, indent=2) == ["一二三", "四五六七八"]
    assert texts("", 10) == [""]


def test_bold_runs_keep_their_weight():
    (line,) = set_lines(("提出的", Bold("企业设立登记"), "申请"), "serif", False, 0.0, 40, 0)
    assert [(run.text, run.bold) for run in line.runs] == [
        ("提出的", False),
        ("企业设立登记", True),
        ("申请", False),
    ]


def test_which_face_draws_what():
    runs = {run.text: (run.how, run.face) for atom in atoms("中𬭎𬱖𣗋\u200b🐎ᠮᠣᠩᠭᠣᠯ") for run in atom.runs}
    assert runs["中"] == ("plain", "serif")
    assert runs["𬭎"][0] == runs["𬱖"][0] == runs["𣗋"][0] == "plain"
    assert runs["🐎"][0] == "box"
    assert runs["\u200b"][0] == "hidden"
    assert runs["ᠮᠣᠩᠭᠣᠯ"] == ("shaped", "mongolian")


def test_joining_letters_are_narrower_than_letters_apart():
    from yichuang.documents.faces import face

    (line,) = set_lines("ᠮᠣᠩᠭᠣᠯ", "serif", False, 0.0, 40, 0)
    apart = sum(face("mongolian").widths[ord(letter)] for letter in "ᠮᠣᠩᠭᠣᠯ") / 1000
    assert line.width < apart * 0.95


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.floats(1.0, 40.0), st.sampled_from([0.0, 2.0]))
def test_no_character_is_lost_and_no_line_too_wide(content, width, indent):
    lines = break_lines(atoms(content), width, indent)
    want = content.replace("\r", "\n")
    assert "".join("".join(line.text for line in lines).split()) == "".join(want.split())
    for number, line in enumerate(lines):
        room = max(width - (indent if number == 0 else 0), 1.0)
        visible = [run for run in line.runs if run.how != "hidden"]
        single = sum(len(run.text) for run in visible) <= 1
        shaped = any(run.how == "shaped" for run in visible)  # cut inside a word its letters take other forms
        assert single or line.width <= room * (1.4 if shaped else 1) + 1e-6
