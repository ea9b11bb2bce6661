"""The archived file of a case: everything that was kept with it, under one digest, checked when it is taken out."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from yichuang.api import UserError, update
from yichuang_acceptance import tables as t

from .conftest import APPROVER, CLERK, ISSUER, STRANGER, accepted, hands
from .life import refused, render, see
from .test_kept_pages import picture
from .test_life_papers import delivered

PDF = b"%PDF-1.7 as it came"
PNG = picture()


def package(suite, case, actor=ISSUER):
    with zipfile.ZipFile(
        io.BytesIO(suite.query(actor, "acceptance.archive_file", {"case_id": case.case_id}))
    ) as files:
        return {name: files.read(name) for name in files.namelist()}


def archived(suite, clock):
    case = delivered(suite, clock, signature=PNG)
    render(suite, case)
    suite.run(ISSUER, "acceptance.archive", {"case_id": case.case_id})
    return case


def test_the_package_holds_papers_events_and_the_signature_of_whoever_received_it(suite, clock):
    case = archived(suite, clock)
    files = package(suite, case)
    contents, events = json.loads(files["目录.json"]), json.loads(files["过程记录.json"])
    assert [event["event"] for event in events] == [e.event for e in see(suite, case).events]
    assert events[-1]["hash"] == contents["head"]
    papers = [name for name in files if name.startswith("文书/")]
    assert len(papers) == len(contents["papers"])
    assert any("D10" in name and files[name].startswith(b"%PDF") for name in papers)
    assert files["证据/01-送达签名.png"] == PNG
    digests = {hashlib.sha256(data).hexdigest() for data in files.values()}
    assert {paper["digest"] for paper in contents["papers"]} <= digests


def test_scanned_materials_and_the_request_to_withdraw_are_in_it(suite):
    page = suite.run(CLERK, "acceptance.keep_page", {"data": PDF, "media_type": "application/pdf"})
    case = accepted(suite, materials=[*hands(1, pages=[page]), *hands(2, 3)])
    asked = {"case_id": case.case_id, "reason": "不再申请", "page": page}
    suite.run(CLERK, "acceptance.withdraw", asked)
    render(suite, case)
    suite.run(ISSUER, "acceptance.archive", {"case_id": case.case_id})
    files = package(suite, case)
    name = see(suite, case).materials[0].name
    assert files[f"材料/01-{name}-1.pdf"] == PDF
    assert files["证据/01-撤回申请书.pdf"] == PDF


@pytest.mark.parametrize("changed", [{"contents": {"papers": []}}, {"digest": "0" * 64}])
def test_a_file_that_was_changed_is_not_given_out(suite, clock, changed):
    case = archived(suite, clock)
    if "contents" in changed:
        with suite.database.read() as reader:
            kept = reader.one(t.archive.select())
        changed = {"contents": {**kept.contents, "papers": []}}
    with suite.database.write() as writer:
        writer.execute(update(t.archive).values(**changed))
    with pytest.raises(UserError) as error:
        package(suite, case)
    assert error.value.code == "ARCHIVE_BROKEN"


def test_only_whoever_issues_takes_it_and_only_once_it_is_closed(suite, clock):
    case = delivered(suite, clock)
    with pytest.raises(UserError) as error:
        package(suite, case)
    assert error.value.code == "NOT_ARCHIVED"
    render(suite, case)
    assert refused(suite, APPROVER, "acceptance.archive", {"case_id": case.case_id}) == "NOT_PERMITTED"
    suite.run(ISSUER, "acceptance.archive", {"case_id": case.case_id})
    for actor, code in ((STRANGER, "NOT_YOUR_AGENCY"), (APPROVER, "NOT_PERMITTED")):
        with pytest.raises(UserError) as error:
            package(suite, case, actor)
        assert error.value.code == code
