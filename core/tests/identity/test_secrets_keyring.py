"""Secrets in a real Secret Service: Chinese values, new sign-in, lock, absence, several processes."""

from __future__ import annotations

import os
import stat

import pytest

from .secret_service import SecretService


@pytest.fixture
def service(tmp_path):
    return SecretService(tmp_path)


def test_values_come_back_after_signing_in_again(service):
    first = service.run("""
from yichuang.identity.secrets import open_secrets
secrets = open_secrets(directory)
secrets.set("yichuang", "数据库", "口令-P@ss 𬭎 '\\"\\n")
secrets.set("yichuang", "second", "")
result = [secrets.kind, secrets.get("yichuang", "数据库"), secrets.get("yichuang", "none"), str(secrets.describe())]
""")
    assert first[:3] == ["keyring", "口令-P@ss 𬭎 '\"\n", None]
    assert first[3].startswith("本账户的密钥环")
    second = service.run("""
from yichuang.identity.secrets import open_secrets
secrets = open_secrets(directory)
kept = secrets.get("yichuang", "数据库"), secrets.get("yichuang", "second")
gone = secrets.delete("yichuang", "数据库"), secrets.delete("yichuang", "数据库"), secrets.get("yichuang", "数据库")
result = [secrets.kind, *kept, *gone]
""")
    assert second == ["keyring", "口令-P@ss 𬭎 '\"\n", "", True, False, None]


def test_nothing_of_it_is_readable_on_the_disk(service):
    service.run("""
from yichuang.identity.secrets import open_secrets
open_secrets(directory).set("yichuang", "name", "a-very-secret-value")
result = None
""")
    files = [path for path in service.home.rglob("*") if path.is_file()]
    assert files
    assert not any(b"a-very-secret-value" in path.read_bytes() for path in files)


def test_a_wrong_pass_phrase_is_locked_and_no_new_store_is_made(service):
    service.run("""
from yichuang.identity.secrets import open_secrets
open_secrets(directory).set("yichuang", "name", "value")
result = None
""")
    code = service.run(
        """
import warnings
warnings.simplefilter("ignore", ResourceWarning)  # keyring leaves its connection open when it finds a lock
from yichuang.identity.secrets import open_secrets
from yichuang.hall.errors import UserError
try:
    result = open_secrets(directory).get("yichuang", "name")
except UserError as error:
    result = [error.code, error.as_dict("zh_CN")["sentence"], error.as_dict("en")["do"]]
""",
        password="另一个",
    )
    assert code[0] == "SECRETS_LOCKED"
    assert code[1] == "本账户的密钥环已锁定。"
    assert "nlock" in code[2]
    assert not (service.home / "yichuang" / "secrets.sealed").exists()
    assert service.run("""
from yichuang.identity.secrets import open_secrets
result = open_secrets(directory).get("yichuang", "name")
""") == "value"  # fmt: skip


def test_a_keyring_that_is_gone_later_is_an_error(service):
    service.run("""
from yichuang.identity.secrets import open_secrets
open_secrets(directory).set("yichuang", "name", "value")
result = None
""")
    code = service.run(
        """
import os
os.environ.pop("DBUS_SESSION_BUS_ADDRESS")
from yichuang.identity.secrets import open_secrets
from yichuang.hall.errors import UserError
try:
    result = open_secrets(directory).get("yichuang", "name")
except UserError as error:
    result = error.code
""",
        keyring=False,
    )
    assert code == "SECRETS_UNAVAILABLE"
    assert not (service.home / "yichuang" / "secrets.sealed").exists()


@pytest.mark.parametrize("bus", ["", "unix:path=/no/such/bus"], ids=["no bus", "dead bus"])
def test_without_a_service_the_sealed_file_is_taken(service, bus):
    result = service.run(
        f"""
import os
os.environ.pop("DBUS_SESSION_BUS_ADDRESS")
if {bus!r}:
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = {bus!r}
from yichuang.identity.secrets import open_secrets
secrets = open_secrets(directory)
secrets.set("yichuang", "name", "值")
result = [secrets.kind, open_secrets(directory).get("yichuang", "name")]
""",
        keyring=False,
    )
    assert result == ["file", "值"]
    for name in ("secrets.sealed", "secrets.json", "machine.key"):
        assert stat.S_IMODE((service.home / "yichuang" / name).stat().st_mode) == 0o600


def test_a_keyring_that_appears_later_does_not_change_the_store(service):
    code = """
from yichuang.identity.secrets import open_secrets
secrets = open_secrets(directory)
result = [secrets.kind, secrets.create_once("yichuang", "key", lambda: "first")]
"""
    without = "import os\nos.environ.pop('DBUS_SESSION_BUS_ADDRESS')\n" + code
    assert service.run(without, keyring=False) == ["file", "first"]
    assert service.run(code.replace('"first"', '"second"')) == ["file", "first"]


def test_two_installations_on_one_account_do_not_see_each_other(service):
    result = service.run("""
from yichuang.identity.secrets import open_secrets
one, two = open_secrets(directory / "one"), open_secrets(directory / "two")
one.set("yichuang", "name", "of one")
result = [one.kind, two.kind, two.get("yichuang", "name"), open_secrets(directory / "one").get("yichuang", "name")]
""")
    assert result == ["keyring", "keyring", None, "of one"]


def test_long_values_are_kept_in_parts_where_the_keyring_has_a_limit(service):
    result = service.run("""
from yichuang.identity.secrets import KeyringSecrets, system_keyring
directory.mkdir()
backend = system_keyring()
secrets = KeyringSecrets(directory, backend, "realm", limit=100)
long, longer = "长" * 1234, "x" * 100 + "y" * 100 + "z"
secrets.set("yichuang", "key", long)
one = secrets.get("yichuang", "key") == long
secrets.set("yichuang", "key", longer)
two = secrets.get("yichuang", "key") == longer
secrets.set("yichuang", "key", "short")
three = secrets.get("yichuang", "key")
secrets.set("yichuang", "key", "\\x01parts:2:evil")
four = secrets.get("yichuang", "key")
secrets.delete("yichuang", "key")
import secretstorage
from contextlib import closing
with closing(secretstorage.dbus_init()) as bus:
    left = [item.get_label() for item in secretstorage.get_default_collection(bus).get_all_items()]
result = [one, two, three, four, left]
""")
    assert result == [True, True, "short", "\x01parts:2:evil", []]


def test_processes_that_start_together_get_the_same_key(service):
    result = service.run(
        """
import subprocess, sys, os
worker = '''
import sys
from pathlib import Path
from yichuang.identity.secrets import open_secrets
from yichuang.identity.hall_keys import IdentityCipher
secrets = open_secrets(Path(sys.argv[1]))
print(secrets.kind, IdentityCipher.open(secrets, create=True).key_id)
'''
pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
running = [subprocess.Popen([sys.executable, "-c", worker, str(directory)], **pipes) for _ in range(4)]
told = [process.communicate(timeout=50) for process in running]
result = [sorted({answer.strip() for answer, _ in told}), [error[-500:] for _, error in told]]
""",
    )
    answers, errors = result
    assert len(answers) == 1, errors
    assert answers[0].startswith("keyring "), errors


def test_the_environment_of_the_test_run_is_not_a_keyring():
    """The suite's own tests must never write into a developer's keyring."""
    assert os.environ.get("YICHUANG_SECRETS", "file") == "file"
