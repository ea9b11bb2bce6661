"""The web application: boards, their stream of events, a ticket's page, its own health. It only reads."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yichuang.api import UserError
from yichuang_queue.web.hub import Hub
from yichuang_queue.web.limits import Limits
from yichuang_queue.web.pages import board_page, sorry_page, ticket_page
from yichuang_queue.web.shown import say
from yichuang_resources import fonts

STATIC = Path(__file__).parent / "static"
FILES = {
    "board.css": "text/css",
    "board.js": "text/javascript",
    "announcing.js": "text/javascript",
    "ticket.css": "text/css",
    "ticket.js": "text/javascript",
}
FACES = {"mongolian": "mongolian", "sans": "sans", "strong": "sans-medium"}
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,40}")
CODE = re.compile(r"[\w.-]{0,40}")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def make_app(
    hub: Hub,
    drafts: tuple[str, str],
    limits: Limits | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ASGIApp:
    """The application.

    Args:
        hub: Where boards come from.
        drafts: Mongolian words around a number and a desk.
        limits: What an address may ask.
        clock: Seconds that only go forward.
    """
    pages = _Pages(hub, drafts, limits or Limits(), clock)

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        await hub.start()
        yield
        await hub.stop()

    routes = [
        Route("/", pages.board, methods=["GET"]),
        Route("/board", pages.board, methods=["GET"]),
        Route("/board/events", pages.events, methods=["GET"]),
        Route("/t/{token}", pages.ticket, methods=["GET"]),
        Route("/healthz", pages.health, methods=["GET"]),
        Route("/static/{face}.ttf", pages.font, methods=["GET"]),
        Route("/static/{name}", pages.static, methods=["GET"]),
    ]
    handlers: Any = {404: pages.not_found, UserError: pages.failed}
    return with_headers(Starlette(routes=routes, lifespan=life, exception_handlers=handlers))


class _Pages:
    """The pages' handlers."""

    def __init__(self, hub: Hub, drafts: tuple[str, str], limits: Limits, clock: Callable[[], float]) -> None:
        self._hub = hub
        self._drafts = drafts
        self._limits = limits
        self._clock = clock

    def _refused(self, request: Request) -> Response | None:
        """A polite no to an address that asks too much."""
        if self._limits.may_ask(_address(request), self._clock()):
            return None
        return _sorry(say("Too many requests"), say("Please wait a minute."), 429, {"Retry-After": "60"})

    async def board(self, request: Request) -> Response:
        """The page of a board; it fills itself from the stream."""
        if (refused := self._refused(request)) is not None:
            return refused
        place = await self._place(request)
        if place is None:
            return await self.not_found(request, None)
        return HTMLResponse(board_page(*place, *self._drafts))

    async def _place(self, request: Request) -> tuple[str, str] | None:
        """Zone and desk that were asked for, None where there are no such."""
        zone, desk = request.query_params.get("zone", ""), request.query_params.get("desk", "")
        if CODE.fullmatch(zone) is None or CODE.fullmatch(desk) is None:
            return None
        if zone or desk:
            board = await self._hub.ask("queue.board", {"zone": zone, "desk": desk})
            if (zone and zone not in board.zones) or (desk and board.desk is None):
                return None
        return zone, desk

    async def events(self, request: Request) -> Response:
        """The stream of a board."""
        if (refused := self._refused(request)) is not None:
            return refused
        place = await self._place(request)
        if place is None:
            return PlainTextResponse("no such board", 404)
        if self._hub.full:
            return PlainTextResponse("too many boards", 503, {"Retry-After": "10"})
        last = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
        after = int(last) if last.isascii() and last.isdecimal() and len(last) <= 15 else None
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(self._hub.stream(*place, after), 200, headers, "text/event-stream")

    async def ticket(self, request: Request) -> Response:
        """How one ticket stands, to whoever has its secret."""
        if (refused := self._refused(request)) is not None:
            return refused
        address, now, token = _address(request), self._clock(), request.path_params["token"]
        if not self._limits.may_guess(address, now):
            return _sorry(say("Too many requests"), say("Please wait a minute."), 429, {"Retry-After": "60"})
        try:
            if TOKEN.fullmatch(token) is None:
                raise UserError("UNKNOWN_TICKET", "")
            ticket = await self._hub.ask("queue.my_ticket", {"token": token})
        except UserError as error:
            if error.code != "UNKNOWN_TICKET":
                raise
            self._limits.miss(address, now)
            said = say("There is no such ticket."), say("There is no such ticket.", "en")
            return _sorry(said[0], said[1], 404)
        return HTMLResponse(ticket_page(ticket))

    async def health(self, _request: Request) -> Response:
        """Whether the database answers."""
        try:
            await self._hub.channel("", "").snapshot()
        except UserError as error:
            return JSONResponse({"status": "away", "code": error.code}, 503)
        return JSONResponse({"status": "ok", "boards": self._hub.clients})

    async def static(self, request: Request) -> Response:
        """One of our own files."""
        name = request.path_params["name"]
        if name not in FILES:
            return await self.not_found(request, None)
        return FileResponse(STATIC / name, media_type=FILES[name], headers={"Cache-Control": "no-cache"})

    async def font(self, request: Request) -> Response:
        """A face of ours: televisions have no Mongolian one, and some have no Chinese one."""
        try:
            path = fonts.path(FACES[request.path_params["face"]])
        except (KeyError, fonts.FontMissingError):
            return await self.not_found(request, None)
        return FileResponse(path, media_type="font/ttf", headers={"Cache-Control": "max-age=604800"})

    async def not_found(self, _request: Request, _error: Any) -> Response:
        """There is no such page."""
        return _sorry(say("There is no such page."), say("There is no such page.", "en"), 404)

    async def failed(self, _request: Request, error: Any) -> Response:
        """The hall does not answer."""
        return _sorry(str(error.sentence), say("Please try again in a moment."), 503, {"Retry-After": "5"})


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "?"


def _sorry(title: str, detail: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return HTMLResponse(sorry_page(title, detail), status, headers)


def with_headers(app: ASGIApp) -> ASGIApp:
    """Put the headers of safety on every answer, also on errors."""
    ready = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _value in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in ready if pair[0] not in given)]
            await send(message)

        await app(scope, receive, sending if scope["type"] == "http" else send)

    return wrapped
