"""`yichuang queue serve` as a process of its own, on both databases."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from yichuang.api import hall

from .conftest import MANAGER, clerk
from .web_server import Stream


def test_the_command_serves_and_ends_cleanly(open_suite, database_url, data_dir):
    suite = open_suite(plugins=["queue"])
    with suite.database.write() as writer:
        writer.insert(hall.zone, code="z", name="办证办事厅")
        writer.insert(hall.desk, code="A01", zone="z", kind="integrated", business="综合业务")
    suite.run(MANAGER, "queue.set_lines", {"lines": [{"code": "A", "name": "综合", "prefix": "A"}]})
    suite.run(clerk(1, "A01"), "queue.open_desk", {"desk": "A01", "lines": ["A"]})
    suite.run(MANAGER, "queue.issue", {"line": "A"})
    where = ["--host", "127.0.0.1", "--port", "0", "--database", database_url, "--data-dir", str(data_dir)]
    command = [sys.executable, "-m", "yichuang.cli", "queue", "serve", *where, "--json"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=os.environ)
    try:
        url = json.loads(process.stdout.readline())["url"]
        with Stream(url) as stream:
            stream.next("board")
            suite.run(clerk(1, "A01"), "queue.call_next", {"desk": "A01"})
            assert stream.next("calls")[0]["calls"][0]["number"] == "A001", "a call of another process"
            process.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            assert process.wait(10) == 0
            assert time.monotonic() - begun < 5
            with pytest.raises(EOFError):
                stream.next("never")
    finally:
        process.kill()
        _out, errors = process.communicate()
    assert "Traceback" not in errors, errors
