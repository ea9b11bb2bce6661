"""Hooks are called plugin by plugin; what a failure means is the hook's policy."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from yichuang.api.hooks import Finding, HookSpecs, StampRequest, StampTicket, hookimpl
from yichuang.hall.errors import UserError
from yichuang.host.hooks import STRIKES, HookCalls, HookMismatchError, HookRefusedError

REQUEST = StampRequest("case:1", "notice", "0" * 64, "Notice", "11")


class Log(list[tuple[str, str, str]]):
    """The faults that were told."""

    def __call__(self, plugin: str, hook: str, error: BaseException) -> None:
        self.append((plugin, hook, type(error).__name__))


class Healthy:
    def __init__(self, *names: str) -> None:
        self.names = names

    @hookimpl
    def health(self, read: Any) -> list[Finding]:
        return [Finding(name, "ok", "") for name in self.names]


class Failing:
    """Raises what it was given, as long as there is something to raise."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.calls = 0

    def _act(self) -> None:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)

    @hookimpl
    def health(self, read: Any) -> list[Finding]:
        self._act()
        return []

    @hookimpl
    def stamp_document(self, work: Any, request: StampRequest) -> StampTicket | None:
        self._act()
        return None


class Stamper:
    def __init__(self, answer: StampTicket | None) -> None:
        self.answer = answer
        self.asked = 0

    @hookimpl
    def stamp_document(self, request: StampRequest) -> StampTicket | None:
        self.asked += 1
        return self.answer


@pytest.fixture
def faults() -> Log:
    return Log()


@pytest.fixture
def hooks(faults) -> HookCalls:
    return HookCalls(faults)


def test_answers_come_in_manifest_order_whatever_the_order_of_registration(hooks):
    hooks.register("late", "Late", 30, [Healthy("c")])
    hooks.register("early", "Early", 10, [Healthy("a", "b")])
    assert [each.name for each in hooks.health(read=None)] == ["a", "b", "c"]
    hooks.unregister("early")
    assert [each.name for each in hooks.health(read=None)] == ["c"]


def test_several_objects_of_one_plugin(hooks):
    hooks.register("one", "One", 10, [Healthy("a"), Healthy("b")])
    assert len(hooks.health(read=None)) == 2
    assert hooks.implemented_by("one") == {"health"}


def test_no_plugin_no_answer(hooks):
    assert hooks.health(read=None) == []
    assert hooks.stamp_document(work=None, request=REQUEST) is None
    assert hooks.document_stamped(work=None, receipt=None) is None


def test_first_asks_until_somebody_answers(hooks):
    ticket = StampTicket(7, "seal")
    nobody, somebody, unasked = Stamper(None), Stamper(ticket), Stamper(StampTicket(8, "other"))
    for order, stamper in enumerate((nobody, somebody, unasked)):
        hooks.register(f"s{order}", "S", order, [stamper])
    assert hooks.stamp_document(work=None, request=REQUEST) is ticket
    assert (nobody.asked, somebody.asked, unasked.asked) == (1, 1, 0)


@pytest.mark.parametrize("error", [OSError("away"), SystemExit(3), RecursionError(), AssertionError()])
def test_skip_goes_on_with_the_others(hooks, faults, error):
    hooks.register("bad", "Bad", 1, [Failing(error)])
    hooks.register("good", "Good", 2, [Healthy("a")])
    answers = hooks.health(read=None)
    assert [each.name for each in answers] == ["a"]
    assert answers.unavailable == ("bad",)
    assert faults == [("bad", "health", type(error).__name__)]


@pytest.mark.parametrize("error", [OSError("the key is not there"), SystemExit(3)])
def test_refuse_stops_everything_and_names_the_plugin(hooks, faults, error):
    asked = Stamper(StampTicket(1, "x"))
    hooks.register("bad", "Bad Seal", 1, [Failing(error)])
    hooks.register("good", "Good", 2, [asked])
    with pytest.raises(HookRefusedError) as caught:
        hooks.stamp_document(work=None, request=REQUEST)
    assert caught.value.code == "HOOK_REFUSED"
    assert "Bad Seal" in str(caught.value)
    assert caught.value.detail == {"plugin": "bad", "hook": "stamp_document", "error": type(error).__name__}
    assert "the key is not there" not in str(caught.value.as_dict("en"))  # messages may hold personal data
    assert asked.asked == 0
    assert faults == [("bad", "stamp_document", type(error).__name__)]


def test_a_user_error_of_a_plugin_is_an_answer_not_a_fault(hooks, faults):
    own = UserError("SEAL_LOST", "The seal is lost.")
    hooks.register("seal", "Seal", 1, [Failing(own, own)])
    with pytest.raises(UserError) as caught:
        hooks.stamp_document(work=None, request=REQUEST)
    assert caught.value is own
    assert hooks.health(read=None).unavailable == ("seal",)
    assert faults == []


def test_three_failures_in_a_row_end_it_for_that_hook_only(hooks, faults):
    bad = Failing(*[OSError()] * 2)
    hooks.register("bad", "Bad", 1, [bad])
    hooks.health(read=None)
    hooks.health(read=None)
    assert hooks.health(read=None).unavailable == ()  # it worked again: the count starts afresh
    bad.errors = [OSError()] * STRIKES
    for _ in range(STRIKES):
        hooks.health(read=None)
    assert hooks.stopped("bad") == {"health"}
    calls = bad.calls
    assert hooks.health(read=None).unavailable == ("bad",)
    assert bad.calls == calls
    assert hooks.stamp_document(work=None, request=REQUEST) is None
    assert bad.calls == calls + 1
    hooks.unregister("bad")
    assert hooks.stopped("bad") == frozenset()


def test_a_hook_that_must_answer_is_asked_every_time(hooks):
    bad = Failing(*[OSError()] * (STRIKES + 2))
    hooks.register("bad", "Bad", 1, [bad])
    for _ in range(STRIKES + 2):
        with pytest.raises(HookRefusedError):
            hooks.stamp_document(work=None, request=REQUEST)
    assert hooks.stamp_document(work=None, request=REQUEST) is None


def test_a_database_that_gave_up_is_not_the_plugins_fault(hooks, faults):
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as wrong_statement:
        connection.execute("SELECT * FROM nothing")
    connection.close()
    hooks.register(
        "bad", "Bad", 1, [Failing(wrong_statement.value, sqlite3.OperationalError("disk I/O error"))]
    )
    assert hooks.health(read=None).unavailable == ("bad",)
    assert len(faults) == 1
    with pytest.raises(sqlite3.OperationalError, match="disk I/O"):
        hooks.health(read=None)
    assert len(faults) == 1


def test_a_generator_fails_inside(hooks, faults):
    class Lazy:
        @hookimpl
        def health(self, read: Any) -> Iterator[Finding]:
            yield Finding("a", "ok", "")
            raise OSError

    hooks.register("lazy", "Lazy", 1, [Lazy()])
    assert hooks.health(read=None) == []
    assert faults == [("lazy", "health", "OSError")]


def test_slow_answers_are_logged(hooks, caplog, monkeypatch):
    monkeypatch.setattr("yichuang.host.hooks.SLOW_SECONDS", 0.0)
    hooks.register("slow", "Slow", 1, [Healthy("a")])
    with caplog.at_level(logging.WARNING):
        hooks.health(read=None)
    assert "plugin slow took" in caplog.text


class Misspelt:
    @hookimpl
    def helth(self, read: Any) -> list[Finding]:
        return []


class WrongArgument:
    @hookimpl
    def health(self, read: Any, colour: str) -> list[Finding]:
        return []


class Wrapper:
    @hookimpl(wrapper=True)
    def health(self) -> Any:
        return (yield)


class Unmarked:
    def health(self, read: Any) -> list[Finding]:
        return []


@pytest.mark.parametrize(
    ("implementation", "sentence"),
    [
        (Misspelt(), "There is no hook helth; there is health."),
        (WrongArgument(), "colour"),
        (Wrapper(), "health wraps the answers of others."),
        (Unmarked(), "Unmarked answers no hook; mark its methods with @hookimpl."),
        (Healthy, "Healthy is a class; register an object of it."),
    ],
)
def test_what_does_not_fit_is_refused_whole(hooks, implementation, sentence):
    hooks.register("good", "Good", 2, [Healthy("b")])
    with pytest.raises(HookMismatchError) as caught:
        hooks.register("bad", "Bad", 1, [Healthy("a"), implementation])
    assert sentence in caught.value.sentence.in_language("en")
    assert [each.name for each in hooks.health(read=None)] == ["b"]
    assert hooks.implemented_by("bad") == frozenset()
    hooks.register("bad", "Bad", 1, [Healthy("a")])  # nothing of the failure is left


def test_a_hook_of_a_later_contract_may_be_optional(hooks):
    class Later:
        @hookimpl(optionalhook=True)
        def moon_phase(self) -> None:
            return None

        @hookimpl
        def health(self) -> list[Finding]:
            return [Finding("later", "ok", "")]

    hooks.register("later", "Later", 1, [Later()])
    assert len(hooks.health(read=None)) == 1


def test_wrong_calls_are_bugs(hooks):
    with pytest.raises(AttributeError, match="no hook helth"):
        hooks.helth(read=None)
    with pytest.raises(TypeError, match="takes"):
        hooks.health(reed=None)


def test_registering_while_others_call(hooks):
    stop = threading.Event()
    wrong: list[BaseException] = []

    def ask() -> None:
        while not stop.is_set():
            try:
                assert len(hooks.health(read=None)) in (1, 2)
            except BaseException as error:
                wrong.append(error)
                return

    hooks.register("always", "Always", 1, [Healthy("a")])
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        hooks.register("sometimes", "Sometimes", 2, [Healthy("b")])
        hooks.unregister("sometimes")
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_every_spec_states_its_policy():
    names = [name for name in vars(HookSpecs) if not name.startswith("_")]
    assert names
    for name in names:
        policy = getattr(HookSpecs, name).policy
        assert policy.shape in {"notify", "collect", "first"}
        assert policy.failure in {"skip", "refuse"}
