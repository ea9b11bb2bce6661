"""Queue calling: acts a second, waits and fairness at 1, 8 and 32 desks, against the same SQL straight through the driver.

Run: `python benchmarks/queue.py [--acts 1600] [--rounds 3] [--kind sqlite]`. Desks are threads of one process that act
without a pause. `issue` is queue.issue into one of eight lines; `call` is queue.call_next and then queue.finish (the
percentiles are those of call_next). Both sides work on equal copies of one database, in turns, with a full flush at
every commit; the driver's side replays exactly the statements that the operations ran, journal row included. The best
round of each side counts, without the first tenth of each desk's acts (connections are opened then).
Then the same with 15 ms added to every fsync. Goals: ratio at least 0.5; p99 at most 20 ms
at 32 desks where the driver's stays under 15; with the slow disk p99 at most 150 ms; shares at most 1.2.
"""

from __future__ import annotations

import sys

if __name__ != "__main__":  # the standard library asks for its own module of this name
    import importlib.util
    import sysconfig

    spec = importlib.util.spec_from_file_location("queue", f"{sysconfig.get_path('stdlib')}/queue.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules["queue"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["queue"])
else:
    import argparse
    import json

    from _queue_acts import measure
    from _slow_disk import on_slow_disk

    def main() -> None:
        """Print the figures as JSON."""
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("--acts", type=int, default=1600, help="in each round, by all desks together")
        parser.add_argument("--rounds", type=int, default=3)
        parser.add_argument("--kind", choices=["sqlite", "postgresql"], action="append")
        parser.add_argument("--part", choices=["slow"], help="used by the program itself")
        options = parser.parse_args()
        kinds = options.kind or ["sqlite", "postgresql"]
        slowly = ["--acts", str(options.acts), "--rounds", "1"]
        if options.part:
            found = measure(kinds[0], options.acts, options.rounds, slow=True, desks=(8, 32))
        else:
            found = {
                kind: {
                    "disk": measure(kind, options.acts, options.rounds),
                    "disk_with_15_ms_a_flush": on_slow_disk(__file__, kind, slowly),
                }
                for kind in kinds
            }
        print(json.dumps(found, indent=2))

    main()
