"""Lets whoever is signed in back to the own locked screen while the hall cannot check the password.

Kept in memory only, from sign-in to sign-out: it opens a visit that the hall has let in, and never begins one.
"""

from __future__ import annotations

from datetime import datetime

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.passwords import hash_password, verify_password

L = words.lazy
MOST_WRONG = 5
"""Wrong passwords in a row after which only the hall opens the screen again."""


class AwayProof:
    """The slow hash of a password that the hall has accepted just now. Takes 60 ms to make and to ask: not on the UI thread.

    Attributes:
        password_hash: As the keyring may keep it (`away_sign_in`).
        unlocked: When it opened the screen, oldest first.
        wrong: How many wrong passwords there were in all.
    """

    def __init__(self, password: str) -> None:
        self.password_hash = hash_password(password)
        self._in_a_row = 0
        self.unlocked: list[datetime] = []
        self.wrong = 0

    def check(self, password: str, now: datetime) -> None:
        """Open the screen.

        Raises:
            UserError: SIGN_IN_REFUSED; LOCKED_WHILE_AWAY after too many wrong ones, also for the right password.
        """
        if self._in_a_row >= MOST_WRONG:
            raise UserError(
                "LOCKED_WHILE_AWAY",
                L("The password was wrong too often while the database is away."),
                do=L("Wait until the database is back."),
            )
        if not verify_password(self.password_hash, password):
            self._in_a_row += 1
            self.wrong += 1
            raise UserError("SIGN_IN_REFUSED", L("Account or password is wrong."), do=L("Type both again."))
        self._in_a_row = 0
        self.unlocked.append(now)
