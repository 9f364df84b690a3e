#!/usr/bin/env python3
"""Ownvoice: set up, build, serve, test.

    python3 build.py run        set everything up, build, and serve http://localhost:8000
    python3 build.py cluster    the same on Ray Serve, on as many processes or machines as it takes
    python3 build.py build      leave the static site in dist/
    python3 build.py test       run every test, those in a browser included, after ruff and mypy
    python3 build.py lint       ruff and mypy alone
    python3 build.py check FILE tell whether an audio or video file is marked, and what its credentials say
    python3 build.py verify URL tell whether that server serves this very build, and nothing else
    python3 build.py reproduce  build a second time, elsewhere, and tell whether it is the same bytes
    python3 build.py sbom       write what all is made of, and under which licences, to .cache/sbom/
    python3 build.py audit      ask whether a pinned version has a known hole
    python3 build.py bench      print the figures, each beside its reference of the same run
    python3 build.py evaluate   judge the voices
    python3 build.py lock       compile requirements/*.in anew

What follows `cluster`, `test`, `bench` or `evaluate` is passed on: `python3 build.py test tests/server -k wav`. The
first run needs a network connection. What is made lies in .cache/ and dist/; after an interruption the same command
goes on.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from models.artefacts import Need
from steps import (
    audit,
    credentials,
    download,
    environment,
    layout,
    manifest,
    models,
    node,
    packages,
    quality,
    reproduce,
    sbom,
    site,
    system,
)
from steps.console import StepError, say
from steps.exclusion import exclusive


def prepare(need: Need) -> None:
    """The environment, the packages, the models and the site, each unless it is there already."""
    with exclusive():
        environment.ensure("run" if need == "run" else "test")
        download.fetch([packages.NODE])
        node.install()
        download.fetch(packages.SITE)
        if need != "run":
            download.fetch([packages.AXE])
        models.ensure(need)
        credentials.ensure()
        site.build()


def run(host: str, port: int) -> None:
    """Prepare, then become the server."""
    prepare("run")
    say(f"Serving http://{'localhost' if host == '127.0.0.1' else host}:{port}  (stop with Ctrl+C)")
    order = ("-m", "server", "--host", host, "--port", str(port))
    folders = ("--models", str(layout.MODELS), "--site", str(layout.DIST))
    os.chdir(layout.ROOT)
    os.execv(layout.PYTHON, (str(layout.PYTHON), *order, *folders))


def verify(url: str) -> int:
    """0 when the server there serves dist/ byte for byte."""
    say(f"… {url} against dist/, which is {manifest.identity(layout.DIST)}")
    for difference in (differences := manifest.verify(url, layout.DIST)):
        say(f"✗ {difference}")
    say("✗ The page served is not the one that this source makes." if differences else "✓ Every file is the same.")
    return int(bool(differences))


def compare() -> int:
    """0 when a second build from clean gives dist/ byte for byte."""
    for name in (differences := reproduce.differences()):
        say(f"✗ {name} differs")
    if not differences:
        say(f"✓ Both are {manifest.identity(layout.DIST)}.")
    return int(bool(differences))


def main() -> int:
    """The command line's exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run_options = commands.add_parser("run")
    run_options.add_argument("--host", default="127.0.0.1")
    run_options.add_argument("--port", type=int, default=8000)
    commands.add_parser("verify").add_argument("url")
    for name in (
        "build",
        "cluster",
        "reproduce",
        "sbom",
        "audit",
        "test",
        "lint",
        "check",
        "bench",
        "evaluate",
        "lock",
    ):
        commands.add_parser(name)
    options, rest = parser.parse_known_args()
    if rest and options.command not in ("cluster", "test", "bench", "evaluate", "check"):
        parser.error(f"unknown: {' '.join(rest)}")
    match options.command:
        case "run":
            run(options.host, options.port)
        case "cluster":
            prepare("run")
            python = environment.tool("ray") / "python"
            folders = ("--models", layout.MODELS, "--site", layout.DIST, "--credentials", layout.CREDENTIALS)
            os.chdir(layout.ROOT)
            os.execv(python, (python, "-m", "server.cluster", *folders, *rest))
        case "build":
            prepare("run")
            say(f"dist/ is {manifest.identity(layout.DIST)}")
        case "reproduce":
            prepare("run")
            return compare()
        case "sbom":
            environment.ensure("run")
            sbom.write()
            say(f"✓ {sbom.BOM} and {sbom.REPORT} lie in {sbom.FOLDER}")
        case "audit":
            environment.ensure("run")
            download.fetch([packages.NODE])
            node.install()
            return int(not audit.audit())
        case "verify":
            prepare("run")
            return verify(options.url)
        case "test":
            prepare("test")
            system.watchers()
            return quality.lint() or quality.test(rest, system.browser())
        case "lint":
            environment.ensure("test")
            return quality.lint()
        case "check":
            if not rest:
                parser.error("check: which file?")
            environment.ensure("test")
            models.ensure("run")
            return subprocess.run(
                (layout.PYTHON, "-m", "frontend.check", *map(os.path.abspath, rest)), cwd=layout.ROOT, check=False
            ).returncode
        case "bench":
            prepare("evaluate")
            return quality.bench(rest, system.browser())
        case "evaluate":
            prepare("evaluate")
            return quality.evaluate(rest)
        case "lock":
            environment.lock()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StepError as error:
        sys.exit(f"✗ {error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from here.")
