"""Four kiosks and 64 desks as processes on one database, 100,000 acts: nothing twice, nothing lost, order and fairness.

Run: `python benchmarks/queue_storm.py [--acts 100000] [--desks 64] [--kills 30] [--restarts 3] [--only sqlite|postgresql]`. A
ticket is four acts: issue, call, arrive, finish. PostgreSQL dies and comes back under the storm. Exits with 1 if anything
happened that must not.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACTS_OF_A_TICKET = 4


@contextmanager
def address(kind: str, folder: Path) -> Iterator[tuple[str | None, Callable[[], None] | None]]:
    """The address of an empty database and what restarts its server; no address where that is not on this machine."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'hall.sqlite'}", None
        return
    from yichuang.testing.postgres import PostgresServer, server_programs

    if server_programs() is None:
        yield None, None
        return

    def restart() -> None:
        server.crash()
        time.sleep(0.5)
        server.start()

    with PostgresServer(durable=True) as server, server.database() as url:
        yield url, restart


def main() -> int:
    """Play on both databases and print what came of it as JSON."""
    from queue_storm import Storm, play

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acts", type=int, default=100_000)
    parser.add_argument("--kiosks", type=int, default=4)
    parser.add_argument("--desks", type=int, default=64)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--restarts", type=int, default=3)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    found: dict[str, Any] = {}
    for kind in (options.only,) if options.only else ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as name, address(kind, Path(name)) as (url, restart):
            if url is None:
                found[kind] = "no PostgreSQL server on this machine"
                continue
            storm = Storm(
                url, Path(name) / "storm", options.kiosks, options.desks, options.acts // ACTS_OF_A_TICKET,
                ahead=0.8, kills=options.kills, restart=restart, restarts=options.restarts, limit_seconds=3600,
            )  # fmt: skip
            outcome = play(storm)
            found[kind] = {
                "tickets": outcome.issued, "called": outcome.called, "acknowledged_acts": outcome.acts,
                "kills": outcome.kills, "restarts": outcome.restarts, "seconds": round(outcome.seconds),
                "must_not": outcome.failed, "fairness_max_over_min": round(outcome.fairness, 2),
            }  # fmt: skip
    print(json.dumps(found, indent=2))
    return int(any(isinstance(each, dict) and each["must_not"] for each in found.values()))


if __name__ == "__main__":
    raise SystemExit(main())
