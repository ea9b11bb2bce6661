"""`yichuang queue evaluate LOG.csv`: how good the wait estimate and the simple estimators are on a log."""

from __future__ import annotations

import json
from pathlib import Path

from yichuang.api import CommandContext
from yichuang_queue.rules.evaluation import evaluate_file, table
from yichuang_queue.words import words

_ = words.text
CREDIT_MINUTES = 15.0


def run(context: CommandContext) -> int:
    """Replay the log and print the figures, as a table or in JSON. Needs no hall and writes nothing."""
    parser = context.parser(_("Replays a log of visits and compares wait estimators on it."))
    parser.add_argument(
        "log", type=Path, metavar="LOG.csv", help="line,priority,arrived,started,finished,desk"
    )
    parser.add_argument(
        "--credit",
        type=float,
        default=CREDIT_MINUTES,
        metavar="MINUTES",
        help=_("time credit of priority people"),
    )
    options = parser.parse_args(list(context.arguments))
    if not 0 <= options.credit <= 24 * 60:
        parser.error(_("The credit must be between 0 and {most} minutes.", most=24 * 60))
    report = evaluate_file(options.log, 60 * options.credit)
    print(json.dumps(report.to_json(), ensure_ascii=False) if context.json else table(report))
    return 0
