"""`yichuang`: the same operations as the windows, without a window.

Exit codes: 0 done; 1 refused with a sentence (a `UserError`); 2 wrong usage; 3 a check failed (demo, verify, doctor);
70 a bug, with its trace.
"""

from __future__ import annotations

import argparse
import getpass
import json
import secrets
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yichuang.command_line import SIGN_IN, actor_of, common_options, find_plugins, open_suite, parse_plugin
from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.hall.words import set_language
from yichuang.host.commands import HELP, overview
from yichuang.host.manifest_checks import PROGRAM_WORDS

if TYPE_CHECKING:
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor

L = words.lazy
_ = words.text
MOST_PEOPLE = 10_000
OK, REFUSED, USAGE, FAILED, BUG = 0, 1, 2, 3, 70


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parse(given)
        if options.language:
            set_language(options.language)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except UserError as error:
        _show_error(error, "--json" in given)
        return REFUSED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return OK
    except Exception:  # noqa: BLE001 - a bug: its trace and exit code 70
        traceback.print_exc()
        return BUG


def _show_error(error: UserError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": error.as_dict()}, ensure_ascii=False))
        return
    lines = [f"{error.sentence} ({error.code})", str(error.safe), str(error.do)]
    print("\n".join(line for line in lines if line), file=sys.stderr)
    for problem in getattr(error, "rows", ()):
        print(f"  {problem}", file=sys.stderr)


def _parse(given: list[str]) -> argparse.Namespace:
    """Read the command line. Plugins are looked for only where the first word is no command of our own, or for help."""
    first = given[0] if given else ""
    if first in PROGRAM_WORDS or (first.startswith("-") and first not in HELP):
        return parser().parse_args(given)
    early = common_options().parse_known_args(given)[0]
    if early.language:
        set_language(early.language)
    found = find_plugins(early)
    for each in found:
        if each.id == first:
            return parse_plugin(each, given[1:])
    top = parser(overview(found))
    if first and first not in HELP:
        top.error(_("There is no command {name}; see yichuang --help.", name=first))
    return top.parse_args(given)


def parser(epilog: str = "") -> argparse.ArgumentParser:
    """The grammar of the program's own commands."""
    common = common_options()
    top = argparse.ArgumentParser(
        prog="yichuang", description=_("Back office of a government service hall"), epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[..., int], text: str, under: Any = commands) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = under.add_parser(name, parents=[common], help=text, description=text)
        made.set_defaults(run=run)
        return made

    desk = add("desk", _desk, _("open the suite's window"))
    desk.add_argument("--theme", choices=["light", "dark"])
    desk.add_argument("--only-plugins", metavar="IDS", help=_("start only these, separated by commas"))
    listing = add("operations", _operations, _("list every operation and query"))
    listing.add_argument("--markdown", action="store_true", help=_("as the page docs/operations.md"))
    for name, run in (("call", _call), ("query", _query)):
        made = add(name, run, _("do an operation") if name == "call" else _("ask a query"))
        made.add_argument("name")
        made.add_argument(
            "request", nargs="?", default="{}", help=_("the request in JSON, @FILE, or - for standard input")
        )
        made.add_argument("--as", dest="account", metavar="USER", help=_("sign in as"))
        made.add_argument("--desk", help=_("at this desk"))
        made.add_argument("--key", help=_("makes a retry harmless"))
    remember = add("password", _remember, _("keep a password in the keyring for --as"))
    remember.add_argument("account")
    _add_groups(add, commands)
    demo = add("demo", _demo, _("play a day of the model hall"))
    demo.add_argument("--out", type=Path, required=True, metavar="DIR")
    demo.add_argument("--people", type=_count, default=200)
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--no-screenshots", action="store_true")
    shots = add("screenshots", _screenshots, _("draw every page to PNG files"))
    shots.add_argument("--out", type=Path, required=True, metavar="DIR")
    shots.add_argument("--theme", choices=["light", "dark"], default="light")
    shots.add_argument("--scale", type=float, choices=[1.0, 1.25, 1.5, 2.0, 3.0], default=1.0)
    shots.add_argument("--as", dest="account", metavar="USER", action="append", default=[])
    add("doctor", _doctor, _("check this machine, with remedies"))
    return top


def _count(text: str) -> int:
    """A number of people."""
    if not 0 <= int(text) <= MOST_PEOPLE:
        raise ValueError(text)
    return int(text)


def _add_groups(add: Callable[..., argparse.ArgumentParser], commands: Any) -> None:
    def group(name: str, text: str) -> Any:
        made = commands.add_parser(name, help=text, description=text)
        return made.add_subparsers(dest="action", required=True, metavar="ACTION")

    journal = group("journal", _("the record of everything done"))
    add("verify", _verify, _("name the first row that was changed, removed, inserted or reordered"), journal)
    add("seal", _seal, _("seal what is finished"), journal)
    plugins = group("plugins", _("plugins of this desk"))
    add("list", _plugins, _("list plugins and their states"), plugins)
    hall = group("hall", _("the hall's own data"))
    create = add("create", _create, _("make the model hall in an empty database"), hall)
    create.add_argument("--if-missing", action="store_true", help=_("do nothing where there is a hall"))
    load = add("load", _load, _("load a hall's own files"), hall)
    load.add_argument("files", nargs="+", type=Path)
    load.add_argument("--as", dest="account", metavar="USER")
    templates = add("templates", _templates, _("write empty files to fill in"), hall)
    templates.add_argument("--out", type=Path, required=True, metavar="DIR")
    templates.add_argument("--form", choices=["tsv", "xlsx"], default="xlsx")


def _print(options: argparse.Namespace, value: Any, text: Callable[[], str]) -> None:
    print(json.dumps(value, ensure_ascii=False, default=str) if options.json else text())


def _content(path: Path) -> bytes:
    """A file that was named on the command line."""
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise UserError(
            "FILE_NOT_READABLE",
            L("The file {path} cannot be read: {why}", path=str(path), why=why),
            do=L("Check the name and the permissions."),
        ) from error


def _request(text: str) -> str:
    """The request's JSON text, from the command line, a file or standard input."""
    if text == "-":
        text = sys.stdin.read()
    elif text.startswith("@"):
        text = _content(Path(text[1:])).decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except ValueError as error:
        raise UserError("BAD_JSON", L("The request is not JSON: {reason}", reason=str(error))) from error
    if not isinstance(value, dict):
        raise UserError("BAD_JSON", L("The request must be a JSON object."))
    return text


def _desk(options: argparse.Namespace) -> int:
    from yichuang.shell import app

    given = {"--database": options.database, "--data-dir": options.data_dir, "--theme": options.theme,
             "--only-plugins": options.only_plugins, "--language": options.language}  # fmt: skip
    arguments = [part for flag, value in given.items() if value for part in (flag, str(value))]
    arguments += [part for folder in options.plugin_dir for part in ("--plugin-dir", str(folder))]
    return app.main([*arguments, *(["--safe-mode"] if options.safe_mode else [])])


def _operations(options: argparse.Namespace) -> int:
    with open_suite(options) as suite:
        if options.markdown:
            from yichuang.operations.listing import markdown

            print(markdown(suite.registry.all()), end="")
            return OK
        rows = [
            {"name": o.name, "kind": o.kind, "permission": o.permission, "title": o.title,
             "doc": o.doc.split("\n")[0], "request": o.request.model_json_schema()}
            for o in suite.registry.all()
        ]  # fmt: skip
    lines = (f"{r['name']:<34} {r['kind']:<10} {r['permission'] or '-':<26} {r['doc']}" for r in rows)
    _print(options, rows, lambda: "\n".join(lines))
    return OK


def _call(options: argparse.Namespace) -> int:
    return _do(options, lambda suite, actor, request: suite.run(actor, options.name, request, options.key))


def _query(options: argparse.Namespace) -> int:
    return _do(options, lambda suite, actor, request: suite.query(actor, options.name, request))


def _do(options: argparse.Namespace, act: Callable[[Suite, Actor, str], Any]) -> int:
    request = _request(options.request)
    with open_suite(options) as suite:
        operation = suite.registry.get(options.name)
        result = act(suite, actor_of(suite, options), request)
        if isinstance(result, bytes):
            sys.stdout.buffer.write(result)
        else:
            indent = None if options.json else 2
            print(operation.result.dump_json(result, indent=indent).decode())
    return OK


def _remember(options: argparse.Namespace) -> int:
    with open_suite(options) as suite:
        password = getpass.getpass(_("Password of {account}: ", account=options.account))
        suite.sign_in(options.account, password)
        suite.executor.secrets.set(SIGN_IN, options.account, password)
        _print(options, {"kept": options.account}, lambda: _("The password is kept in the keyring."))
    return OK


def _verify(options: argparse.Namespace) -> int:
    from yichuang.operations.journal_data import verify

    with open_suite(options) as suite:
        verdict = verify(suite.executor)
    found = {
        "intact": verdict.intact, "rows_sealed": verdict.rows_sealed, "rows_open": verdict.rows_open,
        "batches": verdict.batches, "bad_row": verdict.bad_row, "problem": str(verdict.problem or ""),
    }  # fmt: skip
    good = _("The journal is intact: {rows} rows in {batches} seals, {open} not sealed yet.",
             rows=verdict.rows_sealed, batches=verdict.batches, open=verdict.rows_open)  # fmt: skip
    _print(options, found, lambda: good if verdict.intact else str(verdict.problem))
    return OK if verdict.intact else FAILED


def _seal(options: argparse.Namespace) -> int:
    from yichuang.operations.journal_data import hall_key, seal

    with open_suite(options) as suite:
        rows = seal(suite.executor, hall_key(suite.executor, suite.executor.secrets))
    _print(options, {"sealed": rows}, lambda: _("{n} rows were sealed.", n=rows))
    return OK


def _plugins(options: argparse.Namespace) -> int:
    with open_suite(options) as suite:
        rows = [
            {
                "id": p.id,
                "title": p.title(),
                "version": p.version,
                "state": p.state.value,
                "reason": str(p.reason),
            }
            for p in suite.plugins.all()
        ]
    _print(
        options,
        rows,
        lambda: "\n".join("{id:<14} {version:<8} {state:<11} {title}  {reason}".format(**r) for r in rows),
    )
    return OK


def _create(options: argparse.Namespace) -> int:
    from yichuang.demo import model_hall

    with open_suite(options) as suite:
        if not model_hall.is_empty(suite):
            if options.if_missing:
                _print(options, [], lambda: _("There is a hall already."))
                return OK
            raise UserError(
                "HALL_THERE", L("The database holds a hall already."), do=L("Choose another database.")
            )
        password = secrets.token_urlsafe(9)
        opened = model_hall.create(suite, lambda step: print(step, file=sys.stderr), password)
    rows = [vars(each) | {"password": password} for each in opened]
    text = _("Accounts of the model hall; their password is {password}", password=password)
    _print(
        options,
        rows,
        lambda: "\n".join([text, *(f"  {o.account:<14} {o.name}  {o.role} {o.desk}" for o in opened)]),
    )
    return OK


def _load(options: argparse.Namespace) -> int:
    with open_suite(options) as suite:
        files = {path.name: _content(path) for path in options.files}
        loaded = suite.run(actor_of(suite, options), "hall.load", {"files": files})
    _print(options, vars(loaded), lambda: ", ".join(f"{name} {n}" for name, n in vars(loaded).items()))
    return OK


def _templates(options: argparse.Namespace) -> int:
    from yichuang.hall.importing import export_templates

    options.out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in export_templates(options.form).items():
        (options.out / name).write_bytes(data)
        written.append(name)
    _print(options, written, lambda: "\n".join(written))
    return OK


def _demo(options: argparse.Namespace) -> int:
    from yichuang.demo.day import Plan, play

    summary = play(
        Plan(
            out=options.out, people=options.people, seed=options.seed, database=options.database,
            screenshots=not options.no_screenshots,
        ),
        say=lambda text: print(text, file=sys.stderr),
    )  # fmt: skip
    _print(options, summary, lambda: json.dumps(summary, ensure_ascii=False, indent=2, default=str))
    return OK if not summary["failed"] else FAILED


def _screenshots(options: argparse.Namespace) -> int:
    from yichuang.shell.screenshots import draw_all

    drawn = draw_all(options)
    _print(options, [str(path) for path in drawn], lambda: "\n".join(str(path) for path in drawn))
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from yichuang.host.doctor import run_checks, worst
    from yichuang.host.places import default_data_dir, default_database_url

    folder = options.data_dir or default_data_dir()
    checks = run_checks(options.database or default_database_url(folder), data_dir=folder)
    marks = {"ok": "✓", "warn": "!", "fail": "✗"}
    lines = [
        f"{marks[c.state]} {c.name}: {c.sentence}" + (f"\n    {c.remedy}" if c.remedy else "") for c in checks
    ]
    _print(options, [c.as_dict() for c in checks], lambda: "\n".join(lines))
    return FAILED if worst(checks) == "fail" else OK


if __name__ == "__main__":
    sys.exit(main())
