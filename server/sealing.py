"""What the process forbids itself before it hears the first request."""

from __future__ import annotations

import ctypes
import os
import resource
import stat
import sys

PR_SET_DUMPABLE = 4  # of linux/prctl.h


def forbid_cores() -> None:
    """No picture of the memory when it crashes, and no debugger that looks inside."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0)  # that limit means nothing to a kernel that pipes cores to a program


def forbid_files() -> None:
    """From here on this process can write to no file, unless its own log goes to one."""
    if not any(stat.S_ISREG(os.fstat(stream.fileno()).st_mode) for stream in (sys.stdout, sys.stderr)):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
