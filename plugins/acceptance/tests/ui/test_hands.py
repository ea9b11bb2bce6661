"""What lies on the desk: counting, promising, licences in place of papers, pages, and back from a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.api import LicenceSummary, MaterialRow
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.ui.hands import Hands

MATERIALS = [
    MaterialRow(1, "form", "申请书", "required", True, False, []),
    MaterialRow(2, "id", "身份证", "required", False, True, ["id-type"]),
    MaterialRow(3, "health", "健康证", "tolerant", True, False, []),
    MaterialRow(4, "photo", "照片", "optional", False, False, []),
]
CARD = LicenceSummary("L-1", "1", "居民身份证", "id-type", "苏日娜", "公安局", "valid", date(2030, 1, 1))


@pytest.fixture
def hands() -> Hands:
    found = Hands()
    found.ask(MATERIALS)
    return found


def test_space_hands_in_what_the_item_asks_for_and_takes_it_back(hands):
    hands.toggle(1)
    hands.toggle(2)
    assert [(h.originals, h.copies) for h in hands.given.values()] == [(1, 0), (0, 1)]
    assert hands.required() == (2, 2)
    assert hands.defects() == []
    hands.toggle(1)
    assert hands.required() == (1, 2)
    assert [defect.name for defect in hands.defects()] == ["申请书"]


def test_sheets_are_counted_and_bounded(hands):
    hands.set_sheets(1, copies=3)
    hands.more_copies(1, -1)
    assert (hands.given[1].originals, hands.given[1].copies) == (1, 2)
    hands.more_copies(2, 5000)
    assert hands.given[2].copies == 999
    hands.set_sheets(1, originals=0, copies=0)
    assert [defect.position for defect in hands.defects()] == [1], "no sheet at all is not handed in"


def test_only_what_may_follow_is_promised(hands):
    assert not hands.promise(1)
    assert hands.promise(3)
    assert hands.count(Given.TOLERATED) == 1


def test_licences_stand_only_for_what_they_may_and_go_with_their_holder(hands):
    assert hands.match({"id-type": CARD, "other": CARD}) == 1
    assert hands.given[2].licence == "L-1"
    assert hands.match({"id-type": CARD}) == 0
    hands.hand_in(1)
    hands.drop_licences()
    assert list(hands.given) == [1]


def test_paper_that_was_handed_in_is_not_replaced_by_a_licence(hands):
    hands.hand_in(2)
    assert hands.match({"id-type": CARD}) == 0
    assert hands.given[2].given is Given.PAPER


def test_pages_belong_to_their_material(hands):
    hands.add_page(1, "a")
    hands.add_page(1, "b")
    hands.set_sheets(1, copies=2)
    assert hands.given[1].pages == ("a", "b")
    hands.remove_page(1, 0)
    assert hands.given[1].pages == ("b",)


def test_pages_change_their_order_and_earlier_ones_are_no_longer_what_was_agreed_to(hands):
    for digest in "abc":
        hands.add_page(1, digest)
    hands.given[1] = replace(hands.given[1], reused=7, consent=True)
    hands.move_page(1, 2, 0)
    assert hands.given[1].pages == ("c", "a", "b")
    hands.move_page(1, 0, 2)
    assert hands.given[1].pages == ("a", "b", "c")
    assert (hands.given[1].reused, hands.given[1].consent) == (None, False)


def test_another_item_keeps_the_papers_that_it_asks_for_as_well(hands):
    hands.add_page(1, "a")
    hands.use_licence(2, "L-1")
    hands.ask([MaterialRow(7, "form", "申请书", "required", True, False, []), *MATERIALS[1:2]])
    assert list(hands.given) == [7], "licences are matched anew"
    assert hands.given[7].pages == ("a",)


@given(
    st.lists(
        st.tuples(st.sampled_from(["toggle", "promise", "page", "more", "licence"]), st.integers(1, 4)),
        max_size=30,
    )
)
def test_a_draft_brings_back_exactly_what_was_there(acts):
    hands = Hands()
    hands.ask(MATERIALS)
    for act, position in acts:
        {
            "toggle": lambda p=position: hands.toggle(p), "promise": lambda p=position: hands.promise(p),
            "page": lambda p=position: hands.add_page(p, f"d{p}"), "more": lambda p=position: hands.more_copies(p, 1),
            "licence": lambda p=position: hands.use_licence(p, "L"),
        }[act]()  # fmt: skip
    kept = hands.requests()
    back = Hands()
    back.restore(MATERIALS, kept)
    assert back.given == hands.given
    assert back.requests() == kept


def test_a_draft_of_an_older_version_forgets_what_is_not_asked_for_any_more(hands):
    hands.hand_in(1)
    hands.hand_in(4)
    back = Hands()
    back.restore(MATERIALS[:2], hands.requests())
    assert list(back.given) == [1]


def test_a_material_that_is_not_there(hands):
    with pytest.raises(StopIteration):
        hands.material(9)
    assert hands.licence_for(1, {"id-type": SimpleNamespace(code="x")}) is None
