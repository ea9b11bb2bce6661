"""Signing in, passwords and accounts. Five wrong passwords lock an account for a quarter of an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime, Field
from sqlalchemy import bindparam, func, insert, literal, select, update

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity import passwords
from yichuang.identity.actor import Actor
from yichuang.operations import away
from yichuang.operations.model import Private, Request, operation, query
from yichuang.operations.work import HALL_ZONE, Read, Work
from yichuang.storage.hall_tables import (
    account,
    agency,
    desk,
    journal,
    role,
    role_permission,
    staff,
    staff_role,
)
from yichuang.storage.prepared import prepare

if TYPE_CHECKING:
    from yichuang.operations.executor import Executor

L = words.lazy
FAILURES_BEFORE_LOCK = 5
LOCK_TIME = timedelta(minutes=15)
SIGNED_IN = "identity.signed_in"

_ACCOUNT = prepare(select(account).where(account.c.name == bindparam("name")))
_STAFF = prepare(
    select(staff.c.id, staff.c.name, staff.c.agency, staff.c.active, staff.c.desk, agency.c.short_name)
    .join(agency, agency.c.code == staff.c.agency)
    .where(staff.c.id == bindparam("id"))
)
_ROLES = prepare(
    select(role.c.code, role.c.hall_wide)
    .join(staff_role, staff_role.c.role == role.c.code)
    .where(staff_role.c.staff_id == bindparam("id"))
)
_PERMISSIONS = prepare(
    select(role_permission.c.permission)
    .join(staff_role, staff_role.c.role == role_permission.c.role)
    .where(staff_role.c.staff_id == bindparam("id"))
)


class SignIn(Request):
    """Account, password and, if the person sits at one, the desk."""

    account: str
    password: Private
    desk: str | None = None


@dataclass(frozen=True)
class SignInAnswer:
    """Whether the password was right. A wrong one is an answer, not an error, so that counting it is committed."""

    accepted: bool
    code: str = ""
    minutes: int = 0
    must_change: bool = False


@operation("identity.sign_in", permission=None, title="Sign in")
def try_sign_in(work: Work, request: SignIn) -> SignInAnswer:
    """Check a password and count the wrong ones. Use `sign_in` to become an actor."""
    work.subject = f"account:{request.account[:64]}"
    row = work.one(_ACCOUNT, name=request.account)
    if row is None:
        passwords.verify_nothing(request.password)
        return SignInAnswer(False, "SIGN_IN_REFUSED")
    if row.locked_until is not None and row.locked_until > work.now:
        left = row.locked_until - work.now
        return SignInAnswer(False, "ACCOUNT_LOCKED", minutes=max(1, -(-int(left.total_seconds()) // 60)))
    right = passwords.verify_password(row.password_hash, request.password)
    if not right or not row.active:
        return _count_failure(work, row)
    values: dict[str, Any] = {"failures": 0, "locked_until": None}
    if passwords.needs_rehash(row.password_hash):
        values["password_hash"] = passwords.hash_password(request.password)
    work.execute(update(account).where(account.c.name == row.name).values(**values))
    work.record(SIGNED_IN, work.subject)  # the operation's own row also stands there for wrong passwords
    return SignInAnswer(True, must_change=row.must_change)


def _count_failure(work: Work, row: Any) -> SignInAnswer:
    failures = row.failures + 1
    locked = failures >= FAILURES_BEFORE_LOCK
    work.execute(
        update(account)
        .where(account.c.name == row.name)
        .values(failures=0 if locked else failures, locked_until=work.now + LOCK_TIME if locked else None)
    )
    if locked:
        work.record("identity.locked", work.subject)
        return SignInAnswer(False, "ACCOUNT_LOCKED", minutes=int(LOCK_TIME.total_seconds() // 60))
    return SignInAnswer(False, "SIGN_IN_REFUSED")


class OfAgency(Request):
    """The people of an agency."""

    agency: str


@dataclass(frozen=True)
class Present:
    """Somebody who is at work today, as far as the suite knows, and since when at the latest."""

    staff_id: int
    at: datetime


@query("identity.present", permission=None, title="Who is at work today")
def present(read: Read, request: OfAgency) -> list[Present]:
    """Who of one's agency has signed in on this day of the hall, with the last time. Errors: NOT_YOUR_AGENCY."""
    read.require_agency(request.agency)
    at = func.max(journal.c.at)
    rows = read.all(
        select(account.c.staff_id, at)
        .join(staff, staff.c.id == account.c.staff_id)
        .join(journal, journal.c.subject == literal("account:") + account.c.name)
        .where(
            staff.c.agency == request.agency, journal.c.event == SIGNED_IN,
            journal.c.at >= datetime.combine(read.today, time(), HALL_ZONE),
        )
        .group_by(account.c.staff_id)
        .order_by(account.c.staff_id)
    )  # fmt: skip
    return [Present(*row) for row in rows]


def sign_in(executor: Executor, name: str, password: str, desk_code: str | None = None) -> Actor:
    """Become an actor.

    Raises:
        UserError: SIGN_IN_REFUSED, ACCOUNT_LOCKED, UNKNOWN_DESK.
    """
    answer = executor.run(
        Actor.nobody(), "identity.sign_in", SignIn(account=name, password=password, desk=desk_code)
    )
    if answer.code == "ACCOUNT_LOCKED":
        raise UserError(
            "ACCOUNT_LOCKED",
            L(
                "This account is locked for {minutes} minutes after too many wrong passwords.",
                minutes=answer.minutes,
            ),
            do=L("Wait, or ask the administrator to unlock it."),
        )
    if not answer.accepted:
        raise UserError("SIGN_IN_REFUSED", L("Account or password is wrong."), do=L("Type both again."))
    actor: Actor = executor.read(Actor.nobody(), lambda read: actor_of(read, name, desk_code))
    return actor


def actor_of(read: Read, name: str, desk_code: str | None = None) -> Actor:
    """The actor of an account, with the permissions of its roles; no password is asked: for the suite itself.

    Raises:
        UserError: SIGN_IN_REFUSED for an unknown or closed account, UNKNOWN_DESK.
    """
    row = read.one(_ACCOUNT, name=name)
    person = None if row is None else read.one(_STAFF, id=row.staff_id)
    if row is None or person is None or not person.active or not row.active:
        raise UserError("SIGN_IN_REFUSED", L("Account or password is wrong."), do=L("Type both again."))
    at = desk_code or person.desk
    if at is not None and read.scalar(select(desk.c.code).where(desk.c.code == at)) is None:
        raise UserError(
            "UNKNOWN_DESK", L("There is no desk {desk}.", desk=at), do=L("Choose a desk of this hall.")
        )
    roles = read.all(_ROLES, id=person.id)
    return Actor(
        staff_id=person.id, account=name, name=person.name, agency=person.agency,
        roles=frozenset(r.code for r in roles),
        permissions=frozenset(r.permission for r in read.all(_PERMISSIONS, id=person.id)),
        desk=at, hall_wide=bool(roles) and all(r.hall_wide for r in roles), agency_name=person.short_name,
    )  # fmt: skip


class Confirm(Request):
    """The own password once more, before a legal act."""

    password: Private


@operation("identity.confirm", permission=None, title="Confirm with the password")
def confirm(work: Work, request: Confirm) -> SignInAnswer:
    """Check the signed-in person's own password; wrong ones count like at sign-in."""
    if not work.actor.account:
        raise UserError("NOT_SIGNED_IN", L("Nobody has signed in."), do=L("Sign in first."))
    return try_sign_in(work, SignIn(account=work.actor.account, password=request.password))


class ComeBack(Request):
    """How a locked screen was opened while the database was away.

    Attributes:
        unlocked: When, by the desk's clock.
        wrong: How many wrong passwords were typed meanwhile.
    """

    unlocked: tuple[AwareDatetime, ...] = Field((), max_length=1000)
    wrong: int = Field(0, ge=0)


@operation("identity.come_back", permission=None, title="Go on after the database was away")
def come_back(work: Work, request: ComeBack) -> bool:
    """Whether the signed-in person may go on: account and person are still active. The journal keeps what was unlocked.

    Errors: NOT_SIGNED_IN.
    """
    row = work.one(_ACCOUNT, name=work.actor.account) if work.actor.account else None
    if row is None:
        raise UserError("NOT_SIGNED_IN", L("Nobody has signed in."), do=L("Sign in first."))
    person = work.one(_STAFF, id=row.staff_id)
    allowed = bool(row.active and person is not None and person.active)
    work.subject = away.subject_of(row.name, len(request.unlocked), request.wrong, allowed=allowed)
    work.detail = {
        "allowed": allowed, "desk": work.actor.desk, "wrong": request.wrong,
        "unlocked": [moment.isoformat() for moment in request.unlocked],
    }  # fmt: skip
    return allowed


class ChangePassword(Request):
    """The old and the new password."""

    old: Private
    new: Private


@operation("identity.change_password", permission=None, title="Change the own password")
def change_password(work: Work, request: ChangePassword) -> None:
    """Change the own password. Errors: NOT_SIGNED_IN, SIGN_IN_REFUSED, WEAK_PASSWORD."""
    row = work.one(_ACCOUNT, name=work.actor.account) if work.actor.account else None
    if row is None:
        raise UserError("NOT_SIGNED_IN", L("Nobody has signed in."), do=L("Sign in first."))
    if not passwords.verify_password(row.password_hash, request.old):
        raise UserError("SIGN_IN_REFUSED", L("The old password is wrong."), do=L("Type it again."))
    passwords.check_password(request.new, work.actor.account)
    work.subject = f"account:{row.name}"
    work.execute(
        update(account)
        .where(account.c.name == row.name)
        .values(password_hash=passwords.hash_password(request.new), must_change=False)
    )


class SetPassword(Request):
    """An account and its first password, which the person changes at the next sign-in unless told otherwise."""

    account: str
    password: Private
    must_change: bool = True


@operation("identity.set_password", permission="identity.manage", title="Give an account a new password")
def set_password(work: Work, request: SetPassword) -> None:
    """Set a password that must be changed at the next sign-in, and unlock the account. Errors: UNKNOWN_ACCOUNT, WEAK_PASSWORD."""
    passwords.check_password(request.password, request.account)
    work.subject = f"account:{request.account}"
    touched = work.execute(
        update(account)
        .where(account.c.name == request.account)
        .values(
            password_hash=passwords.hash_password(request.password),
            must_change=request.must_change,
            failures=0,
            locked_until=None,
        )
    )
    if not touched:
        raise UserError("UNKNOWN_ACCOUNT", L("There is no account {name}.", name=request.account))


class OpenAccount(Request):
    """A member of staff, the sign-in name and the first password."""

    staff_id: int
    account: str
    password: Private


@operation("identity.open_account", permission="identity.manage", title="Open an account")
def open_account(work: Work, request: OpenAccount) -> None:
    """Open an account for a member of staff. Errors: UNKNOWN_STAFF, ACCOUNT_TAKEN, WEAK_PASSWORD."""
    if work.one(_STAFF, id=request.staff_id) is None:
        raise UserError("UNKNOWN_STAFF", L("There is no such member of staff."))
    same = (account.c.name == request.account) | (account.c.staff_id == request.staff_id)
    taken = work.one(select(account.c.name).where(same))
    if taken is not None:
        raise UserError("ACCOUNT_TAKEN", L("The account {name} exists already.", name=taken.name))
    passwords.check_password(request.password, request.account)
    work.subject = f"account:{request.account}"
    password_hash = passwords.hash_password(request.password)
    work.execute(
        insert(account).values(name=request.account, staff_id=request.staff_id, password_hash=password_hash)
    )


@dataclass(frozen=True)
class DeskChoice:
    """A desk that one can sign in to."""

    code: str
    business: str
    kind: str


@query("hall.desks", permission=None, title="Desks")
def desks(read: Read) -> list[DeskChoice]:
    """The desks of the hall, for the sign-in window."""
    rows = read.all(select(desk.c.code, desk.c.business, desk.c.kind).order_by(desk.c.code).limit(500))
    return [DeskChoice(row.code, row.business, row.kind) for row in rows]
