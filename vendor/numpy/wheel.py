"""Pack what meson installed: `wheel.py SITE_PACKAGES VERSION TAG OUT`. The same files give the same bytes."""

from __future__ import annotations

import base64
import hashlib
import sys
import zipfile
from pathlib import Path

EPOCH = (2024, 1, 1, 0, 0, 0)
NOT_PACKED = {"tests", "__pycache__"}
WHEEL = "Wheel-Version: 1.0\nGenerator: repack\nRoot-Is-Purelib: false\nTag: {tag}\n"


def main() -> None:
    """Leave the wheel in OUT."""
    root, version, tag, out = Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4])
    information = f"numpy-{version}.dist-info"
    paths = [p for p in sorted((root / "numpy").rglob("*")) if p.is_file() and not NOT_PACKED & set(p.parts)]
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    files[f"{information}/METADATA"] = (root / information / "METADATA").read_bytes()
    files[f"{information}/WHEEL"] = WHEEL.format(tag=tag).encode()
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{information}/RECORD"] = f"{record}{information}/RECORD,,\n".encode()
    with zipfile.ZipFile(out / f"numpy-{version}-{tag}.whl", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            wheel.writestr(entry, data)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
