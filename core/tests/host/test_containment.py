"""Every bad plugin leaves the suite usable, leaves nothing of itself, and its error can be read."""

from __future__ import annotations

import sys
import threading

import pytest

from yichuang.api.hooks import MaterialClaim
from yichuang.hall.errors import UserError
from yichuang.hall.words import in_language
from yichuang.host.plugins import State
from yichuang.identity.actor import Actor

CLAIM = MaterialClaim("case:1", "L1", "id_card", "citizen", "x", "acceptance")
HANGING = {"hangs_on_import", "hangs_in_activate"}

# folder, state, part of the reason in English, part of the trace
CASES = [
    ("raises_on_import", State.FAULTED, "could not be loaded: ValueError: no such card reader", "plugin.py"),
    ("exits_on_import", State.FAULTED, "tried to end the program", "sys.exit(3)"),
    ("hangs_on_import", State.FAULTED, "did not answer within 0.3 seconds", "wait()"),
    (
        "raises_in_activate",
        State.FAULTED,
        "failed while starting: OSError: the card reader is not there",
        "activate",
    ),
    ("exits_in_activate", State.FAULTED, "tried to end the program", "sys.exit(4)"),
    ("hangs_in_activate", State.FAULTED, "did not answer within 0.3 seconds", "wait()"),
    ("no_activate", State.FAULTED, "yichuang_no_activate.plugin has no function activate", ""),
    ("misspelt_hook", State.FAULTED, "There is no hook toodos; there is todos.", ""),
    ("wrong_argument", State.FAULTED, "colour", ""),
    ("half_registered", State.FAULTED, "failed while starting: RuntimeError: half way", "activate"),
    ("undeclared_operation", State.FAULTED, "not declared in the manifest: undeclared_operation.note", ""),
    (
        "missing_operation",
        State.FAULTED,
        "declared in the manifest but not registered: missing_operation.note",
        "",
    ),
    (
        "failing_migration",
        State.FAULTED,
        "tables could not be brought up to date: RuntimeError: out of ideas",
        "v0001",
    ),
    ("wrong_api", State.REJECTED, "version 9 of the plugin contract", ""),
    ("broken_toml", State.REJECTED, "not valid TOML", ""),
    ("missing_field", State.REJECTED, "verzion is not known", ""),
    ("wrong_prefix", State.REJECTED, "queue.call_next must begin with wrong_prefix.", ""),
    ("wrong_folder", State.REJECTED, "does not fit the folder", ""),
    ("needs_missing", State.SKIPPED, "needs the plugin nobody, which is not installed", ""),
]


def check_neighbour(suite) -> None:
    """The good plugin does everything that it should."""
    system = Actor.system()
    assert suite.plugins.get("neighbour").state is State.ACTIVE
    before = len(suite.query(system, "neighbour.notes"))
    suite.run(system, "neighbour.note", {"text": "still here"})
    assert len(suite.query(system, "neighbour.notes")) == before + 1
    health = suite.executor.read(system, lambda read: read.hooks.health(read=read))
    assert [each.name for each in health] == ["neighbour"]


def leftovers(suite, plugin_id: str) -> list[str]:
    """Whatever a plugin has left in the suite."""
    return [
        *(each.name for each in suite.registry.all() if each.owner == plugin_id),
        *suite.hooks.implemented_by(plugin_id),
        *(each.id for each in suite.manifests if each.id == plugin_id),
    ]


def _cases():
    hang = pytest.mark.leaks("a plugin that hangs leaves its thread behind")
    return [pytest.param(*each, id=each[0], marks=[hang] if each[0] in HANGING else []) for each in CASES]


@pytest.mark.parametrize(("case", "state", "reason", "trace"), _cases())
def test_a_bad_plugin_alone_is_left_out(open_with, case, state, reason, trace):
    seconds = 0.3 if case in HANGING else 5.0
    suite = open_with(case, "good", plugin_seconds=seconds)
    plugin = suite.plugins.get(case)
    assert plugin.state is state
    said = in_language(plugin.reason, "en")
    assert reason.lower() in said.lower()
    assert in_language(plugin.reason, "zh_CN") != said
    assert trace in plugin.traceback
    assert plugin.badge == (state is not State.SKIPPED)
    assert leftovers(suite, case) == []
    check_neighbour(suite)
    if state is State.REJECTED:
        assert f"yichuang_{case}.plugin" not in sys.modules


def test_all_of_them_together(open_with):
    suite = open_with(*(case[0] for case in CASES if case[0] not in HANGING), "good")
    assert [each.id for each in suite.manifests] == ["neighbour"]
    assert {each.id: each.state for each in suite.plugins.all()} == {
        **{case[0]: case[1] for case in CASES if case[0] not in HANGING},
        "neighbour": State.ACTIVE,
    }
    check_neighbour(suite)


def test_half_a_registration_is_taken_back_whole(open_with):
    suite = open_with("good")
    operations = [each.name for each in suite.registry.all()]
    suite.close()
    suite = open_with("half_registered", "good")
    assert [each.name for each in suite.registry.all()] == operations
    assert [page.id for each in suite.manifests for page in each.pages] == ["neighbour.page"]
    assert sys.modules["yichuang_half_registered.plugin"].disposed == ["second", "first"]
    with pytest.raises(UserError) as caught:
        suite.run(Actor.system(), "half_registered.note", {"text": "x"})
    assert caught.value.code == "UNKNOWN_OPERATION"


def test_a_failed_migration_leaves_no_table(database_url, open_with):
    suite = open_with("failing_migration")
    with suite.database.read() as reader:
        from sqlalchemy import inspect

        names = inspect(reader.connection).get_table_names()
    assert not [name for name in names if name.startswith("failing_migration")]


@pytest.mark.parametrize("case", ["raises_in_hook", "exits_in_hook"])
def test_a_failing_listener_does_not_stop_the_others(database_url, open_with, case):
    suite = open_with(case, "good")
    told = []
    suite.plugins.subscribe(told.append)
    check_neighbour(suite)
    plugin = suite.plugins.get(case)
    assert plugin.state is State.ACTIVE
    assert plugin.badge
    assert plugin.faults[0].where == "health"
    assert "hookimpl" not in plugin.faults[0].summary
    assert case in plugin.faults[0].traceback
    assert told[-1] == plugin
    for _ in range(3):
        check_neighbour(suite)
    plugin = suite.plugins.get(case)
    assert len(plugin.faults) == 3  # then it was no longer asked
    assert plugin.stopped == {"health"}
    assert "health" in in_language(plugin.reason, "en")


def test_a_failing_check_is_not_a_pass(database_url, open_with):
    suite = open_with("raises_in_hook", "good")

    def check(read):
        return read.hooks.check_material(work=read, claim=CLAIM)

    with pytest.raises(UserError) as caught:
        suite.executor.read(Actor.system(), check)
    assert caught.value.code == "HOOK_REFUSED"
    suite.plugins.disable("raises_in_hook")
    assert [each.accepted for each in suite.executor.read(Actor.system(), check)] == [True]


def test_a_failing_listener_leaves_no_writes(database_url, open_with, tmp_path):
    folder = tmp_path / "plugins" / "yichuang_scribbler"
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(
        'id = "scribbler"\nname = "x"\nversion = "1.0"\napi = "1"\npublisher = "x"\norder = 1\ngroup = "department"\n'
    )
    (folder / "plugin.py").write_text(
        "from yichuang.api import hookimpl\n"
        "class Hooks:\n"
        "    @hookimpl\n"
        "    def health(self, read):\n"
        "        from yichuang_neighbour.tables import note\n"
        "        read.insert(note, text='scribbled')\n"
        "        raise OSError('after the write')\n"
        "def activate(context):\n"
        "    context.hooks(Hooks())\n"
    )
    suite = open_with("good", tmp_path / "plugins")
    suite.run(Actor.system(), "neighbour.note", {"text": "kept"})
    assert [each.where for each in suite.plugins.get("scribbler").faults] == ["health"]
    assert suite.query(Actor.system(), "neighbour.notes") == ["kept"]


def test_the_first_of_two_with_one_name_is_used(open_with):
    suite = open_with("duplicate_1", "duplicate_2")
    first, second = suite.plugins.all()
    assert first.state is State.ACTIVE
    assert second.state is State.REJECTED
    assert "duplicate_1" in in_language(second.reason, "en")


def test_tables_that_are_newer_than_the_plugin(database_url, open_with):
    suite = open_with("newer_schema")
    assert suite.plugins.get("newer_schema").state is State.ACTIVE
    with suite.database.write() as writer:
        writer.connection.exec_driver_sql("INSERT INTO newer_schema_version VALUES ('0002')")
    suite.close()
    suite = open_with("newer_schema", "good")
    plugin = suite.plugins.get("newer_schema")
    assert plugin.state is State.FAULTED
    assert "newer program" in in_language(plugin.reason, "en")
    check_neighbour(suite)


def test_no_second_try_of_a_failed_import(open_with):
    suite = open_with("raises_on_import")
    plugin = suite.plugins.retry("raises_on_import")
    assert plugin.state is State.FAULTED
    assert "next time" in in_language(plugin.reason, "en")
    assert plugin.traceback


def test_a_failed_activation_may_be_tried_again(open_with):
    suite = open_with("raises_in_activate")
    sys.modules["yichuang_raises_in_activate.plugin"].activate = lambda context: None
    assert suite.plugins.retry("raises_in_activate").state is State.ACTIVE


def test_failed_starts_are_counted(open_with):
    for count in (1, 2, 3):
        suite = open_with("raises_in_activate")
        assert suite.plugins.get("raises_in_activate").failed_starts == count
        suite.close()


@pytest.mark.leaks("a plugin that hangs leaves its thread behind")
def test_looking_does_not_wait_for_a_plugin_that_hangs(open_with):
    suite = open_with("good", "hangs_in_activate", plugin_seconds=0.3)
    assert suite.plugins.get("hangs_in_activate").state is State.FAULTED
    late = [thread for thread in threading.enumerate() if "hangs_in_activate" in thread.name]
    assert all(thread.daemon for thread in late)
    suite.close()
    suite = open_with("good", "hangs_in_activate", plugin_seconds=0.3)
    assert (
        suite.plugins.get("hangs_in_activate").state is State.SKIPPED
    )  # it would cost every start its time limit
    check_neighbour(suite)


def test_switching_off_and_on(open_with):
    suite = open_with("good")
    assert suite.plugins.disable("neighbour").state is State.DISABLED
    assert leftovers(suite, "neighbour") == []
    suite.close()
    suite = open_with("good")
    assert suite.plugins.get("neighbour").state is State.DISABLED
    assert "yichuang_neighbour.plugin" not in sys.modules or suite.manifests == []
    assert suite.plugins.enable("neighbour").state is State.ACTIVE
    check_neighbour(suite)


def test_refused_permissions(open_with):
    suite = open_with("good")
    assert suite.plugins.refuse("neighbour", "neighbour.use").refused == {"neighbour.use"}
    with pytest.raises(UserError) as caught:
        suite.run(Actor.system(), "neighbour.note", {"text": "x"})
    assert caught.value.code == "PERMISSION_REFUSED"
    assert not suite.registry.has("neighbour.note")
    suite.close()
    suite = open_with("good")
    assert suite.plugins.get("neighbour").refused == {"neighbour.use"}
    assert not suite.registry.has("neighbour.note")
    suite.plugins.refuse("neighbour", "neighbour.use", False)
    check_neighbour(suite)
    with pytest.raises(UserError) as caught:
        suite.plugins.refuse("neighbour", "queue.call")
    assert caught.value.code == "UNKNOWN_PERMISSION"
