"""The web pages, served for a test by the real server on a thread, and what asks them."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from yichuang.api import Actor
from yichuang_queue.commands.serve import configure, listen
from yichuang_queue.web.app import make_app
from yichuang_queue.web.hub import Hub
from yichuang_queue.web.limits import Limits


@contextmanager
def serving(suite: Any, port: int = 0, limits: Limits | None = None, hub: Hub | None = None) -> Iterator[str]:
    """Serve a suite's pages; gives the address."""
    nobody = Actor.nobody()
    hub = hub or Hub(lambda name, request: suite.query(nobody, name, request))
    listening = listen("127.0.0.1", port)
    drafts = str(suite.setting("queue.number_mn")), str(suite.setting("queue.desk_mn"))
    server = uvicorn.Server(configure(make_app(hub, drafts, limits)))
    stops = [suite.feed.subscribe(lambda _entries: hub.poke()), suite.feed.on_link(hub.link)]
    suite.feed.start()
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        for stop in stops:
            stop()
        hub.call_soon(hub.let_go)
        server.should_exit = True
        thread.join(15)
        listening.close()
        assert not thread.is_alive(), "the server does not end"


def get(url, path, method="GET", **headers):
    place = urlsplit(url)
    with closing(http.client.HTTPConnection(place.hostname, place.port, timeout=20)) as connection:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode(errors="replace")


class Stream:
    """A television's stream of events."""

    def __init__(self, url, path="/board/events", **headers):
        place = urlsplit(url)
        self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()

    def __enter__(self):
        assert self.answer.status == 200
        return self

    def __exit__(self, *_):
        self.answer.close()
        self.connection.close()

    def next(self, wanted):
        """The next event of a kind: its data and its id."""
        kind, data, event_id = "", "", None
        while line := self.answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                data = value
            elif name == "id":
                event_id = int(value)
            elif not line.strip():
                if kind == wanted:
                    return json.loads(data), event_id
                kind, data, event_id = "", "", None
        raise EOFError
