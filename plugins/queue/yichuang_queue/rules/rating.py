"""The five official levels of 好差评 and what a bad one asks for (国办发〔2019〕51号; GB/T 39734-2020)."""

from __future__ import annotations

from enum import IntEnum

from yichuang_queue.words import words

L = words.lazy
BAD = 2
"""From this grade down a rating is a bad one and must be followed up (差评整改)."""
RATING_MINUTES = 30
"""How long after the service it can be rated on the applicant's screen."""


class Grade(IntEnum):
    """The five levels, five stars for the best."""

    VERY_BAD = 1
    BAD = 2
    FAIR = 3
    GOOD = 4
    VERY_GOOD = 5


GRADE_NAMES = {
    Grade.VERY_GOOD: L("very satisfied"),
    Grade.GOOD: L("satisfied"),
    Grade.FAIR: L("basically satisfied"),
    Grade.BAD: L("dissatisfied"),
    Grade.VERY_BAD: L("very dissatisfied"),
}
