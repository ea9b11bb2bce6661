"""Acceptance and the seal keeper at the same paper: it is replaced or its case ends while it waits or is being sealed."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from yichuang.api import Actor, IdentityCipher, UserError, hall
from yichuang.hall.identifiers import citizen_id_check
from yichuang.identity.secrets import open_secrets

AGENCY, ITEM = "11150421YC0000028H", "item"
SYSTEM = Actor.system()


def person(number, name, *permissions):
    return Actor(number, f"account{number}", name, AGENCY, permissions=frozenset(permissions))


CLERK = person(1, "受理员", *(f"acceptance.{p}" for p in ("view", "accept", "print")))
CHIEF = person(
    2, "机关负责人", *(f"acceptance.{p}" for p in ("view", "decide", "print", "suspend", "terminate"))
)
KEEPER = person(3, "印章管理员", "seal.view", "seal.stamp")
HEARING = {
    "kind": "hearing",
    "reason": "涉及重大利益关系",
    "place": "三楼",
    "presider": "巴特尔",
    "planned_end": "2099-12-30",
}
HANDS = [{"position": 1, "given": "paper", "originals": 1}]


@pytest.fixture
def suite(open_suite, tmp_path):
    secrets = open_secrets(tmp_path / "keys", store="file")
    IdentityCipher.open(secrets, create=True)
    opened = open_suite(plugins=["acceptance", "seal"], secrets=secrets)
    with opened.database.write() as writer:
        writer.insert(hall.agency, code=AGENCY, name="林业和草原局", short_name="林草", kind="agency")
        same = {"basic_code": ITEM, "name": "林木采伐许可证核发", "type": "01", "agency": AGENCY}
        writer.insert(hall.item, code=ITEM, initials="", pinyin="", **same)
        limits = {"promise_amount": 5, "promise_unit": "W", "legal_amount": 10, "legal_unit": "W"}
        writer.insert(hall.item_version, item=ITEM, version=1, kind="committed", **limits)
    today = date.today()
    days = {today + timedelta(n): (today + timedelta(n)).weekday() < 5 for n in range(-5, 60)}
    opened.run(SYSTEM, "hall.set_days", {"days": days})
    makers = [Actor(n, f"maker{n}", f"制章{n}", AGENCY, hall_wide=True, permissions=frozenset(p))
              for n, p in ((11, {"seal.apply"}), (12, {"seal.approve"}), (13, {"seal.make"}))]  # fmt: skip
    card = opened.run(makers[0], "seal.apply", {"agency": AGENCY, "kind": "approval", "reason": "x"})
    opened.run(makers[1], "seal.approve", {"seal_id": card.id})
    for step in ("make", "file", "enable"):
        opened.run(makers[2], f"seal.{step}", {"seal_id": card.id})
    return opened


def accepted(suite):
    body = "15042119900307241"
    applicant = {
        "name": "苏日娜",
        "code_kind": "111",
        "code": body + citizen_id_check(body),
        "phone": "13804760000",
    }
    return suite.run(CLERK, "acceptance.accept", {"item": ITEM, "applicant": applicant, "materials": HANDS})


def render(suite, case):
    while suite.run(CLERK, "acceptance.render", {"case_id": case.case_id}):
        pass


def act(suite, case, name, **more):
    seen = suite.query(CHIEF, "acceptance.case", {"case_id": case.case_id})
    asked = {"case_id": case.case_id, "row_version": seen.row.row_version, **more}
    return suite.run(CHIEF, f"acceptance.{name}", asked)


def hearing(suite, case):
    """A case that waits for a hearing, its notice with the keeper."""
    act(suite, case, "suspend", hearing_at=at(20), **HEARING)
    render(suite, case)


def at(days):
    return f"{date.today() + timedelta(days)}T09:00:00+08:00"


def move(suite, case):
    act(suite, case, "move_hearing", hearing_at=at(25), place="二楼", presider="乌兰", reason="停电")
    render(suite, case)


def waiting(suite):
    return [p for p in suite.query(KEEPER, "seal.waiting").papers if p.state == "waiting"]


def seal(suite, request_id):
    (card,) = suite.query(KEEPER, "seal.seals", {"usable": True})
    return suite.run(KEEPER, "seal.stamp", {"request_id": request_id, "seal_id": card.id})


def papers(suite, case, kind):
    found = suite.query(CLERK, "acceptance.papers", {"case_id": case.case_id})
    return [p for p in found if p.kind == kind]


def test_the_keeper_finds_the_new_notice_and_not_the_old_one(suite):
    case = accepted(suite)
    hearing(suite, case)
    (old,) = [p for p in waiting(suite) if p.title == "听证通知书"]
    move(suite, case)
    (new,) = [p for p in waiting(suite) if p.title == "听证通知书"]
    assert new.id != old.id
    (gone,) = [p for p in suite.query(KEEPER, "seal.waiting").papers if p.id == old.id]
    assert gone.reason == f"已由{new.number}代替"
    with pytest.raises(UserError) as error:
        seal(suite, old.id)
    assert gone.reason in str(error.value)
    seal(suite, new.id)
    assert [p.state for p in papers(suite, case, "D9")] == ["rendered", "sealed"]


def test_a_terminated_case_leaves_its_last_notice_to_be_sealed(suite):
    case = accepted(suite)
    render(suite, case)
    act(suite, case, "terminate", cause="death", reason="申请人死亡", law="《行政许可法》第七十条")
    render(suite, case)
    assert [p.title for p in waiting(suite)] == ["终止办理通知书"]


@pytest.mark.parametrize("ends", ["replaced", "terminated"])
def test_keeper_and_owner_at_the_same_moment(suite, ends):
    case = accepted(suite)
    if ends == "replaced":
        hearing(suite, case)
    else:
        act(suite, case, "grant", opinion="同意")
        render(suite, case)
    kind = "D9" if ends == "replaced" else "D10"
    title = papers(suite, case, kind)[0].title
    (lies,) = [p for p in waiting(suite) if p.title == title]
    start, said = threading.Barrier(2), {}

    def attempt(name, doing):
        start.wait()
        try:
            doing()
            said[name] = ""
        except UserError as error:
            said[name] = error.code

    why = {"cause": "death", "reason": "申请人死亡", "law": "《行政许可法》第七十条"}
    owner = (
        (lambda: move(suite, case)) if ends == "replaced" else (lambda: act(suite, case, "terminate", **why))
    )
    threads = [
        threading.Thread(target=attempt, args=("keeper", lambda: seal(suite, lies.id))),
        threading.Thread(target=attempt, args=("owner", owner)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first = papers(suite, case, kind)[0]
    if (
        said["keeper"] == ""
    ):  # then the result was made, and the case is not the one that was to be terminated
        assert said["owner"] == ("" if ends == "replaced" else "CHANGED_MEANWHILE")
        assert (first.state, bool(first.replaced)) == ("sealed", ends == "replaced")
    else:
        assert said == {"keeper": "ALREADY_DECIDED", "owner": ""}
        assert first.state == ("rendered" if ends == "replaced" else "void")
