"""What the running app is made of: a bill of materials (CycloneDX 1.6) and the same by licence, for people to read.

Both are made of the tables that the build itself works from (`steps/packages.py`, `models/artefacts.py`, the lock of
what runs) and of what installed packages say of themselves. No date is in them: the same pins give the same bytes.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from models import artefacts
from steps import bundled, packages, site
from steps.bundled import Inside
from steps.layout import CACHE, ENVIRONMENT, REQUIREMENTS, ROOT

FOLDER = CACHE / "sbom"
BOM, REPORT = "ownvoice.cdx.json", "LICENCES.md"
LOCKED = re.compile(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:\w+(?: \\)?\n)+)", re.MULTILINE)
EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")
SPELLINGS = {  # what packages say, and SPDX's name of it
    "MIT License": "MIT",
    "BSD 3-Clause License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
}
# Code of others inside a package, under a licence that the package's own name does not tell.
BROWSER, SERVER, MAKING = "in the browser", "on the server", "to make the models"
INSIDE = {
    (BROWSER, "pyodide"): (("CPython", "PSF-2.0"), ("Emscripten", "MIT")),
    (BROWSER, "@mediabunny/aac-encoder"): (("FFmpeg's AAC encoder", "LGPL-2.1-or-later"),),
    (BROWSER, "@mediabunny/mp3-encoder"): (("LAME", "LGPL-2.0-or-later"),),
    (BROWSER, "@mediabunny/flac-encoder"): (("libFLAC", "BSD-3-Clause"),),
    (SERVER, "numpy"): (
        ("OpenBLAS and LAPACK", "BSD-3-Clause"),
        ("libgfortran", "GPL-3.0-or-later WITH GCC-exception-3.1"),
        ("libquadmath", "LGPL-2.1-or-later"),
    ),
    (SERVER, "soundfile"): (
        ("libsndfile", "LGPL-2.1-or-later"),
        ("LAME", "LGPL-2.0-or-later"),
        ("mpg123", "LGPL-2.1-only"),
        ("FLAC, Ogg, Vorbis, Opus", "BSD-3-Clause"),
    ),
    (SERVER, "soxr"): (("libsoxr", "LGPL-2.1-or-later"),),
    (SERVER, "ml-dtypes"): (("Eigen", "MPL-2.0"),),
    (SERVER, "onnxruntime"): (("Eigen", "MPL-2.0"), ("Mbed TLS", "Apache-2.0")),
}
SCRIPTS = {"panel": bundled.inside_panel, "bokeh": bundled.inside_bokeh}
UNKNOWN = "not stated"
MODEL_SUFFIXES = (".onnx",)


@dataclass(frozen=True, slots=True)
class Component:
    """One thing that is shipped or run; `hashes` are the SHA-256 that its file may have, in hex."""

    name: str
    version: str
    licence: str
    hashes: tuple[str, ...]
    runs: str  # BROWSER, SERVER or MAKING
    kind: Literal["library", "machine-learning-model", "data"] = "library"
    registry: str = ""

    @property
    def inside(self) -> tuple[Inside, ...]:
        """What it brings along."""
        if self.name in SCRIPTS:
            return SCRIPTS[self.name]()
        return tuple(Inside(*it) for it in INSIDE.get((self.runs, self.name), ()))


def components() -> list[Component]:
    """Everything, sorted. Needs the environment."""
    return sorted((*_browser(), *_server(), *_models()), key=lambda it: (it.runs, it.name))


def write(folder: Path = FOLDER) -> None:
    """Put BOM and REPORT into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    everything = components()
    (folder / BOM).write_text(json.dumps(_bom(everything), indent=1, ensure_ascii=False) + "\n", "utf-8")
    (folder / REPORT).write_text(_report(everything), "utf-8")


def spdx(text: str) -> str:
    """SPDX's expression of a licence, or the text itself where it says more than an expression can."""
    return SPELLINGS.get(text, text.replace(" or ", " OR ").removeprefix("(").removesuffix(")"))


def _browser() -> Iterator[Component]:
    for package in packages.SITE:
        licence = spdx(package.licence)
        yield Component(package.name, package.version, licence, (package.sha256,), BROWSER, "library", package.registry)
    version = packages.NUMPY.split("-")[1]
    yield Component("numpy", version, "BSD-3-Clause", (packages.NUMPY_SHA256,), BROWSER)


def _server() -> Iterator[Component]:
    (folder,) = ENVIRONMENT.glob("lib/python3.*/site-packages")
    installed = {_plain(it.name): it for it in importlib.metadata.distributions(path=[str(folder)])}
    for name, version, hashes in LOCKED.findall((REQUIREMENTS / "run.txt").read_text("utf-8")):
        said = installed[_plain(name)].metadata
        licence = next((said[key] for key in ("License-Expression", "License") if key in said), UNKNOWN)
        found = tuple(re.findall(r"sha256:(\w+)", hashes))
        yield Component(name, version, spdx(licence), found, SERVER, "library", "pypi")


def _models() -> Iterator[Component]:
    for package in artefacts.PACKAGES:
        if package.need == "run":
            licence, hashes = spdx(package.licence), (package.sha256,)
            yield Component(package.name, package.version, licence, hashes, MAKING, "library", package.registry)
    for product in artefacts.PRODUCTS:
        if product.need == "run":
            sources = [p for p in artefacts.PACKAGES if {m.role for m in p.members} & set(product.roles)]
            licence = "; ".join(sorted({spdx(source.licence) for source in sources}))
            where = BROWSER if product.filename in site.BROWSER_MODELS else SERVER
            kind: Any = "machine-learning-model" if product.filename.endswith(MODEL_SUFFIXES) else "data"
            yield Component(product.filename, product.sha256[:12], licence, (product.sha256,), where, kind)


def _plain(name: str) -> str:
    """A distribution's name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _bom(everything: list[Component]) -> dict[str, Any]:
    entries = [_entry(component) for component in everything]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    root = {"type": "application", "bom-ref": "ownvoice", "name": "ownvoice", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root},
        "components": entries,
        "dependencies": [{"ref": "ownvoice", "dependsOn": [entry["bom-ref"] for entry in entries]}],
    }


def _entry(it: Component) -> dict[str, Any]:
    reference = f"{it.runs}: {it.name} {it.version}"
    entry: dict[str, Any] = {
        "type": it.kind,
        "bom-ref": reference,
        "name": it.name,
        "version": it.version,
        "hashes": [{"alg": "SHA-256", "content": content} for content in it.hashes],
        "licenses": _licences(it.licence),
        "properties": [{"name": "ownvoice:runs", "value": it.runs}],
    }
    if it.registry:
        name = it.name.replace("@", "%40")
        entry["purl"] = f"pkg:{it.registry}/{name}@{it.version}"
    if it.inside:
        entry["components"] = [_inner(reference, inner) for inner in it.inside]
    return entry


def _inner(reference: str, it: Inside) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"{reference}: {it.name}",
        "name": it.name,
        "licenses": _licences(spdx(it.licence)),
    }
    if it.version:
        return entry | {"version": it.version, "purl": f"pkg:npm/{it.name.replace('@', '%40')}@{it.version}"}
    return entry | {"properties": [{"name": "ownvoice:version", "value": UNKNOWN}]}


def _licences(text: str) -> list[dict[str, Any]]:
    return [{"expression": text}] if EXPRESSION.fullmatch(text) else [{"license": {"name": text}}]


def _report(everything: list[Component]) -> str:
    lines = ["# What this is made of, and under which licences", ""]
    for runs in (BROWSER, SERVER, MAKING):
        lines += [f"## {runs[0].upper()}{runs[1:]}", "", "| what | version | licence |", "| --- | --- | --- |"]
        for it in everything:
            if it.runs == runs:
                lines.append(f"| {it.name} | {it.version} | {it.licence} |")
                lines += [
                    f"| – inside it: {inner.name} | {inner.version or UNKNOWN} | {spdx(inner.licence)} |"
                    for inner in it.inside
                ]
        lines.append("")
    return "\n".join(lines)
