"""Tells a bar code gun or a typing card reader from a person at the keyboard, by how fast the keys come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

SHORTEST_SCAN = 8
"""Characters; a shorter burst is somebody typing."""
LONGEST_GAP = 0.030
"""Seconds between two keys of a scan; the fastest typists need 60 ms."""

_IN_ADDRESS = re.compile(r"(?<![0-9A-Za-z])[0-9]{19}(?:-[0-9]{2})?(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the keys that were held back.

    Attributes:
        release: To be given to the focused field: a person typed them.
        scan: A complete scan, None while there is none. It must never reach the focused field.
    """

    release: str = ""
    scan: str | None = None


class KeyboardWedge:
    """Holds keys back for some milliseconds until it is clear who typed them. Pure: the caller brings the time.

    Feed it every printable key and Enter (CR or LF), and call `flush` when `LONGEST_GAP` passed without a key.
    """

    def __init__(self, shortest: int = SHORTEST_SCAN, longest_gap: float = LONGEST_GAP) -> None:
        self._shortest = shortest
        self._longest_gap = longest_gap
        self._held = ""
        self._last = 0.0

    def feed(self, character: str, at: float) -> Verdict:
        """One key.

        Args:
            character: One character, or a pair that is one rare character.
            at: Seconds on any clock that does not go backwards.
        """
        released = self.flush(at).release
        self._last = at
        if character not in {"\r", "\n"}:
            self._held += character
            return Verdict(released)
        held, self._held = self._held, ""
        if len(held) >= self._shortest:
            return Verdict(released, held)
        return Verdict(released + held + character)

    def flush(self, at: float) -> Verdict:
        """Let go of keys that are too old to belong to a scan."""
        if not self._held or at - self._last < self._longest_gap:
            return Verdict()
        held, self._held = self._held, ""
        return Verdict(held)


class ScanKind(StrEnum):
    """What a scan is, by its form."""

    CASE = "case"
    CITIZEN_ID = "citizen_id"
    USCC = "uscc"
    PAPER = "paper"
    OTHER = "other"


def case_in(scan: str) -> str:
    """The case number of a scan; empty where there is none.

    Bar codes hold it alone, QR codes before a query code or a signature (behind a blank or `|`), or in an address for enquiries.
    """
    first = scan.replace("|", " ").split(" ", maxsplit=1)[0]
    parts = _IN_ADDRESS.findall(scan) if "://" in scan else [first]
    return next((part for part in parts if scan_kind(part) is ScanKind.CASE), "")


def scan_kind(scan: str) -> ScanKind:
    """What was scanned: a case number, an identity number, a USCC, the code of one of our papers, or something else."""
    from yichuang.hall.errors import UserError
    from yichuang.hall.identifiers import check_case_number, check_citizen_id, check_uscc

    if scan.count("|") == 2:  # caseNo|kind|signature, as printed on papers
        return ScanKind.PAPER
    checks = (
        (ScanKind.CASE, check_case_number),
        (ScanKind.CITIZEN_ID, check_citizen_id),
        (ScanKind.USCC, check_uscc),
    )
    for kind, check in checks:
        try:
            check(scan)
        except UserError:
            continue
        return kind
    return ScanKind.OTHER
