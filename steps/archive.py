"""Zip archives that come out byte for byte the same for the same content."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)


def read(path: Path) -> dict[str, bytes]:
    """Every file of a zip archive, by name."""
    with zipfile.ZipFile(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files`, sorted, undated and uncompressed: the transfer encoding compresses the whole better."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def read_npm(path: Path) -> dict[str, bytes]:
    """Every file of an npm tarball, by name inside the package."""
    files = {}
    with tarfile.open(path) as packed:
        for member in packed:
            if content := packed.extractfile(member):
                files[member.name.partition("/")[2]] = content.read()
    return files
