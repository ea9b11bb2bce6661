"""Signing in with the password from the keyring, for demonstrations and tests. On a worker: a keyring may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor

L = words.lazy
SERVICE = "yichuang/sign-in"


def sign_in_from_keyring(suite: Suite, account: str, desk: str | None) -> Actor:
    """Become the actor of an account whose password the keyring of this machine holds.

    Raises:
        UserError: NO_PASSWORD, and those of signing in.
    """
    password = suite.executor.secrets.get(SERVICE, account)
    if password is None:
        raise UserError(
            "NO_PASSWORD",
            L("The keyring of this machine has no password for {account}.", account=account),
            do=L("Type the password."),
        )
    return suite.sign_in(account, password, desk)


def remembered(suite: Suite) -> list[str]:
    """Accounts of this hall whose password the keyring of this machine holds, in the order of the staff."""
    from sqlalchemy import select

    from yichuang.identity.actor import Actor
    from yichuang.storage.hall_tables import account

    statement = select(account.c.name).where(account.c.active).order_by(account.c.staff_id).limit(5000)
    rows = suite.executor.read(Actor.system(), lambda read: read.all(statement))
    return [row.name for row in rows if suite.executor.secrets.get(SERVICE, row.name) is not None]
