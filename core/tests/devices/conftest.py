"""What the device tests share: a manager with short limits, and proof that nothing is left behind."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import psutil
import pytest

from yichuang.devices import DeviceManager, register_adapter
from yichuang.devices.process import Limits

QUICK = Limits(
    start=20,
    answer=20,
    ping_every=0.3,
    ping_answer=1.5,
    grace=0.5,
    backoff_first=0.05,
    backoff_most=0.4,
    steady=30,
)


def until(condition, seconds: float = 20.0):
    """Wait for a condition; returns its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {condition}")


def own_children():
    return {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.fixture(autouse=True)
def _nothing_left_behind():
    """No process, zombie or thread outlives a test."""
    threads, children = set(threading.enumerate()), own_children()
    yield
    until(lambda: own_children() <= children, 5)
    until(lambda: set(threading.enumerate()) <= threads, 5)


@pytest.fixture
def manager(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    register_adapter("ticket_printer", "odd", "odd_adapters:OddAdapter")
    with DeviceManager(QUICK) as manager:
        yield manager
