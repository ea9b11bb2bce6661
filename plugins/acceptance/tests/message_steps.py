"""The sending process as a program of its own, for the test that kills it.

python -m plugins.acceptance.tests.message_steps FOLDER ADDRESS MINUTES
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from yichuang.api import IdentityCipher
from yichuang.host.suite import Suite
from yichuang.identity.secrets import open_secrets

from .conftest import Clock, accepted, fill
from .message_gateway import choose, send


def run(folder: Path, address: str, minutes: float) -> None:
    """Take one case in, the first time; then send what is due, so many minutes later."""
    folder.mkdir(exist_ok=True)
    secrets = open_secrets(folder / "keys", store="file")
    new = not (folder / "hall.sqlite").exists()
    if new:
        IdentityCipher.open(secrets, create=True)
    clock = Clock()
    clock.now += timedelta(minutes=minutes)
    url = f"sqlite:///{(folder / 'hall.sqlite').as_posix()}"
    with Suite.open(
        url, folder / "desk", plugins=["acceptance"], clock=clock, secrets=secrets, retry_crashed=True
    ) as suite:
        if new:
            fill(suite)
            choose(suite, gateway="http", address=address)
            accepted(suite)
        print(send(suite, folder), flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
