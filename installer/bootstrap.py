"""One command from a fresh machine to the running suite: `python installer/bootstrap.py run|test|setup|check|…`.

Runs with the system's Python (3.11 or newer) and the standard library alone, on Debian-like Linux and on Windows;
the Makefile only calls it. Every step prints what it does. A step whose inputs have not changed since it last
succeeded is skipped; what a step was made from is kept in `.venv/steps.json`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STEPS = VENV / "steps.json"
WINDOWS = sys.platform == "win32"
PROGRAMS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = PROGRAMS / ("python.exe" if WINDOWS else "python")
FONT_CACHE = ROOT / "resources" / "yichuang_resources" / "fonts"
DEMO_PEOPLE = 60
MOST_WORKERS = 4  # more compete for one disk


class StepError(Exception):
    """A step failed; `remedy` says what the person at the keyboard can do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def distributions() -> list[Path]:
    """The folders of our distributions, what others need first."""
    plugins = sorted(file.parent for file in (ROOT / "plugins").glob("*/pyproject.toml"))
    return [ROOT / "resources", ROOT / "core", *plugins]


def fingerprint(*parts: object) -> str:
    """A digest of texts and of the contents of files."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) and part.is_file() else str(part).encode()
        digest.update(f"{len(content)}:".encode() + content)
    return digest.hexdigest()


class Setup:
    """The steps from a fresh checkout to a working environment.

    Attributes:
        tests: Whether to install what only the tests need.
    """

    def __init__(self, tests: bool) -> None:
        self.tests = tests
        self._made: dict[str, str] = {}

    def run(self) -> None:
        """Does every step that is due.

        Raises:
            StepError: A step failed.
        """
        begun = time.monotonic()
        steps = (self.system, self.environment, self.packages, self.catalogues, self.fonts)
        for number, step in enumerate(steps, 1):
            title = (step.__doc__ or "").split(".")[0]
            print(f"[{number}/{len(steps)}] {title}", end=" … ", flush=True)
            started = time.monotonic()
            outcome = step()
            print(f"{outcome} ({time.monotonic() - started:.1f} s)", flush=True)
        print(f"Ready in {time.monotonic() - begun:.1f} s.", flush=True)

    def system(self) -> str:
        """System libraries."""
        import system

        try:
            return system.ensure(self.tests)
        except system.SystemLacksError as lack:
            raise StepError(str(lack), lack.remedy) from lack

    def environment(self) -> str:
        """Python environment .venv."""
        works = PYTHON.exists() and call([PYTHON, "-c", "import pip"], check=False, quiet=True) == 0
        if works and self._fresh("environment", sys.version, sys.base_prefix):
            return "there already"
        if not works:
            remedy = f"remove the folder {VENV} and run this again"
            call([sys.executable, "-m", "venv", "--clear", VENV], remedy=remedy)
        constraint = ["-c", ROOT / "constraints.txt"]
        remedy = "check the network and that pip reaches a package index: python3 -m pip download uv"
        call([PYTHON, "-m", "pip", "install", "--quiet", *constraint, "uv"], remedy=remedy)
        return self._done("environment", sys.version, sys.base_prefix)

    def packages(self) -> str:
        """Suite, plugins and their dependencies."""
        folders = distributions()
        inputs = (ROOT / "constraints.txt", *(folder / "pyproject.toml" for folder in folders), ROOT)
        if self._fresh("packages with tests", *inputs) or (
            not self.tests and self._fresh("packages", *inputs)
        ):
            return "there already"
        extras = {"resources": "[fonts]", "core": "[test]" if self.tests else ""}
        editable = [part for folder in folders for part in ("-e", f"{folder}{extras.get(folder.name, '')}")]
        uv = [PROGRAMS / "uv", "pip", "install", "--quiet", "--python", PYTHON, "--compile-bytecode"]
        remedy = "check the network and that pip reaches a package index; then run this again"
        call([*uv, "-c", ROOT / "constraints.txt", *editable], remedy=remedy)
        return self._done("packages with tests" if self.tests else "packages", *inputs)

    def catalogues(self) -> str:
        """Translations."""
        program = ROOT / "installer" / "catalogues.py"
        sources = sorted(ROOT.glob("*/*/locales/*/*.po")) + sorted(ROOT.glob("plugins/*/*/locales/*/*.po"))
        inputs = (program, *sources, *(str(source.parent) for source in sources))
        made = all(source.parent.with_suffix(".mo").exists() for source in sources)
        if made and self._fresh("catalogues", *inputs):
            return "there already"
        call([PYTHON, program], remedy="mend the .po file that is named above", show=True)
        return self._done("catalogues", *inputs)

    def fonts(self) -> str:
        """Fonts."""
        import system

        programs = [ROOT / "installer" / name for name in ("fonts.py", "outlines.py")]
        inputs = (*programs, ROOT / "constraints.txt", Path(system.MONGOLIAN).exists())
        if (FONT_CACHE / "made-from.txt").exists() and self._fresh("fonts", *inputs):
            return "there already"
        remedy = "make sure that the package step succeeded and the disc has 100 MB free"
        print(flush=True)
        call([PYTHON, programs[0]], remedy=remedy, show=True)
        return self._done("fonts", *inputs)

    def _fresh(self, step: str, *inputs: object) -> bool:
        """Whether a step last succeeded with the same inputs."""
        if not self._made and STEPS.exists():
            try:
                self._made = json.loads(STEPS.read_text(encoding="utf-8"))
            except ValueError:
                self._made = {}
        return self._made.get(step) == fingerprint(*inputs)

    def _done(self, step: str, *inputs: object) -> str:
        """Remembers that a step has succeeded."""
        self._made[step] = fingerprint(*inputs)
        part = STEPS.with_suffix(".part")
        part.write_text(json.dumps(self._made, indent=1, sort_keys=True), encoding="utf-8")
        part.replace(STEPS)
        return "done"


def call(
    command: list[object], *, remedy: str = "", check: bool = True, show: bool = False, quiet: bool = False
) -> int:
    """Runs a program and returns its exit code.

    Args:
        command: Program and arguments.
        remedy: What to do if it fails.
        check: Whether a failure is an error.
        show: Whether its output goes to the screen as it comes; else it is shown only if the program fails.
        quiet: Whether not to show even that.

    Raises:
        StepError: It failed, or there is no such program.
    """
    words = [str(part) for part in command]
    environment = {**os.environ, "PYTHONUTF8": "1", "VIRTUAL_ENV": str(VENV)}
    # Images of containers set it; then each of the hundreds of processes of a test run compiles the suite anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    output = None if show else subprocess.PIPE
    try:
        done = subprocess.run(
            words, cwd=ROOT, env=environment, stdin=None if show else subprocess.DEVNULL,
            stdout=output, stderr=None if show else subprocess.STDOUT, check=False,
        )  # fmt: skip
    except OSError as error:
        raise StepError(f"{words[0]}: {error.strerror}", remedy or "run make setup") from error
    if done.returncode and check:
        if done.stdout and not quiet:
            print(f"\n{done.stdout.decode(errors='replace').rstrip()}", flush=True)
        raise StepError(
            f"{' '.join(words[:4])} … ended with {done.returncode}", remedy or "see the output above"
        )
    return done.returncode


def has_display() -> bool:
    """Whether a window can be opened here."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(rest: list[str]) -> int:
    """Sets up, makes the model hall if there is none, and opens the suite (or plays the demo day without a display)."""
    Setup(tests=False).run()
    if not has_display():
        out = ROOT / "build" / "demo"
        print(f"No display here: playing a demo day of {DEMO_PEOPLE} people instead, into {out}.", flush=True)
        return suite("demo", "--out", out, "--people", DEMO_PEOPLE, *rest)
    print("Model hall …", flush=True)
    made = suite("hall", "create", "--if-missing")
    return made or suite("desk", *rest)


def test(rest: list[str]) -> int:
    """Sets up and runs the whole test suite side by side on the processors there are, or what is asked for."""
    Setup(tests=True).run()
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    arguments = rest or ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    return call([PYTHON, "-m", "pytest", *arguments], check=False, show=True)


def check(_rest: list[str]) -> int:
    """Sets up and checks format, lint, types, layers and translations."""
    Setup(tests=True).run()
    packages = [
        path.parent.name for folder in distributions() for path in sorted(folder.glob("*/__init__.py"))
    ]
    typed = [part for name in packages if name.startswith("yichuang") for part in ("-p", name)]
    checks: dict[str, list[object]] = {
        "format": [PROGRAMS / "ruff", "format", "--check", "."],
        "lint": [PROGRAMS / "ruff", "check", "."],
        "types": [PYTHON, "-m", "mypy", *typed],
        "layers": [PROGRAMS / "lint-imports"],
        "translations": [PYTHON, ROOT / "installer" / "catalogues.py", "--check"],
    }
    failed = []
    for name, command in checks.items():
        print(f"== {name}", flush=True)
        if call(command, check=False, show=True):
            failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def bench(rest: list[str]) -> int:
    """Sets up and runs every benchmark, or those named."""
    Setup(tests=True).run()
    wanted = [ROOT / "benchmarks" / f"{name.removesuffix('.py')}.py" for name in rest]
    codes = [call([PYTHON, program], check=False, show=True) for program in wanted or benchmarks()]
    return max(codes, default=0)


def benchmarks() -> list[Path]:
    """The programs in `benchmarks/`; names with a leading underscore are parts of others."""
    return [path for path in sorted((ROOT / "benchmarks").glob("*.py")) if not path.name.startswith("_")]


def package(_rest: list[str]) -> int:
    """Sets up and builds the wheels of all distributions into `dist/`, with fonts and translations in them."""
    Setup(tests=False).run()
    out = ROOT / "dist"
    shutil.rmtree(out, ignore_errors=True)
    for folder in distributions():
        call([PROGRAMS / "uv", "build", "--quiet", "--wheel", "--out-dir", out, folder], show=True)
    print("\n".join(f"{file.name}  {file.stat().st_size / 1e6:.1f} MB" for file in sorted(out.glob("*.whl"))))
    return 0


def new_plugin(rest: list[str]) -> int:
    """Makes a department plugin from the template: `new-plugin NAME`."""
    Setup(tests=True).run()
    return call([PYTHON, ROOT / "installer" / "new_plugin.py", *rest], check=False, show=True)


def service(rest: list[str]) -> int:
    """Lets a process start with the machine: `service acceptance messages --as ACCOUNT`; `--remove` ends that."""
    Setup(tests=False).run()
    return call([PYTHON, ROOT / "installer" / "service.py", *rest], check=False, show=True)


def lock(_rest: list[str]) -> int:
    """Resolves all dependencies anew into constraints.txt, for every platform and without any index address."""
    Setup(tests=True).run()
    wanted = VENV / "lock.in"
    lines = [f"-e {folder}{'[test]' if folder.name == 'core' else ''}" for folder in distributions()]
    lines[0] += "[fonts]"
    wanted.write_text("\n".join([*lines, "uv"]), encoding="utf-8")
    options = [
        "--quiet",
        "--universal",
        "--python-version",
        "3.11",
        "--no-header",
        "--no-annotate",
        "--upgrade",
    ]
    target = VENV / "lock.txt"
    remedy = "check the network and that pip reaches a package index"
    call([PROGRAMS / "uv", "pip", "compile", *options, wanted, "-o", target], remedy=remedy)
    lines = target.read_text(encoding="utf-8").splitlines()
    # Our own packages come out as paths of this machine, and pip takes no unnamed constraint.
    kept = [line for line in lines if not line.startswith("-e")]
    (ROOT / "constraints.txt").write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(f"{len(kept)} packages in constraints.txt")
    return 0


def setup(rest: list[str]) -> int:
    """Sets up: system libraries, environment, packages, translations, fonts."""
    Setup(tests="--tests" in rest).run()
    return 0


def clean(_rest: list[str]) -> int:
    """Removes everything that was made here: environment, fonts, translations, builds and caches."""
    made = [VENV, ROOT / "build", ROOT / "dist", FONT_CACHE, ROOT / ".hypothesis"]
    made += [ROOT / f".{name}_cache" for name in ("pytest", "mypy", "ruff", "import_linter")]
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
    for file in [*ROOT.glob("*/*/locales/*.mo"), *ROOT.glob("plugins/*/*/locales/*.mo")]:
        file.unlink()
    return 0


def suite(*arguments: object) -> int:
    """Runs the suite's own command."""
    return call([PYTHON, "-m", "yichuang.cli", *arguments], check=False, show=True)


COMMANDS = {
    "run": run,
    "test": test,
    "setup": setup,
    "check": check,
    "bench": bench,
    "package": package,
    "lock": lock,
    "service": service,
    "new-plugin": new_plugin,
    "clean": clean,
}


def with_new_enough_python() -> int | None:
    """Starts this program again with a newer Python if this one is too old. Returns its exit code, None if not needed."""
    if sys.version_info >= OLDEST:
        return None
    for minor in range(14, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer and subprocess.run([newer, "-c", "pass"], capture_output=True, check=False).returncode == 0:
            return subprocess.run([newer, *sys.argv], check=False).returncode
    print(f"FAILED  Python {sys.version.split()[0]} is too old.\nREMEDY  Install Python 3.11 or newer.")
    return 1


def main() -> int:
    """Reads the command line and does what it says."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, function in COMMANDS.items():
        commands.add_parser(name, help=(function.__doc__ or "").splitlines()[0], add_help=False)
    arguments, rest = parser.parse_known_args()
    try:
        return COMMANDS[arguments.command](rest)
    except StepError as failure:
        print(f"\nFAILED  {failure}\nREMEDY  {failure.remedy}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    again = with_new_enough_python()
    raise SystemExit(main() if again is None else again)
