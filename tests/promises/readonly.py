"""`python readonly.py COMMAND …`: run a command where no file system can be written to.

Exits with CANNOT on a machine that doesn't let us. It is a mount namespace of its own, in which everything that is
mounted is read-only, temporary folders and shared memory included.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000  # linux/sched.h
MS_REC, MS_PRIVATE = 0x4000, 1 << 18  # linux/mount.h
AT_FDCWD, AT_RECURSIVE = -100, 0x8000  # linux/fcntl.h
MOUNT_ATTR_RDONLY = 1
SYS_MOUNT_SETATTR = 442  # of every architecture; Linux 5.12
CANNOT = 77


def main() -> None:
    """Become the command."""
    libc = ctypes.CDLL(None, use_errno=True)
    attributes = (ctypes.c_uint64 * 4)(MOUNT_ATTR_RDONLY, 0, 0, 0)
    if (
        libc.unshare(CLONE_NEWNS | (CLONE_NEWUSER if os.geteuid() else 0))
        or libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None)
        or libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, b"/", AT_RECURSIVE, attributes, ctypes.sizeof(attributes))
    ):
        print(os.strerror(ctypes.get_errno()), file=sys.stderr)
        sys.exit(CANNOT)
    for folder in (Path.cwd(), Path("/tmp"), Path("/dev/shm")):
        try:
            (folder / "written").touch()
        except OSError as error:
            assert error.errno == errno.EROFS, error
        else:
            sys.exit(f"{folder} can be written to")
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
