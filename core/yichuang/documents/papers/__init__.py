"""The hall's papers as pure builders: facts in, `Paper` out; a paper that lacks what the law asks for is refused."""

from __future__ import annotations

from yichuang.documents.papers.common import (
    COPIES,
    DeferredMaterial,
    MaterialLine,
    PaperFacts,
    Remedies,
    Subject,
)
from yichuang.documents.papers.decisions import (
    GrantFacts,
    RefusalFacts,
    RefusalReason,
    RefusalToAcceptFacts,
    grant_decision,
    refusal_decision,
    refusal_to_accept,
)
from yichuang.documents.papers.delivery import (
    CollectionFacts,
    DeliveryFacts,
    DeliveryMode,
    ResultLine,
    collection_slip,
    proof_of_delivery,
)
from yichuang.documents.papers.guide import NoticeSlipFacts, RequiredMaterial, notice_slip
from yichuang.documents.papers.intake import (
    AcceptanceFacts,
    CorrectionFacts,
    Defect,
    ReceiptFacts,
    SpecialProcedure,
    ToleranceFacts,
    acceptance_notice,
    correction_notice,
    receipt,
    tolerance_commitment,
)

__all__ = [
    "COPIES",
    "AcceptanceFacts",
    "CollectionFacts",
    "CorrectionFacts",
    "Defect",
    "DeferredMaterial",
    "DeliveryFacts",
    "DeliveryMode",
    "GrantFacts",
    "MaterialLine",
    "NoticeSlipFacts",
    "PaperFacts",
    "ReceiptFacts",
    "RefusalFacts",
    "RefusalReason",
    "RefusalToAcceptFacts",
    "Remedies",
    "RequiredMaterial",
    "ResultLine",
    "SpecialProcedure",
    "Subject",
    "ToleranceFacts",
    "acceptance_notice",
    "collection_slip",
    "correction_notice",
    "grant_decision",
    "notice_slip",
    "proof_of_delivery",
    "receipt",
    "refusal_decision",
    "refusal_to_accept",
    "tolerance_commitment",
]
