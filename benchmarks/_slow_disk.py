"""A slow disk for benchmarks and tests: every fsync and fdatasync of a child process takes some milliseconds longer.

A library of a few lines of C, built with the machine's `cc` and loaded by LD_PRELOAD; Linux only. A hall's PC has a disk
that needs 5 to 20 ms to flush, a server's virtual disk often claims to need 0.03 ms.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
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
