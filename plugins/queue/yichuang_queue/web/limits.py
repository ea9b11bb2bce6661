"""What one address may ask: so many requests, and far fewer wrong guesses of a ticket's secret."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

MINUTE = 60.0
REQUESTS_A_MINUTE = 1200
"""A hall's own network shows itself as one address: a hundred phones that look every ten seconds."""
MISSES_A_MINUTE = 10
MOST_ADDRESSES = 4096


@dataclass
class _Count:
    since: float
    requests: int = 0
    misses: int = 0


class Limits:
    """Counts by address in windows of a minute; bounded, the longest unseen address is forgotten first."""

    def __init__(self, requests: int = REQUESTS_A_MINUTE, misses: int = MISSES_A_MINUTE) -> None:
        self._requests = requests
        self._misses = misses
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    def may_ask(self, address: str, now: float) -> bool:
        """Count a request; says whether it may be answered."""
        count = self._count(address, now)
        count.requests += 1
        return count.requests <= self._requests

    def may_guess(self, address: str, now: float) -> bool:
        """Whether this address has not missed too often."""
        return self._count(address, now).misses < self._misses

    def miss(self, address: str, now: float) -> None:
        """There was no ticket of that secret."""
        self._count(address, now).misses += 1

    def _count(self, address: str, now: float) -> _Count:
        key = network_of(address)
        count = self._counts.get(key)
        if count is None or now - count.since >= MINUTE:
            count = self._counts[key] = _Count(now)
        self._counts.move_to_end(key)
        if len(self._counts) > MOST_ADDRESSES:
            self._counts.popitem(last=False)
        return count


def network_of(address: str) -> str:
    """Who stands behind an address: of IPv6 its /64, of which one person has all."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)
