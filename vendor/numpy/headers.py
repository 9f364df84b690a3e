"""Python headers for cross-compiling to a Pyodide: `headers.py PYODIDE_FOLDER HOST_HEADERS OUT`.

HOST_HEADERS is the include folder of the same Python version for any machine; its pyconfig.h lends only names, whose
values are those that Pyodide's own sysconfig data holds.
"""

from __future__ import annotations

import re
import runpy
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

NAME = re.compile(r"\s*(?:#\s*define\s+(\w+)|/\* #undef (\w+) \*/)")
ZERO_IS_A_VALUE = re.compile(r"HAVE_DECL_|SIZEOF_|ALIGNOF_|PY_|HAVE_BUILTIN")
ALWAYS = ("_GNU_SOURCE 1", "_XOPEN_SOURCE 700", "_POSIX_C_SOURCE 200809L", "__EXTENSIONS__ 1")


def build_variables(pyodide: Path, out: Path) -> dict[str, Any]:
    """What Pyodide's Python says about its build; the module that says it is left in `out`."""
    with zipfile.ZipFile(pyodide / "python_stdlib.zip") as library:
        name = next(name for name in library.namelist() if "_sysconfigdata" in name)
        module = out / Path(name).name
        module.write_bytes(library.read(name))
    variables: dict[str, Any] = runpy.run_path(str(module))["build_time_vars"]
    return variables


def configuration(names: list[str], variables: dict[str, Any]) -> str:
    """The text of a pyconfig.h."""
    lines = ["#ifndef Py_PYCONFIG_H", "#define Py_PYCONFIG_H"]
    for name in names:
        value = variables.get(name)
        if name not in variables or (value in (0, "0") and not ZERO_IS_A_VALUE.match(name)):
            lines.append(f"/* #undef {name} */")
        else:
            lines.append(f"#define {name} {value}".rstrip())
    lines += [f"#define {definition}" for definition in ALWAYS]
    lines += ["#ifndef _POSIX_THREADS", "#define _POSIX_THREADS 1", "#endif", "#endif", ""]
    return "\n".join(lines)


def main() -> None:
    """Fill OUT with `include/` and Pyodide's sysconfig data."""
    pyodide, host, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    variables = build_variables(pyodide, out)
    text = (host / "pyconfig.h").read_text("utf-8", errors="replace")
    found = (NAME.match(line) for line in text.splitlines())
    names = dict.fromkeys(match[1] or match[2] for match in found if match)
    names.pop("Py_PYCONFIG_H", None)
    shutil.copytree(host, out / "include", dirs_exist_ok=True)
    (out / "include" / "pyconfig.h").write_text(configuration(list(names), variables), "utf-8")


if __name__ == "__main__":
    main()
