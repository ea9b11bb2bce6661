"""One subscription of the change feed for all televisions: it asks once, and tells everybody who watches the same board."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from yichuang_queue.rules.announcing import Following
from yichuang_queue.web.shown import board_json, calls_json

log = logging.getLogger("yichuang.plugin.queue.web")
Ask = Callable[[str, dict[str, Any]], Any]
Key = tuple[str, str]
BEAT_SECONDS = 2.0
GATHER_SECONDS = 0.5
SNAPSHOT_SECONDS = 15.0
MOST_CLIENTS = 300
MOST_UNREAD = 64
"""A television that reads nothing any more is let go; it comes back by itself."""
BEAT = b"event: beat\ndata: 0\n\n"
AWAY = b": the database does not answer\n\n"
MOST_UNWATCHED = 200


def message(event: str, data: str, event_id: int | None = None) -> bytes:
    """A server-sent event; `data` is one line."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {event}\ndata: {data}\n\n".encode()


class Channel:
    """One board and the televisions that show it."""

    def __init__(self, key: Key, ask: Callable[[str, dict[str, Any]], Any]) -> None:
        self.key = key
        self.clients: set[asyncio.Queue[bytes | None]] = set()
        self.dirty = True
        self.made = 0.0
        self._ask = ask
        self._following = Following()
        self._coming: asyncio.Future[Any] | None = None
        self._asking = asyncio.Lock()

    async def _query(self, name: str, **more: Any) -> Any:
        return await self._ask(name, {"zone": self.key[0], "desk": self.key[1], **more})

    async def snapshot(self) -> Any:
        """A board that was asked for after this call began; those who come meanwhile share the next one."""
        if self._coming is None:
            coming = self._coming = asyncio.ensure_future(self._next_snapshot())
            coming.add_done_callback(lambda future: future.cancelled() or future.exception())
        return await asyncio.shield(self._coming)

    async def _next_snapshot(self) -> Any:
        async with self._asking:
            self._coming = None  # who comes from now on gets the one after this
            asked = time.monotonic()
            board = await self._query("queue.board")
            if self._following.is_other_database(board):
                self._following.reset()
            self._following.hear_snapshot(board, asked)
            self.made = asked
            return board

    async def calls_after(self, event: int) -> list[Any]:
        """Calls after an event, of a television that was away; at most one answer's worth."""
        found: list[Any] = await self._query("queue.calls", after=event)
        return found

    async def tell_calls(self) -> None:
        """Tell the televisions what was called since."""
        if not self._following.begun:
            await self.snapshot()
        more = True
        while more:
            asked = time.monotonic()
            calls = await self._query("queue.calls", after=self._following.after)
            unheard = [each for each in calls if self._following.is_new(each)]
            _new, more = self._following.hear_calls(calls, asked)
            if unheard:
                self.tell(self.calls_message(unheard))

    def calls_message(self, calls: list[Any]) -> bytes:
        """Calls as a television reads them."""
        after = self._following.after
        return message("calls", calls_json(calls, after), after)

    async def tell_board(self) -> None:
        """Tell the televisions the counts, the waits and the notices."""
        self.dirty = False
        self.tell(message("board", board_json(await self.snapshot())))

    def tell(self, data: bytes) -> None:
        """Put a message before every television."""
        for client in list(self.clients):
            try:
                client.put_nowait(data)
            except asyncio.QueueFull:
                self.clients.discard(client)
                while not client.empty():
                    client.get_nowait()
                client.put_nowait(None)


class Hub:
    """All channels. Everything runs on one event loop but `poke` and `link`, which the feed's thread calls.

    Args:
        ask: Puts a question to the hall, and waits for the answer.
        most: Televisions at once.
    """

    def __init__(self, ask: Ask, most: int = MOST_CLIENTS) -> None:
        self.online = True
        self.answers = True
        self._sync_ask = ask
        self._most = most
        self._channels: dict[Key, Channel] = {}
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="queue-web")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def ask(self, name: str, request: dict[str, Any]) -> Any:
        """Put a question to the hall off the event loop."""
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._pool, self._sync_ask, name, request)
        except Exception as error:
            self.answers = getattr(error, "code", "") not in ("DATABASE_AWAY", "DATABASE_BUSY")
            raise
        self.answers = True
        return answer

    @property
    def full(self) -> bool:
        """Whether no further television is taken."""
        return self._closed or self.clients >= self._most

    @property
    def clients(self) -> int:
        """How many televisions watch."""
        return sum(len(channel.clients) for channel in self._channels.values())

    async def start(self) -> None:
        """Begin to follow what changes."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Let every television go and end."""
        self.let_go()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._pool.shutdown(wait=True, cancel_futures=True)

    def let_go(self) -> None:
        """End every stream; on the event loop."""
        self._closed = True
        for channel in self._channels.values():
            for client in channel.clients:
                with suppress(asyncio.QueueFull):
                    client.put_nowait(None)

    def call_soon(self, act: Callable[[], object]) -> None:
        """Do something on the event loop, from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            with suppress(RuntimeError):  # the loop ended just now
                self._loop.call_soon_threadsafe(act)

    def poke(self) -> None:
        """Something was committed; on any thread."""
        self.call_soon(self._changed.set)

    def link(self, online: bool) -> None:
        """The database is lost or found; on any thread."""
        self.online = online
        self.poke()

    def channel(self, zone: str, desk: str) -> Channel:
        """The channel of a board; those that nobody watches are forgotten now and then."""
        if len(self._channels) > MOST_UNWATCHED:
            self._channels = {key: each for key, each in self._channels.items() if each.clients}
        return self._channels.setdefault((zone, desk), Channel((zone, desk), self.ask))

    async def stream(self, zone: str, desk: str, after: int | None) -> AsyncIterator[bytes]:
        """What a television gets: the snapshot, what it missed, then what happens; a beat where nothing does."""
        client: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_UNREAD)
        channel = self.channel(zone, desk)
        channel.clients.add(client)
        try:
            yield b"retry: 2000\n\n"
            yield message("board", board_json(await channel.snapshot()))
            if after is not None:
                yield channel.calls_message(await channel.calls_after(after))
            while (data := await self._next(client)) is not None:
                yield data
        finally:
            channel.clients.discard(client)

    async def _next(self, client: asyncio.Queue[bytes | None]) -> bytes | None:
        try:
            return await asyncio.wait_for(client.get(), BEAT_SECONDS)
        except TimeoutError:
            return BEAT if self.online and self.answers else AWAY

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self._changed.wait(), BEAT_SECONDS if self.clients == 0 else GATHER_SECONDS
                )
            changed = self._changed.is_set()
            self._changed.clear()
            for channel in [each for each in self._channels.values() if each.clients]:
                channel.dirty = channel.dirty or changed
                try:
                    await self._serve(channel, changed)
                except Exception as error:  # noqa: BLE001 - it goes on; the televisions say themselves that nothing comes
                    log.warning("a board cannot be asked for: %s", error)
                    await asyncio.sleep(1)

    async def _serve(self, channel: Channel, changed: bool) -> None:
        if changed:
            await channel.tell_calls()
        age = time.monotonic() - channel.made
        if age > SNAPSHOT_SECONDS or (channel.dirty and age > GATHER_SECONDS):
            await channel.tell_calls()
            await channel.tell_board()
