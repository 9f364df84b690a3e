"""Where things lie: the tree, the cache that pins can always rebuild, and the built site."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
DOWNLOADS = CACHE / "downloads"
MODELS = CACHE / "models"
CREDENTIALS = CACHE / "credentials"
DIST = ROOT / "dist"
REQUIREMENTS = ROOT / "requirements"
VENDOR = ROOT / "vendor"

ENVIRONMENT = CACHE / "venv"
PYTHON = ENVIRONMENT / "bin" / "python"
