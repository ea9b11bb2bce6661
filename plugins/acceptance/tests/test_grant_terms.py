"""What a grant says beside its content: conditions, and whether and where it is published (art. 40)."""

from __future__ import annotations

from typing import Any

from .conftest import APPROVER, CLERK, accepted, decision
from .life import refused
from .test_life_papers import letters, the_paper


def granted(suite: Any, **more: Any) -> str:
    """The paper of a grant, as text without blanks."""
    case = accepted(suite)
    suite.run(APPROVER, "acceptance.grant", decision(suite, case, opinion="同意", **more))
    paper = the_paper(suite, case, "D10")
    return letters(suite.query(CLERK, "acceptance.paper_file", {"paper_id": paper.id}))


def test_conditions_and_the_place_of_publication_stand_on_the_paper(suite):
    seen = granted(
        suite,
        conditions=["不得改变经营场所布局", "每半年提交一次自查报告"],
        public_note="旗政府门户网站，7个工作日",
    )
    for words in (
        "三、不得改变经营场所布局。",
        "四、每半年提交一次自查报告。",
        "公示于旗政府门户网站，7个工作日",
    ):
        assert words in seen, (words, seen)


def test_without_more_the_sentence_of_the_law_stands_there(suite):
    seen = granted(suite)
    assert "本决定予以公开，公众有权查阅" in seen
    assert "公示于" not in seen


def test_what_is_not_published_says_why(suite):
    case = accepted(suite)
    silent = decision(suite, case, opinion="同意", public=False, public_note=" ")
    assert refused(suite, APPROVER, "acceptance.grant", silent) == "NOT_PUBLISHED_WHY"
    seen = granted(suite, public=False, public_note="涉及商业秘密。")
    assert "本决定依法不予公开：涉及商业秘密。" in seen
    assert "予以公开，" not in seen
    empty = decision(suite, case, opinion="同意", conditions=[""])
    assert refused(suite, APPROVER, "acceptance.grant", empty) == "BAD_REQUEST"
