"""The eight “ones” (八个一) of one matter at once: the banner's words for what a matter spares its applicant, and which apply."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

ONES = (
    "一个专区=zone;一支队伍=team;一次告知=notice;一套表单=form;"
    "一个流程=flow;一标准审批=standard;一次联办=joint;一窗出件=pickup"
)
"""The banner's eight. Other places have other words, so a hall changes them by a setting: label=what it stands for."""
FEATURES = frozenset({"zone", "team", "notice", "form", "flow", "standard", "joint", "pickup"})


@dataclass(frozen=True)
class One:
    """One of them.

    Attributes:
        applies: None where the label stands for nothing that the suite can tell.
    """

    label: str
    applies: bool | None


def ones(setting: str, facts: Collection[str]) -> list[One]:
    """The labels in their order, each with whether it applies.

    Args:
        setting: Labels with what they stand for, divided by semicolons; broken parts are left out.
        facts: Those of `FEATURES` that are so.
    """
    found = []
    for each in setting.replace("；", ";").replace("＝", "=").split(";"):
        label, _, feature = (part.strip() for part in each.partition("="))
        if label:
            found.append(One(label, feature in facts if feature in FEATURES else None))
    return found
