"""Papers of the pick-up window: proof of delivery and collection slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from yichuang.documents.model import Block, Image, KeyValues, Paper, Paragraph, Signature, Table
from yichuang.documents.numbering import chinese_moment
from yichuang.documents.papers.common import PaperFacts, applicant_pairs, filled, masked, need, paper


class DeliveryMode(Enum):
    """How a paper reached its addressee; the words are ticked on the form."""

    DIRECT = "直接送达"
    LEFT = "留置送达"
    MAIL = "邮寄送达"
    ENTRUSTED = "委托送达"
    ELECTRONIC = "电子送达"
    NOTICE = "公告送达"


@dataclass(frozen=True, kw_only=True)
class DeliveryFacts(PaperFacts):
    """D14: what was delivered to whom, where, when and how.

    Attributes:
        papers: Name and number of each paper delivered.
        proxy: Who received it in the addressee's place, with the reason in `proxy_reason`.
        servers: Names of the two servers; lines stay empty for what is not given.
        signature: PNG of the receiver's signature from the pad.
    """

    papers: tuple[tuple[str, str], ...]
    delivered_at: datetime
    place: str
    mode: DeliveryMode
    receiver: str = ""
    mail_no: str = ""
    proxy: str = ""
    proxy_reason: str = ""
    servers: tuple[str, ...] = ()
    signature: bytes = b""
    remark: str = ""


def proof_of_delivery(facts: DeliveryFacts) -> Paper:
    """D14 送达回证.

    Raises:
        UserError: MISSING_FIELD without papers or place, or with a proxy but no reason.
    """
    need(facts.papers, "送达文书")
    need(facts.place, "送达地点")
    if facts.proxy:
        need(facts.proxy_reason, "代收理由")
    ticked = [f"{'■' if mode is facts.mode else '□'}{mode.value}" for mode in DeliveryMode]
    modes = "　".join(ticked[:3]) + "\n" + "　".join(ticked[3:])
    mail = f"\n邮件号：{facts.mail_no}" if facts.mail_no else ""
    pairs = (
        ("案由", facts.subject.item),
        ("受送达人", facts.receiver or facts.subject.applicant),
        ("送达文书", "\n".join(f"《{name}》{number}" for name, number in facts.papers)),
        ("送达时间", chinese_moment(facts.delivered_at)),
        ("送达地点", facts.place),
        ("送达方式", modes + mail),
        ("代收人", f"{facts.proxy}（{facts.proxy_reason}）" if facts.proxy else "无"),
        ("备注", facts.remark or "　\n　"),
    )
    servers = (*facts.servers[:2], "", "")[:2]
    signed_by = (
        Signature("受送达人（签章）", image=facts.signature, dated=True),
        Signature("送达人（一）", servers[0]),
        Signature("送达人（二）", servers[1]),
    )
    note = "受送达人拒绝签收的，送达人在备注栏注明情况，并由见证人签名。"
    return paper(facts, "D14", "送达回证", (KeyValues(pairs, 1),), signed_by=signed_by, note=note)


@dataclass(frozen=True)
class ResultLine:
    """A result that was handed out."""

    name: str
    number: str = ""
    copies: int = 1


@dataclass(frozen=True, kw_only=True)
class CollectionFacts(PaperFacts):
    """D15: who took which results, with the signature from the pad and the photograph."""

    results: tuple[ResultLine, ...]
    collected_at: datetime
    receiver: str
    receiver_id_type: str = "居民身份证"
    receiver_id_no: str = ""
    relation: str = "本人"
    signature: bytes = b""
    photo: bytes = b""


def collection_slip(facts: CollectionFacts) -> Paper:
    """D15 领取凭证.

    Raises:
        UserError: MISSING_FIELD without results or receiver.
    """
    need(facts.results, "办理结果")
    need(facts.receiver, "领取人")
    rows = tuple(
        (str(number), line.name, line.number, str(line.copies))
        for number, line in enumerate(facts.results, 1)
    )
    number = masked(facts.receiver_id_no)
    identity = [("证件号码", f"{facts.receiver_id_type} {number}".strip())] if number else []
    body: list[Block] = [
        Paragraph("下列办理结果已由领取人核对无误并领取："),
        filled(applicant_pairs(facts.subject)),
        Table(
            ("序号", "结果名称", "编号", "份数"), rows, (11, 70, 64, 15), ("center", "left", "left", "center")
        ),
        filled(
            [
                ("领取人", facts.receiver),
                ("与申请人关系", facts.relation),
                *identity,
                ("领取时间", chinese_moment(facts.collected_at)),
                ("领取窗口", facts.office.window),
            ]
        ),
    ]
    if facts.photo:
        body.append(Image(facts.photo, 35, "领取人现场照片"))
    signed_by = (Signature("领取人（签名）", image=facts.signature), Signature("出件人", facts.subject.clerk))
    return paper(facts, "D15", "领取凭证", body, signed_by=signed_by, sealed=False)
