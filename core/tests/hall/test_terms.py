"""Terms of an item's versions: whatever is entered, two versions never hold on one day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.hall.errors import UserError
from yichuang.hall.terms import Term, entered, holding

START = date(2026, 3, 1)


def day(n: int) -> date:
    return START + timedelta(n)


def test_an_open_version_ends_the_day_before_the_next():
    terms = entered((Term(1),), Term(2, day(10)))
    assert terms == (Term(1, None, day(9)), Term(2, day(10), None))
    assert [holding(terms, day(n)) for n in (-500, 9, 10, 900)] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("there", "new", "code"),
    [
        (Term(1, day(5)), Term(2, day(5)), "VERSIONS_OVERLAP"),  # on the very same day
        (Term(1, day(5)), Term(2, day(4)), "VERSIONS_OVERLAP"),  # before one that is published already
        (Term(1, day(5), day(9)), Term(2, day(9)), "VERSIONS_OVERLAP"),  # into an end that was announced
        (Term(1), Term(2), "VERSIONS_OVERLAP"),
        (Term(1), Term(2, day(5), day(4)), "TERM_BACKWARDS"),
    ],
)
def test_days_that_are_taken_are_refused(there, new, code):
    with pytest.raises(UserError) as error:
        entered((there,), new)
    assert error.value.code == code


def test_there_may_be_days_without_a_version():
    terms = entered((Term(1, day(0), day(3)),), Term(2, day(6)))
    assert [holding(terms, day(n)) for n in (3, 4, 5, 6)] == [1, None, None, 2]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(-3, 20)), max_size=12),
    st.booleans(),
)
def test_versions_never_overlap(asked, loaded):
    """And a version once entered keeps its first day, and holds on all of its days until another follows."""
    terms: tuple[Term, ...] = (Term(1),) if loaded else ()
    for number, (first, length) in enumerate(asked, 2):
        last = None if length is None else day(first + length)
        before = terms
        try:
            terms = entered(terms, Term(number, day(first), last))
        except UserError:
            continue
        firsts = {term.version: term.first for term in terms}
        assert all(firsts[term.version] == term.first for term in before)
        assert holding(terms, day(first)) == number
    for n in range(-2, 70):
        assert sum(term.holds(day(n)) for term in terms) <= 1
