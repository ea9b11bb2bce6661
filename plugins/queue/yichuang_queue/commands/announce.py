"""`yichuang queue announce --zone Z`: the voice of a zone. One machine of a hall speaks for a zone; others stand by."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

from yichuang.api import HALL_ZONE, CommandContext, UserError
from yichuang_queue.rules.announcing import Following
from yichuang_queue.rules.speaking import (
    LOUDEST,
    MOST_REPEATS,
    TAKEN_OVER_SECONDS,
    Kind,
    SpeechQueue,
    Utterance,
    Voice,
    for_zone,
    quiet_spans,
)
from yichuang_queue.words import words

L = words.lazy
_ = words.text
STAND_BY_SECONDS = 2.0
IDLE_SECONDS = 5.0
SNAPSHOT_SECONDS = 60.0
AGAIN_SECONDS = 3.0
SAY_SECONDS = 60.0
"""The longest text takes half of it."""


def run(context: CommandContext) -> int:
    """Speak until told to end; what is being said then is said to its end.

    Raises:
        UserError: BAD_VOICE_SETTING, UNKNOWN_ZONE.
    """
    parser = context.parser()
    parser.add_argument("--zone", default="", help=_("A zone's code; the whole hall without it"))
    options = parser.parse_args(list(context.arguments))
    announcer = Announcer(context, options.zone)
    announcer.run()
    return 0


def voice_of(context: CommandContext, zone: str) -> Voice:
    """What is set for a zone's voice.

    Raises:
        UserError: BAD_VOICE_SETTING.
    """
    setting = context.setting
    voice = Voice(
        max(0, min(LOUDEST, int(setting("queue.voice_volume")))), quiet_spans(str(setting("queue.voice_quiet"))),
        max(1, min(MOST_REPEATS, int(setting("queue.voice_repeats")))), int(setting("queue.voice_drop_seconds")),
        bool(setting("queue.voice_chime")), bool(setting("queue.voice_yao")), bool(setting("queue.voice_help")),
    )  # fmt: skip
    return for_zone(voice, str(setting("queue.voice_zones")), zone)


class Announcer:
    """Follows the calls of a zone and says them, while this process has the zone's voice."""

    def __init__(self, context: CommandContext, zone: str) -> None:
        self._context = context
        self._zone = zone
        self._queue = SpeechQueue(voice_of(context, zone))
        self._following = Following()
        self._last_message = 0
        self._snapshot_at = 0.0
        self._wake = threading.Event()

    def run(self) -> None:
        """Stand by until the zone's voice is free, then speak; stand by again if it is lost."""
        stopping = self._context.stopping
        stop = self._context.watch(lambda _entries: self._wake.set())
        said = ""
        try:
            self._require_zone()
            while not stopping.is_set():
                claim = self._claim()
                state = "standing by" if claim is None else "speaking"
                if state != said:
                    self._tell({"state": state, "zone": self._zone})
                    said = state
                if claim is None:
                    stopping.wait(STAND_BY_SECONDS)
                    continue
                self._speak_while(claim)
                claim.release()
        finally:
            stop()

    def _claim(self) -> Any:
        try:
            return self._context.claim(f"voice:{self._zone}")
        except Exception as error:  # noqa: BLE001 - the database is away; it is tried again
            self._context.log.warning("cannot ask for the zone's voice: %s", error)
            return None

    def _require_zone(self) -> None:
        board = self._context.query("queue.board", {"zone": self._zone})
        if self._zone and self._zone not in board.zones:
            raise UserError("UNKNOWN_ZONE", L("There is no zone {zone}", zone=self._zone))

    def _speak_while(self, claim: Any) -> None:
        stopping = self._context.stopping
        self._following.reset()
        self._snapshot_at = 0.0
        while not stopping.is_set() and claim.holds():
            self._wake.clear()
            try:
                self._learn()
                said = self._say_next()
            except UserError as error:
                self._context.log.warning("%s: %s", error.code, error.sentence)
                stopping.wait(AGAIN_SECONDS)
                continue
            if not said:
                self._rest()

    def _rest(self) -> None:
        until = time.monotonic() + IDLE_SECONDS
        while time.monotonic() < until and not self._wake.wait(0.2) and not self._context.stopping.is_set():
            pass

    # --- what is to be said -------------------------------------------------------------------------------------

    def _learn(self) -> None:
        begins = not self._following.begun
        if begins or time.monotonic() - self._snapshot_at > SNAPSHOT_SECONDS:
            self._snapshot_at = time.monotonic()
            board = self._context.query("queue.board", {"zone": self._zone})
            if self._following.is_other_database(board):
                self._following.reset()
                self._last_message = 0
            reach = TAKEN_OVER_SECONDS if not self._following.begun else 0.0
            self._queue.hear_calls(self._following.hear_snapshot(board, self._snapshot_at, reach))
        more = True
        while more:
            asked = time.monotonic()
            calls = self._context.query("queue.calls", {"zone": self._zone, "after": self._following.after})
            new, more = self._following.hear_calls(calls, asked)
            self._queue.hear_calls(new)
        for each in self._context.query("queue.said", {"zone": self._zone, "after": self._last_message}):
            self._last_message = each.message_id
            if not begins or (self._context.now() - each.at).total_seconds() <= TAKEN_OVER_SECONDS:
                self._queue.hear_message(each.message_id, each.kind, each.desk, each.text, each.at)

    def _say_next(self) -> bool:
        """Say one thing to its end; False where nothing waits."""
        now = self._context.now()
        utterance = self._queue.take(now.astimezone(HALL_ZONE).time())
        if utterance is None:
            return False
        if utterance.kind == Kind.CALL and not self._queue.is_worth_saying(
            utterance, self._is_coming(utterance), now
        ):
            self._tell({"dropped": utterance.text, "event": utterance.key})
            return True
        voice = self._queue.voice
        try:
            self._context.ask_device(
                "voice", "say", SAY_SECONDS, text=utterance.text, volume=voice.volume,
                chime=voice.chime and utterance.said == 0,
            )  # fmt: skip
        except UserError as error:
            if error.code != "DEVICE_BAD_COMMAND":  # what cannot be said at all is not tried again
                self._queue.was_not_said(utterance, now)
            raise
        self._tell({"said": utterance.text, "event": utterance.key, "time": utterance.said + 1})
        self._queue.was_said(utterance)
        return True

    def _is_coming(self, utterance: Utterance) -> bool:
        """Whether the holder of a called ticket is still awaited at that desk."""
        found = self._context.query("queue.calls", {"zone": self._zone, "after": utterance.key - 1})
        return any(each.event_id == utterance.key and each.coming for each in found)

    def _tell(self, what: dict[str, Any]) -> None:
        """One line for whoever started this: a supervisor's log."""
        if self._context.json:
            print(json.dumps(what, ensure_ascii=False), flush=True)
            return
        at = self._context.now().astimezone(HALL_ZONE)
        print(f"{at:%H:%M:%S} " + " ".join(f"{name}={value}" for name, value in what.items()), flush=True)
