"""The hall's keys: sealing identity numbers, finding them, renewing keys, signing, carrying keys to another desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.hall.errors import UserError
from yichuang.identity.hall_keys import (
    IDENTITY_KEYS,
    SERVICE,
    SIGNING_KEY,
    IdentityCipher,
    copy_keys,
    rotate_identity_key,
    signing_key,
)
from yichuang.identity.secrets import SealedFileSecrets

CIPHER = IdentityCipher.generate()
NUMBER = b"11010519491231002X"


@pytest.fixture
def secrets(tmp_path):
    return SealedFileSecrets(tmp_path)


def code_of(call, *args, **kwargs):
    with pytest.raises(UserError) as caught:
        call(*args, **kwargs)
    assert caught.value.as_dict("zh_CN")["sentence"] != caught.value.as_dict("en")["sentence"]
    return caught.value.code


@given(st.binary(max_size=300), st.binary(max_size=30))
def test_what_is_sealed_is_opened(plain, context):
    sealed = CIPHER.encrypt(plain, context)
    assert len(sealed) == len(plain) + 33
    assert CIPHER.decrypt(sealed, context) == plain
    assert CIPHER.is_current(sealed)


def test_the_same_number_is_sealed_differently_and_found_by_the_same_digest():
    assert CIPHER.encrypt(NUMBER) != CIPHER.encrypt(NUMBER)
    assert CIPHER.digest(NUMBER) == CIPHER.digest(NUMBER)
    assert len(CIPHER.digest(NUMBER)) == 32
    assert CIPHER.digest(NUMBER) != IdentityCipher.generate().digest(NUMBER), (
        "without its key the digest says nothing"
    )
    assert NUMBER not in CIPHER.encrypt(NUMBER)


@given(st.data())
def test_no_changed_byte_is_opened(data):
    sealed = bytearray(CIPHER.encrypt(NUMBER))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(UserError) as caught:
        CIPHER.decrypt(bytes(sealed))
    assert caught.value.code in {"IDENTITY_KEY_UNKNOWN", "IDENTITY_DATA_DAMAGED"}


@given(st.binary(max_size=80))
def test_noise_is_not_opened(noise):
    with pytest.raises(UserError):
        CIPHER.decrypt(noise)


def test_it_opens_in_its_own_context_only():
    sealed = CIPHER.encrypt(NUMBER, b"applicant 1")
    assert code_of(CIPHER.decrypt, sealed, b"applicant 2") == "IDENTITY_DATA_DAMAGED"


def test_keys_are_made_once_and_only_when_asked(secrets):
    assert code_of(IdentityCipher.open, secrets) == "IDENTITY_KEY_MISSING"
    assert secrets.get(SERVICE, IDENTITY_KEYS) is None
    made = IdentityCipher.open(secrets, create=True)
    again = IdentityCipher.open(secrets, create=True)
    assert (again.key_id, again.keys, again.digest_key) == (made.key_id, made.keys, made.digest_key)
    assert IdentityCipher.open(secrets).decrypt(made.encrypt(NUMBER)) == NUMBER


def test_keys_can_be_renewed(secrets):
    old = IdentityCipher.open(secrets, create=True)
    sealed = old.encrypt(NUMBER)
    name = rotate_identity_key(secrets)
    new = IdentityCipher.open(secrets)
    assert new.key_id == name != old.key_id
    assert new.decrypt(sealed) == NUMBER
    assert new.digest(NUMBER) == old.digest(NUMBER), "people must still be found"
    assert not new.is_current(sealed)
    assert new.is_current(new.encrypt(NUMBER))
    assert code_of(old.decrypt, new.encrypt(NUMBER)) == "IDENTITY_KEY_UNKNOWN"


def test_renewing_what_is_not_there(secrets):
    assert code_of(rotate_identity_key, secrets) == "IDENTITY_KEY_MISSING"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "5",
        '{"current": "aa", "keys": {}, "digest": ""}',
        '{"current":"aa","keys":{"aa":"AAAA"},"digest":"AAAA"}',
    ],
)
def test_damaged_keys_are_told(secrets, text):
    secrets.set(SERVICE, IDENTITY_KEYS, text)
    assert code_of(IdentityCipher.open, secrets) == "SECRETS_DAMAGED"
    secrets.set(SERVICE, SIGNING_KEY, "short")
    assert code_of(signing_key, secrets) == "SECRETS_DAMAGED"


def test_keys_are_not_shown_by_accident():
    shown = f"{CIPHER!r} {CIPHER}"
    assert CIPHER.key_id in shown
    assert all(key.hex() not in shown and repr(key) not in shown for key in CIPHER.keys.values())
    assert repr(CIPHER.digest_key) not in shown


def test_the_signing_key_is_made_once(secrets):
    assert code_of(signing_key, secrets, create=False) == "SIGNING_KEY_MISSING"
    key = signing_key(secrets)
    signature = key.sign(b"head")
    signing_key(secrets, create=False).public_key().verify(signature, b"head")


def test_keys_go_to_another_desk(secrets, tmp_path):
    cipher = IdentityCipher.open(secrets, create=True)
    key = signing_key(secrets)
    stick = SealedFileSecrets(tmp_path / "stick", "口令")
    (tmp_path / "stick").mkdir()
    assert set(copy_keys(secrets, stick)) == {IDENTITY_KEYS, SIGNING_KEY}
    assert not (tmp_path / "stick" / "machine.key").exists()
    (tmp_path / "next").mkdir()
    desk = SealedFileSecrets(tmp_path / "next")
    copy_keys(SealedFileSecrets(tmp_path / "stick", "口令"), desk)
    copy_keys(SealedFileSecrets(tmp_path / "stick", "口令"), desk)
    assert IdentityCipher.open(desk).decrypt(cipher.encrypt(NUMBER)) == NUMBER
    assert signing_key(desk, create=False).private_bytes_raw() == key.private_bytes_raw()


def test_other_keys_are_never_overwritten(secrets, tmp_path):
    IdentityCipher.open(secrets, create=True)
    (tmp_path / "other").mkdir()
    other = SealedFileSecrets(tmp_path / "other")
    theirs = IdentityCipher.open(other, create=True)
    assert code_of(copy_keys, secrets, other) == "KEYS_DIFFER"
    assert IdentityCipher.open(other).key_id == theirs.key_id


def test_renewed_keys_follow_to_a_desk_with_the_old_ones_but_not_back(secrets, tmp_path):
    IdentityCipher.open(secrets, create=True)
    (tmp_path / "next").mkdir()
    desk = SealedFileSecrets(tmp_path / "next")
    copy_keys(secrets, desk)
    old = IdentityCipher.open(desk)
    name = rotate_identity_key(secrets)
    copy_keys(secrets, desk)
    assert IdentityCipher.open(desk).key_id == name
    desk.set(SERVICE, IDENTITY_KEYS, old.to_text())
    assert code_of(copy_keys, desk, secrets) == "KEYS_DIFFER"


def test_a_cipher_is_a_value():
    assert replace(CIPHER, key_id=CIPHER.key_id) == CIPHER
