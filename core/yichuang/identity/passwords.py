"""Passwords of staff: argon2id hashes, and what a password must be. Pure; argon2 is imported at the first use."""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from argon2 import PasswordHasher

L = words.lazy

SHORTEST = 10
LONGEST = 128
# The most used ones of ten characters and more, and those that a service hall invents by itself; compared without
# case. Shorter ones are refused by their length.
_COMMON = frozenset(
    "1234567890 0123456789 12345678910 0987654321 1111111111 0000000000 8888888888 6666666666 1q2w3e4r5t 1qaz2wsx3edc "
    "qwertyuiop asdfghjkl; 1234qwerasdf password12 password123 passw0rd123 p@ssw0rd123 administrator administrator1 "
    "admin12345 admin123456 adminadmin root123456 woaini1314 woaini520 5201314520 iloveyou12 abc1234567 abcd123456 "
    "a123456789 aa12345678 zhengwu123 zhengwu1234 zhengwu12345 yichuang123 yichuang1234 yichuang12345 changeme123 "
    "welcome123 letmein1234 qwer1234567 qwerty12345 qwerty123456 1029384756 1357924680 2468013579".split()
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs an attacker, and one sign-in the desk.

    Attributes:
        passes: Passes over the memory.
        kibibytes: Memory of one hash.
        lanes: Threads.
    """

    passes: int = 3
    kibibytes: int = 65536
    lanes: int = 4


DEFAULT_COST = Cost()
"""RFC 9106, second recommended option: 64 MiB; about 60 ms on a desk of two cores."""


def hash_password(password: str, cost: Cost = DEFAULT_COST) -> str:
    """An argon2id hash with its salt and cost, to be stored."""
    return _hasher(cost).hash(_normal(password))


def verify_password(hashed: str, password: str) -> bool:
    """Whether it is the password of that hash; a damaged hash fits no password."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher(DEFAULT_COST).verify(hashed, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def verify_nothing(password: str, cost: Cost = DEFAULT_COST) -> None:
    """Take as long as `verify_password`, so that an unknown account cannot be told from a wrong password."""
    verify_password(_any_hash(cost), password)


def needs_rehash(hashed: str, cost: Cost = DEFAULT_COST) -> bool:
    """Whether the hash was made with another cost and should be replaced at the next sign-in."""
    from argon2.exceptions import InvalidHashError

    try:
        return _hasher(cost).check_needs_rehash(hashed)
    except InvalidHashError:
        return True


def password_problem(password: str, account: str) -> LazyText | None:
    """Why a new password is too weak, or None.

    Length counts, not kinds of characters: rules for those only make people write passwords down (NIST SP 800-63B).
    """
    normal = _normal(password)
    folded = normal.casefold()
    if len(normal) < SHORTEST:
        return L("The password needs at least {least} characters.", least=SHORTEST)
    if len(normal) > LONGEST:
        return L("The password has more than {most} characters.", most=LONGEST)
    if any(unicodedata.category(character) == "Cc" for character in normal):
        return L("The password holds a character that cannot be typed.")
    if folded in _COMMON:
        return L("This password is among the first that are tried.")
    core = _normal(account).casefold()
    if core and core in folded and len(folded.replace(core, "")) < SHORTEST // 2:
        return L("The password is little more than the account name.")
    if len(set(folded)) < 4 or _is_run(folded):
        return L("The password is too simple: it repeats or counts.")
    return None


def check_password(password: str, account: str) -> None:
    """Refuse a weak new password.

    Raises:
        UserError: WEAK_PASSWORD; it never holds the password.
    """
    problem = password_problem(password, account)
    if problem is not None:
        raise UserError("WEAK_PASSWORD", problem, do=L("Choose a longer sentence that only you know."))


def _normal(password: str) -> str:
    """The same keys give the same password whether or not the input method made them full width."""
    return unicodedata.normalize("NFKC", password)


def _is_run(text: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return len(steps) == 1


@cache
def _hasher(cost: Cost) -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.kibibytes, parallelism=cost.lanes)


@cache
def _any_hash(cost: Cost) -> str:
    return hash_password("nobody's password", cost)
