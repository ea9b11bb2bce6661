"""A slow disk for benchmarks and tests: every fsync and fdatasync of a child process takes some milliseconds longer.

A library of a few lines of C, built with the machine's `cc` and loaded by LD_PRELOAD; Linux only. A hall's PC has a disk
that needs 5 to 20 ms to flush, a server's virtual disk often claims to need 0.03 ms.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void pause_a_while(void) {
    const char *text = getenv("YICHUANG_FSYNC_MS");
    long milliseconds = text ? atol(text) : 0;
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    if (milliseconds > 0) nanosleep(&pause, 0);
}

#define SLOW(name) \\
    int name(int file) { \\
        static int (*real)(int); \\
        if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, #name); \\
        int result = real(file); \\
        pause_a_while(); \\
        return result; \\
    }
SLOW(fsync)
SLOW(fdatasync)
"""


def slow_disk(folder: Path, milliseconds: int = 15) -> dict[str, str] | None:
    """Environment variables that slow the flushes of whatever is started with them.

    Args:
        folder: Where the library is built; readable by the user that the child runs as.
        milliseconds: How much longer each flush takes.

    Returns:
        The variables, or None where there is no C compiler or no Linux.
    """
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    source, library = folder / "slow_disk.c", folder / "slow_disk.so"
    if not library.exists():
        source.write_text(SOURCE, encoding="utf-8")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "YICHUANG_FSYNC_MS": str(milliseconds)}


def on_slow_disk(program: str, kind: str, options: Sequence[str]) -> object:
    """What a benchmark prints of itself with `--part slow`, in a child process: a slow SQLite needs one.

    Args:
        program: The benchmark's file.
        kind: Of database; the server of PostgreSQL is slowed by whoever starts it, not its desks.
        options: More of the command line.
    """
    with tempfile.TemporaryDirectory() as name:
        variables = slow_disk(Path(name))
        if variables is None:
            return "no C compiler to slow the disk with"
        done = subprocess.run(
            [sys.executable, program, "--kind", kind, "--part", "slow", *options],
            env={**os.environ, **({} if kind == "postgresql" else variables)}, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    return json.loads(done.stdout)
