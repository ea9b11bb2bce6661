"""The web pages over HTTP: what they tell, what they keep back, what they refuse."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest

from yichuang.api import Actor, UserError, select
from yichuang_queue import tables as t
from yichuang_queue.commands.serve import listen
from yichuang_queue.web import hub as hubs
from yichuang_queue.web.hub import Hub
from yichuang_queue.web.limits import Limits, network_of

from .conftest import MANAGER, clerk
from .web_server import Stream, get, serving


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{(tmp_path / 'hall.sqlite').as_posix()}"


@pytest.fixture
def hall(suite):
    suite.run(clerk(1, "A01"), "queue.open_desk", {"desk": "A01", "lines": ["A"]})
    for _ in range(3):
        suite.run(MANAGER, "queue.issue", {"line": "A", "business": "企业设立", "person": "苏日娜"})
    return suite


def token_of(suite, number):
    with suite.database.read() as reader:
        return reader.scalar(select(t.ticket.c.token).where(t.ticket.c.number == number))


def call(suite):
    return suite.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})


def test_a_stream_begins_with_the_board_and_goes_on_with_calls(hall):
    with serving(hall) as url, Stream(url) as stream:
        board, _ = stream.next("board")
        assert (board["lines"][0]["waiting"], board["calls"]) == (3, [])
        call(hall)
        told, event_id = stream.next("calls")
        assert [(each["number"], each["desk"], each["coming"]) for each in told["calls"]] == [
            ("A001", "A01", True)
        ]
        assert event_id == told["after"]
        board, _ = stream.next("board")
        assert board["lines"][0]["waiting"] == 2
        assert stream.next("beat")
        assert "苏" not in json.dumps(board, ensure_ascii=False)


def test_a_television_that_comes_back_hears_what_it_missed(hall):
    with serving(hall) as url:
        with Stream(url) as stream:
            stream.next("board")
        ticket = call(hall)
        hall.run(clerk(1, "A01"), "queue.pass", {"desk": "A01", "ticket_id": ticket.id})
        with Stream(url, **{"Last-Event-ID": "0"}) as stream:
            board, _ = stream.next("board")
            assert board["calls"] == []
            told, _ = stream.next("calls")
            assert [each["number"] for each in told["calls"]] == ["A001"]


def test_every_answer_is_closed_in(hall):
    with serving(hall) as url:
        for path in (
            "/board",
            f"/t/{token_of(hall, 'A001')}",
            "/healthz",
            "/static/board.js",
            "/nothing",
            "/t/x",
        ):
            _status, headers, body = get(url, path)
            lower = {name.lower(): value for name, value in headers.items()}
            assert "default-src 'none'" in lower["content-security-policy"]
            assert lower["x-content-type-options"] == "nosniff"
            assert lower["referrer-policy"] == "no-referrer"
            assert "server" not in lower
            assert "苏日娜" not in body
            assert "<script>" not in body


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/board?zone=nowhere", 404), ("/board?desk=Z99", 404), ("/board/events?zone=nowhere", 404),
        ("/board?zone=" + "z" * 41, 404), ("/board?zone=%3Cscript%3E", 404), ("/board?zone=z", 200), ("/board?desk=A01", 200),
        ("/t/..%2f..%2fetc", 404), ("/t/" + "x" * 41, 404), ("/static/..%2fapp.py", 404), ("/static/app.py", 404),
        ("/static/sans.ttf", 200), ("/static/mono.ttf", 404), ("/openapi.json", 404),
    ],
)  # fmt: skip
def test_what_there_is_and_what_not(hall, path, status):
    with serving(hall) as url:
        assert get(url, path)[0] == status


def test_nothing_can_be_changed(hall):
    with serving(hall) as url:
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            assert get(url, "/board", method)[0] == 405
            assert get(url, f"/t/{token_of(hall, 'A001')}", method)[0] == 405


def test_a_ticket_is_told_to_whoever_has_its_secret(hall):
    with serving(hall) as url:
        status, _, body = get(url, f"/t/{token_of(hall, 'A003')}")
        assert status == 200
        assert "A003" in body
        assert "<b>2</b>" in body, "two are before it"
        assert "People before you" in body
        assert get(url, "/t/A003")[0] == 404


def test_guessing_is_slowed_down(hall):
    with serving(hall, limits=Limits(misses=3)) as url:
        token = token_of(hall, "A001")
        assert [get(url, f"/t/{'x' * 16}")[0] for _ in range(3)] == [404] * 3
        status, headers, _ = get(url, f"/t/{token}")
        assert (status, {k.lower(): v for k, v in headers.items()}["retry-after"]) == (429, "60")
        assert get(url, "/board")[0] == 200, "boards hang behind the same address"


def test_one_address_may_ask_so_much(hall):
    with serving(hall, limits=Limits(requests=5)) as url:
        assert [get(url, "/board")[0] for _ in range(6)] == [200] * 5 + [429]


def test_limits_forget_and_are_bounded():
    limits = Limits(requests=2, misses=1)
    assert [limits.may_ask("10.0.0.1", 0) for _ in range(3)] == [True, True, False]
    assert limits.may_ask("10.0.0.2", 0)
    assert limits.may_ask("10.0.0.1", 61)
    limits.miss("10.0.0.1", 61)
    assert not limits.may_guess("10.0.0.1", 62)
    for number in range(10_000):
        limits.may_ask(f"10.1.{number // 250}.{number % 250}", 63)
    assert len(limits._counts) <= 4096
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("::ffff:10.0.0.1") == "10.0.0.1"


def test_no_more_boards_than_the_server_takes(hall):
    nobody = Actor.nobody()
    hub = Hub(lambda name, request: hall.query(nobody, name, request), most=2)
    with serving(hall, hub=hub) as url, Stream(url) as one, Stream(url) as two:
        one.next("board")
        two.next("board")
        assert get(url, "/board/events")[0] == 503
        assert json.loads(get(url, "/healthz")[2]) == {"status": "ok", "boards": 2}


def test_a_hundred_televisions_hear_of_one_question(hall):
    asked = []
    all_are_here = threading.Event()
    nobody = Actor.nobody()

    def ask(name, request):
        asked.append(name)
        assert all_are_here.wait(20)
        return hall.query(nobody, name, request)

    with ExitStack() as opened:
        url = opened.enter_context(serving(hall, hub=Hub(ask)))
        streams = [opened.enter_context(Stream(url)) for _ in range(100)]
        all_are_here.set()
        for stream in streams:
            stream.next("board")
        assert asked.count("queue.board") <= 4, "those who come at once share a snapshot"
        asked.clear()
        begun = time.monotonic()
        call(hall)
        for stream in streams:
            assert stream.next("calls")[0]["calls"][0]["number"] == "A001"
        assert time.monotonic() - begun < 3
        assert asked.count("queue.calls") <= 4


def test_boards_hear_nothing_while_the_database_is_away(hall, monkeypatch):
    monkeypatch.setattr(hubs, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(hubs, "SNAPSHOT_SECONDS", 0.5)
    away = threading.Event()
    nobody = Actor.nobody()

    def ask(name, request):
        if away.is_set():
            raise UserError("DATABASE_AWAY", "gone")
        return hall.query(nobody, name, request)

    with serving(hall, hub=Hub(ask)) as url, Stream(url) as stream:
        stream.next("beat")
        away.set()
        time.sleep(1.5)
        assert get(url, "/healthz")[0] == 503
        assert get(url, "/t/" + "x" * 16)[0] == 503
        away.clear()
        call(hall)
        assert stream.next("calls")[0]["calls"], "what was called meanwhile comes when the database is back"


def test_a_silent_connection_is_closed(hall, monkeypatch):
    monkeypatch.setattr("yichuang_queue.commands.serve.SILENT_SECONDS", 0.3)
    with serving(hall) as url:
        place = urlsplit(url)
        with socket.create_connection((place.hostname, place.port)) as silent:
            silent.settimeout(5)
            assert silent.recv(1) == b""


def test_a_taken_port_is_said():
    with closing(listen("127.0.0.1", 0)) as taken, pytest.raises(UserError) as caught:
        listen("127.0.0.1", taken.getsockname()[1])
    assert caught.value.code == "PORT_TAKEN"
