"""How a desk is called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from yichuang.operations.accounts import DeskChoice

L = words.lazy

KINDS: dict[str, LazyText] = {
    "integrated": L("Integrated window"),
    "issuing": L("Issuing desk"),
    "enquiry": L("Enquiries"),
    "help": L("Assistance"),
    "back_office": L("Back office"),
}


def desk_title(desk: DeskChoice) -> str:
    """Number and kind, such as A06 综合窗口; a dedicated desk is called by its business."""
    kind = KINDS.get(desk.kind)
    return f"{desk.code} {kind if kind is not None else desk.business}".strip()
