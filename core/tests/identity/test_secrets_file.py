"""The sealed file: wrong pass phrases, damage, exposure, several processes, kill -9 while writing."""

from __future__ import annotations

import json
import os
import random
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yichuang.hall.errors import UserError
from yichuang.identity.sealed_file import ScryptCost, SealedFile
from yichuang.identity.secrets import MARKER, SealedFileSecrets, open_secrets

CHEAP = ScryptCost(n=2**4)


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch):
    monkeypatch.setenv("YICHUANG_SECRETS", "file")


def code_of(call, *args, **kwargs):
    with pytest.raises(UserError) as caught:
        call(*args, **kwargs)
    assert caught.value.as_dict("zh_CN")["sentence"] != caught.value.as_dict("en")["sentence"]
    return caught.value.code


def test_values_come_back_in_another_process_object(tmp_path):
    secrets = open_secrets(tmp_path, "口令")
    assert secrets.kind == "file"
    assert secrets.get("yichuang", "name") is None
    secrets.set("yichuang", "名", "值 𬭎\n")
    secrets.set("other", "名", "x")
    again = open_secrets(tmp_path, "口令")
    assert again.get("yichuang", "名") == "值 𬭎\n"
    assert again.delete("yichuang", "名") is True
    assert again.delete("yichuang", "名") is False
    assert secrets.get("yichuang", "名") is None, "a change of another process was not seen"
    assert secrets.get("other", "名") == "x"


def test_the_usual_cost_is_not_a_toy(tmp_path):
    file = SealedFile(tmp_path / "f", "p")
    file.update(lambda values: values.update(a="1"))
    kdf = json.loads((tmp_path / "f").read_text())["kdf"]
    assert kdf["n"] * kdf["r"] * 128 >= 32 * 1024 * 1024


@pytest.mark.parametrize("passphrase", ["另一个", "", None], ids=["wrong", "empty", "none"])
def test_a_wrong_pass_phrase_opens_nothing(tmp_path, passphrase):
    SealedFile(tmp_path / "f", "口令", cost=CHEAP).update(lambda values: values.update(a="1"))
    before = (tmp_path / "f").read_bytes()
    file = SealedFile(tmp_path / "f", passphrase)
    assert code_of(file.read) == "SECRETS_WRONG_PASSPHRASE"
    assert code_of(file.update, lambda values: values.update(a="2")) == "SECRETS_WRONG_PASSPHRASE"
    assert (tmp_path / "f").read_bytes() == before


def test_the_machine_key_opens_without_a_pass_phrase(tmp_path):
    SealedFile(tmp_path / "f").update(lambda values: values.update(a="1"))
    assert stat.S_IMODE((tmp_path / "machine.key").stat().st_mode) == 0o600
    assert SealedFile(tmp_path / "f").read() == {"a": "1"}
    assert SealedFile(tmp_path / "f", "a pass phrase is not needed").read() == {"a": "1"}


def test_a_machine_key_that_others_can_read_is_refused(tmp_path):
    file = SealedFile(tmp_path / "f")
    file.update(lambda values: values.update(a="1"))
    (tmp_path / "machine.key").chmod(0o640)
    assert code_of(SealedFile(tmp_path / "f").read) == "SECRETS_KEY_EXPOSED"


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda path: path.unlink(), "SECRETS_KEY_MISSING"),
        (lambda path: path.write_bytes(os.urandom(32)), "SECRETS_KEY_MISSING"),
        (lambda path: path.write_bytes(b"short"), "SECRETS_DAMAGED"),
    ],
    ids=["missing", "another", "short"],
)
def test_a_machine_key_that_is_gone_or_changed(tmp_path, harm, code):
    SealedFile(tmp_path / "f").update(lambda values: values.update(a="1"))
    harm(tmp_path / "machine.key")
    file = SealedFile(tmp_path / "f")
    assert code_of(file.read) == code
    assert code_of(file.update, lambda values: values.clear()) == code


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff\xfe", b"[1]", b'{"format": "other"}', b"null"])
def test_what_is_no_sealed_file_is_damaged(tmp_path, raw):
    (tmp_path / "f").write_bytes(raw)
    assert code_of(SealedFile(tmp_path / "f", "p").read) == "SECRETS_DAMAGED"
    assert (tmp_path / "f").read_bytes() == raw


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_changed_byte_goes_unseen(tmp_path, data):
    path = tmp_path / "f"
    file = SealedFile(path, "口令", cost=CHEAP)
    if not path.exists():
        file.update(lambda values: values.update(a="1", b="二"))
    good = path.read_bytes()
    place = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[place] ^= data.draw(st.integers(1, 255))
    other = path.with_name("bad")
    other.write_bytes(bad)
    try:
        values = SealedFile(other, "口令", cost=CHEAP).read()
    except UserError as error:
        assert error.code in {"SECRETS_DAMAGED", "SECRETS_WRONG_PASSPHRASE", "SECRETS_KEY_MISSING"}  # noqa: PT017  # any of the three is right
    else:
        assert values == {"a": "1", "b": "二"}, "only white space of the file may change unseen"


def test_a_new_pass_phrase_and_back_to_the_machine_key(tmp_path):
    file = SealedFile(tmp_path / "f", "一", cost=CHEAP)
    file.update(lambda values: values.update(a="1"))
    salt = json.loads((tmp_path / "f").read_text())["kdf"]["salt"]
    file.change_passphrase("二")
    assert json.loads((tmp_path / "f").read_text())["kdf"]["salt"] != salt
    assert file.read() == {"a": "1"}
    assert code_of(SealedFile(tmp_path / "f", "一").read) == "SECRETS_WRONG_PASSPHRASE"
    assert SealedFile(tmp_path / "f", "二").read() == {"a": "1"}
    file.change_passphrase(None)
    assert SealedFile(tmp_path / "f").read() == {"a": "1"}


def test_reading_makes_no_file_and_writing_nothing_leaves_it_alone(tmp_path):
    tmp_path = tmp_path / "own"
    tmp_path.mkdir()
    file = SealedFile(tmp_path / "f", "p", cost=CHEAP)
    assert file.read() == {}
    assert not (tmp_path / "f").exists()
    file.update(lambda values: values.update(a="1"))
    before = (tmp_path / "f").read_bytes()
    file.update(lambda values: values.update(a="1"))
    assert (tmp_path / "f").read_bytes() == before
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".lock") == ["f"]


def test_threads_lose_nothing(tmp_path):
    secrets = SealedFileSecrets(tmp_path)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: secrets.set("s", f"n{n}", str(n)), range(60)))
        same = set(pool.map(lambda n: secrets.create_once("s", "once", lambda: f"made by {n}"), range(30)))
    assert {secrets.get("s", f"n{n}") for n in range(60)} == {str(n) for n in range(60)}
    assert len(same) == 1


WORKER = """
import sys
from pathlib import Path
from yichuang.identity.secrets import SealedFileSecrets
secrets = SealedFileSecrets(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    secrets.set("s", f"{sys.argv[2]}-{number}", "v" * 200)
    print(f"{sys.argv[2]}-{number}", flush=True)
"""


def start(folder, name, count):
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder), name, str(count)], stdout=subprocess.PIPE, text=True
    )


def test_processes_lose_nothing(tmp_path):
    running = [start(tmp_path, f"p{n}", 15) for n in range(4)]
    names = [line for process in running for line in process.communicate(timeout=60)[0].split()]
    assert len(names) == 60
    secrets = SealedFileSecrets(tmp_path)
    assert all(secrets.get("s", name) for name in names)


def test_kill_9_while_writing_loses_nothing_that_was_acknowledged(tmp_path):
    chance = random.Random(1)
    done = []
    for turn in range(6):
        process = start(tmp_path, f"k{turn}", 10_000)
        done += [process.stdout.readline().strip() for _ in range(5)]
        time.sleep(chance.uniform(0, 0.1))  # somewhere in the next ones
        process.kill()
        done += process.communicate(timeout=30)[0].split()
    assert len(done) >= 30
    secrets = SealedFileSecrets(tmp_path)
    missing = [name for name in done if not secrets.get("s", name)]
    assert missing == []
    secrets.set("s", "after", "ok")
    assert secrets.get("s", "after") == "ok"


def test_a_lock_held_too_long_is_told(tmp_path, monkeypatch):
    from yichuang.identity import sealed_file

    monkeypatch.setattr(sealed_file, "LOCK_WITHIN", 0.2)
    secrets = SealedFileSecrets(tmp_path)
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with secrets.lock():
            entered.set()
            leave.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(10)
    began = time.monotonic()
    assert code_of(secrets.create_once, "s", "n", lambda: "v") == "SECRETS_BUSY"
    assert time.monotonic() - began < 5
    leave.set()
    thread.join()


def test_the_choice_is_remembered(tmp_path):
    open_secrets(tmp_path / "made")
    assert json.loads((tmp_path / "made" / MARKER).read_text())["store"] == "file"
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o700
    (tmp_path / "made" / MARKER).write_text("{")
    assert code_of(open_secrets, tmp_path / "made") == "SECRETS_DAMAGED"


def test_a_pass_phrase_means_the_file(tmp_path, monkeypatch):
    monkeypatch.delenv("YICHUANG_SECRETS")
    assert open_secrets(tmp_path, "口令").kind == "file"
    assert "口令" in str(open_secrets(tmp_path, "口令").describe())


def test_a_store_that_forgets_is_noticed(tmp_path):
    class Forgetful(SealedFileSecrets):
        def set(self, service, name, value):
            pass

    assert code_of(Forgetful(tmp_path).create_once, "s", "n", lambda: "v") == "SECRETS_UNAVAILABLE"
