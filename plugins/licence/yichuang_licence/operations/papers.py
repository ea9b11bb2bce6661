"""Papers about a licence: its face with a watermark, and the slip that says what was checked."""

from __future__ import annotations

from typing import Any

from yichuang.api import HALL_ZONE, Read, Request, in_language, query
from yichuang_licence.operations.checks import verify
from yichuang_licence.operations.lookup import HOLDER_CODE, HOLDER_NAME, facts_of
from yichuang_licence.operations.records import by_code, shown_holder, use_of_today
from yichuang_licence.rules import BASIS_NAMES, check_purpose, verdict

RESULTS = {"ok": "通过", "warn": "提示", "fail": "不通过", "unknown": "未能核验"}
VERDICTS = {"ok": "核验通过", "unknown": "核验未完成（状态未知，不等于证照无效）", "fail": "核验未通过"}


class AskFile(Request):
    """A licence that was opened for this purpose today."""

    code: str
    purpose: str


@query("licence.face", permission="licence.view", title="The face of a licence")
def face(read: Read, request: AskFile) -> bytes:
    """The licence's face as PDF, masked, with a watermark that says for what, by whom and when it was looked at.

    Errors: PURPOSE_MISSING, UNKNOWN_LICENCE, NOT_OPENED.
    """
    from yichuang.api.documents import LicenceFace, render_licence

    check_purpose(request.purpose)
    row = by_code(read, request.code)
    use_of_today(read, row, "view", request.purpose)
    labels = {HOLDER_NAME: "持证主体", HOLDER_CODE: "证件号码"}
    fields = [(labels.get(fact.key, fact.label), fact.value) for fact in facts_of(row)]
    moment = f"{read.now.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}"
    return render_licence(
        LicenceFace(
            title=row.name, number_label="证照编号", number=row.number, fields=tuple(fields), organ=row.issuer_name,
            date=row.valid_from, valid=_term(row), qr=row.code, subtitle="（电子证照）",
        ),
        watermark=f"仅用于{request.purpose}　{read.actor.name}　{moment}",
    )  # fmt: skip


@query("licence.slip", permission="licence.view", title="Verification slip")
def slip(read: Read, request: AskFile) -> bytes:
    """The verification slip (核验单) as PDF: what was checked on this licence, for what, by whom and when.

    Errors: PURPOSE_MISSING, UNKNOWN_LICENCE, NOT_OPENED.
    """
    from yichuang.api.documents import Heading, KeyValues, Office, Paper, Paragraph, Signature, Table, render

    check_purpose(request.purpose)
    row = by_code(read, request.code)
    use = use_of_today(read, row, "view", request.purpose)
    checks = verify(read, row, "zh_CN")
    name = read.setting("hall.name", "阿鲁科尔沁旗政务服务大厅")
    office = Office(
        agency=name, hall=name, agency_mn=read.setting("hall.name_mn", ""), hall_mn=read.setting("hall.name_mn", ""),
        window=f"{use.desk} 窗口" if use.desk else "", window_phone=read.setting("hall.phone", ""),
        address=read.setting("hall.address", ""),
    )  # fmt: skip
    licence_ = (
        ("证照名称", row.name), ("证照编号", row.number), ("持证主体", shown_holder(row)), ("证件号码", row.holder_masked),
        ("颁发机构", row.issuer_name), ("有效期限", _term(row)), ("证照标识", row.code),
    )  # fmt: skip
    rows = tuple((c.name, RESULTS[c.state], c.detail, c.source or "—") for c in checks)
    made = (
        ("用证事由", use.purpose), ("授权", in_language(BASIS_NAMES.get(use.basis, "—"), "zh_CN")),
        ("核验人", use.staff_name), ("核验时间", f"{read.now.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}"),
    )  # fmt: skip
    return render(
        Paper(
            kind="LICENCE-CHECK", title="电子证照核验单", number=f"核验记录 V-{use.id:06d}", office=office, date=read.today,
            body=(
                KeyValues(licence_),
                Heading(f"核验结论：{VERDICTS[verdict(c.state for c in checks)]}"),
                Table(("核验项", "结果", "说明", "依据"), rows, (3, 2, 6, 4)),
                KeyValues(made),
                Paragraph("本单只说明核验时的状态，供本次用证事由使用。", indent=False, size=10),
            ),
            sealed=False, text_size=12, signatures=(Signature("核验人（签名）"),),
        )
    )  # fmt: skip


def _term(row: Any) -> str:
    from yichuang.api.documents import chinese_date

    start = chinese_date(row.valid_from)
    return f"{start}至{chinese_date(row.valid_to)}" if row.valid_to else f"{start}起，长期"
