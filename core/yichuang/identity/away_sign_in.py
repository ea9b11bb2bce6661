"""Who may sign in at this desk while the hall's database is away: whoever the hall let in here within some days.

Kept in the machine's keyring, written after a sign-in that the hall has accepted: the slow hash of the password, who it is,
and which windows go on without the hall. Nothing of it lets anybody do anything in the hall.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.identity.passwords import verify_nothing, verify_password

if TYPE_CHECKING:
    from yichuang.identity.secrets import Secrets

L = words.lazy
SERVICE = "yichuang/away"
DAYS_KEY, DAYS = "identity.away_days", 7
"""Setting of the hall: so many days after the last sign-in it is still possible; 0 never."""
MOST_DAYS = 60
MOST_WRONG = 5
LOCK_TIME = timedelta(minutes=15)
MOST_VISITS = 50
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class AwayVisit:
    """What somebody may do at this desk while the database is away.

    Attributes:
        actor: The person, with the permissions that the windows ask for and no others.
        windows: Ids of those windows, such as `acceptance.offline`.
        moments: When the person signed in like that, which the hall does not know of yet, oldest first.
        wrong: How many wrong passwords were typed meanwhile.
    """

    actor: Actor
    windows: tuple[str, ...]
    moments: tuple[datetime, ...] = ()
    wrong: int = 0


@dataclass(frozen=True)
class _Kept:
    password_hash: str
    staff_id: int
    name: str
    agency: str
    agency_name: str
    desk: str | None
    permissions: Sequence[str]
    windows: Sequence[str]
    at: str
    until: str
    visits: Sequence[str] = ()
    in_a_row: int = 0
    wrong: int = 0
    locked_until: str | None = None


def keep(secrets: Secrets, visit: AwayVisit, password_hash: str, now: datetime, days: int) -> None:
    """Let a person whom the hall has just let in sign in here for some days; takes it back with no days or no windows."""
    actor = visit.actor
    if days <= 0 or not visit.windows:
        forget(secrets, actor.account)
        return
    kept = _Kept(
        password_hash, actor.staff_id, actor.name, actor.agency, actor.agency_name, actor.desk,
        sorted(actor.permissions), visit.windows, now.isoformat(), (now + timedelta(days=days)).isoformat(),
    )  # fmt: skip
    _write(secrets, actor.account, kept)


def forget(secrets: Secrets, account: str) -> None:
    """Nobody signs in with this account while the database is away."""
    secrets.delete(SERVICE, account)


def check(secrets: Secrets, account: str, password: str, now: datetime) -> AwayVisit:
    """Let somebody in by the password; takes as long where there is no such account.

    Raises:
        UserError: AWAY_SIGN_IN_REFUSED, ACCOUNT_LOCKED, SECRETS_...
    """
    kept = _read(secrets, account)
    if kept is None:
        verify_nothing(password)
        raise _refused()
    if kept.locked_until is not None and datetime.fromisoformat(kept.locked_until) > now:
        raise _locked(datetime.fromisoformat(kept.locked_until) - now)
    # A clock that was set back would let somebody in for ever.
    in_time = datetime.fromisoformat(kept.at) - CLOCKS_DIFFER <= now < datetime.fromisoformat(kept.until)
    if not verify_password(kept.password_hash, password):
        row = kept.in_a_row + 1
        locked = row >= MOST_WRONG
        until = (now + LOCK_TIME).isoformat() if locked else None
        _write(
            secrets,
            account,
            replace(kept, in_a_row=0 if locked else row, wrong=kept.wrong + 1, locked_until=until),
        )
        raise _locked(LOCK_TIME) if locked else _refused()
    if not in_time:
        raise _refused()
    visits = (*kept.visits, now.isoformat())[-MOST_VISITS:]
    _write(secrets, account, replace(kept, visits=visits, in_a_row=0, locked_until=None))
    actor = Actor(
        kept.staff_id, account, kept.name, kept.agency, permissions=frozenset(kept.permissions), desk=kept.desk,
        agency_name=kept.agency_name,
    )  # fmt: skip
    return AwayVisit(actor, tuple(kept.windows), tuple(map(datetime.fromisoformat, visits)), kept.wrong)


def untold(secrets: Secrets, account: str) -> tuple[list[str], int]:
    """When somebody signed in like that and how many wrong passwords there were, as far as the hall does not know of it."""
    kept = _read(secrets, account)
    return (list(kept.visits), kept.wrong) if kept is not None else ([], 0)


def told(secrets: Secrets, account: str) -> None:
    """The hall knows of it."""
    kept = _read(secrets, account)
    if kept is not None:
        _write(secrets, account, replace(kept, visits=(), wrong=0))


def _read(secrets: Secrets, account: str) -> _Kept | None:
    text = secrets.get(SERVICE, account)
    try:
        return None if text is None else _Kept(**json.loads(text))
    except (ValueError, TypeError):  # of another version: the next sign-in writes it anew
        return None


def _write(secrets: Secrets, account: str, kept: _Kept) -> None:
    secrets.set(SERVICE, account, json.dumps(vars(kept), ensure_ascii=False))


def _refused() -> UserError:
    return UserError(
        "AWAY_SIGN_IN_REFUSED",
        L("Account or password is wrong, or this account has not signed in at this desk lately."),
        do=L("Type both again, or wait until the database is back."),
    )


def _locked(left: timedelta) -> UserError:
    return UserError(
        "ACCOUNT_LOCKED",
        L(
            "This account is locked for {minutes} minutes after too many wrong passwords.",
            minutes=max(1, -(-int(left.total_seconds()) // 60)),
        ),
        do=L("Wait, or ask the administrator to unlock it."),
    )
