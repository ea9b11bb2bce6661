"""The one-time notice sent to a phone, on both databases: what it says, that it goes out once, who may and where it cannot."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
from sqlalchemy import text

from yichuang.api import Actor, UserError
from yichuang_acceptance.rules import notices as rules

from .conftest import BARE, CLERK, COMMITTED, INSTANT, STRANGER, accepted
from .guides import whole
from .life import set_clock
from .matter_hall import THEME, fill_theme
from .message_gateway import choose, gateway, send

MORE = {"acceptance.send_notices", "acceptance.messages", "acceptance.resend_messages"}
TELLER = replace(CLERK, permissions=CLERK.permissions | MORE)
PHONE = "13904761234"


@pytest.fixture
def telling(suite):
    """A hall that sends into a file."""
    choose(suite, gateway="file")
    return suite


def ask(suite, actor=TELLER, **request):
    return suite.run(actor, "acceptance.send_notice", {"item": COMMITTED, "phone": PHONE, **request})


def rows(suite):
    return suite.query(TELLER, "acceptance.messages", {})


def code(suite, **request):
    with pytest.raises(UserError) as error:
        ask(suite, **request)
    assert rows(suite) == []
    return error.value.code


def delivered(tmp_path):
    path = tmp_path / "messages.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_it_tells_item_materials_fees_limit_and_place_and_goes_out_once(telling, tmp_path):
    telling.run(Actor.system(), "hall.set", {"key": "hall.address", "value": "天山镇罕山街1号"})
    seen = telling.query(TELLER, "acceptance.notice_text", {"item": COMMITTED})
    first = ask(telling)
    again = ask(telling)
    assert (first.again, again.again) == (False, True)
    assert again.message_id == first.message_id
    assert send(telling, tmp_path) == {"sent": 1}
    assert ask(telling).state == "sent"
    assert send(telling, tmp_path) == {}
    (message,) = delivered(tmp_path)
    assert (message["phone"], message["text"]) == (PHONE, seen)
    for part in (
        "【政务服务大厅】“食品经营许可”一次告知", "材料：申请书、营业执照、健康证（可容缺）", "收费：不收费",
        "办理时限：5个工作日",
        "地点：政务服务大厅（天山镇罕山街1号）", "时间：工作日8:30至12:00",
    ):  # fmt: skip
        assert part in seen, (part, seen)
    assert message["params"]["materials"] == "申请书、营业执照、健康证（可容缺）"


def test_another_number_another_item_and_another_day_are_told_of_again(telling, clock):
    sent = [ask(telling), ask(telling, phone="13804760000"), ask(telling, item=INSTANT)]
    set_clock(clock, "2026-03-18")
    sent.append(ask(telling))
    assert [each.again for each in sent] == [False] * 4
    assert len({each.message_id for each in sent}) == 4
    assert "办理时限：即时办结" in rows(telling)[1].text


def test_the_same_number_however_it_is_typed_is_the_same(telling):
    assert ask(telling, phone="139 0476 1234").message_id == ask(telling).message_id


def test_an_item_without_a_guide_claims_nothing(telling):
    said = telling.query(TELLER, "acceptance.notice_text", {"item": BARE})
    assert "其他材料以实施机关告知为准" in said
    assert "收费：以实施机关公布为准。办理时限：以实施机关公布为准" in said


def test_what_the_published_guide_says_is_told(telling):
    keeper = replace(CLERK, permissions=frozenset({"acceptance.edit_items", "acceptance.view_items"}))
    chief = replace(keeper, staff_id=9, permissions=keeper.permissions | {"acceptance.publish_items"})
    elements = {"transact_addr": "二楼食品窗口", "transact_time": "周一至周五", "promise_day": "4"}
    draft = telling.run(keeper, "acceptance.draft_guide", {"item": COMMITTED})
    told = whole(**elements, task_name="食品经营许可")
    told["lists"] = {
        name: rows
        for name, rows in told["lists"].items()
        if name in ("laws", "situations", "materials", "fees")
    }
    kept = telling.run(
        keeper, "acceptance.change_guide",
        {"item": COMMITTED, "row_version": draft.row_version, "note": "", **told},
    )  # fmt: skip
    given = telling.run(
        keeper, "acceptance.submit_guide", {"item": COMMITTED, "row_version": kept.row_version}
    )
    telling.run(chief, "acceptance.publish_guide", {"item": COMMITTED, "row_version": given.row_version})
    said = telling.query(TELLER, "acceptance.notice_text", {"item": COMMITTED})
    for part in (
        "健康证（视情形",
        "工本费 10元/证",
        "办理时限：4个工作日",
        "地点：二楼食品窗口。时间：周一至周五",
    ):
        assert part in said, (part, said)


def test_a_matter_is_told_whole(telling, tmp_path):
    fill_theme(telling)
    sent = ask(telling, item="", theme=THEME)
    (row,) = rows(telling)
    assert (row.id, row.case_id, row.kind, row.number) == (sent.message_id, None, "guide", THEME)
    planned = telling.query(CLERK, "acceptance.matter_plan", {"theme": THEME})
    assert all(m.name in row.text for m in planned.materials), row.text
    assert send(telling, tmp_path) == {"sent": 1}


def test_however_long_a_list_is_the_message_stays_short(suite):
    names = [f"第{n}种很长很长很长很长的材料名称" for n in range(80)]
    short = rules.enough(names, rules.MOST_MATERIALS)
    assert len(short) <= rules.MOST_MATERIALS + 6
    assert short.endswith("等80项")
    assert rules.enough(["长" * 900], rules.MOST_MATERIALS) == "长" * (rules.MOST_MATERIALS - 1) + "…"
    assert rules.enough([], 9) == "无需提交材料"


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ({"phone": "0475-7222222"}, "NOT_MOBILE"),
        ({"phone": "1390476"}, "BAD_PHONE"),
        ({"phone": ""}, "BAD_TEXT"),
        ({"item": "nothing"}, "UNKNOWN_ITEM"),
        ({"item": "", "theme": "nothing"}, "UNKNOWN_THEME"),
        ({"item": ""}, "BAD_REQUEST"),
        ({"theme": "both"}, "BAD_REQUEST"),
    ],
)
def test_bad_input_sends_nothing(telling, request_, wanted):
    assert code(telling, **request_) == wanted


def test_without_a_gateway_and_without_the_permission_nothing_is_written(suite):
    assert code(suite) == "NO_GATEWAY"
    with pytest.raises(UserError) as error:
        suite.query(TELLER, "acceptance.notice_text", {"item": COMMITTED})
    assert error.value.code == "NO_GATEWAY"
    choose(suite, gateway="file")
    with pytest.raises(UserError) as error:
        ask(suite, CLERK)
    assert error.value.code == "NOT_PERMITTED"
    assert rows(suite) == []


def test_at_night_it_waits_for_the_morning(telling, clock, tmp_path):
    set_clock(clock, "2026-03-17", 22)
    sent = ask(telling)
    assert rules.may_send(sent.next_at)
    assert send(telling, tmp_path) == {}
    set_clock(clock, "2026-03-18", 8)
    assert send(telling, tmp_path) == {"sent": 1}


def test_two_desks_at_one_moment_write_one(telling):
    answers, start = [], threading.Barrier(4)

    def tell():
        start.wait()
        answers.append(ask(telling))

    threads = [threading.Thread(target=tell) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len({each.message_id for each in answers}) == 1
    assert [each.again for each in answers].count(False) == 1


def test_what_was_given_up_is_tried_again_when_asked_for_again_under_its_key(telling, monkeypatch, tmp_path):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with gateway() as there:
        choose(telling, gateway="http", address=there.address)
        there.answers.append(400)
        first = ask(telling)
        assert send(telling, tmp_path) == {"gave_up": 1}
        second = ask(telling)
        assert (second.message_id, second.again) == (first.message_id, False)
        assert send(telling, tmp_path) == {"sent": 1}
        assert len({headers["Idempotency-Key"] for headers, _body in there.asked}) == 1


def test_the_journal_says_who_sent_what_without_the_number(telling):
    ask(telling)
    with telling.database.read() as reader:
        entries = [str(tuple(r)) for r in reader.all(text("SELECT * FROM core_journal"))]
    (entry,) = [each for each in entries if "acceptance.send_notice" in each]
    assert f"item:{COMMITTED}" in entry
    assert "139****1234" in entry
    assert PHONE not in entry


def test_the_list_shows_it_and_other_agencies_can_not_try_it_again(telling, monkeypatch, tmp_path):
    choose(telling, gateway="http", address="ftp://nowhere")
    sent = ask(telling)
    assert send(telling, tmp_path) == {"gave_up": 1}
    (row,) = rows(telling)
    assert (row.kind_name, row.case_id, row.phone, row.declined) == ("一次告知", None, "139****1234", False)
    other = replace(STRANGER, permissions=STRANGER.permissions | {"acceptance.resend_messages"})
    assert telling.query(other, "acceptance.messages", {}) == []
    one = {"message_id": sent.message_id}
    with pytest.raises(UserError) as error:
        telling.run(other, "acceptance.resend_message", one)
    assert error.value.code == "NOT_YOUR_AGENCY"
    assert telling.run(TELLER, "acceptance.resend_message", one) == "waiting"


def test_who_wants_no_messages_on_cases_may_still_ask_for_a_notice(telling, tmp_path):
    case = accepted(telling)
    telling.run(TELLER, "acceptance.want_messages", {"case_id": case.case_id, "wanted": False})
    ask(telling, phone="13804760000")
    assert send(telling, tmp_path) == {"sent": 1}
