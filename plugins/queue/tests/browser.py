"""A real headless browser, driven through its DevTools pipe."""

from __future__ import annotations

import base64
import json
import os
import select
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

PROGRAM = shutil.which("chromium") or ""
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-extensions "
    "--disable-background-networking --mute-audio --hide-scrollbars --remote-debugging-pipe about:blank"
)


class Browser:
    """One browser with one page; a context manager."""

    def __enter__(self) -> Self:
        self._folder = tempfile.mkdtemp(prefix="yichuang-browser-")
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        line = f"exec {shlex.quote(PROGRAM)} --user-data-dir={self._folder} {FLAGS} 3<&{theirs_in} 4>&{theirs_out}"
        self._process = subprocess.Popen(
            ["bash", "-c", line], pass_fds=(theirs_in, theirs_out), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        self._in, self._out, self._buffer, self._last = ours_in, ours_out, b"", 0
        self._session = ""
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.command("Page.enable")
        self.command("Runtime.enable")
        return self

    def __exit__(self, *_error: object) -> None:
        self._session = ""
        try:
            self.command("Browser.close", seconds=5)
            self._process.wait(10)
        except (OSError, TimeoutError, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, 9)
            self._process.wait(10)
        os.close(self._in)
        os.close(self._out)
        shutil.rmtree(self._folder, ignore_errors=True)

    def command(self, method: str, seconds: float = 30, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._last += 1
        said: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session:
            said["sessionId"] = self._session
        os.write(self._out, json.dumps(said).encode() + b"\0")
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            head, separator, rest = self._buffer.partition(b"\0")
            if separator:
                self._buffer = rest
                answer = json.loads(head)
                if answer.get("id") == self._last:
                    assert "error" not in answer, answer
                    return dict(answer.get("result", {}))
                continue
            if select.select([self._in], [], [], 0.2)[0]:
                more = os.read(self._in, 1 << 20)
                if not more:
                    raise OSError("the browser is gone")
                self._buffer += more
        raise TimeoutError(method)

    def open(self, url: str, width: int = 1920, height: int = 1080) -> None:
        """Show a page at a size."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.command("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives."""
        answer = self.command("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 20) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + seconds
        while not self.value(expression):
            assert time.monotonic() < deadline, (
                f"{expression} stays false: {self.value('document.body.innerText')}"
            )
            time.sleep(0.05)

    def text(self, selector: str) -> str:
        """The text of the first element that matches."""
        return str(self.value(f"(document.querySelector({json.dumps(selector)}) || {{}}).innerText || ''"))

    def screenshot(self, path: Path) -> None:
        """A picture of the page."""
        path.write_bytes(base64.b64decode(self.command("Page.captureScreenshot")["data"]))
