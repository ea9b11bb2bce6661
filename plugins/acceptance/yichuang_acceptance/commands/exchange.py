"""`yichuang acceptance exchange --out DIR`: cases for the national exchange, as CSV; `--check DIR` reads them back and counts.

A batch is five files and a manifest, all named after its number. The manifest is written last and names the digest of
every file: a folder without it holds no batch. Identity numbers are masked unless they are asked for. Rows that the platform
would not take are held back; each is printed, and listed in a file of their own beside the batch.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from yichuang.api import CommandContext, UserError
from yichuang_acceptance.rules.exchange import TABLES, Received, differences
from yichuang_acceptance.words import words

L = words.lazy
_ = words.text
PAGE = 1000
MOST_PRINTED = 20
FAULT = ("case_no", "item_name", "agency_name", "table", "column", "label", "found", "most", "why")
"""What is told of a row that is held back."""
PRIVATE_FILE = 0o600


def run(context: CommandContext) -> int:
    """Export a batch, or check the batches of a folder.

    Raises:
        UserError: BAD_POSITION, COUNTS_DIFFER, EXCHANGE_UNREADABLE, NOT_PERMITTED.
    """
    parser = context.parser()
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, help=_("Folder of the files"))
    what.add_argument(
        "--check", type=Path, help=_("Read the files of this folder back and compare the counts")
    )
    parser.add_argument(
        "--since", help=_("Position that a batch before has given; without it the last batch is followed")
    )
    parser.add_argument("--all", action="store_true", help=_("Everything, whatever was exported before"))
    parser.add_argument("--with-codes", action="store_true", help=_("Identity numbers in full"))
    options = parser.parse_args(list(context.arguments))
    if options.check is not None:
        told = check(context, options.check)
    else:
        told = export(context, options.out, "" if options.all else options.since, options.with_codes)
    if context.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _print(told)
    return 0


def _print(told: dict[str, Any]) -> None:
    """What came of it, for people: counts, then what is held back and why."""
    for name, value in told.items():
        if name != "faults":
            print(f"{name}: {value}")
    faults = told.get("faults", ())
    for fault in faults[:MOST_PRINTED]:
        said = {"number": fault["case_no"], "item": fault["item_name"], "why": fault["why"]}
        print(_("Held back: {number} {item}: {why}", **said))
    if len(faults) > MOST_PRINTED:
        print(
            _(
                "{n} more are listed in {file}.",
                n=len(faults) - MOST_PRINTED,
                file=_faults_file(told["batch"]),
            )
        )


class Hall(Protocol):
    """What an export needs: a command's context, or what stands in for one on a page."""

    @property
    def stopping(self) -> threading.Event:
        """Set when the export is to be broken off."""
        ...

    def run(self, name: str, request: Any = None) -> Any:
        """Run an operation."""
        ...


def export(context: Hall, folder: Path, since: str | None, with_codes: bool) -> dict[str, Any]:
    """Write a batch; returns its manifest."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        batch = context.run("acceptance.begin_exchange", {"since": since})
        counts, faults = _write(context, folder, batch, with_codes)
        if context.stopping.is_set():
            raise UserError(
                "EXPORT_CANCELLED", L("The export was cancelled."), safe=L("The batch counts as not sent.")
            )
        reported = reported_of(faults)
        asked = {"batch": batch.id, "counts": counts, "reported": reported}
        ended = context.run("acceptance.end_exchange", asked)
        _write_faults(folder, batch.id, faults)
        files = {name: _digest(_path(folder, name, batch.id)) for name in TABLES}
        manifest = {
            "batch": batch.id, "since": batch.since, "upto": batch.upto, "codes": "full" if with_codes else "masked",
            "due": ended.due, "counts": counts, "reported": reported, "totals": ended.totals, "sha256": files,
        }  # fmt: skip
        part = folder / f"~manifest-{batch.id:06d}.json"
        part.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
        part.replace(folder / f"manifest-{batch.id:06d}.json")
    except OSError as error:
        raise _unreadable(folder, error) from error
    return manifest | {"faults": [{name: getattr(each, name) for name in FAULT} for each in faults]}


def reported_of(faults: list[Any]) -> dict[str, int]:
    """How many rows faults hold back, by table; a row may have several."""
    rows = {(fault.table, fault.guid) for fault in faults}
    return dict.fromkeys(TABLES, 0) | Counter(table for table, _guid in rows)


def _write_faults(folder: Path, batch: int, faults: list[Any]) -> None:
    """What is held back, for whoever puts it right; no file where nothing is."""
    if not faults:
        return
    private = os.open(folder / _faults_file(batch), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(private, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FAULT)
        writer.writerows([getattr(each, name) for name in FAULT] for each in faults)


def _faults_file(batch: int) -> str:
    return f"faults-{batch:06d}.csv"


def _write(context: Hall, folder: Path, batch: Any, with_codes: bool) -> tuple[dict[str, int], list[Any]]:
    counts = Counter(dict.fromkeys(TABLES, 0))
    faults: list[Any] = []
    with ExitStack() as stack:
        writers = {}
        for name, columns in TABLES.items():
            private = os.open(
                _path(folder, name, batch.id), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE
            )
            file = stack.enter_context(os.fdopen(private, "w", encoding="utf-8", newline=""))
            writers[name] = csv.writer(file)
            writers[name].writerow(columns)
        after: int | None = 0
        while after is not None and not context.stopping.is_set():
            asked = {"batch": batch.id, "after": after, "limit": PAGE, "with_codes": with_codes}
            page = context.run("acceptance.exchange_rows", asked)
            for name, rows in page.tables.items():
                writers[name].writerows(rows)
                counts[name] += len(rows)
            faults += page.faults
            after = page.after
    return dict(counts), faults


def check(context: CommandContext, folder: Path) -> dict[str, Any]:
    """Read all batches of a folder as the other side would, and compare what it has then with the hall."""
    received, upto, batches = read_folder(folder)
    found, expected = received.counts(), context.query("acceptance.exchange_totals", {"upto": upto})
    for table, there, wanted in differences(found, expected):
        raise UserError(
            "COUNTS_DIFFER",
            L("The exchange files hold {found} rows of {table}, the hall {expected}.", found=there, table=table, expected=wanted),
            do=L("Export everything again into an empty folder."),
        )  # fmt: skip
    return {"batches": batches, "upto": upto, "counts": found}


def read_folder(folder: Path) -> tuple[Received, str, int]:
    """Everything that the batches of a folder hold, up to when, and how many batches there are.

    Raises:
        UserError: EXCHANGE_UNREADABLE where a file is missing, was changed, or is not what its manifest says.
    """
    received, upto, batches = Received(), "", 0
    try:
        for path in sorted(folder.glob("manifest-*.json")):
            manifest = json.loads(path.read_text("utf-8"))
            if manifest["since"] and manifest["since"] != upto:
                raise ValueError(f"{path.name} does not follow the batch before it")
            if not manifest["since"]:
                received = Received()  # everything again: what came before counts for nothing
            for name in TABLES:
                _read_file(received, manifest, name, _path(folder, name, manifest["batch"]))
            for table, there, wanted in differences(received.counts(), manifest["totals"]):
                raise ValueError(f"after {path.name} there are {there} rows of {table}, expected {wanted}")
            upto, batches = manifest["upto"], batches + 1
        if not batches:
            raise ValueError("no manifest")
    except (OSError, ValueError, KeyError) as error:
        raise _unreadable(folder, error) from error
    return received, upto, batches


def _read_file(received: Received, manifest: dict[str, Any], table: str, path: Path) -> None:
    if _digest(path) != manifest["sha256"][table]:
        raise ValueError(f"{path.name} was changed")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        count = received.take(table, next(rows), rows)
    if count != manifest["counts"][table]:
        raise ValueError(f"{path.name} has {count} rows")


def _path(folder: Path, table: str, batch: int) -> Path:
    return folder / f"{table}-{batch:06d}.csv"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(folder: Path, error: Exception) -> UserError:
    reason = getattr(error, "strerror", None) or str(error)
    return UserError(
        "EXCHANGE_UNREADABLE",
        L("{path} cannot be read: {reason}", path=str(folder), reason=reason),
        do=L("Choose the folder of an exchange."),
    )
