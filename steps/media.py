"""mediabunny for the browser: reads and writes media files, with encoders that browsers lack, as plain ES modules."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from steps import archive, node, packages
from steps.layout import CACHE, DOWNLOADS, ROOT

SCRIPT = ROOT / "steps" / "unbundle.mjs"
ENCODERS = ("aac", "mp3", "flac")


def files() -> dict[str, bytes]:
    """The library, each encoder with its worker, and each package's licence, by path under `media/`."""
    held = {package.name: archive.read_npm(DOWNLOADS / package.filename) for package in packages.MEDIA}
    made = {"mediabunny.min.mjs": held["mediabunny"]["dist/bundles/mediabunny.min.mjs"]}
    with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
        source, folder = Path(temporary) / "source", Path(temporary) / "made"
        source.mkdir()
        folder.mkdir()
        for name in ENCODERS:
            bundle = source / f"{name}-encoder.mjs"
            bundle.write_bytes(held[f"@mediabunny/{name}-encoder"][f"dist/bundles/mediabunny-{name}-encoder.mjs"])
            subprocess.run([node.node(), SCRIPT, bundle, f"{name}-worker.js", folder], check=True)
        made |= {path.name: path.read_bytes() for path in folder.iterdir()}
    made |= {f"{name.removeprefix('@mediabunny/')}-LICENSE": files["LICENSE"] for name, files in held.items()}
    return {f"media/{name}": data for name, data in made.items()}
