"""Questions of an item at the window: the material list follows the answers, also out of a draft."""

from __future__ import annotations

from PyQt6.QtWidgets import QLabel

from ..conftest import CLERK, COMMITTED  # noqa: TID252 - tests are no installed package
from ..guides import whole  # noqa: TID252 - likewise
from ..matter_hall import FIRE_AT  # noqa: TID252 - likewise
from ..test_guides import published  # noqa: TID252 - likewise
from ..test_matter_situations import HOT, LARGE, ask_situations  # noqa: TID252 - likewise
from .conftest import open_desk
from .test_intake import INTAKE, cases, chosen, kept, name
from .test_matter_pages import planned


def positions(new):
    return [material.position for material in new.form.hands.asked]


def answer(new, text):
    new.form.situations.form.field("Q1").set_value(text)
    new.form.situations.form.changed.emit("Q1")


def test_the_list_follows_the_answers_and_the_case_keeps_it(hall, wait):
    published(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait)
        wait(lambda: new.form.situations.isVisible())
        assert positions(new) == [1, 2], "what hangs on an open question is not asked for yet"
        name(new)
        for position in (1, 2):
            new.form.materials.toggle(position)
        desk.press("Ctrl+Enter")
        assert new.form.situations.form.errors(), "the question comes first"
        answer(new, "是")
        assert positions(new) == [1, 2, 3]
        new.form.materials.toggle(3)
        answer(new, "否")
        assert positions(new) == [1, 2]
        assert set(new.form.hands.given) == {1, 2}
        answer(new, "是")
        assert set(new.form.hands.given) == {1, 2, 3}, "what was given comes back with its material"
        new.keeper.flush()
        wait(lambda: kept(hall).get("answers") == {"Q1": "是"})
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = desk.page.new
        new.resume(hall.query(CLERK, "acceptance.drafts")[0].id)
        wait(lambda: new._item is not None and new.form.situations.isVisible())
        assert positions(new) == [1, 2, 3]
        answer(new, "否")
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        case = cases(hall, "review")[0]
        assert len(hall.query(CLERK, "acceptance.case", {"case_id": case.id}).materials) == 2


def test_an_item_without_questions_asks_none(hall, wait):
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait, COMMITTED)
        name(new)
        assert not new.form.situations.isVisible()
        assert positions(new) == [1, 2, 3]


def test_a_matter_asks_once_and_its_list_and_items_follow(hall, wait):
    ask_situations(hall)
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = planned(desk, wait)
        strip, box = new.form.situations, new.form.matter
        assert strip.isVisible()
        assert strip.form.keys() == [LARGE, HOT]

        def say(question, text):
            strip.form.field(question).set_value(text)
            strip.form.changed.emit(question)

        def listed():
            return [m.name for m in new.form.hands.asked]

        name(new)
        assert "消防安全检查申报表" not in listed()
        desk.press("Ctrl+Enter")
        assert strip.form.errors(), "the questions come first"
        say(LARGE, "是")
        wait(lambda: "消防安全检查申报表" in listed())
        at = listed().index("消防安全检查申报表") + 1
        new.form.materials.toggle(at)
        say(LARGE, "否")
        wait(lambda: "消防安全检查申报表" not in listed())
        assert box.needless[FIRE_AT].isVisible()
        assert not box.checks[FIRE_AT].isChecked()
        say(LARGE, "是")
        wait(lambda: "消防安全检查申报表" in listed())
        assert set(new.form.hands.given) == {at}, "what was given comes back with its material"
        say(LARGE, "否")
        say(HOT, "是")
        wait(lambda: "从业人员健康证" in listed() and "消防安全检查申报表" not in listed())
        new.keeper.flush()
        wait(lambda: kept(hall).get("answers") == {LARGE: "否", HOT: "是"})
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = desk.page.new
        new.resume(hall.query(CLERK, "acceptance.drafts")[0].id)
        wait(lambda: new._item is not None and new.form.situations.isVisible())
        for position in [m.position for m in new.form.hands.asked]:
            new.form.materials.toggle(position)
        wait(lambda: new.side.preview._pdf is not None)
        desk.press("Ctrl+Enter")
        wait(lambda: not new.side.is_working())
        (matter,) = hall.query(CLERK, "acceptance.matters", {})
        seen = hall.query(CLERK, "acceptance.matter", {"matter_id": matter.id})
        assert FIRE_AT not in [p.position for p in seen.parts]


def test_what_the_applicant_should_hear_first_stands_over_the_materials(hall, wait):
    body = whole(allow_agent="0", quota="3", quota_period="Y")
    body["lists"]["situations"] = []
    for row in body["lists"]["materials"]:
        row.pop("situation_expr", None)
    published(hall, body=body)
    with open_desk(hall, CLERK, INTAKE) as desk:
        new = chosen(desk, wait, COMMITTED)
        strip = new.form.situations
        wait(strip.isVisible)
        said = "　".join(label.text() for label in strip.findChildren(QLabel) if label.isVisible())
        assert said == "须申请人本人到场办理。　有数量限制：名额3个，已批准0个。"
        strip.clear()
        assert not strip.isVisible()
