"""`yichuang queue announce`: one process of a hall speaks for a zone, in order, each call to its end."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import wave
from contextlib import contextmanager
from itertools import pairwise

import pytest

from yichuang.api import UserError, hall
from yichuang.shell.preferences import Preferences
from yichuang_queue.commands.announce import Announcer
from yichuang_queue.rules.speaking import call_sentence

from .conftest import MANAGER, clerk

SETTINGS = {
    "queue.voice_volume": 70, "queue.voice_quiet": "", "queue.voice_repeats": 1, "queue.voice_drop_seconds": 10,
    "queue.voice_chime": True, "queue.voice_yao": False, "queue.voice_help": True, "queue.voice_zones": "",
}  # fmt: skip


class Desk:
    """The context of a command over a suite, with a voice that takes its time."""

    json = True

    def __init__(self, suite, seconds=0.05, **settings):
        self.suite, self.seconds = suite, seconds
        self.settings = {**SETTINGS, **{f"queue.voice_{name}": value for name, value in settings.items()}}
        self.stopping = threading.Event()
        self.said: list[tuple[float, float, str, int, bool]] = []
        self.speaking = threading.Lock()
        self.broken = False
        self.between = lambda: None
        self.log = logging.getLogger("test")

    def setting(self, key):
        return self.settings[key]

    def now(self):
        return self.suite.clock()

    def query(self, name, request=None):
        return self.suite.query(clerk(50, permissions=frozenset()), name, request)

    def watch(self, listener, link=None):
        self.suite.feed.start()
        return self.suite.feed.subscribe(listener)

    def claim(self, role):
        from yichuang.host.claims import claim

        return claim(self.suite.database, role)

    def ask_device(self, kind, command, timeout, *, text, volume, chime):
        assert (kind, command) == ("voice", "say")
        if self.broken:
            raise UserError("DEVICE_ABSENT", "the loudspeaker is gone")
        assert self.speaking.acquire(blocking=False), "two announcements at once"
        begun = time.monotonic()
        time.sleep(self.seconds)
        self.said.append((begun, time.monotonic(), text, volume, chime))
        self.speaking.release()
        self.between()

    @property
    def texts(self):
        return [text for _begin, _end, text, _volume, _chime in self.said]

    def wait_for(self, count):
        deadline = time.monotonic() + 20
        while len(self.said) < count:
            assert time.monotonic() < deadline, self.texts
            time.sleep(0.01)


@contextmanager
def announcing(desk, zone="z"):
    thread = threading.Thread(target=Announcer(desk, zone).run)
    thread.start()
    try:
        yield
    finally:
        desk.stopping.set()
        thread.join(15)
        assert not thread.is_alive()


@pytest.fixture
def open_hall(suite):
    for number, code in enumerate(("A01", "A02", "A03", "A04"), start=1):
        suite.run(clerk(number, code), "queue.open_desk", {"desk": code, "lines": ["A"]})
    for _ in range(24):
        suite.run(MANAGER, "queue.issue", {"line": "A"})
    return suite


def test_twenty_calls_are_said_in_order_and_none_is_cut(open_hall, capsys):
    desk, codes = Desk(open_hall), [f"B{number:02}" for number in range(1, 21)]
    with open_hall.database.write() as writer:
        for code in codes:
            writer.insert(hall.desk, code=code, zone="z", kind="integrated", business="综合业务")
    for number, code in enumerate(codes, start=20):
        open_hall.run(clerk(number, code), "queue.open_desk", {"desk": code, "lines": ["A"]})
    with announcing(desk):
        called = [
            open_hall.run(clerk(number, code), "queue.call_next", {"desk": code}).number
            for number, code in enumerate(codes, start=20)
        ]
        desk.wait_for(20)
    assert desk.texts == [call_sentence(number, code) for number, code in zip(called, codes, strict=True)]
    for before, after in pairwise(desk.said):
        assert before[1] <= after[0], "one begins when the other has ended"
    assert {(volume, chime) for *_rest, volume, chime in desk.said} == {(70, True)}
    assert '{"state": "speaking", "zone": "z"}' in capsys.readouterr().out


def test_repeats_end_when_the_holder_has_come(open_hall, clock):
    desk = Desk(open_hall, repeats=3)
    ticket = open_hall.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})

    def come():
        if len(desk.said) == 2:
            open_hall.run(clerk(1, "A01"), "queue.arrive", {"desk": "A01", "ticket_id": ticket.id})

    desk.between = come
    with announcing(desk):
        desk.wait_for(2)
        time.sleep(0.5)
    assert desk.texts == ["请A零零一号到A一号窗口办理"] * 2
    assert [chime for *_rest, chime in desk.said] == [True, False]


def test_help_and_broadcasts_go_first_and_a_recall_is_said_once(open_hall, clock):
    desk = Desk(open_hall, seconds=0.4)
    with announcing(desk):
        open_hall.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})
        desk.wait_for(0)
        while not desk.speaking.locked():
            time.sleep(0.01)
        second = open_hall.run(clerk(2, "A02"), "queue.call_next", {"desk": "A02"})
        clock.move(seconds=6)
        open_hall.run(clerk(2, "A02"), "queue.recall", {"desk": "A02", "ticket_id": second.id})
        open_hall.run(MANAGER, "queue.say", {"kind": "broadcast", "text": "大厅将于十七点关闭", "zone": "z"})
        open_hall.run(MANAGER, "queue.say", {"kind": "broadcast", "text": "别处", "zone": "y"})
        open_hall.run(clerk(3, "A03"), "queue.call_help", {"desk": "A03", "text": "有人晕倒"})
        desk.wait_for(4)
        time.sleep(0.5)
    assert desk.texts == [
        "请A零零一号到A一号窗口办理",
        "请值班人员到A三号窗口",
        "大厅将于十七点关闭",
        "请A零零二号到A二号窗口办理",
    ]


def test_a_loudspeaker_that_comes_back_says_what_was_called(open_hall, monkeypatch):
    monkeypatch.setattr("yichuang_queue.commands.announce.AGAIN_SECONDS", 0.1)
    desk = Desk(open_hall)
    desk.broken = True
    with announcing(desk):
        open_hall.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})
        time.sleep(0.5)
        desk.broken = False
        desk.wait_for(1)
    assert desk.texts == ["请A零零一号到A一号窗口办理"]


def test_a_second_voice_stands_by_and_takes_over(open_hall, monkeypatch):
    monkeypatch.setattr("yichuang_queue.commands.announce.STAND_BY_SECONDS", 0.1)
    first, second = Desk(open_hall), Desk(open_hall)
    with announcing(first):
        open_hall.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})
        first.wait_for(1)
        other = announcing(second)
        other.__enter__()
        open_hall.run(clerk(2, "A02"), "queue.call_next", {"desk": "A02"})
        first.wait_for(2)
        assert second.said == []
    open_hall.run(clerk(3, "A03"), "queue.call_next", {"desk": "A03"})
    second.wait_for(3)  # what was said shortly before the other one ended is said again
    other.__exit__(None, None, None)
    assert second.texts[-1] == "请A零零三号到A三号窗口办理"


def test_wrong_zones_and_settings_are_said(open_hall):
    with pytest.raises(UserError) as caught:
        Announcer(Desk(open_hall), "nowhere").run()
    assert caught.value.code == "UNKNOWN_ZONE"
    with pytest.raises(UserError) as caught:
        Announcer(Desk(open_hall, quiet="noon"), "z")
    assert caught.value.code == "BAD_VOICE_SETTING"


# ---- processes ----


def start(database_url, data_dir):
    where = ["--zone", "z", "--database", database_url, "--data-dir", str(data_dir), "--json"]
    command = [sys.executable, "-m", "yichuang.cli", "queue", "announce", *where]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )


def line_of(process, key):
    while line := process.stdout.readline():
        told = json.loads(line)
        if key in told:
            return told
    raise EOFError(process.stderr.read())


def real_hall(open_suite, devices, data_dir):
    """A hall in the present, since other processes have the real clock."""
    preferences = Preferences(data_dir)
    preferences.set("devices", devices)
    preferences.sync()
    suite = open_suite(plugins=["queue"])
    with suite.database.write() as writer:
        writer.insert(hall.zone, code="z", name="办证办事厅")
        for code in ("A01", "A02", "A03"):
            writer.insert(hall.desk, code=code, zone="z", kind="integrated", business="综合业务")
    suite.run(MANAGER, "queue.set_lines", {"lines": [{"code": "A", "name": "综合", "prefix": "A"}]})
    for number, code in enumerate(("A01", "A02", "A03"), start=1):
        suite.run(clerk(number, code), "queue.open_desk", {"desk": code})
        suite.run(MANAGER, "queue.issue", {"line": "A"})
    return suite


def test_a_voice_that_is_killed_is_followed_by_the_one_that_stood_by(
    open_suite, database_url, data_dir, tmp_path
):
    suite = real_hall(open_suite, {"voice": {"adapter": "simulated", "folder": str(tmp_path)}}, data_dir)
    processes = [start(database_url, data_dir)]
    try:
        assert line_of(processes[0], "state")["state"] == "speaking"
        processes.append(start(database_url, data_dir))
        assert line_of(processes[1], "state")["state"] == "standing by"
        suite.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})
        assert line_of(processes[0], "said")["said"] == "请A零零一号到A一号窗口办理"
        assert line_of(processes[0], "said")["time"] == 2
        processes[0].kill()
        assert line_of(processes[1], "state")["state"] == "speaking"
        suite.run(clerk(2, "A02"), "queue.call_next", {"desk": "A02"})
        said = [line_of(processes[1], "said")["said"]]
        while "请A零零二号到A二号窗口办理" not in said:
            said.append(line_of(processes[1], "said")["said"])
        processes[1].send_signal(signal.SIGTERM)
        assert processes[1].wait(20) == 0
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    spoken = (tmp_path / "spoken.txt").read_text("utf-8").splitlines()
    assert spoken.count("请A零零一号到A一号窗口办理") >= 2
    assert spoken[-1] == "请A零零二号到A二号窗口办理"


PLAYER = """#!{python}
import shutil, sys, time, wave
folder, begun = {folder!r}, time.monotonic()
with wave.open(sys.argv[1]) as sound:
    seconds = sound.getnframes() / sound.getframerate()
shutil.copy(sys.argv[1], f"{{folder}}/{{time.time_ns()}}.wav")
time.sleep(seconds / 20)
open(f"{{folder}}/played.txt", "a").write(f"{{begun}} {{time.monotonic()}} {{seconds}}\\n")
"""


@pytest.fixture
def player(tmp_path):
    """A program that plays as a loudspeaker would, twenty times as fast, and keeps what it played."""
    pytest.importorskip("espeakng_loader", reason="NO espeakng-loader: nothing is spoken for real")
    path = tmp_path / "player"
    path.write_text(PLAYER.format(python=sys.executable, folder=str(tmp_path)))
    path.chmod(0o755)
    return str(path)


def seconds_of(path):
    with wave.open(str(path)) as sound:
        return sound.getnframes() / sound.getframerate()


def test_a_real_voice_speaks_each_call_whole(open_suite, database_url, tmp_path, data_dir, player):
    suite = real_hall(open_suite, {"voice": {"adapter": "espeak", "player": player}}, data_dir)
    process = start(database_url, data_dir)
    try:
        line_of(process, "state")
        for number in (1, 2, 3):
            suite.run(clerk(number, f"A0{number}"), "queue.call_next", {"desk": f"A0{number}"})
        said = [line_of(process, "said")["said"] for _ in range(6)]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert said == [call_sentence(f"A00{n}", f"A0{n}") for n in (1, 1, 2, 2, 3, 3)]
    played = [line.split() for line in (tmp_path / "played.txt").read_text().splitlines()]
    for before, after in pairwise(played):
        assert float(before[1]) <= float(after[0]), "nothing overlaps"
    lengths = [seconds_of(path) for path in sorted(tmp_path.glob("*.wav"))]
    assert len(lengths) == 6
    assert all(3.0 < length < 9.0 for length in lengths), "whole sentences"
    assert all(lengths[i] > lengths[i + 1] + 1 for i in (0, 2, 4)), "the chime goes before the first of each"
