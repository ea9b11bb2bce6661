"""Messages to applicants (短信): what is told on which event, in which words, when it may be sent, how often it is tried. Pure.

The papers remain what counts in law; a message only says that there is one, and what to do. D13 领取通知 names the item, where
and when the result is handed out and what to bring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from string import Formatter

from yichuang.api import HALL_ZONE, LazyText, UserError
from yichuang_acceptance.rules.names import Event
from yichuang_acceptance.words import words

L = words.lazy

QUIET_FROM, QUIET_TO = time(21), time(8)
"""Nobody is woken: nothing is sent between nine in the evening and eight in the morning."""
BACK_OFF = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6),
)  # fmt: skip
"""Waits after the first, second and further attempts; after one more attempt the sender gives up."""
MOST_ATTEMPTS = len(BACK_OFF) + 1
LONGEST_ERROR = 200
MOBILE_DIGITS = 11


class Kind(StrEnum):
    """What a message tells."""

    CORRECT = "correct"
    NOT_ACCEPTED = "not_accepted"
    ACCEPT = "accept"
    SUSPEND = "suspend"
    HEARING = "hearing"
    EXTEND = "extend"
    REFUSE = "refuse"
    COLLECT = "collect"
    REMIND = "remind"
    WITHDRAW = "withdraw"
    RETURN = "return"
    LAPSE = "lapse"
    TERMINATE = "terminate"
    GUIDE = "guide"


OF_EVENT = {
    Event.REFUSE_ACCEPTANCE: Kind.NOT_ACCEPTED, Event.NOT_NEEDED: Kind.NOT_ACCEPTED, Event.REFUSE: Kind.REFUSE,
    Event.CORRECT: Kind.CORRECT, Event.ACCEPT: Kind.ACCEPT, Event.DEEMED_ACCEPT: Kind.ACCEPT, Event.SUSPEND: Kind.SUSPEND,
    Event.MOVE_HEARING: Kind.HEARING,
    Event.EXTEND: Kind.EXTEND, Event.FINISH: Kind.COLLECT, Event.WITHDRAW: Kind.WITHDRAW, Event.RETURN: Kind.RETURN,
    Event.CORRECTION_LAPSE: Kind.LAPSE, Event.TERMINATE: Kind.TERMINATE,
}  # fmt: skip
NEEDS_RESULT = frozenset({Kind.REFUSE, Kind.COLLECT, Kind.REMIND})
"""Of no use any more once the result, or the decision not to grant, was collected."""
TEXTS = {
    Kind.CORRECT: "您申请的“{item}”（{number}）材料需要补正，请于{day}前一次补齐，内容见补正材料一次性告知书。",
    Kind.NOT_ACCEPTED: "您申请的“{item}”（{number}）不予受理，理由、依据和救济途径见不予受理决定书。",
    Kind.ACCEPT: "您申请的“{item}”（{number}）已受理{promise}。查询码{query}。",
    Kind.SUSPEND: "您申请的“{item}”（{number}）进入特别程序，所需时间不计入办理期限，详见特别程序告知书。",
    Kind.HEARING: "您申请的“{item}”（{number}）的听证时间、地点已确定或者变更，以最新的听证通知书为准。",
    Kind.EXTEND: "您申请的“{item}”（{number}）经批准延长办理期限至{day}，理由见延期通知书。",
    Kind.REFUSE: "您申请的“{item}”（{number}）已作出不予{granting}的决定，理由、依据和救济途径见决定书。"
    "请到{place}领取。时间：{hours}。请带：{bring}。",
    Kind.COLLECT: "您申请的“{item}”（{number}）已办好，请到{place}领取。时间：{hours}。请带：{bring}。",
    Kind.REMIND: "您申请的“{item}”（{number}）办结已{days}日，结果待领取。地点：{place}。时间：{hours}。请带：{bring}。",
    Kind.WITHDRAW: "您申请的“{item}”（{number}）已按您的申请撤回，可凭受理回执取回材料。",
    Kind.RETURN: "您申请的“{item}”（{number}）已退件，理由和退还的材料见退件通知书。",
    Kind.LAPSE: "您申请的“{item}”（{number}）逾期未补正，视为放弃申请，可取回材料后重新申请。",
    Kind.TERMINATE: "您申请的“{item}”（{number}）已终止办理，理由见终止办理通知书。",
    Kind.GUIDE: "“{item}”一次告知。材料：{materials}。收费：{fee}。办理时限：{limit}。地点：{place}。时间：{hours}。"
    "详情以窗口一次告知单为准。",
}  # fmt: skip
SELF_BRINGS = "申请人身份证、受理通知书，代领的另带委托书和代领人身份证"
ORGANISATION_BRINGS = "营业执照、经办人身份证和委托书、受理通知书"

MOST_MATERIALS, MOST_FEES, MOST_PLACE = 200, 60, 60
"""Characters that materials, fees and place may take up in the one-time notice: phones join only so many parts of a message."""


LONGEST_TEXT = 300
ANYWHERE = frozenset({"hall", "phone"})
"""Places that every text may have, though sender and telephone are added to it anyway."""


def places_of(text: str) -> list[str]:
    """The places of a text in the order in which they stand.

    Raises:
        ValueError: A brace is not closed, or a place is more than a name.
    """
    found = []
    for _before, name, form, conversion in Formatter().parse(text):
        if name is not None:
            if not name.isidentifier() or form or conversion:
                raise ValueError(name)
            found.append(name)
    return found


def check_text(kind: Kind, text: object) -> None:
    """Let only a text stand that says what the law wants told: every place of the text that the suite comes with, no other.

    Raises:
        UserError: MESSAGE_TEXT_BAD.
    """
    needed = dict.fromkeys(places_of(TEXTS[kind]))
    known = "".join(f"{{{name}}}" for name in needed)
    if not isinstance(text, str) or not text.strip():
        raise _bad(L("A message needs a text."), known)
    if len(text) > LONGEST_TEXT or any(ord(letter) < 32 for letter in text):
        raise _bad(L("A message is one line of at most {n} characters.", n=LONGEST_TEXT), known)
    try:
        there = places_of(text)
    except ValueError:
        raise _bad(L("A place is a name between braces, such as {place}.", place="{item}"), known) from None
    foreign = next((name for name in there if name not in needed and name not in ANYWHERE), None)
    if foreign is not None:
        raise _bad(L("This message has no place {place}.", place=f"{{{foreign}}}"), known)
    missing = next((name for name in needed if name not in there), None)
    if missing is not None:
        raise _bad(L("The place {place} is missing.", place=f"{{{missing}}}"), known)


def _bad(sentence: LazyText, known: str) -> UserError:
    return UserError(
        "MESSAGE_TEXT_BAD", sentence, do=L("Write these places into the text: {places}.", places=known)
    )


@dataclass(frozen=True)
class Told:
    """A message in words, and what a gateway's template is filled with."""

    text: str
    params: Mapping[str, str]


def tell(kind: Kind, hall: str, phone: str, facts: Mapping[str, str], text: str = "") -> Told:
    """The message of a kind.

    Args:
        kind: What it tells.
        hall: Who sends it; stands in front as the law of messages wants it.
        phone: Of the hall, for questions; may be empty.
        facts: item and number; day, query, place, hours, bring, days, granting as the kind needs them.
        text: Of the hall; the one that the suite comes with where it is empty or has been spoilt, so that no event fails for it.
    """
    promise = f"，承诺{facts['day']}前办结" if facts.get("day") else ""
    params = {"hall": hall, "phone": phone, "promise": promise, **facts}
    asking = f"咨询电话{phone}。" if phone else ""
    try:
        check_text(kind, text)
    except UserError:
        text = TEXTS[kind]
    return Told(f"【{hall}】{text.format_map(params)}{asking}", params)


def enough(names: Sequence[str], most: int) -> str:
    """As many of the names as there is room for, the first always, and how many there are where some are left out."""
    shown: list[str] = []
    for name in names:
        if shown and len("、".join((*shown, name))) > most:
            return f"{'、'.join(shown)}等{len(names)}项"
        shown.append(cut(name, most))
    return "、".join(shown) or "无需提交材料"


def cut(text: str, most: int) -> str:
    """One line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def is_mobile(phone: str) -> bool:
    """Whether messages reach a number; a landline rings for nothing."""
    return len(phone) == MOBILE_DIGITS and phone.isdecimal() and phone.startswith("1")


def bring(applicant_kind: str) -> str:
    """What the receiver brings along."""
    return SELF_BRINGS if applicant_kind == "person" else ORGANISATION_BRINGS


def may_send(moment: datetime) -> bool:
    """Whether a message may be sent at a moment."""
    return QUIET_TO <= moment.astimezone(HALL_ZONE).time() < QUIET_FROM


def next_allowed(moment: datetime) -> datetime:
    """The moment itself, or eight o'clock after the night that it lies in."""
    if may_send(moment):
        return moment
    local = moment.astimezone(HALL_ZONE)
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_TO, HALL_ZONE)


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When it is tried again after so many attempts; None: it is given up."""
    return None if attempts >= MOST_ATTEMPTS else next_allowed(now + BACK_OFF[attempts - 1])


def templates_of(setting: str) -> dict[str, str]:
    """The gateway's templates by kind, from `correct=SMS_1;accept=SMS_2`."""
    pairs = (part.partition("=") for part in setting.replace("；", ";").split(";") if "=" in part)
    return {name.strip(): code.strip() for name, _equals, code in pairs}
