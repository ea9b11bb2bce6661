"""`yichuang queue serve`: boards for televisions and a ticket's page for phones, over HTTP, read-only."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from yichuang.api import CommandContext, UserError
from yichuang_queue.web.app import make_app
from yichuang_queue.web.hub import MOST_CLIENTS, Hub
from yichuang_queue.words import words

L = words.lazy
_ = words.text
MOST_CONNECTIONS = MOST_CLIENTS + 200
SILENT_SECONDS = 10.0
"""A connection that has asked nothing for so long is closed."""
END_SECONDS = 5


class PatientProtocol(H11Protocol):
    """HTTP that gives a connection up which was opened and says nothing."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self.loop.call_later(SILENT_SECONDS, self._close_if_silent)

    def _close_if_silent(self) -> None:
        asked: object = self.cycle  # None until the first request is there; uvicorn's types say otherwise
        if asked is None and not self.transport.is_closing():
            self.transport.close()


def run(context: CommandContext) -> int:
    """Serve until told to end; the last requests are answered first.

    Raises:
        UserError: PORT_TAKEN.
    """
    parser = context.parser()
    parser.add_argument("--host", default="0.0.0.0", help=_("address to listen at"))  # noqa: S104 - televisions
    parser.add_argument("--port", type=int, default=8080, help=_("port to listen at; 0 takes a free one"))
    parser.add_argument(
        "--proxy", default="", help=_("address of the proxy in front, whose word about clients is believed")
    )
    options = parser.parse_args(list(context.arguments))
    listening = listen(options.host, options.port)
    hub = Hub(context.query)
    drafts = str(context.setting("queue.number_mn")), str(context.setting("queue.desk_mn"))
    server = uvicorn.Server(configure(make_app(hub, drafts), options.proxy))
    stop_watching = context.watch(lambda _entries: hub.poke(), hub.link)
    thread = threading.Thread(target=server.run, args=([listening],), name="queue-web-server")
    stopping = context.stopping  # from now on this command ends itself
    thread.start()
    try:
        _tell(context, listening)
        while thread.is_alive() and not stopping.wait(0.5):
            pass
    finally:
        stop_watching()
        hub.call_soon(hub.let_go)
        server.should_exit = True
        thread.join(END_SECONDS + 5)
        listening.close()
    return 0


def configure(app: Any, proxy: str = "") -> uvicorn.Config:
    """How the application is served: bounded, without a word about who we are."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    return uvicorn.Config(
        app, http=PatientProtocol, ws="none", lifespan="on", log_config=None, access_log=False, server_header=False,
        limit_concurrency=MOST_CONNECTIONS, timeout_keep_alive=10, timeout_graceful_shutdown=END_SECONDS,
        h11_max_incomplete_event_size=16 * 1024, proxy_headers=bool(proxy), forwarded_allow_ips=proxy or None,
    )  # fmt: skip


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        UserError: PORT_TAKEN.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=256)
    except (OSError, OverflowError) as error:
        raise UserError(
            "PORT_TAKEN",
            L("Nothing can listen at {host}:{port}: {why}.", host=host, port=str(port), why=str(error)),
            do=L("Choose another port with --port."),
        ) from error


def _tell(context: CommandContext, listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    shown = f"http://{'[' + host + ']' if ':' in host else host}:{port}"
    if context.json:
        print(json.dumps({"url": shown, "public": context.setting("queue.public_url")}), flush=True)
    else:
        print(_("Boards: {url}/board   Tickets: {url}/t/…", url=shown), flush=True)
