"""Adapters that misbehave in every way a driver can; the tests register them as adapters of their own."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time

from yichuang.devices.adapter import Adapter, TroubleError, command


class OddAdapter(Adapter):
    """Does what it is told, however bad."""

    poll_every = 0.02

    def open(self):
        if self.settings.get("dies_at_start"):
            print("the driver is broken", file=sys.stderr)
            sys.exit(3)
        if self.settings.get("hangs_at_start"):
            time.sleep(600)
        missing = self.settings.get("missing_until")
        if missing and not os.path.exists(missing):
            raise TroubleError("DEVICE_ABSENT", path=missing)

    def poll(self):
        if self.settings.get("hangs_in_poll"):
            time.sleep(600)
        events = []
        if self.settings.get("talks"):
            events.append(("tick", {"raw": b"\x00\xff"}))
        return events

    def close(self):
        marker = self.settings.get("closed_marker")
        if marker:
            with open(marker, "w") as file:
                file.write("closed")
        if self.settings.get("hangs_at_close"):
            time.sleep(600)

    @command
    def echo(self, **values):
        return values

    @command
    def crash(self):
        os.abort()

    @command
    def fail(self):
        raise RuntimeError("a bug of the driver")

    @command
    def hang(self, hold_lock: bool = False):
        if hold_lock:
            ctypes.PyDLL(None).sleep(600)  # PyDLL keeps the interpreter's lock, as a bad driver does
        time.sleep(600)
        return {}

    @command
    def slow(self, seconds: float):
        time.sleep(seconds)
        return {"slept": seconds}

    @command
    def noisy(self):
        print("driver says: hello on stdout")
        os.write(1, b"raw bytes on descriptor 1\n")
        sys.stderr.write("x" * 300_000 + "\n")
        return {"quiet": False}

    @command
    def helper(self):
        process = subprocess.Popen(["sleep", "600"])
        return {"pid": process.pid}

    @command
    def refuse(self, code: str = "DEVICE_PRINTER_PAPER"):
        raise TroubleError(code)

    @command
    def lose(self):
        raise TroubleError("DEVICE_ABSENT")

    def not_a_command(self):
        return {}
