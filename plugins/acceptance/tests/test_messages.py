"""Messages to applicants on both databases: written with the event, once, sent once, tried again, given up in sight."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import HALL_ZONE, Actor, UserError
from yichuang_acceptance.gateways import SECRET, SERVICE, FileGateway, Message
from yichuang_acceptance.rules import notices as rules
from yichuang_acceptance.rules.notices import Kind

from .conftest import APPROVER, CHIEF, CLERK, ISSUER, RECEIVER, STRANGER, accepted, citizen, hands, intake
from .life import at_once, contents, extend, grant, refused, set_clock, suspend, tick
from .matter_hall import FIRE_AT, FOOD_AT, SIGN_AT, decide, fill_theme, pick_up, taken, verified
from .message_gateway import PASSWORD, SENDER, choose, gateway, send

STAFF = replace(CLERK, permissions=CLERK.permissions | {"acceptance.messages", "acceptance.resend_messages"})
PHONE = "13804760000"


@pytest.fixture
def telling(suite):
    """A hall that sends into a file."""
    choose(suite, gateway="file")
    return suite


@pytest.fixture
def by_http(suite, monkeypatch):
    """A hall with a gateway."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with gateway() as there:
        choose(suite, gateway="http", address=there.address, templates="accept=SMS_7；collect=SMS_9")
        suite.executor.secrets.set(SERVICE, SECRET, PASSWORD)
        yield suite, there


def rows(suite, **more):
    return suite.query(STAFF, "acceptance.messages", more)


def kinds(suite):
    return [row.kind for row in reversed(rows(suite))]


def texts(suite):
    return {row.kind: row.text for row in rows(suite)}


def written(tmp_path):
    path = tmp_path / "messages.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_every_step_that_concerns_the_applicant_is_told_in_words(telling, clock):
    case = telling.run(CLERK, "acceptance.receive", intake(materials=hands(1, 2)))
    asked = {"case_id": case.case_id, "defects": ["健康证：未提交"]}
    telling.run(CLERK, "acceptance.request_correction", asked)
    telling.run(CLERK, "acceptance.resubmit", {"case_id": case.case_id, "materials": hands(3)})
    telling.run(CLERK, "acceptance.accept_case", {"case_id": case.case_id})
    extend(telling, case)
    suspend(telling, case)
    assert kinds(telling) == ["correct", "accept", "extend", "suspend"]
    said = texts(telling)
    assert said["correct"].startswith("【政务服务大厅】您申请的“食品经营许可”（" + case.case_no)
    assert "2026年4月16日前一次补齐" in said["correct"]
    assert f"承诺2026年3月24日前办结。查询码{case.query_code}" in said["accept"]
    assert "延长办理期限至" in said["extend"]


def test_the_pick_up_message_says_where_when_and_what_to_bring(telling, clock):
    telling.run(Actor.system(), "hall.set", {"key": "hall.address", "value": "天山镇罕山街1号"})
    case = accepted(telling)
    grant(telling, case)
    said = texts(telling)["collect"]
    assert "请到政务服务大厅（天山镇罕山街1号）领取" in said.replace("大厅（大厅", "大厅（")
    assert "时间：工作日8:30至12:00" in said
    assert "请带：申请人身份证、受理通知书" in said
    for day, number in (("2026-03-21", 1), ("2026-03-28", 2), ("2026-04-17", 3)):
        set_clock(clock, day)
        tick(telling)
        tick(telling)
        assert kinds(telling).count("remind") == number, day
    told = [row.text for row in rows(telling) if row.kind == "remind"]
    assert ["办结已3日" in told[2], "办结已10日" in told[1], "办结已30日" in told[0]] == [True] * 3


def test_withdrawal_return_lapse_and_termination_are_told(telling, clock):
    gone = accepted(telling)
    telling.run(CLERK, "acceptance.withdraw", {"case_id": gone.case_id, "reason": "不办了", "signed": True})
    over = accepted(telling)
    seen = telling.query(CHIEF, "acceptance.case", {"case_id": over.case_id})
    cause = {"cause": "lapsed", "reason": "已歇业", "law": "《行政许可法》第七十条"}
    telling.run(
        CHIEF, "acceptance.terminate", {"case_id": over.case_id, "row_version": seen.row.row_version, **cause}
    )
    late = telling.run(CLERK, "acceptance.receive", intake(materials=hands(1, 2)))
    telling.run(CLERK, "acceptance.request_correction", {"case_id": late.case_id, "defects": ["x"]})
    set_clock(clock, "2026-05-20")
    tick(telling)
    assert kinds(telling) == ["accept", "withdraw", "accept", "terminate", "correct", "lapse"]


@pytest.mark.parametrize("ground", ["not_in_form", "not_our_remit", "not_needed"])
def test_a_refusal_to_accept_is_told(telling, ground):
    case = telling.run(CLERK, "acceptance.receive", intake(materials=hands(1)))
    said = {"reason": "不属于本机关职权", "law": "第三十二条", "proper_agency": "林业和草原局"}
    telling.run(CLERK, "acceptance.refuse_to_accept", {"case_id": case.case_id, "kind": ground, **said})
    assert kinds(telling) == ["not_accepted"]
    assert "不予受理，理由、依据和救济途径见不予受理决定书" in texts(telling)["not_accepted"]
    assert case.case_no in texts(telling)["not_accepted"]


def test_a_decision_not_to_grant_is_told_with_where_to_collect_it(telling, tmp_path):
    case = accepted(telling)
    seen = telling.query(APPROVER, "acceptance.case", {"case_id": case.case_id})
    asked = {"case_id": case.case_id, "row_version": seen.row.row_version, "reason": "场所不符合条件"}
    telling.run(APPROVER, "acceptance.refuse", {**asked, "law": "《食品安全法》第三十三条"})
    assert kinds(telling) == ["accept", "refuse"]
    said = texts(telling)["refuse"]
    for words in (
        "不予许可的决定",
        "救济途径见决定书",
        "请到政务服务大厅",
        "时间：工作日8:30",
        "请带：申请人身份证",
    ):
        assert words in said, words
    assert "场所不符合条件" not in said, "the reasons stand in the decision, not on somebody's telephone"


def test_a_refusal_that_was_collected_meanwhile_is_not_told_any_more(telling, clock, tmp_path):
    case = accepted(telling)
    send(telling, tmp_path)
    clock.now = clock.now.replace(hour=14)  # ten in the evening: nothing is sent
    seen = telling.query(APPROVER, "acceptance.case", {"case_id": case.case_id})
    asked = {
        "case_id": case.case_id,
        "row_version": seen.row.row_version,
        "reason": "不符合条件",
        "law": "第三条",
    }
    telling.run(APPROVER, "acceptance.refuse", asked)
    telling.run(APPROVER, "acceptance.render", {"case_id": case.case_id})
    telling.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER})
    set_clock(clock, "2026-03-18")
    send(telling, tmp_path)
    assert {row.kind: row.state for row in rows(telling)}["refuse"] == "dropped"


def test_an_event_that_is_undone_tells_nothing(telling, monkeypatch):
    case = accepted(telling)
    before = contents(telling)
    from yichuang_acceptance.operations import pauses

    monkeypatch.setattr(pauses, "draft_paper", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        extend(telling, case)
    assert contents(telling) == before, "no message without its event"
    monkeypatch.undo()
    extend(telling, case)
    assert kinds(telling) == ["accept", "extend"]


def test_without_a_gateway_or_a_mobile_number_nothing_is_written(suite):
    accepted(suite)
    choose(suite, gateway="file")
    for phone in ("", "0476-7221234"):
        person = {**intake()["applicant"], "code": citizen("15042119880101242"), "phone": phone}
        accepted(suite, applicant=person)
    assert rows(suite) == []


def test_a_matter_is_told_as_a_whole(telling, clock):
    fill_theme(telling)
    of = taken(telling)
    assert [(row.kind, row.number, row.item_name) for row in rows(telling)] == [
        ("accept", of.case_no, "开办餐饮店")
    ]
    verified(telling, of)
    assert kinds(telling) == ["accept", "accept"], "the item that opened later by itself"
    for position in (FOOD_AT, SIGN_AT, FIRE_AT):
        decide(telling, of, position)
    assert kinds(telling)[2:] == ["collect"], "one pick-up, one message"
    set_clock(clock, "2026-03-21")
    tick(telling)
    reminders = [(row.number, row.item_name) for row in rows(telling) if row.kind == "remind"]
    assert reminders == [(of.case_no, "开办餐饮店")]
    pick_up(telling, of)
    set_clock(clock, "2026-03-30")
    tick(telling)
    assert kinds(telling).count("remind") == 1


def test_messages_are_handed_over_once_with_their_key_template_and_password(by_http, tmp_path):
    suite, there = by_http
    case = accepted(suite)
    assert send(suite, tmp_path) == {"sent": 1}
    assert send(suite, tmp_path) == {}
    ((headers, body),) = there.asked
    assert headers["Authorization"] == f"Bearer {PASSWORD}"
    assert headers["Idempotency-Key"] == body["key"]
    assert (body["phone"], body["template"], body["params"]["number"]) == (PHONE, "SMS_7", case.case_no)
    (row,) = rows(suite)
    assert (row.state, row.attempts, row.receipt, row.phone) == ("sent", 1, "G1", "138****0000")
    assert PASSWORD not in str(contents(suite)), "the password is in the keyring alone"


@pytest.mark.parametrize("answer", [500, 429, "cut", "lost"])
def test_what_got_no_answer_is_tried_again_under_the_same_key_and_delivered_once(
    by_http, tmp_path, clock, answer
):
    suite, there = by_http
    accepted(suite)
    there.answers = [answer]
    assert send(suite, tmp_path) == {"waiting": 1}
    assert send(suite, tmp_path) == {}, "not at once"
    assert rows(suite)[0].error
    clock.now += timedelta(minutes=2)
    assert send(suite, tmp_path) == {"sent": 1}
    assert len({body["key"] for _headers, body in there.asked}) == 1
    assert len(there.delivered) == 1


def test_back_off_grows_and_ends_in_sight_and_staff_may_try_again(by_http, tmp_path, clock):
    suite, there = by_http
    accepted(suite)
    there.answers = [503] * rules.MOST_ATTEMPTS
    states = []
    for _attempt in range(rules.MOST_ATTEMPTS):
        states.append(send(suite, tmp_path))
        clock.now = rows(suite)[0].next_at or clock.now
    assert states == [{"waiting": 1}] * (rules.MOST_ATTEMPTS - 1) + [{"gave_up": 1}]
    (row,) = rows(suite, state="gave_up")
    assert (row.attempts, row.error) == (6, "HTTP 503 Service Unavailable")
    assert suite.query(STAFF, "acceptance.badge_messages") == 1
    one = {"message_id": row.id}
    assert (
        refused(suite, replace(STAFF, permissions=CLERK.permissions), "acceptance.resend_message", one)
        == "NOT_PERMITTED"
    )
    suite.run(STAFF, "acceptance.resend_message", one)
    clock.now = rows(suite)[0].next_at
    assert send(suite, tmp_path) == {"sent": 1}
    assert refused(suite, STAFF, "acceptance.resend_message", one) == "NOT_GIVEN_UP"
    assert rows(suite)[0].resent_by == STAFF.name
    assert len(there.delivered) == 1


@pytest.mark.parametrize("status", [400, 401, 302])
def test_what_a_gateway_will_never_take_is_given_up_at_once(by_http, tmp_path, status):
    suite, there = by_http
    accepted(suite)
    there.answers = [status]
    assert send(suite, tmp_path) == {"gave_up": 1}
    assert len(there.asked) == 1, "nobody is sent elsewhere with the password"


def test_nobody_is_woken_at_night(telling, tmp_path, clock):
    clock.now = datetime(2026, 3, 17, 21, 30, tzinfo=HALL_ZONE)
    accepted(telling)
    assert send(telling, tmp_path) == {}
    assert rows(telling)[0].next_at == datetime(2026, 3, 18, 8, tzinfo=HALL_ZONE)
    claim = {"claim": "one-sender"}
    assert telling.run(SENDER, "acceptance.claim_messages", claim) == []
    clock.now = datetime(2026, 3, 18, 8, 0, 1, tzinfo=HALL_ZONE)
    assert send(telling, tmp_path) == {"sent": 1}
    assert [line["phone"] for line in written(tmp_path)] == [PHONE]


def test_whoever_wants_no_messages_gets_none_until_asking_for_them(telling, tmp_path):
    case = accepted(telling)
    wish = {"case_id": case.case_id, "wanted": False}
    telling.run(STAFF, "acceptance.want_messages", wish)
    extend(telling, case)
    assert [(row.state, row.declined) for row in rows(telling)] == [("declined", True)] * 2
    assert send(telling, tmp_path) == {}
    telling.run(STAFF, "acceptance.want_messages", wish | {"wanted": True})
    suspend(telling, case)
    assert send(telling, tmp_path) == {"sent": 1}
    assert refused(telling, STRANGER, "acceptance.want_messages", wish) == "NOT_YOUR_AGENCY"


def test_what_was_collected_meanwhile_is_not_called_for(telling, tmp_path, clock):
    case = accepted(telling)
    send(telling, tmp_path)
    clock.now = datetime(2026, 3, 17, 22, tzinfo=HALL_ZONE)
    grant(telling, case)
    telling.run(ISSUER, "acceptance.deliver", {"case_id": case.case_id, **RECEIVER})
    clock.now = datetime(2026, 3, 18, 9, tzinfo=HALL_ZONE)
    assert send(telling, tmp_path) == {}
    assert rows(telling)[0].state == "dropped"


def test_two_senders_share_the_work_and_a_dead_ones_claim_lapses(telling, tmp_path, clock):
    for _case in range(4):
        accepted(telling)

    def claim(name):
        return lambda: telling.run(SENDER, "acceptance.claim_messages", {"claim": name})

    claimed = at_once(claim("sender-a"), claim("sender-b"))
    assert sorted(one for each in claimed for one in each) == sorted(row.id for row in rows(telling))
    assert send(telling, tmp_path) == {}, "both have them in hand"
    stranger = {"message_id": rows(telling)[0].id, "claim": "sender-c", "folder": str(tmp_path)}
    assert telling.run(SENDER, "acceptance.send_message", stranger) == "waiting"
    assert written(tmp_path) == []
    clock.now += timedelta(minutes=11)
    assert send(telling, tmp_path) == {"sent": 4}


def test_lists_are_searched_and_show_no_number(telling):
    first, second = (
        accepted(telling),
        accepted(telling, applicant={**intake()["applicant"], "phone": "13904761234"}),
    )
    assert [row.number for row in rows(telling, text=first.case_no)] == [first.case_no]
    assert [row.number for row in rows(telling, text="1234")] == [second.case_no]
    assert rows(telling, text="%") == []
    assert rows(telling, text="123") == rows(telling, text="%%%") == []
    assert "13904761234" not in str(rows(telling))
    with pytest.raises(UserError):
        telling.query(APPROVER, "acceptance.messages", {})
    other = replace(STRANGER, permissions=STRANGER.permissions | {"acceptance.resend_messages"})
    assert telling.query(other, "acceptance.messages", {}) == [], "another agency's"
    one = {"message_id": rows(telling)[0].id}
    assert refused(telling, other, "acceptance.resend_message", one) == "NOT_YOUR_AGENCY"


def test_the_password_is_kept_in_the_keyring(suite, monkeypatch):
    keeper = Actor(22, "admin", "管理员", "", permissions=frozenset({"acceptance.maintain"}))
    suite.run(keeper, "acceptance.set_gateway_password", {"password": PASSWORD})
    assert suite.executor.secrets.get(SERVICE, SECRET) == PASSWORD
    assert PASSWORD not in str(contents(suite))
    suite.run(keeper, "acceptance.set_gateway_password", {"password": ""})
    assert suite.executor.secrets.get(SERVICE, SECRET) is None


def test_a_file_that_a_crash_cut_off_goes_on_in_a_line_of_its_own(tmp_path):
    there = FileGateway(tmp_path / "out" / "messages.jsonl")
    message = Message("k1", PHONE, "甲", "", {})
    assert there.send(message) == there.send(message) == "file-1"
    with there.path.open("a", encoding="utf-8") as file:
        file.write('{"key": "k2", "pho')
    there.send(replace(message, key="k2"))
    lines = there.path.read_text("utf-8").splitlines()
    assert [json.loads(line)["key"] for line in (lines[0], lines[2])] == ["k1", "k2"]
    assert there.path.stat().st_mode & 0o077 == 0


# ---- the rules alone ----

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(HALL_ZONE))


TEXT = "acceptance.message_text.extend"


def set_text(suite, text, actor=None):
    suite.run(actor or Actor.system(), "hall.set", {"key": TEXT, "value": text})


def test_the_hall_says_it_in_its_own_words(telling):
    case = accepted(telling)
    set_text(telling, "延期至{day}：{item}，办件{number}。")
    extend(telling, case)
    assert texts(telling)["extend"].startswith("【政务服务大厅】延期至2026年")
    assert texts(telling)["extend"].endswith(f"：食品经营许可，办件{case.case_no}。")
    assert texts(telling)["accept"].startswith("【政务服务大厅】您申请的"), "the others stay as they were"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("延期至{day}：{item}", "缺少占位符 {number}。"),
        ("{item}{number}{day}{query}", "这类短信没有占位符 {query}。"),
        ("{item}{number}{day", "占位符是花括号中的名称"),
        ("{item}{number}{day!r}", "占位符是花括号中的名称"),
        ("{item}{number}{day:>9}", "占位符是花括号中的名称"),
        ("{item.__class__}{number}{day}", "占位符是花括号中的名称"),
        ("{}{item}{number}{day}", "占位符是花括号中的名称"),
        ("{item}{number}\n{day}", "最多 300 字"),
        ("{item}{number}{day}" + "长" * 300, "最多 300 字"),
        ("  ", "短信必须有内容"),
        (7, "短信必须有内容"),
    ],
)
def test_a_text_with_a_wrong_or_missing_place_is_refused(text, said):
    with pytest.raises(UserError) as error:
        rules.check_text(Kind.EXTEND, text)
    assert error.value.code == "MESSAGE_TEXT_BAD"
    assert said in str(error.value.sentence)
    assert "{item}{number}{day}" in str(error.value.do)


def test_a_refused_text_changes_nothing_and_others_may_name_the_hall(telling):
    with pytest.raises(UserError) as error:
        set_text(telling, "延期至{day}：{item}")
    assert error.value.code == "MESSAGE_TEXT_BAD"
    assert telling.setting(TEXT) == rules.TEXTS[Kind.EXTEND]
    set_text(telling, "{hall}{phone}：{item}{number}延至{day}。")
    assert telling.setting(TEXT).startswith("{hall}")


def test_a_text_that_was_spoilt_behind_the_suite_keeps_no_case_from_moving():
    facts = {"item": "甲", "number": "1", "day": "明天"}
    for text in ("", "{nobody}", "{day", "只有字"):
        assert "经批准延长办理期限至明天" in rules.tell(Kind.EXTEND, "某厅", "", facts, text).text


def test_texts_are_changed_by_whoever_manages_the_hall(telling):
    assert (
        refused(telling, STAFF, "hall.set", {"key": TEXT, "value": "{item}{number}{day}"}) == "NOT_PERMITTED"
    )


def test_what_the_settings_begin_with_is_what_the_suite_says(suite):
    for kind in Kind:
        assert suite.setting(f"acceptance.message_text.{kind}") == rules.TEXTS[kind]
        rules.check_text(kind, rules.TEXTS[kind])


@given(moments)
def test_the_next_allowed_moment_is_allowed_and_never_early_nor_a_day_late(moment):
    allowed = rules.next_allowed(moment)
    assert rules.may_send(allowed)
    assert moment <= allowed <= moment + timedelta(hours=11)
    assert (allowed == moment) == rules.may_send(moment)


@given(st.integers(1, 20), moments)
def test_every_wait_ends_and_the_tries_as_well(attempts, now):
    again = rules.next_try(attempts, now)
    assert (again is None) == (attempts >= rules.MOST_ATTEMPTS)
    assert again is None or again >= now + rules.BACK_OFF[attempts - 1]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_words_and_a_name(kind):
    from yichuang_acceptance.operations.message_lists import KIND_NAMES

    facts = dict.fromkeys(
        (
            "item",
            "number",
            "query",
            "place",
            "hours",
            "bring",
            "days",
            "granting",
            "materials",
            "fee",
            "limit",
        ),
        "甲",
    ) | {"day": ""}
    told = rules.tell(kind, "某厅", "0476-1", facts)
    assert told.text.startswith("【某厅】")
    assert told.text.endswith("咨询电话0476-1。")
    assert "{" not in told.text
    assert "承诺" not in told.text
    assert kind in KIND_NAMES
