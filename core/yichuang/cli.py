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
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yichuang.hall.errors import UserError
from yichuang.hall.words import LANGUAGES, set_language
from yichuang.hall.words import core as words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor
    from yichuang.operations.model import Operation

L = words.lazy
_ = words.text
OK, REFUSED, USAGE, FAILED, BUG = 0, 1, 2, 3, 70
SIGN_IN = "yichuang/sign-in"  # keyring service of remembered passwords


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    if options.language:
        set_language(options.language)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except UserError as error:
        _show_error(error, options.json)
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


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=_("answer in JSON"))
    common.add_argument("--database", metavar="URL", help=_("the hall's database"))
    common.add_argument("--data-dir", type=Path, metavar="DIR", help=_("the desk's own folder"))
    common.add_argument(
        "--plugin-dir", type=Path, action="append", default=[], metavar="DIR", help=_("more plugins")
    )
    common.add_argument("--safe-mode", action="store_true", help=_("start no plugin"))
    common.add_argument("--language", choices=LANGUAGES, help=_("language of screens and messages"))
    top = argparse.ArgumentParser(prog="yichuang", description=_("Back office of a government service hall"))
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
    demo.add_argument("--people", type=int, default=200)
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--no-screenshots", action="store_true")
    shots = add("screenshots", _screenshots, _("draw every page to PNG files"))
    shots.add_argument("--out", type=Path, required=True, metavar="DIR")
    shots.add_argument("--theme", choices=["light", "dark"], default="light")
    shots.add_argument("--scale", type=float, default=1.0)
    shots.add_argument("--as", dest="account", metavar="USER", action="append", default=[])
    add("doctor", _doctor, _("check this machine, with remedies"))
    return top


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


@contextmanager
def open_suite(options: argparse.Namespace, **more: Any) -> Iterator[Suite]:
    """The suite of this desk, with its keyring."""
    from yichuang.host.places import default_data_dir
    from yichuang.host.suite import Suite
    from yichuang.identity.secrets import open_secrets

    folder = options.data_dir or default_data_dir()
    with Suite.open(
        options.database, folder, plugin_dirs=options.plugin_dir, safe_mode=options.safe_mode,
        secrets=more.pop("secrets", None) or open_secrets(folder), **more,
    ) as suite:  # fmt: skip
        yield suite


def _actor(suite: Suite, options: argparse.Namespace) -> Actor:
    """Whoever --as names, by the remembered or typed password; nobody without it."""
    from yichuang.identity.actor import Actor

    if not options.account:
        return Actor.nobody()
    password = suite.executor.secrets.get(SIGN_IN, options.account)
    if password is None:
        password = getpass.getpass(_("Password of {account}: ", account=options.account))
    return suite.sign_in(options.account, password, getattr(options, "desk", None))


def _print(options: argparse.Namespace, value: Any, text: Callable[[], str]) -> None:
    print(json.dumps(value, ensure_ascii=False, default=str) if options.json else text())


def _request(text: str) -> str:
    """The request's JSON text, from the command line, a file or standard input."""
    if text == "-":
        text = sys.stdin.read()
    elif text.startswith("@"):
        text = Path(text[1:]).read_text(encoding="utf-8")
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


def markdown(operations: list[Operation]) -> str:
    """The page docs/operations.md: each operation with its permission, request fields and first sentence."""
    lines = [
        "# Operations and queries",
        "",
        "Everything that can be done or asked, by name; made by `yichuang operations --markdown`, kept true by a test.",
        "An operation writes, in one transaction and with a row in the journal; a query only reads. `?` marks a field",
        "that may be left out; a field in brackets never reaches the journal.",
    ]
    owner = ""
    for each in operations:
        if each.owner != owner:
            owner = each.owner
            lines += [
                "",
                f"## {owner}",
                "",
                "| name | kind | permission | request | what it does |",
                "|---|---|---|---|---|",
            ]
        shown = set(each.request.journal_fields())
        fields = [
            (name if name in shown else f"({name})") + ("" if field.is_required() else "?")
            for name, field in each.request.model_fields.items()
        ]
        text = " ".join(each.doc.split("\n\n")[0].split())
        request = " ".join(fields) or "–"
        lines.append(f"| `{each.name}` | {each.kind} | {each.permission or '–'} | {request} | {text} |")
    return "\n".join(lines) + "\n"


def _call(options: argparse.Namespace) -> int:
    return _do(options, lambda suite, actor, request: suite.run(actor, options.name, request, options.key))


def _query(options: argparse.Namespace) -> int:
    return _do(options, lambda suite, actor, request: suite.query(actor, options.name, request))


def _do(options: argparse.Namespace, act: Callable[[Suite, Actor, str], Any]) -> int:
    request = _request(options.request)
    with open_suite(options) as suite:
        operation = suite.registry.get(options.name)
        result = act(suite, _actor(suite, options), request)
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
                return OK
            raise UserError(
                "HALL_THERE", L("The database holds a hall already."), do=L("Choose another database.")
            )
        password = secrets.token_urlsafe(9)
        opened = model_hall.create(suite, lambda step: print(step, file=sys.stderr), password)
    rows = [vars(each) for each in opened]
    text = _("Accounts of the model hall; their password is {password}", password=password)
    _print(
        options,
        rows,
        lambda: "\n".join([text, *(f"  {o.account:<14} {o.name}  {o.role} {o.desk}" for o in opened)]),
    )
    return OK


def _load(options: argparse.Namespace) -> int:
    with open_suite(options) as suite:
        files = {path.name: path.read_bytes() for path in options.files}
        loaded = suite.run(_actor(suite, options), "hall.load", {"files": files})
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
