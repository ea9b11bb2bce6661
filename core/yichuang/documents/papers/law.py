"""What papers quote. A hall corrects wording here, in one place; the articles are those of 行政许可法 (2019)."""

from __future__ import annotations

LICENSING_LAW = "《中华人民共和国行政许可法》"

NOT_NEEDED = f"{LICENSING_LAW}第三十二条第一款第（一）项"
NOT_OUR_REMIT = f"{LICENSING_LAW}第三十二条第一款第（二）项"
INCOMPLETE = f"{LICENSING_LAW}第三十二条第一款第（四）项"
ACCEPTED = f"{LICENSING_LAW}第三十二条第一款第（五）项"
GRANTED = f"{LICENSING_LAW}第三十八条第一款"
REFUSED = f"{LICENSING_LAW}第三十八条第二款"
EXTENDED = f"{LICENSING_LAW}第四十二条"
HEARING = f"{LICENSING_LAW}第四十六条、第四十七条"
SENT_UP = f"{LICENSING_LAW}第三十五条"
REVOKED = f"{LICENSING_LAW}第六十九条"
CANCELLED = f"{LICENSING_LAW}第七十条"

CLOCK_GOES_ON = "特别程序结束后，本机关将书面告知重新计算的办理期限。"
HEARING_REQUEST = (
    "要求听证的，应当在收到本告知书之日起五日内向本机关提出；逾期未提出的，视为放弃听证权利。"
    "本机关在收到听证申请之日起二十日内组织听证，并于举行听证的七日前通知时间、地点。听证不收取费用。"
)
HEARING_RULES = (
    "申请人、利害关系人可以亲自参加听证，也可以委托代理人参加；认为主持人与本事项有直接利害关系的，有权申请回避。"
    "听证公开举行，不收取费用。"
)

NOT_ACCEPTED_YET = "收件不等于受理。本凭证只证明收到上述材料，不作为已经受理的依据。"
RECEIVED_OFFLINE = "离线收件 – 受理时间以收件为准"
SIGN_OFFLINE = "离线收件时不能在窗口屏幕上核对确认，请申请人核对本凭证所列信息和材料，无误后在本凭证上签名。"
PROMISE_LATER = "容缺后补的材料（{names}），申请人应当在受理时签署《容缺受理告知承诺书》。"
ACCEPTANCE_PERIOD = (
    f"自收到申请材料之日起五个工作日内，本机关作出是否受理的决定；材料不齐全或者不符合法定形式的，当场或者在五个工作日内"
    f"一次告知需要补正的全部内容，逾期不告知的，自收到申请材料之日起即为受理（{LICENSING_LAW}第三十二条）。"
)
ACCEPTANCE_PERIOD_OTHER = (
    "自收到申请材料之日起五个工作日内，本机关告知是否受理或者一次告知需要补正的全部内容。"
)

DEEMED_ACCEPTED = (
    "本机关未在收到申请材料之日起五个工作日内告知需要补正的内容，依法自收到申请材料之日起即为受理。"
)
CORRECTION_LAPSE = "逾期不补正且无正当理由的，视为放弃申请，本机关将终止办理并退回申请材料。"
CORRECTION_WAYS = (
    "可以到本窗口当面提交、邮寄提交或者通过政务服务网提交；提交时请出示本告知书或者说明办件编号。"
)

TRUTH_DECLARATION = "申请人声明：所提交的申请材料真实、合法、有效，对申请材料实质内容的真实性负责。"
FORM_DECLARATION = "申请人已核对上述内容，确认与本人（单位）的申请一致。"
NOT_COUNTED = "依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在办理期限内。"

TOLERANCE_TERMS = (
    "主要申请材料齐全且符合法定形式，本机关先予受理，办理期限自受理之日起计算。",
    "容缺材料补齐前，可以准备审查结论，但不交付办理结果。",
    "逾期未补齐，或者补交的材料不符合要求的，本机关将终止办理，由此产生的后果由申请人承担。",
)
TOLERANCE_PROMISE = (
    "本人（单位）已知悉上述内容，承诺在规定期限内补齐容缺材料，保证补交的材料真实、合法、有效，"
    "与申请内容一致；未履行承诺的，自愿承担相应的法律责任和后果。"
)

COMMITMENT_CHECK = (
    "作出决定之日起{days}日内，行政机关对承诺内容是否属实进行核查，申请人应当配合；必要时实施日常监督检查。"
)
COMMITMENT_LIABILITY = (
    "承诺不实的，依法终止办理、责令限期整改、撤销决定或者予以处罚，并纳入信用记录；"
    "造成他人损失的，依法承担相应的民事赔偿责任，构成犯罪的，依法追究刑事责任。"
)
COMMITMENT_LIABILITY_LICENCE = (
    f"以欺骗等不正当手段取得行政许可的，依照{LICENSING_LAW}第六十九条、第七十八条、第七十九条予以撤销和处罚，"
    "基于该许可取得的利益不受保护，并纳入信用记录。"
)
COMMITMENT_PROMISES = (
    "已经知晓行政机关告知的全部内容；",
    "自身符合上述办理条件，所填写的信息真实、准确；",
    "接受行政机关的核查和监督检查，在约定期限内补正不符合条件的情形；",
    "自愿承担不实承诺、违反承诺的法律责任和后果；",
    "上述陈述是申请人真实意思的表示。",
)
SUPERVISION_ANSWER = "请在收到本督办单之日起两个工作日内办理并反馈；有异议的，可以在同一期限内申诉。"

DELIVERY_PERIOD = f"准予许可的证件自作出决定之日起十个工作日内颁发、送达（{LICENSING_LAW}第四十四条）。"
OPEN_TO_THE_PUBLIC = f"本决定予以公开，公众有权查阅（{LICENSING_LAW}第四十条）。"
LAWFUL_USE = "被许可人应当按照许可的内容、范围和期限从事活动，并接受监督检查。"


def under(basis: str) -> str:
    """根据……的规定: a basis that ends in 规定 itself (where the catalogue names no article) does not say it twice."""
    return f"根据{basis}" if basis.endswith("规定") else f"根据{basis}的规定"


def remedies_text(review_organ: str, court: str, review_days: str, suit_months: str) -> str:
    """行政复议 and 行政诉讼: 60 days and 6 months unless a special law says otherwise."""
    return (
        f"如不服本决定，可以自收到本决定书之日起{review_days}内向{review_organ}申请行政复议，"
        f"也可以自收到本决定书之日起{suit_months}内依法向{court}提起行政诉讼。"
    )


LIMIT_NOT_ENTERED = "以实施机关公布的办理时限为准"
"""What an acceptance notice says where the catalogue names no limit for the item."""
