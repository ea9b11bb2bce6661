"""Who applies: natural persons and organisations, and those who come on their behalf."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from yichuang.hall.errors import UserError
from yichuang.hall.identifiers import birth_of, check_citizen_id, check_foreign_id, check_uscc
from yichuang.hall.text import check_phone, clean_text
from yichuang.hall.words import core as words

__all__ = ["ID_TYPES", "Agent", "Applicant", "age_on", "check_agent", "check_applicant"]

L = words.lazy

# Kinds of identity document, GB/T 36903 holder code types (证照持证主体代码类型), with who may use them.
ID_TYPES: dict[str, tuple[str, str]] = {
    "111": ("person", "居民身份证"),
    "114": ("person", "军官证"),
    "414": ("person", "普通护照"),
    "511": ("person", "台湾居民来往大陆通行证"),
    "516": ("person", "港澳居民来往内地通行证"),
    "553": ("person", "外国人永久居留身份证"),
    "999": ("person", "其他证件"),
    "001": ("organisation", "统一社会信用代码"),
    "099": ("organisation", "其他机构代码"),
}
_CHECKS: dict[str, Callable[[str], str]] = {
    "111": check_citizen_id,
    "553": check_foreign_id,
    "001": check_uscc,
}


@dataclass(frozen=True, slots=True)
class Agent:
    """Who comes on behalf of an applicant (经办人); always a natural person."""

    name: str
    id_number: str
    id_type: str = "111"
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person or an organisation that applies (申请人).

    Attributes:
        kind: person or organisation.
        name: As on the identity document.
        id_number: Its number.
        id_type: Key of `ID_TYPES`.
        phone: Where notices go; may be empty.
        agent: Who comes instead; an organisation always comes through somebody.
    """

    kind: Literal["person", "organisation"]
    name: str
    id_number: str
    id_type: str
    phone: str = ""
    agent: Agent | None = None


def check_applicant(applicant: Applicant) -> Applicant:
    """The applicant with every value in its stored form.

    Raises:
        UserError: BAD_TEXT, BAD_CITIZEN_ID, BAD_USCC, BAD_PHONE, BAD_ID_TYPE, AGENT_MISSING,
            AGENT_IS_APPLICANT.
    """
    number = _checked_number(applicant.kind, applicant.id_type, applicant.id_number)
    agent = check_agent(applicant.agent) if applicant.agent else None
    if applicant.kind == "organisation" and agent is None:
        raise UserError(
            "AGENT_MISSING", L("Nobody is named who comes for the organisation."), do=L("Enter the agent.")
        )
    if agent is not None and (agent.id_type, agent.id_number) == (applicant.id_type, number):
        raise UserError(
            "AGENT_IS_APPLICANT", L("Agent and applicant are the same person."), do=L("Remove the agent.")
        )
    return replace(
        applicant,
        name=clean_text(applicant.name, 200),
        id_number=number,
        phone=check_phone(applicant.phone) if applicant.phone.strip() else "",
        agent=agent,
    )


def check_agent(agent: Agent) -> Agent:
    """The agent with every value in its stored form; raises as `check_applicant`."""
    return replace(
        agent,
        name=clean_text(agent.name, 100),
        id_number=_checked_number("person", agent.id_type, agent.id_number),
        phone=check_phone(agent.phone) if agent.phone.strip() else "",
    )


def age_on(id_number: str, day: date) -> int:
    """Age in full years on a day, from a checked resident identity number."""
    born = birth_of(id_number)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _checked_number(kind: str, id_type: str, number: str) -> str:
    if ID_TYPES.get(id_type, ("",))[0] != kind:
        raise UserError("BAD_ID_TYPE", L("This kind of document does not fit the applicant."))
    check = _CHECKS.get(id_type)
    return check(number) if check else clean_text(number, 40).upper()
