"""Signing in at a desk while the hall is away: for whom, how long, how often, and what the keyring then holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from yichuang.hall.errors import UserError
from yichuang.identity.actor import Actor
from yichuang.identity.away_sign_in import (
    SERVICE,
    AwayVisit,
    check,
    forget,
    keep,
    told,
    untold,
)
from yichuang.identity.passwords import hash_password
from yichuang.identity.secrets import Secrets, open_secrets

NOW = datetime(2026, 3, 17, 1, 0, tzinfo=UTC)
PASSWORD = "Right-and-long-2026"
CLERK = Actor(
    3,
    "na",
    "娜仁",
    "11150421YC0000028H",
    frozenset({"clerk"}),
    frozenset({"acceptance.accept"}),
    "A06",
    False,
    "政务局",
)
VISIT = AwayVisit(CLERK, ("acceptance.offline",))


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    made = open_secrets(tmp_path, passphrase=None, store="file")
    keep(made, VISIT, hash_password(PASSWORD), NOW, 7)
    return made


def refusal(secrets: Secrets, account: str, password: str, now: datetime = NOW) -> str:
    with pytest.raises(UserError) as caught:
        check(secrets, account, password, now)
    chinese, english = caught.value.as_dict("zh_CN"), caught.value.as_dict("en")
    assert chinese["sentence"] != english["sentence"]
    assert password not in str(chinese)
    return caught.value.code


def test_who_was_let_in_lately_is_let_in_with_what_goes_on_alone(secrets: Secrets) -> None:
    visit = check(secrets, "na", PASSWORD, NOW + timedelta(days=6, hours=23))
    assert (visit.actor.staff_id, visit.actor.name, visit.actor.desk) == (3, "娜仁", "A06")
    assert visit.actor.permissions == {"acceptance.accept"}
    assert (visit.actor.roles, visit.actor.hall_wide) == (frozenset(), False)
    assert visit.windows == ("acceptance.offline",)


@pytest.mark.parametrize("later", [timedelta(days=7), timedelta(days=400), timedelta(days=-1)])
def test_after_its_days_and_with_a_clock_set_back_nobody_is_let_in(
    secrets: Secrets, later: timedelta
) -> None:
    assert refusal(secrets, "na", PASSWORD, NOW + later) == "AWAY_SIGN_IN_REFUSED"


def test_an_unknown_account_looks_like_a_wrong_password(secrets: Secrets) -> None:
    assert refusal(secrets, "nobody", PASSWORD) == refusal(secrets, "na", "wrong") == "AWAY_SIGN_IN_REFUSED"


def test_five_wrong_passwords_lock_it_for_a_quarter_of_an_hour_also_after_a_restart(
    tmp_path: Path, secrets: Secrets
) -> None:
    codes = [refusal(secrets, "na", "wrong") for _ in range(5)]
    assert codes == ["AWAY_SIGN_IN_REFUSED"] * 4 + ["ACCOUNT_LOCKED"]
    again = open_secrets(tmp_path, passphrase=None, store="file")
    assert refusal(again, "na", PASSWORD, NOW + timedelta(minutes=14)) == "ACCOUNT_LOCKED"
    assert check(again, "na", PASSWORD, NOW + timedelta(minutes=15)).wrong == 5


def test_what_the_hall_does_not_know_yet_is_kept_until_it_does(secrets: Secrets) -> None:
    refusal(secrets, "na", "wrong")
    for hour in (1, 2):
        visit = check(secrets, "na", PASSWORD, NOW + timedelta(hours=hour))
    assert visit.moments == (NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    assert untold(secrets, "na") == ([moment.isoformat() for moment in visit.moments], 1)
    told(secrets, "na")
    assert untold(secrets, "na") == ([], 0)
    assert untold(secrets, "nobody") == ([], 0)


def test_no_password_and_no_other_permission_is_kept(secrets: Secrets) -> None:
    kept = secrets.get(SERVICE, "na")
    assert kept is not None
    assert PASSWORD not in kept
    assert "argon2id" in kept


@pytest.mark.parametrize(("visit", "days"), [(VISIT, 0), (AwayVisit(CLERK, ()), 7)])
def test_it_is_taken_back(secrets: Secrets, visit: AwayVisit, days: int) -> None:
    keep(secrets, visit, hash_password(PASSWORD), NOW, days)
    assert refusal(secrets, "na", PASSWORD) == "AWAY_SIGN_IN_REFUSED"


def test_a_forgotten_or_damaged_entry_lets_nobody_in(secrets: Secrets) -> None:
    secrets.set(SERVICE, "na", '{"password_hash": "x"}')
    assert refusal(secrets, "na", PASSWORD) == "AWAY_SIGN_IN_REFUSED"
    forget(secrets, "na")
    assert refusal(secrets, "na", PASSWORD) == "AWAY_SIGN_IN_REFUSED"
