"""A gateway for messages, as halls have one: over HTTP on this machine, delivering a key once; and what the tests need of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from yichuang.api import Actor
from yichuang_acceptance.commands.messages import send_due

from .conftest import OTHER

PASSWORD = "open sesame"
SENDER = Actor(
    21, "messenger", "短信发送", OTHER, permissions=frozenset({"acceptance.view", "acceptance.send_messages"})
)


class Gateway:
    """What it was asked and what it delivered.

    Attributes:
        asked: Every request, with headers.
        delivered: By key, each once.
        answer: What to do with the next request: a status, "cut" (the connection, before anything was kept), "lost" (kept,
            but the answer is lost), or something to call before answering; 200 when empty.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.delivered: dict[str, dict[str, Any]] = {}
        self.answers: list[int | str | Callable[[], None]] = []
        self.address = ""


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A gateway that listens."""
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.asked.append((dict(self.headers), body))
            answer = state.answers.pop(0) if state.answers else 200
            key = self.headers["Idempotency-Key"]
            if answer == "cut":
                self.connection.close()
                return
            if isinstance(answer, int) and answer != 200:
                self.send_response(answer)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
                return
            state.delivered.setdefault(key, body)
            if answer == "lost":
                self.connection.close()
                return
            if callable(answer):
                answer()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"id": f"G{list(state.delivered).index(key) + 1}"}).encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}/send"
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Process:
    """The sending process, without being one: its account, its folder, an open hall."""

    def __init__(self, suite: Any, folder: Any, *arguments: str) -> None:
        self.suite, self.data_dir, self.arguments = suite, folder, arguments
        self.stopping = threading.Event()

    def query(self, name: str, request: Any = None) -> Any:
        return self.suite.query(SENDER, name, request)

    def run(self, name: str, request: Any = None) -> Any:
        return self.suite.run(SENDER, name, request)


def choose(suite: Any, **settings: str) -> None:
    """Settings of the messages, by the end of their key."""
    for name, value in settings.items():
        suite.run(Actor.system(), "hall.set", {"key": f"acceptance.message_{name}", "value": value})


def send(suite: Any, folder: Any, claim: str = "one-sender") -> dict[str, int]:
    """One round of the sending process."""
    return dict(send_due(Process(suite, folder), claim))
