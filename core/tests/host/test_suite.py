"""The suite put together without a window."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from yichuang.hall.errors import UserError
from yichuang.hall.words import in_language
from yichuang.host.plugins import State
from yichuang.host.suite import Suite
from yichuang.identity.actor import Actor


def test_an_empty_hall_opens_and_opens_again(database_url, data_dir):
    for _ in range(2):
        with Suite.open(database_url, data_dir, found=[]) as suite:
            assert suite.manifests == []
            assert suite.registry.has("hall.desks")
            assert suite.data_dir == data_dir


def test_a_database_of_a_newer_program_is_refused(database_url, data_dir):
    with Suite.open(database_url, data_dir, found=[]) as suite, suite.database.write() as writer:
        writer.connection.exec_driver_sql("INSERT INTO core_version VALUES ('9999')")
    with pytest.raises(UserError) as caught:
        Suite.open(database_url, data_dir, found=[])
    assert caught.value.code == "DATABASE_NEWER"
    assert "9999" in caught.value.sentence.in_language("zh_CN")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/none",
        "sqlite:////proc/no/such/folder/hall.sqlite",
        "oracle://x/y",
        "nonsense",
    ],
)
def test_a_database_that_cannot_be_opened_is_a_sentence(data_dir, url):
    with pytest.raises(UserError) as caught:
        Suite.open(url, data_dir, found=[])
    assert caught.value.code in {"DATABASE_AWAY", "DATABASE_UNUSABLE", "UNKNOWN_DATABASE"}


def test_a_file_that_is_no_database(data_dir):
    (data_dir / "hall.sqlite").write_bytes(
        b"this is not a database, but it is long enough to look like one" * 20
    )
    with pytest.raises(UserError) as caught:
        Suite.open(None, data_dir, found=[])
    assert caught.value.code == "DATABASE_UNUSABLE"


def test_an_operation_of_a_plugin_runs_and_is_told(database_url, open_with):
    suite = open_with("good")
    told = []
    stop = suite.feed.subscribe(told.extend)
    key = suite.run(Actor.system(), "neighbour.note", {"text": "once"}, key="k1")
    assert suite.run(Actor.system(), "neighbour.note", {"text": "once"}, key="k1") == key
    suite.feed.drain()
    stop()
    assert [entry.event for entry in told] == ["neighbour.note"]
    assert suite.query(Actor.system(), "neighbour.notes") == ["once"]


def test_safe_mode_starts_no_plugin(open_with):
    suite = open_with("good", "raises_on_import", safe_mode=True)
    assert {each.state for each in suite.plugins.all()} == {State.SKIPPED}
    assert "safe mode" in in_language(suite.plugins.get("neighbour").reason, "en")
    assert suite.plugins.disable("raises_on_import").state is State.DISABLED
    assert suite.plugins.retry("neighbour").state is State.SKIPPED


def test_a_rejected_plugin_stays_rejected(open_with):
    suite = open_with("wrong_api")
    for act in (suite.plugins.disable, suite.plugins.enable, suite.plugins.retry):
        assert act("wrong_api").state is State.REJECTED


def test_switching_on_what_could_not_be_imported(open_with):
    suite = open_with("raises_on_import")
    assert suite.plugins.disable("raises_on_import").state is State.DISABLED
    plugin = suite.plugins.enable("raises_on_import")
    assert plugin.state is State.FAULTED
    assert "next time" in in_language(plugin.reason, "en")


def test_only_some_plugins(open_with):
    suite = open_with("good", "raises_in_hook", plugins=["raises_in_hook"])
    assert [each.id for each in suite.manifests] == ["raises_in_hook"]
    with pytest.raises(UserError) as caught:
        open_with("good", plugins=["neighbor"])
    assert caught.value.code == "UNKNOWN_PLUGIN"


def test_every_plugin_is_reported_as_it_starts(open_with):
    reported = []
    suite = open_with("good", "raises_in_hook", "wrong_api", start_plugins=False)
    assert not suite.manifests
    suite.plugins.subscribe(reported.append)
    suite.plugins.activate_all()
    assert [(each.id, each.state) for each in reported] == [
        ("raises_in_hook", State.ACTIVE),
        ("neighbour", State.ACTIVE),
    ]


def test_a_watcher_that_fails_hinders_nobody(open_with, caplog):
    suite = open_with("good")

    def fail(plugin):
        raise OSError

    stop = suite.plugins.subscribe(fail)
    suite.plugins.disable("neighbour")
    stop()
    assert suite.plugins.enable("neighbour").state is State.ACTIVE
    assert caplog.text.count("a watcher of the plugins failed") >= 1


def plugin(folder, plugin_id, requires=(), body="pass", order=10):
    package = folder / f"yichuang_{plugin_id}"
    package.mkdir(parents=True)
    (package / "manifest.toml").write_text(
        f'id = "{plugin_id}"\nname = "{plugin_id}"\nversion = "1.0"\napi = "1"\npublisher = "x"\n'
        f'order = {order}\ngroup = "department"\nrequires = {list(requires)}\n'
        f'[[settings]]\nkey = "{plugin_id}.most"\ntype = "int"\ndefault = 3\ntitle = "Most"\n'
    )
    (package / "plugin.py").write_text(f"def activate(context):\n    {body}\n")


def test_what_a_plugin_needs_starts_before_it_and_stops_after_it(open_with, tmp_path):
    plugin(tmp_path / "p", "base", order=90, body="context.on_dispose(lambda: print('base stops'))")
    plugin(
        tmp_path / "p", "upper", ["base"], order=10, body="context.on_dispose(lambda: print('upper stops'))"
    )
    plugin(tmp_path / "p", "circle", ["ring"])
    plugin(tmp_path / "p", "ring", ["circle"])
    suite = open_with(tmp_path / "p")
    assert [each.id for each in suite.manifests] == ["upper", "base"]
    assert suite.plugins.get("circle").state is suite.plugins.get("ring").state is State.SKIPPED
    suite.plugins.disable("base")
    assert suite.plugins.get("upper").state is State.SKIPPED
    assert "base" in in_language(suite.plugins.get("upper").reason, "en")
    assert suite.plugins.retry("upper").state is State.SKIPPED
    assert suite.plugins.enable("base").state is State.ACTIVE
    assert suite.plugins.get("upper").state is State.ACTIVE  # it was only waiting for that
    assert suite.plugins.retry("base").state is State.ACTIVE
    assert suite.plugins.get("upper").state is State.ACTIVE


def test_stopping_undoes_in_reverse_and_goes_on_after_a_failure(open_with, tmp_path, capsys, caplog):
    body = "context.on_dispose(lambda: print('first')); context.on_dispose(lambda: 1 / 0)"
    plugin(tmp_path / "p", "base", body=body)
    plugin(tmp_path / "p", "upper", ["base"], body="context.on_dispose(lambda: print('upper'))")
    open_with(tmp_path / "p").close()
    assert capsys.readouterr().out == "upper\nfirst\n"
    assert "ZeroDivisionError" in caplog.text


def test_nothing_can_be_registered_after_activate(open_with, tmp_path):
    body = "import builtins; builtins.kept_context = context"
    plugin(tmp_path / "p", "late", body=body)
    open_with(tmp_path / "p")
    import builtins

    context = builtins.kept_context
    del builtins.kept_context
    with pytest.raises(RuntimeError, match="the time to register is over"):
        context.hooks(object())
    assert context.data_dir.is_dir()
    assert context.log.name == "yichuang.plugin.late"


def test_settings_fall_back_to_the_manifest(open_with, tmp_path):
    plugin(tmp_path / "p", "base")
    suite = open_with(tmp_path / "p")
    assert suite.setting("base.most") == 3
    with pytest.raises(KeyError):
        suite.setting("base.least")


def test_many_threads(database_url, open_with):
    suite = open_with("good")
    wrong = []

    def work(number: int) -> None:
        try:
            for step in range(5):
                suite.run(Actor.system(), "neighbour.note", {"text": f"{number}/{step}"})
                suite.query(Actor.system(), "neighbour.notes")
                suite.plugins.all()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(suite.query(Actor.system(), "neighbour.notes")) == 30


def test_importing_the_host_is_cheap_until_a_suite_is_opened():
    script = (
        "import sys, yichuang.host.discovery, yichuang.host.manifest, yichuang.host.plugins, yichuang.host.state\n"
        "heavy = 'sqlalchemy alembic pydantic psycopg reportlab keyring pyhanko cryptography PyQt6 pluggy babel'\n"
        "print([name for name in heavy.split() if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.strip() == "[]"


def test_secrets_are_looked_for_when_the_first_is_needed(data_dir, monkeypatch):
    monkeypatch.setenv("YICHUANG_SECRETS", "file")
    with Suite.open(None, data_dir, found=[]) as suite:
        before = set(data_dir.iterdir())
        assert not [path for path in before if path.name.startswith("secrets")]
        assert suite.secrets.get("service", "key") is None
        suite.secrets.set("service", "key", "值")
        assert suite.secrets.create_once("service", "key", lambda: "another") == "值"
        assert suite.secrets.kind == "file"
        assert suite.secrets.describe()
    with Suite.open(None, data_dir, found=[]) as suite:
        assert suite.executor.read(Actor.system(), lambda read: read.secrets.get("service", "key")) == "值"
        assert suite.secrets.delete("service", "key")
