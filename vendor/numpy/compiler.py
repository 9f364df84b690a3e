#!/usr/bin/env python3
"""clang and wasm-ld as a compiler of Pyodide's side modules, without emscripten's own driver.

Called as `wcc` or `wc++` (links to this file), with the options of any C compiler. WSYSROOT is emscripten's sysroot,
WLLVM the folder of clang and wasm-ld.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CPP = Path(sys.argv[0]).name == "wc++"
SYSROOT = Path(os.environ["WSYSROOT"])
LLVM = Path(os.environ["WLLVM"])
LIBRARIES = SYSROOT / "lib" / "wasm32-emscripten"
CLANG = str(LLVM / ("clang++" if CPP else "clang"))
TARGET = "--target=wasm32-unknown-emscripten"
COMPILE = [
    *(TARGET, f"--sysroot={SYSROOT}", "-Xclang", "-iwithsysroot/include/compat", "-fPIC", "-fvisibility=default"),
    *("-DEMSCRIPTEN", "-D__EMSCRIPTEN_major__=4", "-D__EMSCRIPTEN_minor__=0", "-D__EMSCRIPTEN_tiny__=9"),
    *("-mllvm", "-combiner-global-alias-analysis=false", "-mllvm", "-disable-lsr", "-Wno-unused-command-line-argument"),
    *(["-fwasm-exceptions"] if CPP else []),
]
SHARED = [
    *("-shared", "--experimental-pic", "--unresolved-symbols=import-dynamic", "--no-export-dynamic", "-Bsymbolic"),
    *("--strip-debug", "-O2", "--export-if-defined=__wasm_call_ctors", "--export-if-defined=__wasm_apply_data_relocs"),
    *("-mllvm", "-combiner-global-alias-analysis=false"),
    *("-mllvm", "-wasm-enable-eh", "-mllvm", "-exception-model=wasm"),
]
IN_PYODIDE = {"-lm", "-lc", "-ldl", "-lpthread", "-lstdc++", "-latomic", "-lrt", "-lutil"}
# Symbols that emscripten's JavaScript or Pyodide's main module provides; a check for a function may leave them open.
PROVIDED = re.compile(
    r"(__syscall_|__wasi_|_?emscripten_|__?.*_js$|environ_|fd_|clock_|proc_|random_get|_abort|abort|exit$|__assert_fail"
    r"|__call_sighandler|_Unwind|__cxa|__main|main$|dl|__dl|getaddrinfo|getnameinfo|_?tzset|strftime|__.*tz|malloc$"
    r"|free$|calloc$|realloc$|memalign$|posix_memalign$|aligned_alloc$|sbrk|__memory_base|__table_base"
    r"|__stack_pointer|__indirect|__heap|emmalloc|_emscripten|std::|operator|__cpp_exception|__c_longjmp|setjmp|longjmp"
    r"|invoke|__wasm_lpad|__gxx|typeinfo|vtable|non-virtual)"
)


def main(arguments: list[str]) -> int:
    """The exit status of what was called."""
    if {"--version", "-dumpversion", "-dumpmachine"} & set(arguments) or arguments == ["-v"]:
        return subprocess.call([CLANG, TARGET, *arguments])
    if {"-c", "-E", "-S", "-fsyntax-only", "-M"} & set(arguments):
        return subprocess.call([CLANG, *COMPILE, *arguments])
    if "-Wl,--version" in arguments:
        return subprocess.call([str(LLVM / "wasm-ld"), "--version"])
    return link(arguments)


def link(arguments: list[str]) -> int:
    """Compile what is source, link all."""
    out, objects, sources, libraries, folders, options = "a.out", [], [], [], [], []
    words = iter(arguments)
    for word in words:
        if word == "-o":
            out = next(words)
        elif word.startswith("-l"):
            libraries += [word] if word not in IN_PYODIDE else []
        elif word.startswith("-L"):
            folders.append(word)
        elif re.search(r"\.(c|cc|cpp|cxx)$", word):
            sources.append(word)
        elif word.endswith((".o", ".a", ".so", ".obj")) or word.startswith("@"):
            objects.append(word)
        elif word.startswith(("-I", "-D", "-O", "-f", "-m", "-W", "-std", "-i", "-U")) and not word.startswith("-Wl,"):
            options.append(word)
    with tempfile.TemporaryDirectory() as temporary:
        for index, source in enumerate(sources):
            objects.append(f"{temporary}/{index}.o")
            if status := subprocess.call([CLANG, *COMPILE, *options, "-c", source, "-o", objects[-1]]):
                return status
        if "-shared" in arguments:
            return link_side_module(out, objects, [*folders, *libraries])
        return link_check(out, objects, [*folders, *libraries])


def link_side_module(out: str, objects: list[str], libraries: list[str]) -> int:
    """A module that Pyodide loads: its only exports are Python's entry points."""
    symbols = [str(LLVM / "llvm-nm"), "--defined-only", "-g", *(name for name in objects if not name.startswith("@"))]
    defined = subprocess.run(symbols, capture_output=True, text=True, check=False).stdout
    entries = [f"--export={name}" for name in sorted(set(re.findall(r"\b(PyInit_\w+)\b", defined)))]
    order = [str(LLVM / "wasm-ld"), "-o", out, *SHARED, *entries, f"-L{LIBRARIES / 'pic'}"]
    extra = os.environ.get("WLINKLIBS", "").split()
    return subprocess.call([*order, *objects, *libraries, *extra, "-lcompiler_rt"])


def link_check(out: str, objects: list[str], libraries: list[str]) -> int:
    """A program of meson's checks: it never runs, so what JavaScript would provide may be missing."""
    order = [str(LLVM / "wasm-ld"), "-o", out, "--no-entry", "--export-if-defined=main", "--error-limit=0"]
    order += [f"-L{LIBRARIES}", f"-L{LIBRARIES / 'pic'}", *libraries, *objects, "-lc"]
    order += [*(["-lc++", "-lc++abi"] if CPP else []), "-lcompiler_rt", "--export-if-defined=__main_argc_argv"]
    done = subprocess.run(order, capture_output=True, text=True, check=False)
    if done.returncode:
        missing = set(re.findall(r"undefined symbol: (\S+)", done.stderr))
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        others = [line for line in errors if "undefined symbol" not in line and "entry" not in line]
        if others or any(not PROVIDED.match(name) for name in missing):
            sys.stderr.write(done.stderr)
            return 1
        Path(out).write_bytes(b"\0asm\1\0\0\0")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
