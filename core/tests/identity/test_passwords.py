"""Passwords: hashes that only their password opens, and what a new one must be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.hall.errors import UserError
from yichuang.identity import passwords
from yichuang.identity.passwords import (
    DEFAULT_COST,
    Cost,
    check_password,
    hash_password,
    needs_rehash,
    password_problem,
    verify_nothing,
    verify_password,
)
from yichuang.testing.passwords import real

CHEAP = Cost(passes=1, kibibytes=64, lanes=1)


@pytest.fixture(autouse=True)
def _real_cost(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", real)
    passwords._any_hash.cache_clear()  # another test may have made it at the least cost


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_password_opens_its_own_hash(password):
    hashed = hash_password(password, CHEAP)
    assert hashed.startswith("$argon2id$")
    assert verify_password(hashed, password)
    assert not verify_password(hashed, password + "x")
    assert hash_password(password, CHEAP) != hashed


def test_the_usual_cost_is_the_recommended_one():
    hashed = hash_password("一条只有我知道的长句子")
    assert "$m=65536,t=3,p=4$" in hashed
    assert not needs_rehash(hashed)
    assert needs_rehash(hash_password("x", CHEAP))
    assert verify_password(hashed, "一条只有我知道的长句子")


def test_full_width_typing_makes_no_difference():
    hashed = hash_password("Abc-12345 xyz", CHEAP)
    assert verify_password(hashed, "Ａｂｃ－１２３４５　ｘｙｚ")


@pytest.mark.parametrize("hashed", ["", "x", "$argon2id$broken", "$2b$12$" + "a" * 53, "!"])
def test_a_damaged_hash_fits_no_password(hashed):
    assert not verify_password(hashed, "")
    assert not verify_password(hashed, hashed)
    assert needs_rehash(hashed)


def test_an_unknown_account_takes_as_long_as_a_wrong_password():
    hashed = hash_password("right password")
    verify_nothing("x")  # the first call makes its hash

    def shortest(call):
        times = []
        for _ in range(3):
            began = time.perf_counter()
            call()
            times.append(time.perf_counter() - began)
        return min(times)

    wrong = shortest(lambda: verify_password(hashed, "wrong password"))
    nothing = shortest(lambda: verify_nothing("wrong password"))
    assert 0.4 < nothing / wrong < 2.5


@pytest.mark.parametrize(
    "password",
    [
        "一条只有我知道的长句子",
        "correct horse battery staple",
        "zhangwei likes noodles",
        "Tianshan-2026-summer",
        "密码密码密密码码码长长短短",
    ],
)
def test_good_passwords(password):
    check_password(password, "zhangwei")


@pytest.mark.parametrize(
    ("password", "part"),
    [
        ("", "least"), ("short", "least"), ("九个汉字的一条密码", "10"), ("x" * 129, "more than"),
        ("good enough\x07 but not", "cannot be typed"),
        ("1234567890", "first"), ("Password123", "first"), ("ＡＤＭＩＮ１２３４５", "first"),
        ("zhangwei12", "account"), ("ZhangWei!!", "account"), ("zhangweizhangwei", "account"),
        ("aaaaaaaaaaaa", "simple"), ("abababababab", "simple"), ("abcdefghijklmn", "simple"), ("9876543210", "simple"),
    ],
)  # fmt: skip
def test_weak_passwords_are_told_why(password, part):
    problem = password_problem(password, "zhangwei")
    assert problem is not None
    assert part in problem.in_language("en")
    assert problem.in_language("zh_CN") != problem.in_language("en")
    with pytest.raises(UserError) as caught:
        check_password(password, "zhangwei")
    assert caught.value.code == "WEAK_PASSWORD"
    assert not password or password not in str(caught.value.as_dict("en"))


def test_an_account_without_a_name_is_no_reason():
    assert password_problem("一条只有我知道的长句子", "") is None


@given(st.text(max_size=200), st.text(max_size=30))
def test_any_text_is_judged(password, account):
    problem = password_problem(password, account)
    assert problem is None or str(problem)


def test_the_cost_is_a_value():
    assert Cost() == DEFAULT_COST
