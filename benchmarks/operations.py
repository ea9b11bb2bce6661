"""What the one path of every operation costs: acts a second at one desk against the same SQL straight through the driver.

Run: `python benchmarks/operations.py [--acts 2000] [--rounds 5]`. The quick part of `queue.py`; see there for what is compared.
"""

from __future__ import annotations

import argparse
import json

from _queue_acts import issues, measure


def main() -> None:
    """Print the rates and ratios as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    found = {
        kind: measure(kind, options.acts, options.rounds, desks=(1,), what={"issue": issues})
        for kind in ("sqlite", "postgresql")
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
