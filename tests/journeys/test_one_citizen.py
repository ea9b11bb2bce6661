"""One citizen from ticket to stamped result, every step by its own process and its own person, through the command line."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess

import pytest

APPLICANT = {"name": "苏日娜", "code_kind": "111", "code": "150421199003072415", "phone": "13804760000"}


def valid_id() -> str:
    from yichuang.hall.identifiers import citizen_id_check

    body = APPLICANT["code"][:17]
    return body + citizen_id_check(body)


@pytest.fixture
def people(desk, account):
    """Accounts with passwords for the whole way of a case of one agency."""
    admin = account("admin")
    staff = {}
    item = first_item(desk, account("clerk"))
    for role in ("approver", "seal_keeper"):
        name = somebody(desk, role, item["agency"])
        desk.call(
            admin,
            "identity.set_password",
            {"account": name, "password": "大厅-2026-验收", "must_change": False},
        )
        remember(desk, name, "大厅-2026-验收")
        staff[role] = name
    return {"item": item, "clerk": account("clerk"), "approver": staff["approver"],
            "keeper": staff["seal_keeper"], "issuer": account("issuer"), "manager": account("queue_manager"),
            "admin": admin, "licences": account("licence_keeper")}  # fmt: skip


def first_item(desk, clerk):
    """An item that gives a licence, of an agency with a seal keeper of its own."""
    rows = desk.query(clerk, "hall.items", {"limit": 2000})
    for row in rows:
        if row["name"] == "林木采伐许可证核发":
            return desk.query(clerk, "hall.item", {"code": row["code"]})
    raise AssertionError("the model hall has lost an item")


def somebody(desk, role, agency):
    import sqlite3

    connection = sqlite3.connect(desk.folder / "hall.sqlite")
    rows = connection.execute(
        "SELECT a.name, group_concat(r.role, ';') FROM core_account a JOIN core_staff s ON s.id = a.staff_id "
        "JOIN core_staff_role r ON r.staff_id = s.id WHERE s.agency = ? GROUP BY a.name ORDER BY a.name", (agency,)
    ).fetchall()  # fmt: skip
    connection.close()
    return next(name for name, held in rows if role in held.split(";"))


def remember(desk, name, password):
    from yichuang.identity.secrets import open_secrets

    open_secrets(desk.folder, store="file").set("yichuang/sign-in", name, password)


FORM = {
    "place": "天山林场 12 林班 3 小班", "forest": "防护林", "tree": "杨树", "type": "抚育采伐", "way": "择伐", "area": "1.2",
    "stock": 36.5, "intensity": "15", "from": "2026-10-01", "until": "2026-12-31", "renewal": "天然更新", "renewed": "2027-10-31",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_from_ticket_to_stamped_result(desk, people, tmp_path):
    item, clerk = people["item"], people["clerk"]
    applicant = {**APPLICANT, "code": valid_id()}

    opened = desk.call(clerk, "queue.open_desk", {"desk": "A01"})
    assert opened["state"] == "open"
    ticket = desk.call(
        clerk, "queue.issue", {"item": item["code"], "person": applicant["name"]}, "--key", "one"
    )
    again = desk.call(
        clerk, "queue.issue", {"item": item["code"], "person": applicant["name"]}, "--key", "one"
    )
    assert again == ticket, "a retry gives the same ticket"
    assert ticket["person"] == "苏*娜"
    called = desk.call(clerk, "queue.call_next", {"desk": "A01"})
    assert called["number"] == ticket["number"]
    desk.call(clerk, "queue.arrive", {"desk": "A01", "ticket_id": ticket["id"]})
    assert desk.refused(clerk, "queue.call_next", {"desk": "A01"})["code"] == "TICKET_OPEN"

    lacking = {"item": item["code"], "applicant": applicant, "materials": [], "ticket": ticket["number"]}
    unfilled = desk.refused(clerk, "acceptance.accept", lacking)
    assert (unfilled["code"], unfilled["detail"]["problems"][0]["path"]) == ("FORM_INCOMPLETE", "$.place")
    lacking["form"] = FORM
    missing = desk.refused(clerk, "acceptance.accept", lacking)
    assert missing["code"] == "MATERIAL_MISSING"
    assert len(missing["detail"]["defects"]) == sum(m["need"] == "required" for m in item["materials"])
    hands = [
        {"position": m["position"], "given": "paper", "originals": 1, "copies": 1} for m in item["materials"]
    ]
    accepted = desk.call(clerk, "acceptance.accept", {**lacking, "materials": hands})
    case = {"case_id": accepted["case_id"]}
    papers = desk.call(clerk, "acceptance.render", case)
    assert [p["kind"] for p in papers] == ["D3"]
    desk.call(clerk, "queue.finish", {"desk": "A01", "ticket_id": ticket["id"]})
    decide_and_hand_out(desk, people, case, tmp_path)


def decide_and_hand_out(desk, people, case, tmp_path):
    """The back office: decision by another person, seal, result, licence found again, journal whole."""
    clerk = people["clerk"]
    seen = desk.query(people["approver"], "acceptance.case", case)
    grant = {**case, "row_version": seen["row"]["row_version"], "opinion": "经现场查验，同意采伐。"}
    assert desk.refused(clerk, "acceptance.grant", grant)["code"] == "NOT_PERMITTED"
    desk.call(people["approver"], "acceptance.grant", grant)
    assert desk.refused(people["approver"], "acceptance.grant", grant)["code"] == "CHANGED_MEANWHILE"
    desk.call(people["approver"], "acceptance.render", case)

    received = {**case, "receiver": "苏日娜", "receiver_code": valid_id()}
    assert desk.refused(people["issuer"], "acceptance.deliver", received)["code"] == "PAPER_NOT_READY"
    seals = desk.query(people["keeper"], "seal.seals", {"usable": True})
    for paper in desk.query(people["keeper"], "seal.waiting")["papers"]:
        desk.call(people["keeper"], "seal.stamp", {"request_id": paper["id"], "seal_id": seals[0]["id"]})
    assert desk.query(people["clerk"], "acceptance.case", case)["row"]["state"] == "ready"
    desk.call(people["issuer"], "acceptance.deliver", received)

    done = desk.query(people["clerk"], "acceptance.case", case)
    assert done["row"]["state"] == "delivered"
    assert [e["event"] for e in done["events"]] == [
        "receive", "accept", "dispatch", "grant", "make", "finish", "deliver",
    ]  # fmt: skip
    found = desk.call(
        people["licences"],
        "licence.search",
        {"by": "code", "text": done["licence_code"], "purpose": "核对办件"},
    )
    assert [row["validity"] for row in found] == ["valid"]
    decision = next(p for p in done["papers"] if p["kind"] == "D10")
    check_pdf(desk, people["clerk"], decision, tmp_path)
    assert desk.ask("journal", "seal")["sealed"] > 20
    assert desk.ask("journal", "verify")["intact"] is True


def check_pdf(desk, clerk, paper, tmp_path):
    """The sealed decision as poppler sees it: signed, unchanged, with the applicant's name in it."""
    done = subprocess.run(
        [__import__("sys").executable, "-m", "yichuang.cli", "query", "acceptance.paper_file",
         json.dumps({"paper_id": paper["id"]}), "--as", clerk, "--data-dir", str(desk.folder)],
        capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    path = tmp_path / "decision.pdf"
    path.write_bytes(done.stdout)
    if shutil.which("pdfsig") is None:
        pytest.skip("NOT VERIFIED: pdfsig is not installed (apt-get install poppler-utils)")
    said = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in said
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "准予行政许可决定书" in text
    assert paper["number"] in text
    tampered = tmp_path / "tampered.pdf"
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    tampered.write_bytes(bytes(data))
    said = subprocess.run(
        ["pdfsig", "-nocert", str(tampered)], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" not in said


def test_signing_in_needs_the_right_password(desk, account):
    done = desk.run("call", "queue.issue", "{}", "--as", "nobody-here", given="wrong\n")
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1])["error"]["code"] == "SIGN_IN_REFUSED"
    done = desk.run("call", "queue.issue", json.dumps({"line": "A"}))
    assert json.loads(done.stdout)["error"]["code"] == "NOT_SIGNED_IN"


def test_pictures_of_pages_are_kept_by_their_content(desk, account):
    data = base64.b64encode(b"\x89PNG not really").decode()
    digest = desk.call(account("clerk"), "acceptance.keep_page", {"data": data, "media_type": "image/png"})
    assert len(digest) == 64
