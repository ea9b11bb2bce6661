"""Gateways that take messages to applicants: one interface, here with one that writes a file.

A gateway is given the message's key; whoever operates it delivers a key at most once. So an attempt whose answer was lost is
repeated with the same key, and what was acknowledged is never sent again.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

SERVICE, SECRET = "yichuang-acceptance", "message-gateway"
"""Where the gateway's password lies in the keyring."""
PRIVATE_FILE = 0o600


@dataclass(frozen=True)
class Message:
    """What a gateway gets.

    Attributes:
        key: The same in every attempt.
        template: The gateway's template; empty where it takes plain texts.
    """

    key: str
    phone: str
    text: str
    template: str
    params: dict[str, str]


class GatewayError(Exception):
    """The gateway did not take a message.

    Attributes:
        lasting: Trying again would not help.
    """

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


class Gateway(Protocol):
    """Whoever takes messages."""

    def send(self, message: Message) -> str:
        """Hand a message over and return the gateway's number of it. Raises GatewayError."""
        ...


class FileGateway:
    """Writes messages to a file, one JSON a line, for halls without a contract and for trying out; a key once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, message: Message) -> str:
        """See `Gateway`."""
        try:
            known = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
            keys = [_key(line) for line in known]
            if message.key in keys:
                return f"file-{keys.index(message.key) + 1}"
            line = json.dumps(asdict(message), ensure_ascii=False) + "\n"
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE_FILE)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(line if _ends_well(self.path) else f"\n{line}")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise GatewayError(f"{type(error).__name__}: {error}") from error
        return f"file-{len(known) + 1}"


def _ends_well(path: Path) -> bool:
    """Whether the last line is whole; a crash may have cut it off."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return size == 0 or file.read(1) == b"\n"


def _key(line: str) -> str:
    """The key of a line; a line that was cut off by a crash has none, and its message is written again."""
    try:
        return str(json.loads(line)["key"])
    except (ValueError, KeyError, TypeError):
        return ""
